package config_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/fault"
)

// TestWhatAFileMeans: texts that a careless or a clever hand writes, and the body
// that becomes of them.
func TestWhatAFileMeans(t *testing.T) {
	for text, want := range map[string]string{
		"a: 0x1F":                 `{"a":31,"name":"n"}`,
		"a: +5":                   `{"a":5,"name":"n"}`,
		"a: 1_000":                `{"a":1000,"name":"n"}`,
		"a: 1.50":                 `{"a":1.5,"name":"n"}`,
		"a: 1.0":                  `{"a":1,"name":"n"}`,
		"a: .5":                   `{"a":0.5,"name":"n"}`,
		"a: 12345678901234567890": `{"a":12345678901234567890,"name":"n"}`,
		"a: -9223372036854775808": `{"a":-9223372036854775808,"name":"n"}`,
		"a: 2026-01-01":           `{"a":"2026-01-01","name":"n"}`,
		"a: 10:20:30":             `{"a":"10:20:30","name":"n"}`,
		"a: 09:00":                `{"a":"09:00","name":"n"}`,
		"a: 0800":                 `{"a":"0800","name":"n"}`,
		"a: yes":                  `{"a":"yes","name":"n"}`,
		"a: No":                   `{"a":"No","name":"n"}`,
		"a: on":                   `{"a":"on","name":"n"}`,
		"a: true":                 `{"a":true,"name":"n"}`,
		"a: ~":                    `{"a":null,"name":"n"}`,
		"a:":                      `{"a":null,"name":"n"}`,
		"a: !!str 5":              `{"a":"5","name":"n"}`,
		"a: !!int \"5\"":          `{"a":5,"name":"n"}`,
		"a: !own y":               `{"a":"y","name":"n"}`,
		"a: {1: x}":               `{"a":{"1":"x"},"name":"n"}`,
		"a: {true: x}":            `{"a":{"true":"x"},"name":"n"}`,
		"a: <<":                   `{"a":"<<","name":"n"}`,
		"a: &x [1]\nb: *x":        `{"a":[1],"b":[1],"name":"n"}`,
		"a: &x [*x]":              `{"a":[null],"name":"n"}`,
		"<<: [{b: 1}, {c: 2}]":    `{"b":1,"c":2,"name":"n"}`,
		"a: >\n  x\n  y\n":        `{"a":"x y\n","name":"n"}`,
		"a: |-\n  x\n   y\n":      `{"a":"x\n y","name":"n"}`,
		"a: 张三 # 备注":              `{"a":"张三","name":"n"}`,
		"a: \"\\u5f20\"":          `{"a":"张","name":"n"}`,
		"a: '＝=1+1'":              `{"a":"＝=1+1","name":"n"}`,
		"\ufeffa: 1":              `{"a":1,"name":"n"}`,
		"\ufeff# remark\na: 1":    `{"a":1,"name":"n"}`,
		"a: 1\r\nb: 2\r\n":        `{"a":1,"b":2,"name":"n"}`,
		"document: [x]\na: 1":     `{"a":1,"name":"n"}`,
		"a: .inf":                 `{"a":"+Inf","name":"n"}`,
		"a: -.inf":                `{"a":"-Inf","name":"n"}`,
		"a: .NaN":                 `{"a":"NaN","name":"n"}`,
		"a: [1, .inf]":            `{"a":[1,"+Inf"],"name":"n"}`,
	} {
		documents, err := config.ParseYAML([]byte(text), "view", "n")
		if err != nil || len(documents) != 1 || string(documents[0].Body) != want {
			t.Errorf("%q: %v %v, want %s", text, bodies(documents), err, want)
		}
	}
}

// TestWhatIsNoFile: each text is refused with the place where it goes wrong.
func TestWhatIsNoFile(t *testing.T) {
	for text, want := range map[string]string{
		"- a":                                 "1:1 invalid_type",
		"\n\nx":                               "3:1 invalid_type",
		"5":                                   "1:1 invalid_type",
		"a: 1\na: 2":                          "2:1 malformed_yaml",
		"a: {b: 1, b: 2}":                     "1:11 malformed_yaml",
		"rows:\n  - {x: 1}\n  - {x: 1, x: 2}": "3:12 malformed_yaml",
		"a: *nope":                            "1:5 malformed_yaml",
		"a: &b":                               "1:4 malformed_yaml",
		"<<: 5":                               "1:5 malformed_yaml",
		"a: 'x":                               "1:4 malformed_yaml",
		"a: b: c":                             "1:4 malformed_yaml",
		"a: [1":                               "1:4 malformed_yaml",
		"a: {b":                               "1:5 malformed_yaml",
		"a: - b":                              "1:4 malformed_yaml",
		"a: @x":                               "1:4 malformed_yaml",
		"a: `x`":                              "1:4 malformed_yaml",
		"a: %x":                               "1:4 malformed_yaml",
		"a: {[1]: x}":                         "1:8 malformed_yaml",
		"a: |\n  x\n y":                       "3:2 malformed_yaml",
		"a: \"\\uD800\"":                      "1:5 malformed_yaml",
		"a: 1\nb: \xc4\xe3\xba\xc3\n":         "2:4 malformed_yaml", // 你好 in GBK
		"\xff\xfea\x00:\x00":                  "1:1 malformed_yaml", // UTF-16
		"a: 1\nb: 张\x00三\n":                   "2:5 malformed_yaml",
		"a: " + strings.Repeat("[", 5000) + strings.Repeat("]", 5000): "1:504 malformed_yaml",
		"a:\n  " + strings.Repeat("- ", 5000) + "x":                   "2:1003 malformed_yaml",
	} {
		documents, err := config.ParseYAML([]byte(text), "view", "n")
		f, ok := fault.As(err)
		if !ok || f.Kind != fault.Malformed || len(f.Fields) != 1 {
			t.Errorf("%.40q: %v %v", text, bodies(documents), err)
			continue
		}
		if got := fmt.Sprintf("%d:%d %s", f.Fields[0].Line, f.Fields[0].Column, f.Fields[0].Code); got != want {
			t.Errorf("%.40q: %s, want %s (%s)", text, got, want, f.Fields[0].Detail)
		}
	}
}

// TestNoDocumentOfAFileIsLost: however a file sets its documents apart, each is
// read, or the file is refused; none is left out in silence.
func TestNoDocumentOfAFileIsLost(t *testing.T) {
	const a, b = "document: view\nname: a\n", "document: view\nname: b\n"
	for _, between := range []string{
		"---\n", "---   \n", "---\t\n", "--- # the second\n", "---\t# the second\n", "...\n", "... # end\n", "...\n---\n", "---\r\n", "---\n---\n", "---\n# nothing\n---\n",
	} {
		documents, err := config.ParseYAML([]byte(a+between+b), "", "")
		if err != nil || len(documents) != 2 || documents[0].Name != "a" || documents[1].Name != "b" {
			t.Errorf("%q between two documents: %v %v", between, bodies(documents), err)
			continue
		}
		line := 2 + strings.Count(between, "\n") + 2
		if got := documents[1].Place([]fault.Field{{Path: "name"}})[0].Line; got != line {
			t.Errorf("%q: the second name is told in line %d, want %d", between, got, line)
		}
	}
	for _, between := range []string{"--- {x: 1}\n", "--- x\n", "--- |\n  x\n", "--- !!map\n", "--- &x\n", "--- {x: 1}\n---\n"} {
		if documents, err := config.ParseYAML([]byte(a+between+b), "", ""); fault.KindOf(err) != fault.Malformed {
			t.Errorf("%q between two documents: %v %v", between, bodies(documents), err)
		}
	}
	for text, want := range map[string]int{"": 0, "\n\n": 0, "# only\n# remarks": 0, "---\n---\n": 0, "---\n" + a: 1, a + "---": 1, a + "...": 1, "---\n" + a + "---\n" + b + "...\n": 2, "\ufeff---\n" + a: 1} {
		if documents, err := config.ParseYAML([]byte(text), "", ""); err != nil || len(documents) != want {
			t.Errorf("%q: %v %v, want %d", text, bodies(documents), err, want)
		}
	}
	// What only looks like a mark is text.
	d := parse(t, a+"note: |\n  ---\n  ...\n  x\nmore: ---x\nlast: '...'\n")
	if want := `{"last":"...","more":"---x","name":"a","note":"---\n...\nx\n"}`; string(d.Body) != want {
		t.Errorf("%s", d.Body)
	}
}

// TestANumberThatIsNoneIsToldAtItsPlace: an infinite capacity is a mistake, not a zero.
func TestANumberThatIsNoneIsToldAtItsPlace(t *testing.T) {
	schemas, err := config.NewSchemas()
	if err != nil {
		t.Fatal(err)
	}
	for _, number := range []string{".inf", "-.inf", ".nan", "1e400"} {
		d := parse(t, "document: scorecard\nname: lead\nobject: lead\nrules:\n  - {when: '预算 > 1', points: "+number+"}\n")
		var told []string
		for _, f := range schemas.Check(d) {
			told = append(told, fmt.Sprintf("%d:%d %s %s", f.Line, f.Column, f.Path, f.Code))
		}
		if got := strings.Join(told, ", "); !strings.Contains(got, "5:30 rules.0.points invalid_type") {
			t.Errorf("%s: %s", number, got)
		}
	}
}

// TestAFolderIsReadInOrderAndWhole: every file that cannot be read is told by its
// name, at once; what is no configuration is left alone.
func TestAFolderIsReadInOrderAndWhole(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	folder := fstest.MapFS{
		"b/two.yaml":      file("document: view\nname: two\n"),
		"a/one.yml":       file("document: view\nname: one\n---\ndocument: page\nname: more\n"),
		"README.md":       file("# not: [yaml"),
		"a/.hidden.yaml":  file("{{{"),
		"a/notes.yaml~":   file("{{{"),
		"c/three.yaml/x":  file("{{{"),
		"c/empty.yaml":    file("# nothing yet\n"),
		"c/z.json":        file("{"),
		"c/three.yaml.go": file("{"),
	}
	found, err := config.ReadFolder(folder)
	var got []string
	for _, d := range found {
		got = append(got, d.File+" "+d.Reference())
	}
	if want := "a/one.yml view/one, a/one.yml page/more, b/two.yaml view/two"; err != nil || strings.Join(got, ", ") != want {
		t.Errorf("%s, %v", strings.Join(got, ", "), err)
	}
	folder["a/bad.yaml"] = file("document: view\nname: x\na: [\n")
	folder["b/kind.yaml"] = file("name: x\n")
	folder["c/name.yaml"] = file("document: view\nname: 客户\n")
	folder["c/gbk.yaml"] = file("document: view\nname: x\nlabel: \xcf\xdf\xcb\xf7\n")
	_, err = config.ReadFolder(folder)
	f, ok := fault.As(err)
	if !ok {
		t.Fatal(err)
	}
	var told []string
	for _, one := range f.Fields {
		told = append(told, fmt.Sprintf("%s:%d %s", one.Params["file"], one.Line, one.Code))
	}
	if want := "a/bad.yaml:3 malformed_yaml, b/kind.yaml:0 unknown_kind, c/gbk.yaml:3 malformed_yaml, c/name.yaml:2 invalid_name"; strings.Join(told, ", ") != want {
		t.Errorf("%s", strings.Join(told, ", "))
	}
}

func TestAPathIsAFileOrAFolder(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "one.txt") // a file that is named is read whatever it is called
	if err := os.WriteFile(name, []byte("document: view\nname: one\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	found, err := config.ReadPath(name)
	if err != nil || len(found) != 1 || found[0].File != "one.txt" {
		t.Errorf("%v %v", found, err)
	}
	if found, err := config.ReadPath(dir); err != nil || len(found) != 0 {
		t.Errorf("a folder without configuration: %v %v", found, err)
	}
	if _, err := config.ReadPath(filepath.Join(dir, "gone.yaml")); err == nil || !strings.Contains(err.Error(), "gone.yaml") {
		t.Errorf("a file that is not there: %v", err)
	}
}

// TestAnExportThatCannotBeWrittenSaysSo and names the place.
func TestAnExportThatCannotBeWrittenSaysSo(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "view"), nil, 0o600); err != nil { // a file where the folder would be
		t.Fatal(err)
	}
	err := config.WriteFolder(dir, []config.Document{parse(t, "document: view\nname: a\n")})
	if err == nil || !strings.Contains(err.Error(), filepath.Join(dir, "view")) {
		t.Errorf("%v", err)
	}
}

// TestAnExportTouchesNothingElse: files of other names, other kinds of file and
// folders that are no kinds stay.
func TestAnExportTouchesNothingElse(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"view/README.md", "view/old.yaml", "view/deep/x.yaml", "notes/x.yaml", "top.yaml", "view/.git.yaml.swp"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := config.WriteFolder(dir, []config.Document{parse(t, "document: view\nname: a\n")}); err != nil {
		t.Fatal(err)
	}
	var got []string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			rel, _ := filepath.Rel(dir, path)
			got = append(got, rel)
		}
		return err
	})
	if want := "notes/x.yaml top.yaml view/.git.yaml.swp view/README.md view/a.yaml view/deep/x.yaml"; err != nil || strings.Join(got, " ") != want {
		t.Errorf("%s, %v", strings.Join(got, " "), err)
	}
}

func bodies(documents []config.Document) []string {
	var out []string
	for _, d := range documents {
		out = append(out, d.Reference()+string(d.Body))
	}
	return out
}
