package api

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/reaction"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/route"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
)

// How far the effects of a draft are counted.
const (
	effectsTime   = 2 * time.Second
	effectsSample = 5
	runningMost   = 1000
	recentDays    = 30
	recentMost    = 5000
	recentPage    = 500
)

// EffectView is what a difference touches, in words and as a number of records
// that the caller may see.
type EffectView struct {
	Kind    string      `json:"kind"`
	Name    string      `json:"name"`
	Text    string      `json:"text"`
	Count   int         `json:"count"`
	More    bool        `json:"more,omitempty"`    // there are more than that
	Unknown bool        `json:"unknown,omitempty"` // they could not be counted in time
	Object  string      `json:"object,omitempty"`
	Filter  string      `json:"filter,omitempty"` // gives these records as a list
	Sample  []Reference `json:"sample,omitempty"` // some of them, where no filter does
}

// effect is something whose records are to be counted.
type effect struct {
	code   string
	params map[string]any
	object *schema.Object // as the caller may know it
	filter string
	// count finds the records where no filter does.
	count func(ctx context.Context, view *EffectView) error
}

func (s *Server) draftEffects(c *Call) error {
	before, after, next, err := s.Catalog.Compared(c.R.Context(), c.Param("id"))
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.R.Context(), effectsTime)
	defer cancel()
	list := List[EffectView]{Items: []EffectView{}}
	for _, d := range config.Differences(before, after) {
		was, is := documentOf(before, d), documentOf(after, d)
		for _, e := range s.effectsOf(c, was, is, next) {
			view := EffectView{Kind: d.Kind, Name: d.Name}
			if err := s.measure(ctx, c, e, &view); err != nil {
				return err
			}
			list.Items = append(list.Items, view)
		}
	}
	return c.JSON(list)
}

// effectsOf are what the step from one version of a document to another touches.
// A new document touches nothing yet.
func (s *Server) effectsOf(c *Call, was, is config.Document, next *catalog.Snapshot) []effect {
	if was.Body == nil {
		return nil
	}
	switch was.Kind {
	case "object", "field":
		return c.fieldEffects(was, is)
	case "clock":
		return s.clockEffects(c, was)
	case "routing-table":
		return s.routingEffects(c, was, next)
	case "scorecard":
		return s.scorecardEffects(c, was, next)
	case "pool":
		return s.poolEffects(c, was)
	}
	return nil
}

// readObject is an object as the caller may read it, as it is in force.
func (c *Call) readObject(object *schema.Object, ok bool) *schema.Object {
	if !ok || !c.Grants.Can(object, access.Read) {
		return nil
	}
	return c.Grants.Visible(object)
}

// fieldEffects are the fields and choices that go, or are called something else.
func (c *Call) fieldEffects(was, is config.Document) []effect {
	object := c.readObject(c.Snapshot.Object(objectNamed(was)))
	if object == nil {
		return nil
	}
	if is.Body == nil && was.Kind == "object" {
		return []effect{{code: "effect_object_removed", object: object}}
	}
	before, after := fieldsOf(was, is)
	var effects []effect
	for _, f := range before {
		if visible, ok := object.FieldByID(f.ID); ok {
			now, kept := after[f.ID]
			effects = append(effects, c.changedField(object, visible, f, now, kept)...)
		}
	}
	return effects
}

// objectNamed is the object that an object or field document is about.
func objectNamed(d config.Document) string {
	var body struct {
		Object string `json:"object"`
	}
	_ = d.Decode(&body) // it was published, so it has its shape
	return cmp.Or(body.Object, d.Name)
}

func (c *Call) changedField(object *schema.Object, visible *schema.Field, was, is namedItem, kept bool) []effect {
	one := func(code, filter string, params map[string]any) effect {
		params["field"] = cmp.Or(c.Label(was.Label), was.Name)
		return effect{code: code, object: object, filter: filter, params: params}
	}
	filled := "NOT ISBLANK(" + visible.Name + ")"
	if !kept {
		return []effect{one("effect_field_removed", filled, map[string]any{})}
	}
	var effects []effect
	if before, after := c.Label(was.Label), c.Label(is.Label); before != after {
		effects = append(effects, one("effect_field_renamed", filled, map[string]any{"after": after}))
	}
	for _, choice := range was.Choices {
		params := map[string]any{"choice": cmp.Or(c.Label(choice.Label), choice.Name)}
		if code := c.changedChoice(choice, is, params); code != "" {
			effects = append(effects, one(code, choiceFilter(visible, choice.Name), params))
		}
	}
	return effects
}

// changedChoice is what becomes of a choice, "" for nothing.
func (c *Call) changedChoice(was namedItem, field namedItem, params map[string]any) string {
	at := slices.IndexFunc(field.Choices, func(one namedItem) bool { return one.ID == was.ID })
	if at < 0 {
		return "effect_choice_removed"
	}
	is := field.Choices[at]
	params["after"] = cmp.Or(c.Label(is.Label), is.Name)
	switch {
	case is.Retired && !was.Retired:
		return "effect_choice_retired"
	case params["after"] != params["choice"]:
		return "effect_choice_renamed"
	}
	return ""
}

func choiceFilter(f *schema.Field, choice string) string {
	if f.Storage() == schema.TextList {
		return "CONTAINS(" + f.Name + ", " + quotedChoice(choice) + ")"
	}
	return f.Name + " = " + quotedChoice(choice)
}

func quotedChoice(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func (s *Server) clockEffects(c *Call, was config.Document) []effect {
	object := c.readObject(c.Snapshot.Object(objectNamed(was)))
	if object == nil {
		return nil
	}
	return []effect{{code: "effect_clock", object: object, count: func(ctx context.Context, view *EffectView) error {
		return s.DB.Read(ctx, func(tx *sqldb.Tx) error {
			running, err := reaction.RunningOn(tx, was.Name, runningMost+1)
			if err != nil {
				return err
			}
			found, err := s.reader(c, tx).Readable(object, running[:min(len(running), runningMost)])
			if err != nil {
				return err
			}
			view.Count, view.More = len(found), len(running) > runningMost
			for _, id := range sortedNames(found) {
				view.sample(object, found[id])
			}
			return nil
		})
	}}}
}

// sample keeps a record as an example, as long as there are few.
func (v *EffectView) sample(object *schema.Object, row query.Row) {
	if len(v.Sample) < effectsSample {
		title, _ := object.Field(object.TitleField)
		label := ""
		if title != nil {
			label, _ = row.Values[title.ID].(string)
		}
		v.Sample = append(v.Sample, Reference{ID: row.ID, Label: label})
	}
}

func (s *Server) routingEffects(c *Call, d config.Document, next *catalog.Snapshot) []effect {
	was, had := catalog.Compiled[*reaction.RoutingTable](c.Snapshot, d.Kind, d.Name)
	is, has := catalog.Compiled[*reaction.RoutingTable](next, d.Kind, d.Name)
	if !had || !has {
		return nil
	}
	return s.recentEffect(c, "effect_routing", was.Object, func(row query.Row) bool { return reaction.Rerouted(was, is, row) })
}

func (s *Server) scorecardEffects(c *Call, d config.Document, next *catalog.Snapshot) []effect {
	was, had := catalog.Compiled[*reaction.Scorecard](c.Snapshot, d.Kind, d.Name)
	is, has := catalog.Compiled[*reaction.Scorecard](next, d.Kind, d.Name)
	if !had || !has {
		return nil
	}
	now := s.DB.Now()
	return s.recentEffect(c, "effect_scorecard", was.Object, func(row query.Row) bool { return reaction.Rescored(was, is, row, now) })
}

// poolEffects are the records that the tables in force lead into the pool.
func (s *Server) poolEffects(c *Call, d config.Document) []effect {
	var effects []effect
	for _, table := range catalog.All[*reaction.RoutingTable](c.Snapshot, "routing-table") {
		if slices.ContainsFunc(table.Definition.Rows, func(row route.Row) bool { return row.Then.Pool == d.Name }) {
			effects = append(effects, s.recentEffect(c, "effect_pool", table.Object, func(row query.Row) bool { return reaction.LeadsToPool(table, d.Name, row) })...)
		}
	}
	return effects
}

// recentEffect counts, among the records of the last days, those for which it matters.
func (s *Server) recentEffect(c *Call, code, objectID string, matters func(query.Row) bool) []effect {
	object := c.readObject(c.Snapshot.ObjectByID(objectID))
	if object == nil {
		return nil
	}
	params := map[string]any{"days": recentDays}
	return []effect{{code: code, object: object, params: params, count: func(ctx context.Context, view *EffectView) error {
		looked, err := s.countRecent(ctx, c, object, view, matters)
		params["looked"] = looked
		return err
	}}}
}

// countRecent looks at the newest records of the last days, page by page, and tells at how many.
func (s *Server) countRecent(ctx context.Context, c *Call, object *schema.Object, view *EffectView, matters func(query.Row) bool) (looked int, err error) {
	since := s.DB.Now().AddDate(0, 0, -recentDays)
	listing := record.Listing{Object: object.Name, Sort: "-created_at", Limit: recentPage, Also: query.System("created_at", ">=", since)}
	for looked < recentMost {
		var page record.Page
		err := s.DB.Read(ctx, func(tx *sqldb.Tx) (err error) {
			page, err = s.reader(c, tx).List(listing)
			return err
		})
		if err != nil {
			view.More = looked > 0 && ctx.Err() != nil
			return looked, err
		}
		for _, row := range page.Rows {
			if matters(row) {
				view.Count++
				view.sample(object, row)
			}
		}
		looked += len(page.Rows)
		if page.Next == nil {
			return looked, nil
		}
		listing.After = page.Next
	}
	view.More = true
	return looked, nil
}

// measure counts an effect and says it. What cannot be counted in time is said so.
func (s *Server) measure(ctx context.Context, c *Call, e effect, view *EffectView) error {
	count := e.count
	if count == nil {
		view.Filter = e.filter
		count = func(ctx context.Context, view *EffectView) error {
			return s.DB.Read(ctx, func(tx *sqldb.Tx) (err error) {
				view.Count, view.More, err = s.reader(c, tx).Count(e.object.Name, e.filter)
				return err
			})
		}
	}
	if err := count(ctx, view); err != nil {
		if ctx.Err() == nil || c.R.Context().Err() != nil {
			return err
		}
		view.Unknown = !view.More
	}
	view.Object = e.object.Name
	s.sayEffect(c, e, view)
	return nil
}

func (s *Server) sayEffect(c *Call, e effect, view *EffectView) {
	params := map[string]any{"count": view.Count, "object": c.Label(e.object.Plural)}
	for name, value := range e.params {
		params[name] = value
	}
	code := e.code
	switch {
	case view.Unknown:
		params["count"] = s.messages.text(c.Language, "effect_unknown", nil)
	case view.More && params["looked"] != nil:
		code += "_part"
	case view.More:
		params["count"] = s.messages.text(c.Language, "effect_more", params)
	}
	view.Text = s.messages.text(c.Language, code, params)
	if _, all, _ := c.Grants.Reach(e.object, access.Read); !all {
		view.Text += s.messages.text(c.Language, "effect_seen", nil)
	}
}
