package catalog

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/schema"
)

// View is a compiled document of kind view: a list that people open.
type View struct {
	Name     string // of the document, "lead.today"
	Key      string // without its object's name, "today"
	Label    schema.Label
	Object   *schema.Object
	Filter   string // as written, "" for everything
	Program  *expr.Program
	Sort     string // "-created_at,company"
	Columns  []string
	Position int
	Board    bool          // laid out as a board
	Group    *schema.Field // the choice field whose choices are the board's columns
	Sum      *schema.Field // what a board adds up, nil for nothing

	groupText string // as written
}

// Page is a compiled document of kind page: the sections of a record's page.
type Page struct {
	Name     string
	Label    schema.Label
	Object   *schema.Object
	Sections []Section
	Related  []Related
}

// Related is a list of records that point to the page's record.
type Related struct {
	Object  *schema.Object
	By      *schema.Field
	Between *schema.Object // that By points to when Through is set
	Through *schema.Field  // of Between, points to the page's object; nil: By does
	Columns []*schema.Field
	Sum     *schema.Field // of Object, nil for none
	Of      *schema.Field // of the page's object: what the sum is compared with
}

// SeenAs is the list with only what a reader may see of its object and of the page's.
func (r Related) SeenAs(object, page *schema.Object) Related {
	seen := Related{Object: object, By: r.By, Between: r.Between, Through: r.Through}
	for _, f := range r.Columns {
		if _, ok := object.FieldByID(f.ID); ok {
			seen.Columns = append(seen.Columns, f)
		}
	}
	if r.Sum != nil {
		seen.Sum, _ = object.FieldByID(r.Sum.ID)
	}
	if r.Of != nil {
		seen.Of, _ = page.FieldByID(r.Of.ID)
	}
	return seen
}

// Section is one block of a page.
type Section struct {
	Label  schema.Label
	Fields []*schema.Field
}

// Form is a compiled document of kind form.
type Form struct {
	Name    string // of the document, "lead.new", "expo"
	Key     string // without its object's name, "new"
	Label   schema.Label
	Object  *schema.Object
	Fields  []FormField
	Public  bool   // served at /f/NAME
	Channel string // that what it sends comes in by, "" for the record's own API

	Title, Intro, Submit, Thanks, Consent schema.Label
}

// FormField is one question of a form.
type FormField struct {
	Field       *schema.Field
	Required    bool
	Label       schema.Label // the field's own where the form gives none
	Placeholder schema.Label
}

// Robot is a compiled document of kind robot; its secret is kept elsewhere.
type Robot struct {
	Name      string
	Label     schema.Label
	Vendor    string   // wecom, dingtalk, feishu
	Base      string   // "" for the vendor's own address
	Keyword   string   // that the vendor asks each post to contain
	Language  string   // "" for the company's
	PerMinute int      // 0 for the vendor's limit
	Fields    []string // of a record, by API name, that its posts may show
}

// own are the compilers of the kinds that belong to no engine.
func own() map[string]Compiler {
	return map[string]Compiler{"view": compileView, "block": compileBlock, "page": compilePage, "form": compileForm, "robot": compileRobot}
}

// keyOf is a document's name without the name of its object.
func keyOf(name, object string) string { return strings.TrimPrefix(name, object+".") }

func compileView(s *Snapshot, d config.Document) (any, error) {
	var def struct {
		Label    schema.Label `json:"label"`
		Object   string       `json:"object"`
		Filter   string       `json:"filter"`
		Sort     string       `json:"sort"`
		Columns  []string     `json:"columns"`
		Group    string       `json:"group"`
		Layout   string       `json:"layout"`
		Sum      string       `json:"sum"`
		Position int          `json:"position"`

		Widths map[string]int `json:"widths"`
	}
	object, err := decodeFor(s, d, &def, func() string { return def.Object })
	if err != nil {
		return nil, err
	}
	v := &View{
		Name: d.Name, Key: keyOf(d.Name, object.Name), Label: labelOr(def.Label, d.Name), Object: object,
		Filter: def.Filter, Sort: def.Sort, Columns: def.Columns, Position: def.Position, groupText: def.Group,
	}
	var faults fault.Collector
	if def.Filter != "" {
		v.Program = filter(s, object, "filter", def.Filter, &faults)
	}
	for i, name := range def.Columns {
		checkColumn(object, fmt.Sprintf("columns.%d", i), name, &faults)
	}
	for i, name := range strings.FieldsFunc(def.Sort, func(r rune) bool { return r == ',' }) {
		name = strings.TrimPrefix(strings.TrimSpace(name), "-")
		checkColumn(object, "sort", name, &faults)
		if f, ok := object.Field(name); ok && i == 0 && f.Storage() != schema.TextList {
			f.Ordered = true // the snapshot is not in force yet
		}
	}
	for _, part := range strings.FieldsFunc(def.Group, func(r rune) bool { return r == ',' }) {
		name, _, _ := strings.Cut(strings.TrimSpace(part), ":")
		checkColumn(object, "group", name, &faults)
	}
	for _, name := range slices.Sorted(maps.Keys(def.Widths)) {
		checkColumn(object, "widths."+name, name, &faults)
	}
	if def.Layout == "board" {
		v.Board = true
		v.Group = typed(object, "group", def.Group, &faults, "choice")
		if def.Sum != "" {
			v.Sum = typed(object, "sum", def.Sum, &faults, "currency", "number")
		}
	}
	return v, faults.Err()
}

// typed finds a field of one of the types.
func typed(object *schema.Object, path, name string, faults *fault.Collector, types ...string) *schema.Field {
	f, ok := object.Field(name)
	switch {
	case !ok:
		missing := unknown(path, "unknown_field", name)
		faults.Add(&missing)
	case !slices.Contains(types, f.Type):
		faults.Add(&fault.Field{Path: path, Code: "wrong_field_type", Params: map[string]any{"name": name, "want": types[0]}})
	}
	return f
}

// filter compiles a condition that both databases must be able to answer.
func filter(s *Snapshot, object *schema.Object, path, text string, faults *fault.Collector) *expr.Program {
	p, err := expr.Compile(text, s.FilterEnv(object), expr.Bool)
	if err == nil {
		err = p.SQLProblem()
	}
	if err != nil {
		f := expr.FieldOf(err, path)
		faults.Add(&f)
	}
	return p
}

// FilterEnv is Env with TEAM(), the people of the reader's department.
func (s *Snapshot) FilterEnv(object *schema.Object) expr.Env {
	env := s.Env(object)
	env.Parameters = map[string]expr.Type{TeamParameter: expr.People}
	return env
}

// TeamParameter is the parameter of FilterEnv.
const TeamParameter = "TEAM"

func checkColumn(object *schema.Object, path, name string, faults *fault.Collector) {
	switch name {
	case "id", "created_at", "updated_at", "created_by":
		return
	}
	if _, ok := object.Field(name); !ok {
		f := unknown(path, "unknown_field", name)
		faults.Add(&f)
	}
}

// decodeFor decodes a document and finds the object that it is about.
func decodeFor(s *Snapshot, d config.Document, into any, name func() string) (*schema.Object, error) {
	if err := d.Decode(into); err != nil {
		return nil, fault.New(fault.Invalid, "does_not_compile", misshapen(err))
	}
	object, ok := s.Object(name())
	if !ok {
		return nil, fault.New(fault.Invalid, "does_not_compile", unknown("object", "unknown_object", name()))
	}
	return object, nil
}

func compilePage(s *Snapshot, d config.Document) (any, error) {
	var def struct {
		Label    schema.Label `json:"label"`
		Object   string       `json:"object"`
		Sections []struct {
			Label  schema.Label `json:"label"`
			Fields []string     `json:"fields"`
		} `json:"sections"`
		Related []relatedDefinition `json:"related"`
	}
	object, err := decodeFor(s, d, &def, func() string { return def.Object })
	if err != nil {
		return nil, err
	}
	p := &Page{Name: d.Name, Label: labelOr(def.Label, d.Name), Object: object}
	var faults fault.Collector
	for i, section := range def.Sections {
		one := Section{Label: section.Label}
		for j, name := range section.Fields {
			f, ok := object.Field(name)
			if !ok {
				missing := unknown(fmt.Sprintf("sections.%d.fields.%d", i, j), "unknown_field", name)
				faults.Add(&missing)
				continue
			}
			one.Fields = append(one.Fields, f)
		}
		p.Sections = append(p.Sections, one)
	}
	for i, one := range def.Related {
		if related, ok := one.compile(s, object, fmt.Sprintf("related.%d.", i), &faults); ok {
			p.Related = append(p.Related, related)
		}
	}
	return p, faults.Err()
}

type relatedDefinition struct {
	Object  string   `json:"object"`
	By      string   `json:"by"`
	Through string   `json:"through"`
	Columns []string `json:"columns"`
	Sum     string   `json:"sum"`
	Of      string   `json:"of"`
}

func (d relatedDefinition) compile(s *Snapshot, page *schema.Object, path string, faults *fault.Collector) (Related, bool) {
	object, ok := s.Object(d.Object)
	if !ok {
		f := unknown(path+"object", "unknown_object", d.Object)
		faults.Add(&f)
		return Related{}, false
	}
	before := len(faults.Fields)
	r := Related{Object: object, By: typed(object, path+"by", d.By, faults, "reference")}
	last, at := r.By, path+"by"
	if r.By != nil && d.Through != "" {
		if r.Between, ok = s.Object(r.By.ObjectName); ok {
			r.Through = typed(r.Between, path+"through", d.Through, faults, "reference")
			last, at = r.Through, path+"through"
		}
	}
	if last != nil && last.ObjectName != page.Name {
		faults.Add(&fault.Field{Path: at, Code: "wrong_field_type", Params: map[string]any{"name": last.Name, "want": page.Name}})
	}
	for i, name := range d.Columns {
		if f, ok := object.Field(name); ok {
			r.Columns = append(r.Columns, f)
		} else {
			checkColumn(object, fmt.Sprintf("%scolumns.%d", path, i), name, faults)
		}
	}
	if d.Sum != "" {
		r.Sum = typed(object, path+"sum", d.Sum, faults, "currency", "number")
	}
	if d.Of != "" {
		r.Of = typed(page, path+"of", d.Of, faults, "currency", "number")
	}
	return r, len(faults.Fields) == before
}

func compileForm(s *Snapshot, d config.Document) (any, error) {
	var def struct {
		Label  schema.Label `json:"label"`
		Object string       `json:"object"`
		Fields []struct {
			Name        string       `json:"name"`
			Required    bool         `json:"required"`
			Label       schema.Label `json:"label"`
			Placeholder schema.Label `json:"placeholder"`
		} `json:"fields"`
		Public  bool         `json:"public"`
		Channel string       `json:"channel"`
		Title   schema.Label `json:"title"`
		Intro   schema.Label `json:"intro"`
		Submit  schema.Label `json:"submit"`
		Thanks  schema.Label `json:"thanks"`
		Consent schema.Label `json:"consent"`
	}
	object, err := decodeFor(s, d, &def, func() string { return def.Object })
	if err != nil {
		return nil, err
	}
	form := &Form{
		Name: d.Name, Key: keyOf(d.Name, object.Name), Label: labelOr(def.Label, d.Name), Object: object,
		Public: def.Public, Channel: def.Channel,
		Title: def.Title, Intro: def.Intro, Submit: def.Submit, Thanks: def.Thanks, Consent: def.Consent,
	}
	var faults fault.Collector
	for i, one := range def.Fields {
		path := fmt.Sprintf("fields.%d.name", i)
		f, ok := object.Field(one.Name)
		switch {
		case !ok:
			missing := unknown(path, "unknown_field", one.Name)
			faults.Add(&missing)
			continue
		case f.ReadOnly:
			faults.Add(&fault.Field{Path: path, Code: "read_only", Params: map[string]any{"name": one.Name}})
		}
		if one.Label == nil {
			one.Label = f.Label
		}
		form.Fields = append(form.Fields, FormField{
			Field: f, Required: one.Required || f.Required, Label: one.Label, Placeholder: one.Placeholder,
		})
	}
	return form, faults.Err()
}

func compileRobot(_ *Snapshot, d config.Document) (any, error) {
	var def struct {
		Label     schema.Label `json:"label"`
		Vendor    string       `json:"vendor"`
		Base      string       `json:"base"`
		Keyword   string       `json:"keyword"`
		Language  string       `json:"language"`
		PerMinute int          `json:"per_minute"`
		Fields    []string     `json:"fields"`
	}
	if err := d.Decode(&def); err != nil {
		return nil, fmt.Errorf("robot %s: %w", d.Name, err)
	}
	return &Robot{
		Name: d.Name, Label: labelOr(def.Label, d.Name), Vendor: def.Vendor, Base: def.Base,
		Keyword: def.Keyword, Language: def.Language, PerMinute: def.PerMinute, Fields: def.Fields,
	}, nil
}
