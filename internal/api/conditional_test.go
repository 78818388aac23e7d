package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/schema"
	"pgregory.net/rapid"
	"rsc.io/qr"
)

// TestListsOfEntityTags: as RFC 9110 reads them; a weak tag never holds where
// something is to be written.
func TestListsOfEntityTags(t *testing.T) {
	const tag = `"abc"`
	for _, one := range []struct {
		list         string
		strong, weak bool
	}{
		{`"abc"`, true, true}, {`W/"abc"`, false, true}, {`*`, true, true}, {`"x", "abc"`, true, true}, {`"x","abc","y"`, true, true},
		{`  "abc"  `, true, true}, {`"x"`, false, false}, {``, false, false}, {`,`, false, false}, {`abc`, false, false}, {`"ABC"`, false, false},
		{`"abcd"`, false, false}, {`"x", W/"abc"`, false, true}, {`"x", *`, true, true}, {`w/"abc"`, false, false},
	} {
		if strong, weak := tagListed(one.list, tag, false), tagListed(one.list, tag, true); strong != one.strong || weak != one.weak {
			t.Errorf("%q: strong %v, weak %v", one.list, strong, weak)
		}
	}
}

// inside is a body with all that bodies have.
type inside struct {
	Name  string           `json:"name"`
	Count int              `json:"count"`
	Maybe Optional[string] `json:"maybe"`
	Free  map[string]any   `json:"free"`
	List  []struct {
		ID  string  `json:"id"`
		Sub *inside `json:"sub"`
	} `json:"list"`
	hidden string
}

// TestBodiesAreReadStrictly: every unknown property by its path, all at once;
// what cannot be parsed by its place.
func TestBodiesAreReadStrictly(t *testing.T) {
	for _, one := range []struct{ name, body, want string }{
		{"all of it", `{"name":"a","count":1,"maybe":null,"free":{"x":{"y":1}},"list":[{"id":"1","sub":{"name":"b"}}]}`, ""},
		{"nothing", `{}`, ""},
		{"unknown ones", `{"name":"a","nam":1,"x":2}`, "invalid_input: nam unknown_field; x unknown_field"},
		{"in another case", `{"Name":"a"}`, "invalid_input: Name unknown_field"},
		{"one that is not exported", `{"hidden":"a"}`, "invalid_input: hidden unknown_field"},
		{"deep inside", `{"list":[{"id":"1"},{"id":"2","sub":{"list":[{"moon":1}]}}]}`, "invalid_input: list.1.sub.list.0.moon unknown_field"},
		{"free words are nobody's business", `{"free":{"moon":{"a":[1,2]}}}`, ""},
		{"a wrong type", `{"count":"1"}`, "invalid_input: count wrong_type"},
		{"a wrong type inside", `{"list":[{"id":"a"},{"id":7}]}`, "invalid_input: list.1.id wrong_type"},
		{"several of another kind at once", `{"count":"1","name":[],"list":{}}`, "invalid_input: count wrong_type; list wrong_type; name wrong_type"},
		{"a fraction of a whole", `{"count":1.5}`, "invalid_input: count wrong_type"},
		{"nothing where something may be", `{"count":null,"name":null,"list":null}`, ""},
		{"a number that is too big", `{"count":99999999999999999999}`, "invalid_input: count wrong_type"},
		{"a list for an object", `[]`, "invalid_input:  wrong_type"},
		{"null", `null`, "invalid_input:  wrong_type"},
		{"a text", `"a"`, "invalid_input:  wrong_type"},
		{"two bodies", `{} {}`, "invalid_json:  trailing_data"},
		{"an empty body", ``, "invalid_json:  syntax"},
		{"half a body", "{\"name\":\n \"水", "invalid_json:  syntax"},
		{"a comma too many", "{\"name\":\"水水\",\n}", "invalid_json:  syntax 2:1"},
		{"a comment", "{} // x", "invalid_json:  trailing_data"},
		{"no UTF-8", "{\"name\":\"\xff\"}", "invalid_utf8: "},
	} {
		var target inside
		err := decodeJSON([]byte(one.body), &target)
		got := ""
		if f, ok := fault.As(err); ok {
			var fields []string
			for _, field := range f.Fields {
				text := field.Path + " " + field.Code
				if field.Line > 0 && strings.Contains(one.want, ":") && strings.Contains(one.want, "syntax ") {
					text += fmt.Sprintf(" %d:%d", field.Line, field.Column)
				}
				fields = append(fields, text)
			}
			got = f.Code + ": " + strings.Join(fields, "; ")
		} else if err != nil {
			got = err.Error()
		}
		if got != one.want {
			t.Errorf("%s: %q, want %q", one.name, got, one.want)
		}
		if target.hidden != "" {
			t.Errorf("%s: wrote what is not exported", one.name)
		}
	}
}

// TestAPropertyIsAbsentNullOrAValue: three things, for a change of a text.
func TestAPropertyIsAbsentNullOrAValue(t *testing.T) {
	for body, want := range map[string]string{`{}`: "false <nil>", `{"maybe":null}`: `true ""`, `{"maybe":"x"}`: `true "x"`, `{"maybe":""}`: `true ""`} {
		var target inside
		if err := decodeJSON([]byte(body), &target); err != nil {
			t.Fatal(err)
		}
		got := fmt.Sprint(target.Maybe.Given, " <nil>")
		if text := target.Maybe.text(); text != nil {
			got = fmt.Sprintf("%v %q", target.Maybe.Given, *text)
		}
		if got != want {
			t.Errorf("%s: %s, want %s", body, got, want)
		}
	}
}

// Fuzz: no body breaks the reader, and what it takes reads back.
func FuzzDecodeJSON(f *testing.F) {
	for _, seed := range []string{`{"name":"a"}`, `{"list":[{"sub":{}}]}`, `[[[[`, `{"a":1e999}`, "\xef\xbb\xbf{}", `{"name":"\ud800"}`, `{"maybe":{}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var target inside
		if err := decodeJSON(raw, &target); err != nil {
			if _, ok := fault.As(err); !ok {
				t.Fatalf("%q is an internal error: %v", raw, err)
			}
			return
		}
		if !json.Valid(bytes.TrimSpace(raw)) || !utf8.ValidString(target.Name) {
			t.Fatalf("took %q", raw)
		}
	})
}

// TestWhereAVisitorCameFrom: the names that we know, cut to what is kept, in
// whole letters.
func TestWhereAVisitorCameFrom(t *testing.T) {
	long := strings.Repeat("水", 400)
	given := url.Values{"utm_source": {"  wx\n"}, "person": {long}, "evil": {"x"}, "page": {""}, "_utm_medium": {"cpc"}, "referrer": {"\x00\u200b"}}
	source := sourceOf(given, "")
	if len(source) != 2 || source["utm_source"] != "wx" || !utf8.ValidString(source["person"]) || len(source["person"]) > sourceMax || len(source["person"]) < sourceMax-3 {
		t.Errorf("source %v", source)
	}
	if prefixed := sourceOf(given, "_"); len(prefixed) != 1 || prefixed["utm_medium"] != "cpc" {
		t.Errorf("of a sent form %v", prefixed)
	}
}

// Property: what is kept of a visitor's words is valid, short, and their beginning.
func TestWordsAreCutInWholeLetters(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("aé水😀")), 0, 600, -1).Draw(r, "text")
		got := cut(text)
		if !utf8.ValidString(got) || len(got) > sourceMax || !strings.HasPrefix(text, got) || len(text) <= sourceMax && got != text || len(text) > sourceMax && len(got) < sourceMax-3 {
			r.Fatalf("%d bytes became %d", len(text), len(got))
		}
	})
}

// TestWhatAFormAsks: nothing that is ours to choose.
func TestWhatAFormAsks(t *testing.T) {
	object := (&schema.Object{ID: "o", Name: "o", OwnerField: "owner", Fields: []*schema.Field{
		{ID: "a", Name: "name", Type: "text"}, {ID: "b", Name: "owner", Type: "text"}, {ID: "c", Name: "score", Type: "number", ReadOnly: true},
		{ID: "d", Name: "boss", Type: "person"}, {ID: "e", Name: "lead", Type: "reference"}, {ID: "f", Name: "no", Type: "auto_number"}, {ID: "g", Name: "tags", Type: "choices"},
	}}).Seal()
	form := &catalog.Form{Object: object}
	for _, f := range object.Fields {
		form.Fields = append(form.Fields, catalog.FormField{Field: f})
	}
	var names []string
	for _, one := range asked(form) {
		names = append(names, one.Field.Name)
	}
	if got := strings.Join(names, " "); got != "name tags" {
		t.Errorf("asks for %s", got)
	}
}

// TestWhatWasTyped: cleaned, the first of several, all of a list of choices.
func TestWhatWasTyped(t *testing.T) {
	text, many := &schema.Field{Type: "text"}, &schema.Field{Type: "choices"}
	for _, one := range []struct {
		f     *schema.Field
		typed []string
		want  string
	}{
		{text, nil, "<nil>"}, {text, []string{""}, "<nil>"}, {text, []string{"  "}, "<nil>"}, {text, []string{" a "}, "a"}, {text, []string{"", "b", "c"}, "b"},
		{many, []string{"a", "", "b"}, "[a b]"}, {many, []string{" "}, "<nil>"},
	} {
		if got := fmt.Sprint(rawAnswer(one.f, one.typed)); got != one.want {
			t.Errorf("%q: %s, want %s", one.typed, got, one.want)
		}
	}
}

// TestACodeIsDrawnAsItIs: each black square of the code, none besides, and the
// white round it that readers need.
func TestACodeIsDrawnAsItIs(t *testing.T) {
	code, err := qr.Encode("https://crm.example.com/f/expo?person=s1", qr.M)
	if err != nil {
		t.Fatal(err)
	}
	svg := codeSVG(code)
	path := svg[strings.LastIndex(svg, `d="`)+3 : strings.LastIndex(svg, `"/>`)]
	black := map[[2]int]bool{}
	for _, run := range strings.Split(strings.TrimSuffix(path, "z"), "z") {
		var x, y, n, back int
		if _, err := fmt.Sscanf(run, "M%d %dh%dv1h-%d", &x, &y, &n, &back); err != nil || n != back || n < 1 {
			t.Fatalf("run %q: %v", run, err)
		}
		for i := range n {
			black[[2]int{x + i - codeMargin, y - codeMargin}] = true
		}
	}
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) != black[[2]int{x, y}] {
				t.Fatalf("square %d %d", x, y)
			}
			delete(black, [2]int{x, y})
		}
	}
	if len(black) > 0 || !strings.Contains(svg, fmt.Sprintf(`viewBox="0 0 %d %d"`, code.Size+8, code.Size+8)) {
		t.Errorf("%d squares outside the code", len(black))
	}
}

// TestEachAddressHasItsOwnPosts: one that used them up waits, the others do not,
// and what is kept of addresses is bounded.
func TestEachAddressHasItsOwnPosts(t *testing.T) {
	l := newLimiter(0, 3)
	for i, want := range []bool{true, true, true, false, false} {
		if got := l.allow("a"); got != want {
			t.Errorf("call %d of a: %v", i, got)
		}
	}
	if !l.allow("b") {
		t.Error("b waits for a")
	}
	for i := range 2 * addressesKept {
		l.allow(fmt.Sprint(i))
		if len(l.addresses) > addressesKept {
			t.Fatalf("%d addresses are kept", len(l.addresses))
		}
	}
}
