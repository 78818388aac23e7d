package api

import (
	"net/http"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/conversion"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/thread"
)

func (s *Server) conversionRoutes() []Route {
	const one = Prefix + "/records/{object}/{id}/convert"
	own := SignedIn("needs the right to change the record and to create what it becomes")
	return []Route{
		{Method: http.MethodGet, Path: one, Tag: "records", Summary: "What a conversion of the record would do.", Policy: own, Out: ConversionPlan{}, Handle: s.planConversion},
		{Method: http.MethodPost, Path: one, Tag: "records", Summary: "Turn a record into others: a lead into company, contact and project.", Policy: own, Status: http.StatusCreated, In: ConversionWish{}, Out: ConversionDone{}, Handle: s.convert},
		{Method: http.MethodPost, Path: one + "/undo", Tag: "records", Summary: "Undo a conversion while nobody else has gone on with it.", Policy: own, Out: Record{}, Handle: s.undoConversion},
	}
}

// ConversionPlan is what a conversion would do.
type ConversionPlan struct {
	Label   string            `json:"label"`
	State   string            `json:"state"` // ready, converted, closed or forbidden
	Targets []ConversionStep  `json:"targets"`
	Records []ConvertedRecord `json:"records,omitempty"` // what came of it, once converted
}

// ConversionStep is what becomes of one target.
type ConversionStep struct {
	Object   string      `json:"object"`
	Label    string      `json:"label"`
	Action   string      `json:"action"` // create, reuse or skip
	Known    *Reference  `json:"known,omitempty"`
	Offers   []Reference `json:"offers"`
	Hidden   bool        `json:"hidden"` // there is one that the caller may not see
	Optional bool        `json:"optional"`
	Fields   Record      `json:"fields"` // values of a new record; of a known one those that fill its blanks
	Ask      []string    `json:"ask"`    // fields worth a look before
}

// ConversionWish is what the caller asks for, by the targets' object names.
type ConversionWish struct {
	Targets map[string]TargetWish `json:"targets,omitempty"`
}

// TargetWish is what is asked of one target.
type TargetWish struct {
	New    bool   `json:"new,omitempty"`
	Use    string `json:"use,omitempty"`
	Skip   bool   `json:"skip,omitempty"`
	Fields Record `json:"fields,omitempty"`
}

// ConversionDone names what a conversion made and used.
type ConversionDone struct {
	Records []ConvertedRecord `json:"records"`
}

// ConvertedRecord is one record of a conversion; without id where the caller may not see it.
type ConvertedRecord struct {
	Object  string `json:"object"`
	Name    string `json:"name"` // of the object, in words
	ID      string `json:"id,omitempty"`
	Label   string `json:"label,omitempty"`
	Created bool   `json:"created"`
}

// conversionOf finds the object and its conversion.
func (s *Server) conversionOf(c *Call) (*conversion.Conversion, *schema.Object, error) {
	object, visible, err := s.seen(c, access.Update)
	if err != nil {
		return nil, nil, err
	}
	found, ok := conversion.Of(s.Snapshot(), object)
	if !ok {
		return nil, nil, fault.New(fault.NotFound, "not_found")
	}
	return found, visible, nil
}

func (s *Server) planConversion(c *Call) error {
	found, _, err := s.conversionOf(c)
	if err != nil {
		return err
	}
	return s.previewConversion(c, found, nil)
}

func (s *Server) previewConversion(c *Call, found *conversion.Conversion, wishes map[string]conversion.Wish) error {
	view := ConversionPlan{Label: c.Label(found.Label), State: "ready", Targets: []ConversionStep{}}
	err := s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		r := s.reader(c, tx)
		engine := conversion.Engine{Records: s.Records}
		plan, err := engine.Prepare(r, found, c.Param("id"), wishes)
		if err != nil {
			return err
		}
		for _, step := range plan.Steps {
			shown, err := s.stepView(c, r, step)
			if err != nil {
				return err
			}
			view.Targets = append(view.Targets, shown)
		}
		return nil
	})
	if problem, ok := fault.As(s.explainConverted(c, err)); ok {
		state, known := map[string]string{"already_converted": "converted", "not_convertible": "closed", "may_not_create": "forbidden"}[problem.Code]
		if !known {
			return c.nameObjects(problem)
		}
		view.State = state
		view.Records, _ = problem.Extra["records"].([]ConvertedRecord)
		err = nil
	}
	if err != nil {
		return err
	}
	return c.JSONStatus(http.StatusOK, view)
}

func (s *Server) stepView(c *Call, r *record.Reader, step conversion.Step) (ConversionStep, error) {
	target := step.Target
	view := ConversionStep{
		Object: target.Object.Name, Label: c.Label(target.Object.Label), Action: step.Action, Hidden: step.Hidden,
		Optional: target.Optional, Offers: []Reference{}, Ask: []string{}, Fields: Record{},
	}
	visible := c.Grants.Visible(target.Object)
	if visible == nil {
		return view, nil
	}
	if step.Known != nil {
		view.Known = &Reference{ID: step.Known.ID, Label: titleOf(visible, *step.Known)}
	}
	for _, row := range step.Offer {
		view.Offers = append(view.Offers, Reference{ID: row.ID, Label: titleOf(visible, row)})
	}
	for _, f := range target.Ask {
		if _, known := visible.Field(f.Name); known && c.Grants.Field(f) == access.Writable {
			view.Ask = append(view.Ask, f.Name)
		}
	}
	shown := filledOf(visible, step.Set)
	labels, err := s.referenceLabels(r, shown, []query.Row{{Values: step.Set}})
	for _, f := range shown {
		view.Fields[f.Name] = c.encodeField(f, step.Set[f.ID], labels)
	}
	return view, err
}

// filledOf are the fields of an object that a set has values for.
func filledOf(o *schema.Object, set map[string]any) []*schema.Field {
	var out []*schema.Field
	for _, f := range o.Fields {
		if set[f.ID] != nil {
			out = append(out, f)
		}
	}
	return out
}

func (s *Server) convert(c *Call) error {
	found, visible, err := s.conversionOf(c)
	if err != nil {
		return err
	}
	var body ConversionWish
	if c.R.ContentLength != 0 {
		if err := c.Decode(&body); err != nil {
			return err
		}
	}
	wishes, err := s.wishes(c, found, body)
	if err != nil {
		return err
	}
	if c.Query("preview") == "1" {
		return s.previewConversion(c, found, wishes)
	}
	var done conversion.Done
	err = c.Write(func(tx *sqldb.Tx) (err error) {
		engine := conversion.Engine{Records: s.Records}
		done, err = engine.Convert(s.reader(c, tx), thread.Actor{Kind: thread.User, ID: c.User.ID}, found, c.Param("id"), wishes, c.ifMatch(visible))
		return err
	})
	if err != nil {
		return c.nameObjects(s.explainConverted(c, err))
	}
	view := ConversionDone{Records: []ConvertedRecord{}}
	err = s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) (err error) {
		view.Records, err = s.convertedRecords(c, s.reader(c, tx), done.Links)
		return err
	})
	if err != nil {
		return err
	}
	return c.JSON(view)
}

// wishes reads what is asked of each target; its fields are parsed as in any
// other writing of the object.
func (s *Server) wishes(c *Call, found *conversion.Conversion, body ConversionWish) (map[string]conversion.Wish, error) {
	wishes := map[string]conversion.Wish{}
	var faults fault.Collector
	for _, name := range sortedNames(body.Targets) {
		asked := body.Targets[name]
		object := targetNamed(found, name)
		if object == nil || c.Grants.Visible(object) == nil {
			faults.Add(&fault.Field{Path: name, Code: "unknown_object", Params: map[string]any{"name": name}})
			continue
		}
		set, err := s.parseFields(c, object, c.Grants.Visible(object), asked.Fields)
		if problem, ok := fault.As(err); ok {
			for _, f := range problem.Fields {
				f.Path = name + "." + f.Path
				faults.Add(&f)
			}
		} else if err != nil {
			return nil, err
		}
		wishes[name] = conversion.Wish{New: asked.New, Use: asked.Use, Skip: asked.Skip, Set: set}
	}
	return wishes, faults.Err()
}

func targetNamed(found *conversion.Conversion, name string) *schema.Object {
	for _, t := range found.Targets {
		if t.Object.Name == name {
			return t.Object
		}
	}
	return nil
}

// convertedRecords names the records of a conversion, with ids only of those that the caller may see.
func (s *Server) convertedRecords(c *Call, r *record.Reader, links []conversion.Link) ([]ConvertedRecord, error) {
	out := []ConvertedRecord{}
	for _, link := range links {
		object, ok := r.Snapshot.ObjectByID(link.Object)
		if !ok {
			continue
		}
		one := ConvertedRecord{Object: object.Name, Name: c.Label(object.Label), Created: link.Made}
		found, err := r.Readable(object, []string{link.ID})
		if err != nil {
			return nil, err
		}
		if row, ok := found[link.ID]; ok {
			one.ID, one.Label = row.ID, titleOf(object, row)
		}
		out = append(out, one)
	}
	return out, nil
}

// explainConverted adds to the refusal of a second conversion what the first one made.
func (s *Server) explainConverted(c *Call, err error) error {
	problem, ok := fault.As(err)
	if !ok || problem.Code != "already_converted" {
		return err
	}
	readErr := s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		links, _, err := conversion.Links(tx, c.Param("id"))
		if err != nil {
			return err
		}
		records, err := s.convertedRecords(c, s.reader(c, tx), links)
		problem.Extra = map[string]any{"records": records}
		return err
	})
	if readErr != nil {
		return readErr
	}
	return problem
}

func (s *Server) undoConversion(c *Call) error {
	found, visible, err := s.conversionOf(c)
	if err != nil {
		return err
	}
	err = c.Write(func(tx *sqldb.Tx) error {
		engine := conversion.Engine{Records: s.Records}
		return engine.Undo(s.reader(c, tx), thread.Actor{Kind: thread.User, ID: c.User.ID}, found, c.Param("id"))
	})
	if err != nil {
		return c.nameObjects(err)
	}
	return s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		return s.answerRecord(c, s.reader(c, tx), visible, c.Param("id"), http.StatusOK)
	})
}

// nameObjects puts the objects that a fault names into the caller's language.
func (c *Call) nameObjects(err error) error {
	problem, ok := fault.As(err)
	if !ok {
		return err
	}
	for i, f := range problem.Fields {
		name, given := f.Params["object"].(string)
		if object, known := c.Snapshot.Object(f.Path); known && !given {
			name = object.Name
		}
		if f.Code == "linked_by" {
			f.Params["name"], name = c.objectLabel(name), f.Path
		}
		if f.Params == nil {
			f.Params = map[string]any{}
		}
		f.Params["object"] = c.objectAmid(name)
		if f.Code == "changed_by" { // which begins with it
			f.Params["object"] = c.objectLabel(name)
		}
		problem.Fields[i] = f
	}
	if name, ok := problem.Params["object"].(string); ok {
		problem.Params["object"] = c.objectAmid(name)
	}
	return problem
}

func (c *Call) objectLabel(name string) string {
	if object, ok := c.Snapshot.Object(name); ok {
		return c.Label(object.Label)
	}
	return name
}

// objectAmid is an object's label amid a sentence.
func (c *Call) objectAmid(name string) string {
	if object, ok := c.Snapshot.Object(name); ok {
		return object.Label.Amid(c.Language)
	}
	return name
}

// showLinks gives the entries of conversions the records that the caller may
// see, with their labels, and leaves the others out.
func (s *Server) showLinks(c *Call, r *record.Reader, told []record.Told) error {
	for i := range told {
		if told[i].Kind != record.Converted {
			continue
		}
		shown, err := s.linksOf(c, r, told[i].Params)
		if err != nil {
			return err
		}
		told[i].Params = map[string]any{"links": shown}
	}
	return nil
}

func (s *Server) linksOf(c *Call, r *record.Reader, params map[string]any) ([]ConvertedRecord, error) {
	var links []conversion.Link
	if id := paramText(params, "from"); id != "" && id != c.Param("id") {
		links = append(links, conversion.Link{Object: paramText(params, "from_object"), ID: id})
	}
	items, _ := params["links"].([]any)
	for _, item := range items {
		m, _ := item.(map[string]any)
		made, _ := m["made"].(bool)
		if id := paramText(m, "id"); id != c.Param("id") {
			links = append(links, conversion.Link{Object: paramText(m, "object"), ID: id, Made: made})
		}
	}
	all, err := s.convertedRecords(c, r, links)
	shown := []ConvertedRecord{}
	for _, one := range all {
		if one.ID != "" {
			shown = append(shown, one)
		}
	}
	return shown, err
}
