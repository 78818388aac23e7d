package config

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/templates"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func mustParse(t *testing.T, text string) Document {
	t.Helper()
	documents, err := ParseYAML([]byte(text), "", "")
	if err != nil || len(documents) != 1 {
		t.Fatalf("%d documents, %v", len(documents), err)
	}
	return documents[0]
}

func counter() func() string {
	n := 0
	return func() string { n++; return fmt.Sprintf("new%d", n) }
}

func TestTheTemplateHasTheShapeOfItsKinds(t *testing.T) {
	schemas, err := NewSchemas()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range templates.Names() {
		folder, err := templates.Folder(name)
		if err != nil {
			t.Fatal(err)
		}
		documents, err := ReadFolder(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range documents {
			for _, f := range schemas.Check(d) {
				t.Errorf("%s:%d:%d %s %s %s", d.File, f.Line, f.Column, f.Path, f.Code, f.Detail)
			}
			if !strings.HasPrefix(d.ID, name+".") {
				t.Errorf("%s: the id %q is not the template's", d.File, d.ID)
			}
			if want := filepath.ToSlash(filepath.Join(d.Kind, d.Name+".yaml")); d.File != want {
				t.Errorf("%s should be %s", d.File, want)
			}
			label := d.Label()
			if d.Kind != "page" && (label["zh-CN"] == "" || label["en"] == "") {
				t.Errorf("%s: a label in a language is missing", d.File)
			}
		}
	}
}

func TestEveryKindHasASchemaWithTitlesInBothLanguages(t *testing.T) {
	for _, kind := range Kinds() {
		raw, err := SchemaOf(kind)
		if err != nil {
			t.Fatal(err)
		}
		var s struct {
			Title string            `json:"x-title"`
			Both  map[string]string `json:"-"`
		}
		var any map[string]json.RawMessage
		if err := json.Unmarshal(raw, &any); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(any["x-title"], &s.Both); err != nil || s.Both["zh-CN"] == "" || s.Both["en"] == "" {
			t.Errorf("%s: %s %v", kind, any["x-title"], err)
		}
	}
}

func TestFaultsComeAllAtOnceWithLineAndColumn(t *testing.T) {
	schemas, err := NewSchemas()
	if err != nil {
		t.Fatal(err)
	}
	d := mustParse(t, `# a table
document: routing-table
name: lead
object: Lead
rows:
  - when: 来源=抖音
    then: {pool: 3}
  - {id: r2, whne: x, then: {pool: east}}
`)
	var got []string
	for _, f := range schemas.Check(d) {
		got = append(got, fmt.Sprintf("%d:%d %s %s", f.Line, f.Column, f.Path, f.Code))
	}
	want := []string{
		"2:1 fallback required",
		"4:9 object invalid_format",
		"7:18 rows.0.then.pool invalid_type",
		"8:20 rows.1.whne unknown_key",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestMalformedYAMLNamesThePlace(t *testing.T) {
	_, err := ParseYAML([]byte("document: view\nname: [x\n"), "", "")
	problem, ok := fault.As(err)
	if !ok || problem.Kind != fault.Malformed || len(problem.Fields) != 1 || problem.Fields[0].Line != 2 {
		t.Errorf("%v", err)
	}
}

func TestSeveralDocumentsOfAFileKeepTheirLines(t *testing.T) {
	documents, err := ParseYAML([]byte("document: robot\nname: a\nvendor: x\n---\n# b\ndocument: robot\nname: b\nvendor: y\n---\n"), "", "")
	if err != nil || len(documents) != 2 {
		t.Fatalf("%v %v", documents, err)
	}
	placed := documents[1].Place([]fault.Field{{Path: "vendor"}})
	if placed[0].Line != 8 || placed[0].Params["document"] != "robot/b" {
		t.Errorf("%+v", placed)
	}
}

func TestIdentity(t *testing.T) {
	live := mustParse(t, `
document: object
id: t.o
name: o
label: {en: O}
fields:
  - {id: t.o.a, name: a, type: text}
  - {id: t.o.c, name: c, type: choice, choices: [{id: t.o.c.x, name: X}]}
`)
	again := mustParse(t, `
document: object
name: o
label: {en: O}
fields:
  - {name: a, type: text}
  - {name: c, type: choice, choices: [{name: X}, {name: Y}]}
  - {name: d, type: text}
`)
	got, err := Complete([]Document{live}, again, counter())
	if err != nil {
		t.Fatal(err)
	}
	var o struct {
		ID     string
		Fields []struct {
			ID, Name string
			Choices  []struct{ ID string }
		}
	}
	if err := got.Decode(&o); err != nil {
		t.Fatal(err)
	}
	if o.ID != "t.o" || o.Fields[0].ID != "t.o.a" || o.Fields[1].Choices[0].ID != "t.o.c.x" {
		t.Errorf("what was known got another id: %+v", o)
	}
	if !strings.HasPrefix(o.Fields[2].ID, "t.o.") || !strings.HasPrefix(o.Fields[1].Choices[1].ID, "t.o.c.") {
		t.Errorf("what is new has no id of its own: %+v", o)
	}
	fresh, err := Complete(nil, again, counter())
	if err != nil || fresh.ID != "new1" {
		t.Errorf("%s %v", fresh.ID, err)
	}
}

func TestARenamedItemKeepsItsIDAndFreesItsName(t *testing.T) {
	live := mustParse(t, "document: object\nid: t.o\nname: o\nlabel: {en: O}\nfields: [{id: t.o.a, name: a, type: text}]\n")
	next := mustParse(t, "document: object\nname: o\nlabel: {en: O}\nfields: [{id: t.o.a, name: b, type: text}, {name: a, type: text}]\n")
	got, err := Complete([]Document{live}, next, counter())
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(string(got.Body), `"t.o.a"`) != 1 || !strings.Contains(string(got.Body), `"id":"t.o.a","name":"b"`) {
		t.Errorf("%s", got.Body)
	}
}

func TestDifferences(t *testing.T) {
	before := mustParse(t, "document: scorecard\nid: s\nname: s\nobject: o\nrules: [{id: r1, when: a, points: 1}, {id: r2, when: b, points: 2}]\n")
	after := mustParse(t, "document: scorecard\nid: s\nname: s\nobject: o\nrules: [{id: r2, when: b, points: 5}, {id: r3, when: c, points: 3}]\n")
	got := Differences([]Document{before}, []Document{after})
	n := func(s string) json.Number { return json.Number(s) }
	want := []Difference{{Kind: "scorecard", Name: "s", ID: "s", Change: "changed", Values: []ValueChange{
		{Path: "rules.r1", Before: map[string]any{"id": "r1", "when": "a", "points": n("1")}},
		{Path: "rules.r2.points", Before: n("2"), After: n("5")},
		{Path: "rules.r3", After: map[string]any{"id": "r3", "when": "c", "points": n("3")}},
	}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// drawn is any decoded JSON value that a document may hold.
func drawn(depth int) *rapid.Generator[any] {
	texts := rapid.OneOf(
		rapid.StringMatching(`[a-z ]{0,8}`), rapid.String(),
		rapid.SampledFrom([]string{"yes", "no", "null", "~", "012", "1e3", "2026-01-02", "12:30", "- x", "a: b", "#x", "来源=抖音", "'", `"`, "行\n二", " x", "x ", "{a}", "%d", "@x", "!", "&a", "*", "true", "0x1f", "1_000", "=", "<<", "\ttab"}),
	)
	leaves := rapid.OneOf(
		rapid.Map(texts, func(s string) any { return s }),
		rapid.Map(rapid.Bool(), func(v bool) any { return v }),
		rapid.Map(rapid.IntRange(-1000, 1_000_000), func(n int) any { return n }),
	)
	if depth == 0 {
		return leaves
	}
	inner := drawn(depth - 1)
	return rapid.OneOf(leaves,
		rapid.Map(rapid.SliceOfN(inner, 0, 3), func(v []any) any { return v }),
		rapid.Map(rapid.MapOfN(rapid.StringMatching(`[a-z]{1,5}`), inner, 0, 3), func(v map[string]any) any { return v }),
	)
}

func TestYAMLGivesTheDocumentBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, err := NewDocument("view", "v", map[string]any{"id": "t.v", "x": drawn(3).Draw(t, "x")})
		if err != nil {
			t.Fatal(err)
		}
		text, err := FormatYAML(d)
		if err != nil {
			t.Fatal(err)
		}
		back, err := ParseYAML(text, "", "")
		if err != nil || len(back) != 1 {
			t.Fatalf("%v\n%s", err, text)
		}
		if string(back[0].Body) != string(d.Body) {
			t.Fatalf("%s\nbecame %s\nby\n%s", d.Body, back[0].Body, text)
		}
	})
}

func TestAnExportedFolderLosesWhatIsGone(t *testing.T) {
	dir := t.TempDir()
	d := mustParse(t, "document: robot\nid: r\nname: a\nlabel: {en: A}\nvendor: wecom\n")
	if err := os.MkdirAll(filepath.Join(dir, "robot"), 0o750); err != nil {
		t.Fatal(err)
	}
	gone := filepath.Join(dir, "robot", "gone.yaml")
	if err := os.WriteFile(gone, []byte("document: robot\nname: gone\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := WriteFolder(dir, []Document{d}); err != nil {
		t.Fatal(err)
	}
	back, err := ReadPath(dir)
	if err != nil || len(back) != 1 || string(back[0].Body) != string(d.Body) {
		t.Errorf("%+v %v", back, err)
	}
}

func FuzzParseYAML(f *testing.F) {
	f.Add("document: view\nname: a\nrows:\n - {x: 1}\n")
	f.Add("document: object\nname: o\nfields: [{id: 1, name: [x]}]\n---\na: &x [*x]\n")
	schemas, err := NewSchemas()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		documents, err := ParseYAML([]byte(text), "", "")
		if err != nil {
			return
		}
		for _, d := range documents {
			schemas.Check(d)
			if _, err := Complete(documents, d, counter()); err != nil {
				t.Fatal(err)
			}
		}
	})
}
