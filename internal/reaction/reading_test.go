package reaction_test

import (
	"fmt"
	"net/url"
	"strings"
)

// reading are the sentences in which somebody looks at many records at once.
var reading = []step{
	{sentence(`_ lists _: *`), func(s *story, a []string) { s.list(a[0], a[1], a[2]) }},
	{sentence(`_ counts _ by _: *`), func(s *story, a []string) { s.count(a[0], a[1], a[2], a[3]) }},
	{sentence(`_ opens the home`), func(s *story, a []string) { s.home(a[0]) }},
	{sentence(`_ reads the health`), func(s *story, a []string) { s.health(a[0]) }},
	{sentence(`_ reads the follow-ups`), func(s *story, a []string) { s.followUps(a[0]) }},
	{sentence(`_ reads the cycle`), func(s *story, a []string) { s.cycle(a[0]) }},
	{sentence(`_ reads the reasons of _`), func(s *story, a []string) { s.reasons(a[0], a[1]) }},
	{sentence(`_ looks for: *`), func(s *story, a []string) { s.search(a[0], a[1]) }},
	{sentence(`_ sees stages of _`), func(s *story, a []string) { s.stages(a[0], a[1]) }},
	{sentence(`_ sees what belongs to _`), func(s *story, a []string) { s.related(a[0], a[1]) }},
	{sentence(`_ sees the agenda`), func(s *story, a []string) { s.agenda(a[0]) }},
}

// month is the range in which the stories happen.
const month = "from=2026-03-01&to=2026-03-31"

// get reads a page and tells a refusal.
func (s *story) get(person, path string) (answer, bool) {
	s.Helper()
	a := s.ask(person, s.language, "GET", "/api/v1/"+path, nil)
	return a, s.hear(a)
}

// filter puts the ids of people for their names: conditions name people by id.
func (s *story) filter(text string) string {
	for name, id := range s.ids {
		text = strings.ReplaceAll(text, `负责人 = "`+name+`"`, `负责人 = "`+id+`"`)
	}
	return text
}

func (s *story) list(person, object, filter string) {
	s.Helper()
	a, ok := s.get(person, "records/"+object+"?limit=500&sort=created_at&filter="+url.QueryEscape(s.filter(filter)))
	if !ok {
		return
	}
	var names []string
	for _, item := range a.items() {
		names = append(names, fmt.Sprint(item["id"]))
	}
	if len(names) == 0 {
		names = []string{"(none)"}
	}
	s.say("%s", strings.Join(names, " "))
}

func (s *story) count(person, object, by, filter string) {
	s.Helper()
	a, _ := s.get(person, "records/"+object+"/groups?group="+by+"&filter="+url.QueryEscape(s.filter(filter)))
	for _, item := range a.items() {
		s.say("%s: %v", plain(item["keys"]), item["count"])
	}
}

func (s *story) home(person string) {
	s.Helper()
	a, _ := s.get(person, "home")
	blocks, _ := a.body["blocks"].([]any)
	for _, one := range blocks {
		b := one.(map[string]any)
		s.say("%v: %v", b["label"], orNothing(b["count"]))
		items, _ := b["items"].([]any)
		for _, item := range items {
			i := item.(map[string]any)
			record, _ := i["record"].(map[string]any)
			s.say("  %v, due %s", record["id"], plain(i["due_at"]))
		}
		people, _ := b["people"].([]any)
		for _, item := range people {
			p := item.(map[string]any)
			s.say("  %s: overdue %v, open %v", plain(p["user"]), p["overdue"], p["open"])
		}
	}
}

func (s *story) health(person string) {
	s.Helper()
	a, ok := s.get(person, "dashboards/lead-health?"+month)
	if !ok {
		return
	}
	t, _ := a.body["totals"].(map[string]any)
	s.say("%v leads, %v touched, %v not, %v within 24 hours, %v within 30 minutes, median %s minutes, %v without an owner, %v overdue",
		t["leads"], t["touched"], t["untouched"], t["within_24h"], t["within_30m"], plain(t["median_minutes"]), t["unassigned"], t["overdue"])
	s.rows(a, "by_channel", "channel", "leads", "touched", "within_24h", "within_30m", "median_minutes")
	s.rows(a, "by_person", "user", "overdue", "open")
	s.rows(a, "by_day", "day", "channel", "leads")
}

// rows tells the rows of a table in an answer, column by column.
func (s *story) rows(a answer, table string, columns ...string) {
	rows, _ := a.body[table].([]any)
	for _, one := range rows {
		row := one.(map[string]any)
		var cells []string
		for _, column := range columns {
			cells = append(cells, column+" "+plain(row[column]))
		}
		s.say("  %s", strings.Join(cells, ", "))
	}
}

func (s *story) followUps(person string) {
	s.Helper()
	a, ok := s.get(person, "dashboards/lead/follow-up?"+month)
	if !ok {
		return
	}
	t, _ := a.body["totals"].(map[string]any)
	s.say("%v follow-ups, %v kept, %v late, %v waiting, rate %s", t["follow_ups"], t["kept"], t["late"], t["waiting"], plain(t["rate"]))
	s.rows(a, "by_person", "user", "follow_ups", "kept", "late", "waiting", "rate")
	s.rows(a, "by_action", "label", "count")
	s.rows(a, "by_day", "day", "done", "kept", "late")
}

func (s *story) cycle(person string) {
	s.Helper()
	a, ok := s.get(person, "cycles/lead-to-cash?"+month+"&earlier_from=2026-02-01&earlier_to=2026-02-28")
	if !ok {
		return
	}
	present, _ := a.body["present"].(map[string]any)
	earlier, _ := a.body["earlier"].(map[string]any)
	s.say("%v came to their end, %v a month before", present["records"], earlier["records"])
	s.rows(a, "steps", "label", "days", "earlier_days")
	if total, _ := a.body["total"].(map[string]any); total != nil {
		s.say("  all: %s days", plain(total["days"]))
	}
}

func (s *story) reasons(person, object string) {
	s.Helper()
	a, _ := s.get(person, "reasons/"+object+"?"+month)
	for _, field := range a.items() {
		s.say("%v: %v", field["label"], field["total"])
		s.rows(answer{body: field}, "items", "label", "count")
	}
}

func (s *story) search(person, text string) {
	s.Helper()
	s.must(s.app.Search.CatchUp(s.Context()))
	a, ok := s.get(person, "search?q="+url.QueryEscape(text))
	if !ok {
		return
	}
	groups, _ := a.body["groups"].([]any)
	for _, one := range groups {
		group := one.(map[string]any)
		var names []string
		for _, item := range group["items"].([]any) {
			names = append(names, fmt.Sprint(item.(map[string]any)["id"]))
		}
		s.say("%v: %s", group["label"], strings.Join(names, " "))
	}
	if len(groups) == 0 {
		s.say("(nothing)")
	}
}

func (s *story) stages(person, name string) {
	s.Helper()
	a, _ := s.act(person, "GET", name, "/stages", nil)
	for _, item := range a.items() {
		s.say("%v from %s to %s", item["label"], plain(item["entered_at"]), plain(item["left_at"]))
	}
}

func (s *story) related(person, name string) {
	s.Helper()
	a, _ := s.act(person, "GET", name, "/related", nil)
	for _, item := range a.items() {
		var names []string
		for _, one := range item["records"].([]any) {
			names = append(names, fmt.Sprint(one.(map[string]any)["id"]))
		}
		s.say("%v: %v %s", item["label"], item["count"], strings.Join(names, " "))
	}
}

func (s *story) agenda(person string) {
	s.Helper()
	a, _ := s.get(person, "agenda?to=2026-04-03")
	if len(a.items()) == 0 {
		s.say("(nothing)")
	}
	for _, item := range a.items() {
		s.say("%s %v %v, overdue: %v", plain(item["due_at"]), item["id"], orNothing(item["action"]), item["overdue"])
	}
}
