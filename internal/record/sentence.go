package record

import (
	"fmt"
	"strings"
	"time"

	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/thread"
)

// text writes the entry's sentence by its kind.
func (s *sentence) text() string {
	switch s.entry.Kind {
	case "received":
		return s.received()
	case "touched":
		return s.touched()
	case "matched":
		return s.matched()
	case "understood":
		return s.understood()
	case "scored":
		return s.scored()
	case "routed":
		return s.routed()
	case "changed":
		return s.say("changed", "actor", s.actor(), "changes", s.changes()) + s.reason()
	case "follow_up":
		return s.followUp()
	case Converted:
		return s.converted()
	case "clock_started", "clock_fired", "clock_satisfied", "clock_cancelled":
		return s.clock()
	case Commented:
		return s.commented()
	case CommentEdited:
		return s.commentEdited()
	case "message":
		return s.say("message", "people", s.told())
	}
	return s.say(s.entry.Kind, "actor", s.actor()) + s.kept()
}

// kept tells what an undo left with whom it is, as the person before has left.
func (s *sentence) kept() string {
	people, _ := s.params["kept"].(map[string]any)
	text := ""
	for _, id := range sortedIDs(people) {
		f, _ := s.object.FieldByID(id)
		text += s.say("kept", "field", f.Label.In(s.Language), "person", s.person(asString(people[id])))
	}
	return text
}

// operation says that the act was part of an operation over many records.
func (s *sentence) operation() string {
	if s.params["operation"] == nil {
		return ""
	}
	return s.phrase("operation")
}

// reason is why a person changed it, when he said so.
func (s *sentence) reason() string {
	if reason := asString(s.params["reason"]); reason != "" {
		return s.say("changed.reason", "reason", reason)
	}
	return ""
}

func (s *sentence) received() string {
	object := s.object.Label.Amid(s.Language)
	switch {
	case s.params["from_object"] != nil:
		if from, ok := s.Snapshot.ObjectByID(asString(s.params["from_object"])); ok {
			object = from.Label.Amid(s.Language)
		}
		return s.say("received.from", "object", object)
	case s.entry.Actor.Kind == thread.Channel:
		return s.say("received.channel", "channel", s.actor(), "object", object) + s.delay()
	case s.entry.Actor.Kind == thread.User:
		return s.say("received.user", "actor", s.actor(), "object", object)
	}
	return s.say("received.system", "object", object)
}

func (s *sentence) delay() string {
	at, err := time.Parse(time.RFC3339, asString(s.params["source_at"]))
	if err != nil || s.entry.At.Sub(at) < time.Minute {
		return ""
	}
	return s.say("delay", "delay", s.length(s.entry.At.Sub(at)))
}

func (s *sentence) length(d time.Duration) string {
	switch {
	case d < time.Hour:
		return s.say("minutes", "n", fmt.Sprint(int(d/time.Minute)))
	case d < 48*time.Hour:
		return s.say("hours", "n", fmt.Sprint(int(d/time.Hour)))
	}
	return s.say("days", "n", fmt.Sprint(int(d/(24*time.Hour))))
}

func (s *sentence) touched() string {
	if s.entry.Actor.Kind == thread.Channel {
		return s.say("touched.channel", "channel", s.actor()) + s.delay()
	}
	return s.say("touched.user", "actor", s.actor())
}

func (s *sentence) matched() string {
	switch {
	case s.params["party"] == nil:
		return s.phrase("matched.new")
	case s.params["party_new"] == true:
		return s.phrase("matched.party_new")
	}
	return s.phrase("matched.party")
}

func (s *sentence) understood() string {
	var parts []string
	for _, p := range listOf(s.params["proposals"]) {
		f, ok := s.object.FieldByID(asString(p["field"]))
		if !ok {
			continue
		}
		parts = append(parts, s.say("understood.word",
			"words", s.join(stringsOf(p["words"])), "field", f.Label.In(s.Language), "value", s.show(f, p["value"])))
	}
	return s.say("understood", "proposals", s.join(parts))
}

func (s *sentence) scored() string {
	var parts []string
	for _, c := range listOf(s.params["contributions"]) {
		points := fmt.Sprint(c["points"])
		if !strings.HasPrefix(points, "-") {
			points = "+" + points
		}
		label := s.part("scorecard", asString(s.params["card"]), asString(c["rule"]))
		parts = append(parts, s.say("points", "label", label, "points", points))
	}
	if len(parts) == 0 {
		parts = []string{s.phrase("scored.none")}
	}
	key := "scored"
	if s.params["total_before"] != nil {
		key = "scored.again"
	}
	return s.say(key, "before", fmt.Sprint(s.params["total_before"]), "total", fmt.Sprint(s.params["total"]),
		"stars", fmt.Sprint(s.params["stars"]), "contributions", s.join(parts))
}

func (s *sentence) routed() string {
	table := s.label("routing-table", asString(s.params["table"]))
	owner := s.person(asString(s.params["owner"]))
	version := fmt.Sprint(s.params["version"])
	var text string
	switch {
	case asString(s.params["owner"]) == "":
		text = s.say("routed.nobody", "table", table, "version", version)
	case s.params["reason"] == "given":
		return s.say("routed.given", "actor", s.actor(), "owner", owner)
	case s.params["asked_pool"] != nil:
		text = s.say("routed.pool", "actor", s.actor(), "owner", owner, "how", s.how())
	case s.params["reason"] == "known_owner":
		text = s.say("routed.sticky", "owner", owner)
	case s.params["fallback"] == true:
		text = s.say("routed.fallback", "table", table, "version", version, "owner", owner)
	case s.params["row"] == nil:
		text = s.say("routed.table", "table", table, "version", version, "owner", owner)
	default:
		text = s.say("routed.row", "table", table, "version", version, "owner", owner,
			"row", s.part("routing-table", asString(s.params["table"]), asString(s.params["row"])), "how", s.how())
	}
	return text + s.addedByRows()
}

// how tells in words why this one of the candidates.
func (s *sentence) how() string {
	eligible, load := 0, ""
	for _, c := range Candidates(s.entry.Params) {
		if c.Why == "" {
			eligible++
		}
		if c.User == asString(s.params["owner"]) {
			load = fmt.Sprint(c.Load)
		}
	}
	key := asString(s.params["strategy"])
	if key == "" {
		key = asString(s.params["reason"])
	}
	return s.say("how."+key, "eligible", fmt.Sprint(eligible), "load", load, "pool", s.label("pool", asString(s.params["pool"])))
}

func (s *sentence) addedByRows() string {
	text := ""
	for _, a := range listOf(s.params["adds"]) {
		row := asString(a["row"])
		if s.partReadable("routing-table", asString(s.params["table"]), row) {
			text += s.say("routed.added", "row", s.part("routing-table", asString(s.params["table"]), row), "values", s.join(stringsOf(a["values"])))
		}
	}
	return text
}

func (s *sentence) changes() string {
	before, _ := s.params["before"].(map[string]any)
	after, _ := s.params["after"].(map[string]any)
	var parts []string
	for _, id := range sortedIDs(after) {
		f, ok := s.object.FieldByID(id)
		if !ok {
			continue
		}
		parts = append(parts, s.say("changed.one", "field", f.Label.In(s.Language), "before", s.show(f, before[id]), "after", s.show(f, after[id])))
	}
	return strings.Join(parts, s.phrase("clause"))
}

func (s *sentence) followUp() string {
	rule := s.object.FollowUp
	if rule == nil {
		return ""
	}
	text, next, outcome := "", "", ""
	if t := asString(s.params["text"]); t != "" {
		text = s.say("follow_up.text", "text", t)
	}
	if id := asString(s.params["outcome"]); id != "" {
		if o, ok := outcomeOf(rule, id); ok {
			outcome = s.say("follow_up.outcome", "outcome", o.Label.In(s.Language))
		}
	} else {
		next = s.say("follow_up.next", "next_action", s.fieldValue(rule.NextAction), "next_due", s.fieldValue(rule.NextDue))
	}
	return s.say("follow_up", "actor", s.actor(), "action", s.actionLabel(rule), "text", text, "next", next, "outcome", outcome)
}

func (s *sentence) actionLabel(rule *schema.FollowUp) string {
	for _, a := range rule.Actions {
		if a.ID == s.params["action"] {
			return a.Label.In(s.Language)
		}
	}
	return asString(s.params["action"])
}

func (s *sentence) fieldValue(name string) string {
	fields, _ := s.params["fields"].(map[string]any)
	if f, ok := s.object.Field(name); ok {
		return s.show(f, fields[f.ID])
	}
	return ""
}

func (s *sentence) clock() string {
	name := s.label("clock", asString(s.params["clock"]))
	switch s.entry.Kind {
	case "clock_started":
		due, err := time.Parse(time.RFC3339, asString(s.params["due_at"]))
		if err != nil {
			return s.say("clock_started.open", "clock", name)
		}
		return s.say("clock_started", "clock", name, "due", s.moment(due))
	case "clock_fired":
		stage := s.part("clock", asString(s.params["clock"]), asString(s.params["stage"]))
		told := ""
		if people := s.told(); people != "" {
			told = s.say("clock_fired.told", "people", people)
		}
		return s.say("clock_fired", "clock", name, "stage", stage, "told", told)
	case "clock_satisfied":
		if s.params["late"] == true {
			return s.say("clock_satisfied.late", "clock", name)
		}
	}
	return s.say(s.entry.Kind, "clock", name)
}

// told names the people and groups that heard of it.
func (s *sentence) told() string {
	var names []string
	for _, id := range stringsOf(s.params["recipients"]) {
		names = append(names, s.person(id))
	}
	for _, robot := range stringsOf(s.params["robots"]) {
		names = append(names, s.label("robot", robot))
	}
	return s.join(names)
}

func listOf(v any) []map[string]any {
	items, _ := v.([]any)
	out := make([]map[string]any, 0, len(items))
	for _, item := range items {
		if m, ok := item.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

// converted names by their objects what a conversion made and what it found.
func (s *sentence) converted() string {
	var made, known []string
	for _, link := range listOf(s.params["links"]) {
		object, ok := s.Snapshot.ObjectByID(asString(link["object"]))
		switch {
		case !ok:
		case link["made"] == true:
			made = append(made, object.Label.Amid(s.Language))
		default:
			known = append(known, object.Label.Amid(s.Language))
		}
	}
	from, into := s.phrase("someone"), ""
	if object, ok := s.Snapshot.ObjectByID(asString(s.params["from_object"])); ok {
		from = object.Label.Amid(s.Language)
	}
	if len(made) > 0 {
		into += s.say("converted.made", "objects", s.join(made))
	}
	if len(known) > 0 {
		into += s.say("converted.known", "objects", s.join(known))
	}
	return s.say("converted", "actor", s.actor(), "from", from, "into", into)
}
