package record_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/thread"
)

// speech is one snapshot and its people; sentences need no more.
type speech struct {
	*testing.T
	snapshot *catalog.Snapshot
	people   *account.Store
	texts    record.Sentences
	ann      string
}

func newSpeech(t *testing.T) *speech {
	t.Helper()
	db := clewtest.Open(t, clewtest.Embedded(t))
	c, err := catalog.New(db, config.New(db), nil)
	if err != nil {
		t.Fatal(err)
	}
	documents, err := config.ParseYAML([]byte(objects), "", "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Apply(t.Context(), documents, config.Note{}); err != nil {
		t.Fatal(err)
	}
	people := account.New(db, account.Options{})
	if err := people.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	ann, err := people.CreateUser(t.Context(), account.NewUser{Name: "安娜", Email: "ann@x.cn", PasswordHash: "x"})
	if err != nil {
		t.Fatal(err)
	}
	texts, err := record.LoadSentences()
	if err != nil {
		t.Fatal(err)
	}
	return &speech{t, c.Current(), people, texts, ann.ID}
}

// voice is a reader's, who may not see the named fields.
func (s *speech) voice(language string, hidden ...string) *record.Voice {
	return &record.Voice{
		Language: language, Zone: time.FixedZone("CST", 8*3600), Snapshot: s.snapshot, Directory: s.people.Directory(), Texts: s.texts,
		Visible: func(o *schema.Object) *schema.Object {
			less := *o
			less.Fields = nil
			for _, f := range o.Fields {
				if !strings.Contains(" "+strings.Join(hidden, " ")+" ", " "+f.Name+" ") {
					less.Fields = append(less.Fields, f)
				}
			}
			return less.Seal()
		},
		Part: func(kind, name, part string) (schema.Label, []string) {
			label := kind + ":" + name
			var reads []string
			if part != "" {
				label += "/" + part
			}
			if strings.HasPrefix(part, "by amount") || name == "by-amount" {
				reads = []string{"t.lead.amount"}
			}
			if name == "unknown" {
				return schema.Label{}, nil
			}
			return schema.Label{"zh-CN": label, "en": label}, reads
		},
	}
}

// entry is an act on a lead as a database gives it back.
func (s *speech) entry(kind string, actor thread.Actor, params string) thread.Entry {
	s.Helper()
	e := thread.Entry{Record: "r", Object: "t.lead", Seq: 7, At: noon, Actor: actor, Kind: kind}
	decoder := json.NewDecoder(strings.NewReader(strings.ReplaceAll(params, "ANN", s.ann)))
	decoder.UseNumber()
	if err := decoder.Decode(&e.Params); err != nil {
		s.Fatalf("%s: %v", params, err)
	}
	return e
}

// TestSentences: what a person reads of each act, in both languages. The marks
// around values are the phrases' own; values stand as they are.
func TestSentences(t *testing.T) {
	s := newSpeech(t)
	ann, channel, clock, nobody := thread.Actor{Kind: thread.User, ID: s.ann}, thread.Actor{Kind: thread.Channel, ID: "web"}, thread.Actor{Kind: thread.Clock, ID: "claim"}, thread.Actor{Kind: thread.System}
	gone := thread.Actor{Kind: thread.User, ID: "left-long-ago"}
	for _, one := range []struct {
		name   string
		kind   string
		actor  thread.Actor
		params string
		want   string // in English
	}{
		{"typed in", "received", ann, `{"fields":{}}`, "安娜 created this lead"},
		{"by somebody who left", "received", gone, `{}`, "someone created this lead"},
		{"by a channel", "received", channel, `{}`, "Received this lead from “channel:web”"},
		{"by a channel, at once", "received", channel, `{"source_at":"2026-03-03T03:59:30Z"}`, "Received this lead from “channel:web”"},
		{"40 minutes late", "received", channel, `{"source_at":"2026-03-03T03:20:00Z"}`, "Received this lead from “channel:web”, 40 min after the source's own time"},
		{"47 hours late", "received", channel, `{"source_at":"2026-03-01T05:00:00Z"}`, "Received this lead from “channel:web”, 47 h after the source's own time"},
		{"3 days late", "received", channel, `{"source_at":"2026-02-28T04:00:00Z"}`, "Received this lead from “channel:web”, 3 days after the source's own time"},
		{"ahead of our clock", "received", channel, `{"source_at":"2026-03-04T04:00:00Z"}`, "Received this lead from “channel:web”"},
		{"a time that is none", "received", channel, `{"source_at":"yesterday"}`, "Received this lead from “channel:web”"},
		{"along with another", "received", ann, `{"from_object":"t.firm"}`, "Made along with a firm"},
		{"along with what is gone", "received", ann, `{"from_object":"t.moon"}`, "Made along with a lead"},
		{"by the program", "received", nobody, `{}`, "The system created this lead"},
		{"touched", "touched", channel, `{}`, "The same customer came again through “channel:web”; the owner stays"},
		{"touched by a person", "touched", ann, `{}`, "安娜 noted another visit of the same customer; the owner stays"},
		{"nobody known", "matched", nobody, `{"result":"new"}`, "No open record of the same customer"},
		{"a new person", "matched", nobody, `{"party":"p","party_new":true}`, "No open record of the same customer; a contact was made"},
		{"a known person", "matched", nobody, `{"party":"p","party_new":false}`, "No open record of the same customer; linked to the known contact"},
		{"one change", "changed", ann, `{"before":{"t.lead.company":"a"},"after":{"t.lead.company":"b"}}`, "安娜 changed Company a → b"},
		{"two changes", "changed", ann, `{"before":{"t.lead.company":null,"t.lead.hot":true},"after":{"t.lead.company":"b","t.lead.hot":false}}`, "安娜 changed Company blank → b; Hot yes → no"},
		{"with a reason", "changed", ann, `{"before":{"t.lead.hot":null},"after":{"t.lead.hot":true},"reason":"客户来电"}`, "安娜 changed Hot blank → yes (reason: 客户来电)"},
		{"money", "changed", ann, `{"before":{"t.lead.amount":{"amount":"0.10","currency":"CNY"}},"after":{"t.lead.amount":{"amount":"1234567.80","currency":"USD"}}}`, "安娜 changed Amount 0.10 CNY → 1234567.80 USD"},
		{"a choice", "changed", clock, `{"before":{"t.lead.status":"t.lead.status.new"},"after":{"t.lead.status":"t.lead.status.won"}}`, "clock:claim changed Status New → Won"},
		{"a choice that is gone", "changed", ann, `{"before":{"t.lead.status":"t.lead.status.moon"},"after":{"t.lead.status":null}}`, "安娜 changed Status t.lead.status.moon → blank"},
		{"tags", "changed", ann, `{"before":{"t.lead.tags":[]},"after":{"t.lead.tags":["a","b"]}}`, "安娜 changed Tags blank → a, b"},
		{"a person", "changed", ann, `{"before":{"t.lead.owner":"ANN"},"after":{"t.lead.owner":"left"}}`, "安娜 changed Owner 安娜 → someone"},
		{"a reference", "changed", ann, `{"before":{"t.lead.person":null},"after":{"t.lead.person":"p1"}}`, "安娜 changed Person blank → a person"},
		{"a moment", "changed", ann, `{"before":{"t.lead.next_due":"2026-03-03T04:05:00Z"},"after":{"t.lead.next_due":"no moment"}}`, "安娜 changed Due 03-03 12:05 → no moment"},
		{"words in curly brackets", "changed", ann, `{"before":{"t.lead.company":"{after}"},"after":{"t.lead.company":"{actor} {field}"}}`, "安娜 changed Company {after} → {actor} {field}"},
		{"a field that is gone", "changed", ann, `{"before":{"t.lead.moon":"1"},"after":{"t.lead.moon":"2","t.lead.company":"x"}}`, "安娜 changed Company blank → x"},
		{"in an operation", "deleted", ann, `{"operation":"op"}`, "安娜 deleted it; it can be restored for 30 days (bulk operation)"},
		{"restored", "restored", ann, `{}`, "安娜 restored it"},
		{"claimed", "claimed", ann, `{}`, "安娜 claimed it"},
		{"a comment", record.Commented, ann, `{"text":"客户要样品"}`, "安娜: 客户要样品"},
		{"an edited comment", record.Commented, ann, `{"text":"客户要样品","edited_at":"2026-03-03T05:00:00Z"}`, "安娜: 客户要样品 (edited 03-03 13:00)"},
		{"a comment that was taken back", record.Commented, ann, `{}`, "安娜: (comment deleted)"},
		{"an edit", record.CommentEdited, ann, `{"of":3,"was":"客户要样"}`, "安娜 edited a comment, which said: 客户要样"},
		{"an edit of what was taken back", record.CommentEdited, ann, `{}`, "安娜 edited a comment that was deleted later"},
		{"told", "message", nobody, `{"recipients":["ANN","left"],"robots":["east"]}`, "Told 安娜, someone, robot:east"},
		{"follow-up", "follow_up", ann, `{"action":"t.lead.next_action.ring","text":"很急","fields":{"t.lead.next_action":"t.lead.next_action.visit","t.lead.next_due":"2026-03-05T01:00:00Z"}}`, "安娜 followed up: Call — 很急; next: Visit by 03-05 09:00"},
		{"follow-up that ends", "follow_up", ann, `{"action":"t.lead.next_action.visit","outcome":"t.lead.outcome.won"}`, "安娜 followed up: Visit; outcome: Won"},
		{"follow-up with what is gone", "follow_up", ann, `{"action":"moon","outcome":"moon"}`, "安娜 followed up: moon"},
		{"a clock begins", "clock_started", nobody, `{"clock":"claim","due_at":"2026-03-03T05:30:00Z"}`, "“clock:claim” is running until 03-03 13:30"},
		{"a clock without an end", "clock_started", nobody, `{"clock":"claim"}`, "“clock:claim” is running"},
		{"a stage", "clock_fired", clock, `{"clock":"claim","stage":"warn","recipients":["ANN"]}`, "“clock:claim”: clock:claim/warn; told 安娜"},
		{"a stage that tells nobody", "clock_fired", clock, `{"clock":"claim","stage":"warn"}`, "“clock:claim”: clock:claim/warn"},
		{"met", "clock_satisfied", nobody, `{"clock":"claim"}`, "“clock:claim” was met in time"},
		{"met late", "clock_satisfied", nobody, `{"clock":"claim","late":true}`, "“clock:claim” was met late"},
		{"a document that is gone", "clock_cancelled", nobody, `{"clock":"unknown"}`, "“unknown” was cancelled"},
		{"scored", "scored", nobody, `{"card":"lead","total":62,"stars":2,"contributions":[{"rule":"phone","points":30},{"rule":"far","points":-5}]}`, "Scored 62 (2★): scorecard:lead/phone +30, scorecard:lead/far -5"},
		{"scored again", "scored", nobody, `{"card":"lead","total":0,"total_before":62,"stars":1,"contributions":[]}`, "Score 62 → 0 (1★): no points added"},
		{"understood", "understood", nobody, `{"proposals":[{"field":"t.lead.tags","words":["急","样品"],"value":["急"]},{"field":"t.lead.moon","words":["x"],"value":"y"}]}`, "Read from the text: “急, 样品” → Tags 急"},
		{"routed by a row", "routed", nobody, `{"table":"t","version":3,"owner":"ANN","row":"east","pool":"p","strategy":"least_load","recorded":{"pools":{"p":{"members":[{"user":"ANN","load":4},{"user":"b"}]}}},"why":{"b":"full"}}`, "Row “routing-table:t/east” of routing table “routing-table:t”, version 3, gave it to 安娜: fewest open (4) of 1 available in “pool:p”"},
		{"routed to nobody", "routed", nobody, `{"table":"t","version":3,"row":"east"}`, "Routing table “routing-table:t”, version 3, chose no owner"},
		{"fallback", "routed", nobody, `{"table":"t","version":3,"owner":"ANN","fallback":true}`, "Routing table “routing-table:t”, version 3, found nobody; the fallback 安娜 takes it"},
		{"known", "routed", nobody, `{"table":"t","owner":"ANN","reason":"known_owner"}`, "安娜, who knows the customer, keeps it"},
		{"named", "routed", ann, `{"owner":"ANN","reason":"given"}`, "安娜 named 安娜 as the owner"},
		{"converted", record.Converted, ann, `{"from_object":"t.lead","links":[{"object":"t.firm","made":true},{"object":"t.person","made":false},{"object":"t.moon","made":true}]}`, "安娜 converted the lead; new: firm; already known: person"},
		{"unconverted", record.Unconverted, ann, `{}`, "安娜 undid the conversion"},
		{"unconverted, as who had it has left", record.Unconverted, ann, `{"kept":{"t.lead.owner":"ANN","t.lead.moon":"b"}}`, "安娜 undid the conversion; Owner stays as it is, as 安娜 has left"},
		{"taken back", "unmerged", ann, `{"record":"r2"}`, "安娜 took the merge back"},
		{"taken back, as who had it has left", "unmerged", ann, `{"record":"r2","kept":{"t.lead.owner":"gone"}}`, "安娜 took the merge back; Owner stays as it is, as someone has left"},
		{"merged", "merged", ann, `{"record":"r2"}`, "安娜 merged another record into this one"},
		{"purged", "purged", nobody, `{}`, "Deleted for good after 30 days"},
	} {
		e := s.entry(one.kind, one.actor, one.params)
		if got := s.voice("en").Tell(e); got.Text != one.want || got.ID != "r.7" || got.Kind != one.kind {
			t.Errorf("%s: %q, want %q", one.name, got.Text, one.want)
		}
		chinese := s.voice("zh-CN").Tell(e).Text
		if chinese == "" || strings.ContainsAny(strings.NewReplacer("{after}", "", "{actor}", "", "{field}", "").Replace(chinese), "{}") || chinese == one.want {
			t.Errorf("%s in Chinese: %q", one.name, chinese)
		}
		if other := s.voice("fr").Tell(e).Text; other != chinese {
			t.Errorf("%s in a language that we don't speak: %q", one.name, other)
		}
	}
}

// TestWhatMayNotBeSeenIsNotTold: neither in the sentence nor in what the API
// carries, whichever part of an entry it stands in.
func TestWhatMayNotBeSeenIsNotTold(t *testing.T) {
	s := newSpeech(t)
	ann := thread.Actor{Kind: thread.User, ID: s.ann}
	const secret = "987654"
	money := `{"amount":"` + secret + `","currency":"CNY"}`
	for _, one := range []struct{ name, kind, params, left string }{
		{"received", "received", `{"fields":{"t.lead.amount":` + money + `,"t.lead.company":"a"},"flags":{"t.lead.amount":"` + secret + `"}}`, "company:a"},
		{"changed", "changed", `{"before":{"t.lead.amount":` + money + `},"after":{"t.lead.amount":` + money + `,"t.lead.company":"a"}}`, "Company blank → a"},
		{"understood", "understood", `{"proposals":[{"field":"t.lead.amount","words":["` + secret + `"],"value":"` + secret + `"},{"field":"t.lead.company","words":["w"],"value":"a","reads":["t.lead.amount"]},{"field":"t.lead.tags","words":["急"],"value":["急"]}]}`, "“急” → Tags 急"},
		{"scored", "scored", `{"card":"lead","total":1,"stars":1,"inputs":{"t.lead.amount":` + money + `},"contributions":[{"rule":"by amount ` + secret + `","points":5},{"rule":"x","points":1,"reads":["t.lead.amount"]},{"rule":"y","points":2,"reads":["t.lead.company"]}],"failed":["` + secret + `"]}`, "scorecard:lead/y +2"},
		{"routed", "routed", `{"table":"t","version":1,"owner":"` + s.ann + `","row":"by amount ` + secret + `","adds":[{"row":"by amount ` + secret + `","values":["` + secret + `"]}],"recorded":{"x":"` + secret + `"},"values":["` + secret + `"],"skipped":["` + secret + `"]}`, "gave it to 安娜"},
		{"follow-up", "follow_up", `{"action":"t.lead.next_action.ring","before":{"t.lead.amount":` + money + `},"after":{"t.lead.amount":` + money + `},"added":{"t.lead.amount":` + money + `}}`, "followed up"},
	} {
		e := s.entry(one.kind, ann, one.params)
		told, err := json.Marshal(s.voice("en", "amount").Tell(e))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(told), secret) || strings.Contains(strings.ToLower(string(told)), "amount") {
			t.Errorf("%s tells %s", one.name, told)
		}
		if open := s.voice("en").Tell(e); !strings.Contains(fmt.Sprint(open), "mount") {
			t.Errorf("%s would not tell it anyhow: %v", one.name, open)
		}
		if !strings.Contains(fmt.Sprint(s.voice("en", "amount").Tell(e)), one.left) {
			t.Errorf("%s lacks %q: %s", one.name, one.left, told)
		}
	}
}

// TestEntriesThatAreNothingToTheirReader are left out of his thread.
func TestEntriesThatAreNothingToTheirReader(t *testing.T) {
	s := newSpeech(t)
	ann := thread.Actor{Kind: thread.User, ID: s.ann}
	for _, one := range []struct {
		name, kind, params string
		silent             bool
	}{
		{"a change of a hidden field", "changed", `{"after":{"t.lead.amount":null}}`, true},
		{"a change of a hidden and an open one", "changed", `{"after":{"t.lead.amount":null,"t.lead.company":"a"}}`, false},
		{"a change of a field that is gone", "changed", `{"after":{"t.lead.moon":1}}`, true},
		{"a change of nothing that was kept", "changed", `{}`, false},
		{"a score over a hidden field", "scored", `{"card":"by-amount"}`, true},
		{"a score over open ones", "scored", `{"card":"lead"}`, false},
		{"a follow-up", "follow_up", `{"after":{"t.lead.amount":null}}`, false},
		{"a comment", record.Commented, `{"text":"x"}`, false},
	} {
		e := s.entry(one.kind, ann, one.params)
		if got := s.voice("en", "amount").Silent(e); got != one.silent {
			t.Errorf("%s: silent %v", one.name, got)
		}
		if one.kind != "changed" && s.voice("en").Silent(e) {
			t.Errorf("%s is silent to who may see all", one.name)
		}
		e.Object = "t.moon"
		if s.voice("en").Silent(e) || s.voice("en").Tell(e).Text != "" {
			t.Errorf("%s of an object that is gone: %+v", one.name, s.voice("en").Tell(e))
		}
	}
}

// TestValuesAsTheAPICarriesThem: by API names, choices by theirs, people with
// their label.
func TestValuesAsTheAPICarriesThem(t *testing.T) {
	s := newSpeech(t)
	e := s.entry("changed", thread.Actor{Kind: thread.User, ID: s.ann}, `{"after":{"t.lead.status":"t.lead.status.won","t.lead.owner":"ANN",
		"t.lead.person":"p1","t.lead.tags":["a"],"t.lead.rank":"1.500","t.lead.hot":null},"mentions":["ANN","left"]}`)
	told := s.voice("en").Tell(e)
	got, err := json.Marshal(told.Params)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"after":{"hot":null,"owner":{"id":"ANN","label":"安娜"},"person":{"id":"p1"},"rank":"1.500","status":"成交","tags":["a"]},` +
		`"mentions":[{"id":"ANN","label":"安娜"},{"id":"left","label":"someone"}]}`
	if strings.ReplaceAll(string(got), s.ann, "ANN") != want {
		t.Errorf("got\n%s, want\n%s", got, want)
	}
	if told.Actor != (record.ToldActor{Kind: "user", ID: s.ann, Label: "安娜"}) || !told.At.Equal(noon) {
		t.Errorf("by %+v at %v", told.Actor, told.At)
	}
}

// TestReferencesAreCalledByTheTitlesThatTheReaderMaySee: others are told by
// what they are alone.
func TestReferencesAreCalledByTheTitlesThatTheReaderMaySee(t *testing.T) {
	onBoth(t, func(c *company) {
		s := newSpeech(t)
		hers := c.create("person", map[string]any{"name": "王伟", "owner": c.ids["ann"]}).ID
		his := c.create("person", map[string]any{"name": "秘密", "owner": c.ids["bob"]}).ID
		entries := []thread.Entry{
			s.entry("changed", thread.Actor{Kind: thread.System}, `{"before":{"t.lead.person":"`+hers+`"},"after":{"t.lead.person":"`+his+`"}}`),
			s.entry("changed", thread.Actor{Kind: thread.System}, `{"before":{"t.lead.person":null},"after":{"t.lead.person":"absent","t.lead.moon":"x"}}`),
		}
		for who, want := range map[string]string{"ann": "Person 王伟 → a person", "bob": "Person a person → 秘密", "eve": "Person 王伟 → 秘密"} {
			c.reading(who, func(r *record.Reader) error {
				v := s.voice("en")
				v.Snapshot = c.catalog.Current()
				err := v.NameReferences(r, entries)
				if got := v.Tell(entries[0]).Text; !strings.HasSuffix(got, want) {
					t.Errorf("%s reads %q, want %q", who, got, want)
				}
				if got := v.Tell(entries[1]).Text; !strings.HasSuffix(got, "Person blank → a person") {
					t.Errorf("%s reads %q of what is not there", who, got)
				}
				return err
			})
		}
	})
}
