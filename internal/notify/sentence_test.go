package notify

import (
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

// speaker knows three people and a few documents.
func speaker() *Notify {
	return &Notify{Options: Options{
		Person: func(id string) string { return map[string]string{"u1": "张伟", "u2": "{record}", "u3": "[x]"}[id] },
		Label: func(kind, name, language string) string {
			if name == "labelled" || name == "labelled/due" {
				return map[string]string{"zh-CN": kind + "之名", "en": "name of " + kind}[language]
			}
			return ""
		},
	}}
}

// TestWhoIsSpokenTo: the person whom a message is about is called you, everybody
// else hears his name, and a robot speaks to nobody.
func TestWhoIsSpokenTo(t *testing.T) {
	n := speaker()
	for _, one := range []struct {
		name, user, kind string
		params           map[string]any
		zh, en           string
	}{
		{"the owner himself", "u1", "assigned", map[string]any{"owner": "u1"}, "「甲」分给了你", "甲 was assigned to you"},
		{"a colleague", "u2", "assigned", map[string]any{"owner": "u1"}, "「甲」已分给张伟", "甲 was assigned to 张伟"},
		{"a group", "", "assigned", map[string]any{"owner": "u1"}, "「甲」已分给张伟", "甲 was assigned to 张伟"},
		{"a group, of nobody", "", "assigned", map[string]any{"owner": ""}, "「甲」已分给", "甲 was assigned to "},
		{"of somebody who is gone", "u1", "assigned", map[string]any{"owner": "u9"}, "「甲」已分给（未知）", "甲 was assigned to (unknown)"},
		{"a pool with a label", "u1", "assigned", map[string]any{"owner": "u1", "pool": "labelled"}, "「甲」分给了你（pool之名）", "甲 was assigned to you (name of pool)"},
		{"a pool that is gone", "u1", "assigned", map[string]any{"owner": "u1", "pool": "top-3"}, "「甲」分给了你（top-3）", "甲 was assigned to you (top-3)"},
		{"a stage of a clock", "u1", "clock_fired", map[string]any{"clock": "labelled", "stage": "due", "owner": "u2"}, "「甲」时限提醒：clock之名（stage之名），负责人 {record}", "甲: name of clock (name of stage), owner {record}"},
		{"a kind without a sentence for oneself", "u1", "silent_72h", map[string]any{"owner": "u1"}, "「甲」已 72 小时没有跟进，负责人 张伟", "甲 has had no follow-up for 72 hours, owner 张伟"},
		{"a whole number", "u1", "due_soon", map[string]any{"minutes": 15.0}, "「甲」快到期了，还有 15 分钟", "甲 is due soon, 15 minutes left"},
		{"half a minute", "u1", "due_soon", map[string]any{"minutes": 0.5}, "「甲」快到期了，还有 0.5 分钟", "甲 is due soon, 0.5 minutes left"},
		{"no minutes", "u1", "due_soon", map[string]any{"minutes": nil}, "「甲」快到期了", "甲 is due soon"},
		{"a change that is not to be seen", "u1", Changed, map[string]any{"changes": ""}, "「甲」有变动", "甲 was changed"},
		{"a change that is", "u1", Changed, map[string]any{"changes": "城市：A → B"}, "「甲」城市：A → B", "甲: 城市：A → B"},
		{"words of a builder's own", "u1", "assigned", map[string]any{"owner": "u1", "text": "请看{record}[（{pool}）]"}, "请看甲", "请看甲"},
		{"words of his in one language alone", "u1", "assigned", map[string]any{"text": map[string]any{"zh-CN": "请看{record}"}}, "请看甲", "请看甲"},
		{"words of his that are blank", "u1", "assigned", map[string]any{"owner": "u1", "text": map[string]any{"en": "", "zh-CN": ""}}, "「甲」分给了你", "甲 was assigned to you"},
		{"words that are none", "u1", "assigned", map[string]any{"owner": "u1", "text": 7.0}, "「甲」分给了你", "甲 was assigned to you"},
		{"a person who is called like a place", "u1", "mentioned", map[string]any{"by": "u2"}, "{record}在「甲」提到了你", "{record} mentioned you on 甲"},
		{"a person in brackets", "u1", "fallback", map[string]any{"owner": "u3"}, "「甲」没有合适的人可分，已交给[x]", "Nobody suitable was found for 甲; it went to [x]"},
	} {
		for language, want := range map[string]string{"zh-CN": one.zh, "en": one.en} {
			if got := n.sentence(Reader{User: one.user, Language: language}, row{kind: one.kind, params: one.params}, Subject{Label: "甲"}); got != want {
				t.Errorf("%s in %s: %s, want %s", one.name, language, got, want)
			}
		}
	}
}

// Property: whatever a record, a person or a parameter is called, it stands in the
// sentence as it is called: no name is read as a sentence of ours.
func TestNoNameIsASentence(t *testing.T) {
	name := rapid.OneOf(
		rapid.SampledFrom([]string{"{record}", "{owner}", "[{pool}]", "[", "]", "{", "}", "$1", "%s", "{changes}", "「」", "[({owner})]"}),
		rapid.StringN(1, 12, -1),
	)
	rapid.Check(t, func(r *rapid.T) {
		label, person, pool := name.Draw(r, "label"), name.Draw(r, "person"), name.Draw(r, "pool")
		n := &Notify{Options: Options{Person: func(string) string { return person }, Label: func(string, string, string) string { return "" }}}
		got := n.sentence(Reader{User: "other", Language: "en"}, row{kind: "assigned", params: map[string]any{"owner": "u", "pool": pool}}, Subject{Label: label})
		if want := label + " was assigned to " + person + " (" + pool + ")"; got != want {
			r.Fatalf("%q, want %q", got, want)
		}
	})
}

// TestBothLanguagesNameTheSame: each sentence has the same places and the same
// parts that may be left out in both languages, and each is in its own letters.
func TestBothLanguagesNameTheSame(t *testing.T) {
	for kind, pair := range sentences {
		for _, pattern := range []func(string) []string{
			func(s string) []string { return holder.FindAllString(s, -1) },
			func(s string) []string {
				return holder.FindAllString(strings.Join(optional.FindAllString(s, -1), ""), -1)
			},
		} {
			zh, en := pattern(pair[0]), pattern(pair[1])
			if sameNames(zh) != sameNames(en) {
				t.Errorf("%s: %v in Chinese, %v in English", kind, zh, en)
			}
		}
		han := func(s string) bool {
			return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
		}
		if kind != Changed && !han(pair[0]) || han(pair[1]) {
			t.Errorf("%s: %q and %q", kind, pair[0], pair[1])
		}
	}
}

// sameNames are names without their order, as often as each comes.
func sameNames(names []string) string {
	counted := map[string]int{}
	for _, name := range names {
		counted[name]++
	}
	var out []string
	for _, name := range []string{"{record}", "{owner}", "{pool}", "{minutes}", "{clock}", "{stage}", "{channel}", "{by}", "{changes}", "{robot}", "{count}", "{reason}", "{year}"} {
		if counted[name] > 0 {
			out = append(out, name+strings.Repeat("+", counted[name]))
			delete(counted, name)
		}
	}
	for name := range counted {
		out = append(out, "unknown "+name)
	}
	return strings.Join(out, " ")
}

// TestWhatIsShownOfARecord: its label stands in the sentence once, and a blank
// field takes no place.
func TestWhatIsShownOfARecord(t *testing.T) {
	n := speaker()
	subject := Subject{Label: "甲", Link: "/lead/1", Fields: []FieldText{{"公司", "甲"}, {"城市", ""}, {"产品", "比例阀"}, {"评分", "82"}}}
	got := n.text(Reader{Language: "zh-CN"}, row{kind: "commitment_due"}, subject)
	if got.line() != "「甲」承诺的下一步已到期 · 比例阀 · 82" || strings.Join(got.fields, "|") != "产品：比例阀|评分：82" || got.link != "/lead/1" {
		t.Errorf("%+v", got)
	}
	if got := n.text(Reader{Language: "en"}, row{kind: "commitment_due"}, subject); strings.Join(got.fields, "|") != "产品: 比例阀|评分: 82" {
		t.Errorf("%v", got.fields)
	}
	if got := n.text(Reader{Language: "en"}, row{kind: "commitment_due"}, Subject{}); got.line() != "The next step promised for a record is due" {
		t.Errorf("of nothing: %s", got.line())
	}
}

// TestPlacesOfAStatement: as many as there are values, each its own number.
func TestPlacesOfAStatement(t *testing.T) {
	for want, got := range map[string]string{"$1": places(1, 1), "$1, $2, $3": places(1, 3), "$9, $10": places(9, 2), "": places(5, 0)} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
