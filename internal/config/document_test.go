package config_test

import (
	"strings"
	"testing"

	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/fault"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func parse(t testing.TB, text string) config.Document {
	t.Helper()
	documents, err := config.ParseYAML([]byte(text), "", "")
	if err != nil || len(documents) != 1 {
		t.Fatalf("%d documents, %v, of\n%s", len(documents), err, text)
	}
	return documents[0]
}

func TestDocumentsFromTheAPI(t *testing.T) {
	for about, c := range map[string]struct{ kind, name, body, want, fails string }{
		"the least":                 {"view", "hot", `{}`, `{"name":"hot"}`, ""},
		"keys are sorted":           {"view", "hot", `{"z":1,"a":[{"c":1,"b":2}]}`, `{"a":[{"b":2,"c":1}],"name":"hot","z":1}`, ""},
		"the name of the address":   {"view", "hot", `{"name":"cold"}`, `{"name":"hot"}`, ""},
		"the name of the body":      {"view", "", `{"name":"cold"}`, `{"name":"cold"}`, ""},
		"an id stays":               {"view", "hot", `{"id":"t.v"}`, `{"id":"t.v","name":"hot"}`, ""},
		"an empty id goes":          {"view", "hot", `{"id":""}`, `{"name":"hot"}`, ""},
		"an id that is no text":     {"view", "hot", `{"id":5}`, `{"name":"hot"}`, ""},
		"the kind is not kept":      {"view", "hot", `{"document":"page"}`, `{"name":"hot"}`, ""},
		"numbers stay as they are":  {"view", "hot", `{"a":1.50,"b":12345678901234567890}`, `{"a":1.50,"b":12345678901234567890,"name":"hot"}`, ""},
		"signs stay as they are":    {"view", "hot", `{"a":"<&>\u2028"}`, `{"a":"<&>` + "\\u2028" + `","name":"hot"}`, ""},
		"blanks around it":          {"view", "hot", " {}\n ", `{"name":"hot"}`, ""},
		"dots and dashes in a name": {"view", "lead.hot-1_a", `{}`, `{"name":"lead.hot-1_a"}`, ""},
		"nothing":                   {"view", "hot", ``, "", "malformed_json"},
		"null":                      {"view", "hot", `null`, "", "malformed_json"},
		"a list":                    {"view", "hot", `[]`, "", "malformed_json"},
		"a text":                    {"view", "hot", `"x"`, "", "malformed_json"},
		"half of it":                {"view", "hot", `{"a":`, "", "malformed_json"},
		"two of them":               {"view", "hot", `{}{}`, "", "malformed_json"},
		"a bracket too many":        {"view", "hot", `{}]`, "", "malformed_json"},
		"a brace too many":          {"view", "hot", `{}}`, "", "malformed_json"},
		"words behind it":           {"view", "hot", `{} and more`, "", "malformed_json"},
		"no such kind":              {"widget", "hot", `{}`, "", "unknown_kind"},
		"the common schema":         {"common", "hot", `{}`, "", "unknown_kind"},
		"no name":                   {"view", "", `{}`, "", "invalid_input"},
		"a name that is no text":    {"view", "", `{"name":7}`, "", "invalid_input"},
		"a name in capitals":        {"view", "Hot", `{}`, "", "invalid_input"},
		"a name with a digit first": {"view", "1hot", `{}`, "", "invalid_input"},
		"a name with a dot first":   {"view", ".hot", `{}`, "", "invalid_input"},
		"a way out of the folder":   {"view", "a/../b", `{}`, "", "invalid_input"},
		"a name in Chinese":         {"view", "热门", `{}`, "", "invalid_input"},
		"the longest name":          {"view", "a" + strings.Repeat("b", 96), `{}`, `{"name":"a` + strings.Repeat("b", 96) + `"}`, ""},
		"a longer name":             {"view", "a" + strings.Repeat("b", 97), `{}`, "", "invalid_input"},
	} {
		d, err := config.FromJSON(c.kind, c.name, []byte(c.body))
		if problem, ok := fault.As(err); ok {
			if problem.Code != c.fails {
				t.Errorf("%s: %v", about, err)
			}
			continue
		}
		if err != nil || c.fails != "" || string(d.Body) != c.want {
			t.Errorf("%s: %s, %v; want %s %s", about, d.Body, err, c.want, c.fails)
		}
	}
}

func TestALabelIsReadFromTheBody(t *testing.T) {
	for text, want := range map[string]string{
		"label: {zh-CN: 线索, en: Lead}": "Lead", "label: {}": "", "label: Lead": "", "help: {en: x}": "", "label: {en: 5}": "",
	} {
		d := parse(t, "document: view\nname: a\n"+text+"\n")
		if got := d.Label()["en"]; got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// TestThePlacesOfExpressions: a place inside an expression is counted from where the expression begins.
func TestThePlacesOfExpressions(t *testing.T) {
	d := parse(t, `document: scorecard
name: lead
object: lead
rules:
  - when: 来源=抖音
    points: 1
  - when: "来源=抖音"
    points: 1
  - {when: '预算 > 1', points: 2, name: third}
  - when: |
      来源=抖音
        AND 预算
    points: 3
`)
	for _, c := range []struct {
		path                     string
		line, column             int
		wantedLine, wantedColumn int
	}{
		{"rules.0.when", 0, 0, 5, 11},
		{"rules.0.when", 1, 1, 5, 11},
		{"rules.0.when", 1, 4, 5, 14},
		{"rules.1.when", 1, 4, 7, 15},
		{"rules.2.when", 1, 6, 9, 18},
		{"rules.2.points", 0, 0, 9, 30},
		{"rules[2].points", 0, 0, 9, 30},
		{"rules/2/points", 0, 0, 9, 30},
		{"rules.3.points", 0, 0, 13, 13},
		{"rules.9.points", 0, 0, 5, 3},
		{"rules.third.points", 0, 0, 9, 30},
		{"rules.fourth.points", 0, 0, 5, 3},
		{"nowhere.at.all", 0, 0, 1, 1},
		{"", 0, 0, 1, 1},
	} {
		got := d.Place([]fault.Field{{Path: c.path, Line: c.line, Column: c.column}})[0]
		if got.Line != c.wantedLine || got.Column != c.wantedColumn {
			t.Errorf("%s %d:%d is at %d:%d, want %d:%d", c.path, c.line, c.column, got.Line, got.Column, c.wantedLine, c.wantedColumn)
		}
	}
	without := config.Document{Kind: "view", Name: "a"}
	got := without.Place([]fault.Field{{Path: "x", Line: 2, Column: 3, Params: map[string]any{"n": 1}}})
	if diff := cmp.Diff([]fault.Field{{Path: "x", Line: 2, Column: 3, Params: map[string]any{"n": 1, "document": "view/a"}}}, got); diff != "" {
		t.Error(diff)
	}
}

func TestLinesOfAFileWithSeveralDocuments(t *testing.T) {
	text := "# first\r\ndocument: robot\r\nname: a\r\n--- \r\n\r\n# nothing but a remark\r\n---\r\ndocument: robot\r\nname: b\r\nnote: |\r\n  ---\r\n  x\r\n"
	documents, err := config.ParseYAML([]byte(text), "", "")
	if err != nil || len(documents) != 2 {
		t.Fatalf("%d, %v", len(documents), err)
	}
	var got []int
	for _, d := range documents {
		got = append(got, d.Place([]fault.Field{{Path: "name"}})[0].Line)
	}
	if diff := cmp.Diff([]int{3, 9}, got); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(string(documents[1].Body), `"note":"---\nx\n"`) {
		t.Errorf("%s", documents[1].Body)
	}
}

func TestTheKindAndNameThatAFileLeavesOut(t *testing.T) {
	for about, c := range map[string]struct{ text, kind, name, want string }{
		"both given":          {"label: {en: A}", "view", "hot", "view/hot"},
		"the file's own kind": {"document: page\nname: x", "", "", "page/x"},
		"the given kind wins": {"document: page\nname: x", "view", "", "view/x"},
		"the given name wins": {"document: page\nname: x", "", "y", "page/y"},
	} {
		documents, err := config.ParseYAML([]byte(c.text), c.kind, c.name)
		if err != nil || len(documents) != 1 || documents[0].Reference() != c.want {
			t.Errorf("%s: %v %v", about, documents, err)
		}
	}
}

// TestAliasesCannotGrowWithoutBounds: a small file cannot fill the memory.
func TestAliasesCannotGrowWithoutBounds(t *testing.T) {
	var b strings.Builder
	b.WriteString("document: view\nname: a\nl0: &l0 [x, x, x, x, x, x, x, x, x]\n")
	for i := 1; i < 9; i++ {
		before := string(rune('0' + i - 1))
		here := string(rune('0' + i))
		b.WriteString("l" + here + ": &l" + here + " [" + strings.TrimSuffix(strings.Repeat("*l"+before+", ", 9), ", ") + "]\n")
	}
	_, err := config.ParseYAML([]byte(b.String()), "", "")
	if problem, ok := fault.As(err); !ok || problem.Code != "malformed_yaml" {
		t.Errorf("a file that stands for 387 million texts: %v", err)
	}
	_, err = config.ParseYAML([]byte("document: view\nname: a\nl: &l [*l, *l]\n"), "", "")
	if problem, ok := fault.As(err); err != nil && !ok {
		t.Errorf("an alias of itself: %v", problem)
	}
	few := parse(t, "document: view\nname: a\nlabel: &both {zh-CN: 热, en: hot}\nhelp: *both\nmore: {<<: *both, fr: chaud}\n")
	if want := `{"help":{"en":"hot","zh-CN":"热"},"label":{"en":"hot","zh-CN":"热"},"more":{"en":"hot","fr":"chaud","zh-CN":"热"},"name":"a"}`; string(few.Body) != want {
		t.Errorf("%s", few.Body)
	}
}

// TestTheTextIsStable: what is written and read again is written the same way.
func TestTheTextIsStable(t *testing.T) {
	for _, d := range template(t) {
		first, err := config.FormatYAML(d)
		if err != nil {
			t.Fatal(err)
		}
		again := parse(t, string(first))
		second, err := config.FormatYAML(again)
		if err != nil || string(first) != string(second) || string(again.Body) != string(d.Body) || again.Reference() != d.Reference() {
			t.Errorf("%s: %v\n%s\n%s", d.File, err, first, second)
		}
		for i, line := range strings.Split(string(first), "\n") {
			if strings.HasSuffix(line, " ") {
				t.Errorf("%s:%d ends in a blank", d.File, i+1)
			}
		}
	}
}

func TestOverlay(t *testing.T) {
	one := func(kind, id, name, body string) config.Document {
		d := config.Document{Kind: kind, ID: id, Name: name}
		if body != "" {
			d.Body = []byte(body)
		}
		return d
	}
	under := []config.Document{one("view", "v1", "a", "{}"), one("view", "v2", "b", "{}"), one("object", "o", "lead", "{}")}
	over := []config.Document{one("view", "v1", "renamed", `{"x":1}`), one("view", "v2", "b", ""), one("company", "c", "company", "{}"), one("page", "v1", "p", "{}"), one("view", "gone", "gone", "")}
	var got []string
	for _, d := range config.Overlay(under, over) {
		got = append(got, d.Reference()+" "+string(d.Body))
	}
	want := []string{"company/company {}", "object/lead {}", `view/renamed {"x":1}`, "page/p {}"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if under[0].Name != "a" || len(under) != 3 {
		t.Error("what lay below was changed")
	}
}

// TestIdsAreGivenOnceAndStay: completing a completed document changes nothing,
// no two items of a list share an id, and what kept its name keeps its id.
func TestIdsAreGivenOnceAndStay(t *testing.T) {
	names := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "c", "d", "e"}), 0, 5, rapid.ID[string])
	fields := func(t *rapid.T, label string) []any {
		var out []any
		for _, name := range names.Draw(t, label) {
			var choices []any
			for _, choice := range names.Draw(t, label+name) {
				choices = append(choices, map[string]any{"name": choice})
			}
			out = append(out, map[string]any{"name": name, "type": "choice", "choices": choices})
		}
		return out
	}
	rapid.Check(t, func(t *rapid.T) {
		n := 0
		newID := func() string { n++; return "new" + string(rune('a'+n)) }
		make := func(label string) config.Document {
			d, err := config.NewDocument("object", "lead", map[string]any{"fields": fields(t, label)})
			if err != nil {
				t.Fatal(err)
			}
			return d
		}
		complete := func(among []config.Document, d config.Document) config.Document {
			got, err := config.Complete(among, d, newID)
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		first := complete(nil, make("first"))
		if again := complete([]config.Document{first}, first); string(again.Body) != string(first.Body) {
			t.Fatalf("%s became %s", first.Body, again.Body)
		}
		second := complete([]config.Document{first}, make("second"))
		if second.ID != first.ID {
			t.Fatalf("the object became another: %s %s", first.ID, second.ID)
		}
		before, after := idsOf(t, first), idsOf(t, second)
		taken := map[string]string{}
		for name, id := range after {
			if was, known := before[name]; known && was != id {
				t.Fatalf("%s was %s and is %s", name, was, id)
			}
			if other, twice := taken[id]; twice || id == "" {
				t.Fatalf("%s and %s are both %q", name, other, id)
			}
			taken[id] = name
		}
	})
}

func idsOf(t *rapid.T, d config.Document) map[string]string {
	var o struct {
		Fields []struct {
			ID, Name string
			Choices  []struct{ ID, Name string }
		}
	}
	if err := d.Decode(&o); err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range o.Fields {
		out[f.Name] = f.ID
		for _, c := range f.Choices {
			out[f.Name+"."+c.Name] = c.ID
		}
	}
	return out
}
