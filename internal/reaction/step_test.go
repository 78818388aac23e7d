package reaction_test

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"clew.dev/clew/internal/account"
)

// step is a sentence of a story, and what it does with the words in its gaps.
type step struct {
	sentence *regexp.Regexp
	do       func(s *story, a []string)
}

// acting are the sentences in which something is done, or one record is read.
var acting = []step{
	{sentence(`at *`), func(s *story, a []string) { s.at(a[0]) }},
	{sentence(`the sweeper passes`), func(s *story, _ []string) { s.sweep() }},
	{sentence(`douyin sends _: *`), func(s *story, a []string) { s.douyin(a[0], pairs(a[1])) }},
	{sentence(`website sends _: *`), func(s *story, a []string) { s.website(a[0], pairs(a[1])) }},
	{sentence(`_ adds _ _: *`), func(s *story, a []string) { s.add(a[0], a[1], a[2], a[3]) }},
	{sentence(`_ changes _: *`), func(s *story, a []string) { s.change(a[0], a[1], a[2]) }},
	{sentence(`_ claims _`), func(s *story, a []string) { s.act(a[0], "POST", a[1], "/claim", nil) }},
	{sentence(`_ follows up _: *`), func(s *story, a []string) { s.followUp(a[0], a[1], a[2]) }},
	{sentence(`_ deletes _`), func(s *story, a []string) { s.act(a[0], "DELETE", a[1], "", nil) }},
	{sentence(`_ restores _`), func(s *story, a []string) { s.act(a[0], "POST", a[1], "/restore", nil) }},
	{sentence(`_ watches _`), func(s *story, a []string) { s.act(a[0], "PUT", a[1], "/follow", nil) }},
	{sentence(`_ unwatches _`), func(s *story, a []string) { s.act(a[0], "DELETE", a[1], "/follow", nil) }},
	{sentence(`_ comments on _: *`), func(s *story, a []string) { s.comment(a[0], a[1], a[2]) }},
	{sentence(`_ converts _: *`), func(s *story, a []string) { s.convert(a[0], a[1], a[2]) }},
	{sentence(`_ unconverts _`), func(s *story, a []string) { s.act(a[0], "POST", a[1], "/convert/undo", nil) }},
	{sentence(`_ merges _ with _: *`), func(s *story, a []string) {
		s.act(a[0], "POST", a[1], "/merge", map[string]any{"other": s.records[a[2]].id, "fields": pairs(a[3]).texts()})
	}},
	{sentence(`_ unmerges _`), func(s *story, a []string) { s.act(a[0], "POST", a[1], "/merge/undo", nil) }},
	{sentence(`_ sees _: *`), func(s *story, a []string) { s.see(a[0], a[1], a[2]) }},
	{sentence(`_ asks why _`), func(s *story, a []string) { s.why(a[0], a[1]) }},
	{sentence(`_ asks for clocks of _`), func(s *story, a []string) { s.clocks(a[0], a[1]) }},
	{sentence(`_ gives _ to _: *`), func(s *story, a []string) { s.give(a[0], a[1], a[2], a[3]) }},
	{sentence(`_ removes _: *`), func(s *story, a []string) {
		s.operate(a[0], map[string]any{"object": a[1], "action": "delete", "filter": s.filter(a[2])})
	}},
	{sentence(`_ edits _ where *: *`), func(s *story, a []string) {
		s.operate(a[0], map[string]any{"object": a[1], "action": "edit", "filter": s.filter(a[2]), "fields": s.fields(pairs(a[3]))})
	}},
	{sentence(`_ takes it back`), func(s *story, a []string) { s.takeBack(a[0]) }},
	{sentence(`_ puts off _ to * because *`), func(s *story, a []string) { s.putOff(a[0], a[1], a[2], a[3]) }},
	{sentence(`_ puts off _ to *`), func(s *story, a []string) { s.putOff(a[0], a[1], a[2], "") }},
	{sentence(`_ reads the inbox`), func(s *story, a []string) { s.read(a[0]) }},
	{sentence(`_ is away * to *`), func(s *story, a []string) { s.away(a[0], a[1], a[2]) }},
}

// sentence reads a pattern: `_` is a word, `*` the rest of the line.
func sentence(pattern string) *regexp.Regexp {
	return regexp.MustCompile("^" + strings.NewReplacer(": *", ":(.*)", "_", `([^\s:]+)`, "*", "(.+)").Replace(pattern) + "$")
}

func (s *story) step(line string) bool {
	s.Helper()
	for _, one := range slices.Concat(office, acting, reading) {
		if found := one.sentence.FindStringSubmatch(line); found != nil {
			arguments := found[1:]
			for i := range arguments {
				arguments[i] = strings.TrimSpace(arguments[i])
			}
			one.do(s, arguments)
			return true
		}
	}
	return false
}

// pair is name=value; pairs are several, in order.
type (
	pair     struct{ name, value string }
	settings []pair
)

func pairs(text string) settings {
	var found settings
	for part := range strings.SplitSeq(text, ";") {
		if name, value, ok := strings.Cut(strings.TrimSpace(part), "="); ok {
			found = append(found, pair{strings.TrimSpace(name), strings.TrimSpace(value)})
		}
	}
	return found
}

func (p settings) texts() map[string]string {
	found := map[string]string{}
	for _, one := range p {
		found[one.name] = one.value
	}
	return found
}

// value is a value as the API takes it.
func (s *story) value(text string) any {
	if text == "nothing" {
		return nil
	}
	if id, ok := s.ids[text]; ok {
		return id
	}
	if where, ok := s.records[text]; ok {
		return where.id
	}
	if at, ok := moment(text); ok {
		return at.Format("2006-01-02T15:04:05Z07:00")
	}
	return text
}

func (s *story) fields(p settings) map[string]any {
	fields := map[string]any{}
	for _, one := range p {
		fields[one.name] = s.value(one.value)
	}
	return fields
}

func (s *story) at(text string) {
	s.Helper()
	when, ok := moment(text)
	if !ok {
		s.Fatalf("%q is no date and time", text)
	}
	s.goTo(when)
}

// hear tells a refusal in the words that the caller reads.
func (s *story) hear(a answer) bool {
	if !a.refused() {
		return true
	}
	s.say("refused: %d %s: %s", a.status, a.body["code"], a.body["title"])
	errors, _ := a.body["errors"].([]any)
	for _, one := range errors {
		f := one.(map[string]any)
		s.say("  %s: %s", f["path"], f["message"])
	}
	return false
}

// act does something to a record and tells whether it was let.
func (s *story) act(person, method, name, path string, body any) (answer, bool) {
	s.Helper()
	where, ok := s.records[name]
	if !ok {
		s.Fatalf("nobody told of %s", name)
	}
	a := s.ask(person, s.language, method, where.path()+path, body)
	if a.status == http.StatusTemporaryRedirect {
		s.say("this is %s now", a.header.Get("Location"))
		return a, false
	}
	return a, s.hear(a)
}

func (s *story) add(person, object, name, fields string) {
	s.Helper()
	a := s.ask(person, s.language, "POST", "/api/v1/records/"+object, s.fields(pairs(fields)))
	if s.hear(a) {
		s.name(name, object, fmt.Sprint(a.body["id"]))
		return
	}
	found, _ := a.body["duplicates"].([]any)
	for _, one := range found {
		d := one.(map[string]any)
		s.say("  there is already: %v", orNothing(d["label"]))
	}
}

func (s *story) change(person, name, text string) {
	s.Helper()
	s.act(person, "PATCH", name, "", s.fields(pairs(text)))
}

func (s *story) followUp(person, name, text string) {
	s.Helper()
	body, rest := map[string]any{}, map[string]any{}
	for _, one := range pairs(text) {
		switch one.name {
		case "action", "text", "next_action", "next_due", "outcome":
			body[one.name] = s.value(one.value)
		default:
			rest[one.name] = s.value(one.value)
		}
	}
	if len(rest) > 0 {
		body["fields"] = rest
	}
	s.act(person, "POST", name, "/follow-up", body)
}

func (s *story) comment(person, name, text string) {
	s.Helper()
	var mentions []string
	for _, word := range strings.Fields(text) {
		if id, ok := s.ids[strings.TrimPrefix(word, "@")]; ok && strings.HasPrefix(word, "@") {
			mentions = append(mentions, id)
		}
	}
	s.act(person, "POST", name, "/comments", map[string]any{"text": text, "mentions": mentions})
}

func (s *story) convert(person, name, text string) {
	s.Helper()
	targets := map[string]any{}
	for _, one := range pairs(text) {
		object, field, _ := strings.Cut(one.name, ".")
		target, _ := targets[object].(map[string]any)
		if target == nil {
			target = map[string]any{}
			targets[object] = target
		}
		switch {
		case field == "skip":
			target["skip"] = true
		case field == "use":
			target["use"] = s.value(one.value)
		default:
			fields, _ := target["fields"].(map[string]any)
			if fields == nil {
				fields = map[string]any{}
				target["fields"] = fields
			}
			fields[field] = s.value(one.value)
		}
	}
	a, ok := s.act(person, "POST", name, "/convert", map[string]any{"targets": targets})
	made, _ := a.body["records"].([]any)
	for _, one := range made {
		r := one.(map[string]any)
		if r["id"] == nil {
			s.say("a %v that may not be seen, made: %v", r["object"], r["created"])
			continue
		}
		object, id := fmt.Sprint(r["object"]), fmt.Sprint(r["id"])
		if ok && s.names[id] == "" {
			s.kinds[object]++
			s.name(fmt.Sprint(object, s.kinds[object]), object, id)
		}
		s.say("%s %s, made: %v", s.names[id], r["label"], r["created"])
	}
}

func (s *story) douyin(name string, p settings) {
	s.Helper()
	fields, remarks := map[string]any{"clue_id": name}, map[string]any{}
	for _, one := range p {
		switch one.name {
		case "clue_id", "name", "telephone", "province_name", "city_name", "remark", "create_time_detail":
			fields[one.name] = one.value
		case "message_id":
		default:
			remarks[one.name] = one.value
		}
	}
	fields["remark_dict"] = remarks
	data, err := json.Marshal(fields)
	s.must(err)
	message := name
	if given := p.texts()["message_id"]; given != "" {
		message = given
	}
	body, err := json.Marshal(map[string]any{"message_id": message, "data": string(data), "timestamp": 1, "nonce": "n"})
	s.must(err)
	mac := hmac.New(sha256.New, []byte(douyinSecret))
	mac.Write(body)
	s.arrive(name, s.send("POST", "/in/douyin", body, map[string]string{"X-Open-Signature": hex.EncodeToString(mac.Sum(nil))}))
}

func (s *story) website(name string, p settings) {
	s.Helper()
	body, err := json.Marshal(p.texts())
	s.must(err)
	s.arrive(name, s.send("POST", "/in/website-api", body, map[string]string{"Authorization": "Bearer " + websiteToken}))
}

// arrive names the record that a delivery made, unless it met one that is known.
func (s *story) arrive(name string, a answer) {
	s.Helper()
	if !s.hear(a) {
		return
	}
	id := a.header.Get("Clew-Record")
	if id == "" {
		s.say("kept, but no record came of it: %s", a.text)
		return
	}
	if known := s.names[id]; known != "" {
		s.say("it is %s again", known)
		return
	}
	s.name(name, "lead", id)
}

func (s *story) see(person, name, fields string) {
	s.Helper()
	a, ok := s.act(person, "GET", name, "", nil)
	if !ok {
		return
	}
	for field := range strings.SplitSeq(fields, ",") {
		field = strings.TrimSpace(field)
		value, there := a.body[field]
		if !there {
			s.say("%s is not to be seen", field)
			continue
		}
		s.say("%s = %s", field, plain(value))
	}
}

// plain is a value of the API in the words of a story.
func plain(v any) string {
	switch v := v.(type) {
	case nil:
		return "nothing"
	case map[string]any:
		if v["amount"] != nil {
			return fmt.Sprint(v["amount"], " ", v["currency"])
		}
		return fmt.Sprint(cmp.Or(v["label"], any("(not to be seen)")))
	case []any:
		var parts []string
		for _, one := range v {
			parts = append(parts, plain(one))
		}
		return strings.Join(parts, ", ")
	case string:
		return inShanghai(v)
	}
	return fmt.Sprint(v)
}

func (s *story) why(person, name string) {
	s.Helper()
	a, ok := s.act(person, "GET", name, "/why", nil)
	if !ok {
		return
	}
	if owner, _ := a.body["owner"].(map[string]any); owner != nil {
		s.say("%v", owner["text"])
		candidates, _ := owner["candidates"].([]any)
		for _, one := range candidates {
			m := one.(map[string]any)
			s.say("  %s: load %v, capacity %v, eligible %v %v", plain(m["user"]), m["load"], plain(m["capacity"]), m["eligible"], blank(m["reason"]))
		}
	}
	if score, _ := a.body["score"].(map[string]any); score != nil {
		s.say("%v", score["text"])
	}
}

// blank is nothing at all for what is missing.
func blank(v any) any {
	if v == nil {
		return ""
	}
	return v
}

func orNothing(v any) any {
	if v == nil {
		return "nothing"
	}
	return v
}

func (s *story) clocks(person, name string) {
	s.Helper()
	a, ok := s.act(person, "GET", name, "/clocks", nil)
	for _, one := range a.items() {
		if ok {
			s.say("%v: %v, due %s", one["label"], one["state"], plain(one["due_at"]))
		}
	}
}

func (s *story) give(person, object, to, filter string) {
	s.Helper()
	wish := map[string]any{"object": object, "action": "assign", "filter": s.filter(filter)}
	pool, isPool := strings.CutPrefix(to, "pool/")
	switch {
	case isPool:
		wish["pool"] = pool
	case to == "routing":
		wish["routing"] = true
	default:
		wish["owner"] = s.value(to)
	}
	s.operate(person, wish)
}

func (s *story) operate(person string, wish map[string]any) {
	s.Helper()
	a := s.ask(person, s.language, "POST", "/api/v1/operations", wish)
	if s.hear(a) {
		s.last = fmt.Sprint(a.body["id"])
		s.carry(person, s.last)
	}
}

// carry does an operation to its end and tells its counts and failures.
func (s *story) carry(person, id string) {
	s.Helper()
	for {
		worked, err := s.app.Bulk.Advance(s.Context())
		s.must(err)
		if !worked {
			break
		}
	}
	a := s.ask(person, s.language, "GET", "/api/v1/operations/"+id, nil)
	s.say("%v: %v of %v done, %v failed", a.body["state"], a.body["done"], a.body["total"], a.body["failed"])
	for _, one := range s.ask(person, s.language, "GET", "/api/v1/operations/"+id+"/failures", nil).items() {
		record, _ := one["record"].(map[string]any)
		s.say("  %v: %v", record["id"], one["text"])
	}
}

func (s *story) takeBack(person string) {
	s.Helper()
	a := s.ask(person, s.language, "POST", "/api/v1/operations/"+s.last+"/undo", nil)
	if s.hear(a) {
		s.last = fmt.Sprint(a.body["id"])
		s.carry(person, s.last)
	}
}

func (s *story) away(person, from, to string) {
	s.Helper()
	begin, _ := moment(from)
	end, ok := moment(to)
	if !ok {
		s.Fatalf("%q is no date and time", to)
	}
	_, err := s.app.Accounts.AddLeave(s.Context(), account.Leave{User: s.ids[person], From: begin, To: end, Reason: "年假"})
	s.must(err)
}

func (s *story) putOff(person, name, to, reason string) {
	s.Helper()
	where := s.records[name]
	s.hear(s.ask(person, s.language, "POST", "/api/v1/agenda/move", map[string]any{
		"object": where.object, "id": where.id, "due_at": s.value(to), "reason": reason,
	}))
}

// read tells all messages of a person as they read now.
func (s *story) read(person string) {
	s.Helper()
	items := s.ask(person, s.language, "GET", "/api/v1/inbox?limit=500", nil).items()
	var texts []string // sorted: clocks that are due at once fire in any order
	for _, item := range items {
		texts = append(texts, fmt.Sprintf("%v (about %v)", item["text"], orNothing(item["record_label"])))
	}
	slices.Sort(texts)
	for _, text := range texts {
		s.say("%s", text)
	}
}

func (s *story) sweep() {
	s.Helper()
	done, err := s.app.Purge.Sweep(s.Context())
	s.must(err)
	s.say("%d records are gone for good", done.Records)
}
