package api

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"clew.dev/clew/internal/fault"
)

// TestSentencesAreWhole: a parameter that is not known leaves no blank where
// there is a plainer sentence, and a value is never read as a sentence.
func TestSentencesAreWhole(t *testing.T) {
	m := catalogue{"en": {
		"long": "At most {max} letters.", "long.plain": "Too long.", "who": "{name} and {other}", "bare": "Nothing to fill.",
	}}
	for _, c := range []struct {
		code   string
		params map[string]any
		want   string
	}{
		{"long", map[string]any{"max": 5}, "At most 5 letters."},
		{"long", nil, "Too long."},
		{"long", map[string]any{"min": 5}, "Too long."},
		{"bare", nil, "Nothing to fill."},
		{"bare", map[string]any{"x": "y"}, "Nothing to fill."},
		{"who", map[string]any{"name": "{other}", "other": "{name}"}, "{other} and {name}"},
		{"who", map[string]any{"name": "", "other": 0}, " and 0"},
		{"who", map[string]any{"name": "a"}, "a and {other}"},
		{"not_in_the_catalogue", map[string]any{"x": 1}, "not in the catalogue"},
		{"", nil, ""},
	} {
		for range 5 { // the order of a map must not matter
			if got := m.text("en", c.code, c.params); got != c.want {
				t.Errorf("%s %v: %q, want %q", c.code, c.params, got, c.want)
			}
		}
	}
	if got := m.text("fr", "long", nil); got != "long" {
		t.Errorf("a language that is not there: %q", got)
	}
}

// TestEveryPlainSentenceBelongsToAnother: what stands for a sentence without its parameters has none itself.
func TestEveryPlainSentenceBelongsToAnother(t *testing.T) {
	for language, texts := range loadMessages() {
		for code, text := range texts {
			if of, plain := strings.CutSuffix(code, plainly); plain && (texts[of] == "" || strings.ContainsAny(text, "{}") || filled(texts[of], nil)) {
				t.Errorf("%s %s: %q for %q", language, code, text, texts[of])
			}
		}
	}
}

// TestWhatATerminalReads: a fault's sentence, then each place as editors read it.
func TestWhatATerminalReads(t *testing.T) {
	file := map[string]any{"file": "lexicon/x.yaml"}
	for _, c := range []struct {
		err  error
		want string
	}{
		{errors.New("plain"), "plain"},
		{fault.New(fault.NotFound, "unknown_user"), "There is no such user."},
		{fault.New(fault.NotFound, "a_code_without_words"), fault.New(fault.NotFound, "a_code_without_words").Error()},
		{fault.New(fault.Invalid, "invalid_input", fault.Field{Path: "name", Code: "required"}), "The input is wrong.\n  name: This is required."},
		{fault.New(fault.Invalid, "invalid_input", fault.Field{Path: "name", Code: "required", Params: file}), "The input is wrong.\n  lexicon/x.yaml name: This is required."},
		{fault.New(fault.Invalid, "invalid_input", fault.Field{Path: "name", Code: "required", Params: file, Line: 4, Column: 2}), "The input is wrong.\n  lexicon/x.yaml:4:2 name: This is required."},
		{fault.New(fault.Invalid, "invalid_input", fault.Field{Path: "name", Code: "required", Line: 4, Column: 2}), "The input is wrong.\n  4:2 name: This is required."},
		{fault.New(fault.Invalid, "invalid_input", fault.Field{Code: "syntax", Detail: "said so", Params: file, Line: 1, Column: 1}), "The input is wrong.\n  lexicon/x.yaml:1:1: said so"},
		{fault.New(fault.Invalid, "invalid_input", fault.Field{Path: "x", Code: "too_long"}), "The input is wrong.\n  x: Too long."},
		{fault.Wrap(fault.NotFound, "unknown_user", errors.New("because")), "There is no such user.\n  because"},
	} {
		if diff := cmp.Diff(c.want, Explain("en", c.err)); diff != "" {
			t.Error(diff)
		}
	}
}

// TestWhichLanguageIsAskedFor: headers as browsers and scripts send them.
func TestWhichLanguageIsAskedFor(t *testing.T) {
	for header, want := range map[string]string{
		"": "", "*": "", "de": "", "de, fr;q=0.5": "", "en": "en", "EN-us": "en", "en-GB,en;q=0.9,zh;q=0.8": "en", "zh": "zh-CN", "zh-CN": "zh-CN", "zh-TW,zh;q=0.9": "zh-CN", "zh-Hant-HK": "zh-CN",
		"de,zh;q=0.3,en;q=0.2": "zh-CN", "de,zh;q=0.2,en;q=0.3": "en", "fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5": "en", "en;q=0, zh": "zh-CN", "nonsense!!": "", "en;q=x": "", strings.Repeat("de,", 2000): "",
	} {
		if got := acceptedLanguage(header); got != want {
			t.Errorf("%.60q: %q, want %q", header, got, want)
		}
	}
}

// TestTagsInLists: RFC 9110: any of a list, a star for all, weak ones where they count.
func TestTagsInLists(t *testing.T) {
	for _, c := range []struct {
		list         string
		strong, weak bool
	}{
		{`"a"`, true, true}, {`W/"a"`, false, true}, {`"b"`, false, false}, {`"b", "a"`, true, true}, {`"b","a","c"`, true, true}, {`"b", W/"a"`, false, true}, {"*", true, true}, {` "a" `, true, true},
		{"", false, false}, {"a", false, false}, {`"A"`, false, false}, {`"a`, false, false}, {`w/"a"`, false, false}, {`"b", *`, true, true},
	} {
		if got := tagListed(c.list, `"a"`, false); got != c.strong {
			t.Errorf("%s: %t", c.list, got)
		}
		if got := tagListed(c.list, `"a"`, true); got != c.weak {
			t.Errorf("%s, weakly: %t", c.list, got)
		}
	}
}

// TestNumbersOfRequests: a number of the request's own is kept when it can stand in a log line, else it gets one.
func TestNumbersOfRequests(t *testing.T) {
	for given, kept := range map[string]bool{
		"a": true, "A-1_b.C": true, strings.Repeat("x", 64): true, strings.Repeat("x", 65): false, "": false, " a": false, "a b": false, "a\tb": false, "中": false, "a/b": false, `a"b`: false, "a=b": false, "a;b": false, "<a>": false, "a\x7f": false,
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header["X-Request-Id"] = []string{given}
		got := requestID(r)
		if (got == given) != kept || got == "" {
			t.Errorf("%q became %q", given, got)
		}
		if again := requestID(r); !kept && again == got {
			t.Errorf("%q: two requests have the number %q", given, got)
		}
	}
}

// TestWhatIsExpanded: the parameter as a tree.
func TestWhatIsExpanded(t *testing.T) {
	none := expansion{}
	for text, want := range map[string]expansion{
		"": none, "a": {"a": none}, "a,b": {"a": none, "b": none}, "a,a": {"a": none}, "a.b": {"a": {"b": none}}, "a.b,a.c,a": {"a": {"b": none, "c": none}}, "a.b.c": {"a": {"b": {"c": none}}},
		"a.b.c.d": nil, "a,b,c,d,e,f,g,h,i": nil, "a,b,c,d,e,f,g,h": {"a": none, "b": none, "c": none, "d": none, "e": none, "f": none, "g": none, "h": none},
	} {
		c := &Call{R: httptest.NewRequest(http.MethodGet, "/?expand="+text, nil)}
		if err := c.readQuery(); err != nil {
			t.Fatal(err)
		}
		got, err := c.expansion()
		if (err != nil) != (want == nil) || want != nil && !cmp.Equal(got, want) {
			t.Errorf("%s: %v %v", text, got, err)
		}
	}
}

// TestJSONIsReadStrictly: every property that nobody knows is named with its
// path, however deep; what reads itself is left to itself.
func TestJSONIsReadStrictly(t *testing.T) {
	type inner struct {
		Name string `json:"name"`
		List []struct {
			Number int `json:"number"`
		} `json:"list"`
		Hidden string `json:"-"`
	}
	type outer struct {
		Inner *inner           `json:"inner"`
		Some  Optional[string] `json:"some,omitzero"`
		Free  map[string]any   `json:"free"`
		Raw   Record           `json:"raw"`
		inner
	}
	for body, want := range map[string]string{
		`{}`:                                  "",
		`{"inner":null,"free":null}`:          "",
		`{"inner":{"name":"x"}}`:              "",
		`{"inner":{"nam":"x","z":1}}`:         "inner.nam unknown_field, inner.z unknown_field",
		`{"inner":{"list":[{},{"n":1}]}}`:     "inner.list.1.n unknown_field",
		`{"inner":{"Name":"x"}}`:              "inner.Name unknown_field",
		`{"inner":{"-":"x","Hidden":1}}`:      "inner.- unknown_field, inner.Hidden unknown_field",
		`{"free":{"a":{"b":1}}}`:              "",
		`{"raw":{"a":{"b":1}}}`:               "",
		`{"some":null}`:                       "",
		`{"some":5}`:                          "some wrong_type",
		`{"free":[]}`:                         "free wrong_type",
		`{"inner":{"list":[{"number":"x"}]}}`: "inner.list.0.number wrong_type",
		`{"inner":[]}`:                        "inner wrong_type",
		`null`:                                " wrong_type",
	} {
		var target outer
		var got []string
		if f, ok := fault.As(decodeJSON([]byte(body), &target)); ok {
			for _, field := range f.Fields {
				got = append(got, field.Path+" "+field.Code)
			}
		}
		if text := strings.Join(got, ", "); text != want {
			t.Errorf("%s: %q, want %q", body, text, want)
		}
	}
	for body, want := range map[string][2]int{"{\n  \"a\": x}": {2, 8}, "{\"a\": \"中文\" x}": {1, 12}, "[\n\n\n}": {4, 1}} {
		f, ok := fault.As(decodeJSON([]byte(body), new(outer)))
		if !ok || len(f.Fields) != 1 || f.Fields[0].Line != want[0] || f.Fields[0].Column != want[1] {
			t.Errorf("%q: %+v, want line %d, column %d", body, f, want[0], want[1])
		}
	}
}
