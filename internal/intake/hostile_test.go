package intake

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"clew.dev/clew/internal/fault"
)

// TestBodiesThatAreNoObject: one JSON object and nothing else is a delivery.
func TestBodiesThatAreNoObject(t *testing.T) {
	c := testChannel(t, Definition{Passthrough: true})
	for _, body := range []string{
		"", " ", "null", "true", "1", `"x"`, "[]", `[{"company":"x"}]`, "{", "}", `{"company":}`, `{"company":"x"}}`, `{"company":"x"}]`, `{"company":"x"},`, `{"company":"x"}{"company":"y"}`,
		`{"company":"x"} x`, `{'company':'x'}`, `{company:"x"}`, `{"company":"x",}`, `{"company":NaN}`, `{"company":Infinity}`, `{"company":01}`, "\xef\xbb\xbf{}", "{\"company\":\"\x01\"}", "<xml/>", "company=x&phone=1",
		strings.Repeat("[", 20000), strings.Repeat(`{"a":`, 20000) + "1" + strings.Repeat("}", 20000),
	} {
		if m, err := c.Map([]byte(body), input()); fault.KindOf(err) != fault.Malformed {
			t.Errorf("%.40q: %v %v", body, m.Values, err)
		}
	}
	for _, body := range []string{"{}", " \n{}\t", `{"company":"x"}` + strings.Repeat(" ", 100), `{"_note":"x"}`} {
		if _, err := c.Map([]byte(body), input()); err != nil {
			t.Errorf("%.40q: %v", body, err)
		}
	}
}

// TestPathsIntoWhatIsThere: a path leads through objects, lists and JSON within
// texts, and ends nowhere in anything else.
func TestPathsIntoWhatIsThere(t *testing.T) {
	var tree any
	err := json.Unmarshal([]byte(`{
		"a": {"b": [{"c": "x"}, {"c": ["y", "z"]}], "": "blank", "0": "named nought"}, "text": "{\"a\": [1, {\"b\": \"deep\"}]}", "twice": "{\"t\": \"[10, 20]\"}",
		"broken": "{\"a\": ", "bracket": "[not json", "list": [[["in"]]], "n": 7, "null": null, "中文": {"键": "值"}, "padded": "  {\"a\": 1}  "
	}`), &tree)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]any{
		"a.b[0].c": "x", "a.b.0.c": "x", "a.b[1].c[1]": "z", "a.b[2].c": nil, "a.b[-1].c": nil, "a.b[x].c": nil, "a.b.c": nil, "a[0]": "named nought",
		"text.a[1].b": "deep", "twice.t[1]": 20.0, "broken.a": nil, "bracket[0]": nil, "list[0][0][0]": "in", "list.0.0.0": "in", "n.x": nil, "null.x": nil,
		"absent": nil, "absent.b.c": nil, "中文.键": "值", "padded.a": 1.0, "a.b[00].c": "x", "a.b[9999999999999999999]": nil, "...": tree, "a..b[0]..c": "x",
	} {
		got := at(tree, splitPath(path))
		if n, ok := got.(json.Number); ok {
			f, _ := n.Float64()
			got = f
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
	}
}

// TestTransformsOfWhatPeopleWrite: each transform alone and one after another.
func TestTransformsOfWhatPeopleWrite(t *testing.T) {
	for _, c := range []struct{ transforms, in, want string }{
		{"trim", "  甲  乙\t", "甲  乙"}, {"trim", "　全角　", "全角"}, {"trim", "\u00a0x\u00a0", "x"}, {"trim", " \n ", ""},
		{"upper", "aé中", "AÉ中"}, {"lower", "AÉ中", "aé中"},
		{"digits", "电话：139-0000 7777（转 8）", "139000077778"}, {"digits", "１３９００００７７７７", "13900007777"}, {"digits", "none", ""},
		{"first_line", "first\nsecond", "first"}, {"first_line", "\n\nsecond", "second"}, {"first_line", "a\r\nb", "a"}, {"first_line", "  a  ", "a"}, {"first_line", "", ""},
		{"amount", "30万", "300000"}, {"amount", "1.5 亿", "150000000"}, {"amount", "12,345.60", "12345.60"}, {"amount", "３０万元", "300000"}, {"amount", "面议", ""}, {"amount", "-", ""}, {"amount", "万", ""},
		{"first_line digits", "139 0000\n7777", "1390000"}, {"trim upper", " ab ", "AB"}, {"digits amount", "预算 30 万", "30"},
	} {
		got := c.in
		for _, name := range strings.Fields(c.transforms) {
			got = transforms[name](got)
		}
		if got != c.want && !(c.transforms == "amount" && strings.TrimRight(strings.TrimRight(got, "0"), ".") == strings.TrimRight(strings.TrimRight(c.want, "0"), ".") && got != "") {
			t.Errorf("%s of %q: %q, want %q", c.transforms, c.in, got, c.want)
		}
	}
}

// TestStampsOfSources: seconds, milliseconds and layouts; what is no time, or
// none that a calendar has, is none, and never stops a delivery.
func TestStampsOfSources(t *testing.T) {
	for _, c := range []struct{ layout, in, want string }{
		{"unix", "1700000000", "2023-11-14T22:13:20Z"}, {"unix", "0", "1970-01-01T00:00:00Z"}, {"unix", "-1", "1969-12-31T23:59:59Z"}, {"unix", "1700000000000", ""}, {"unix", "9223372036854775807", ""}, {"unix", "-9223372036854775808", ""},
		{"unix", "1700000000.5", ""}, {"unix", "1.7e9", ""}, {"unix", "x", ""}, {"unix", " 1700000000", ""}, {"unix", "99999999999999999999", ""},
		{"unix_ms", "1700000000123", "2023-11-14T22:13:20.123Z"}, {"unix_ms", "9223372036854775807", ""}, {"unix_ms", "253402300799999", "9999-12-31T23:59:59.999Z"}, {"unix_ms", "253402300800000", ""},
		{"", "2026-11-24T10:00:00+08:00", "2026-11-24T02:00:00Z"}, {"rfc3339", "2026-11-24T10:00:00Z", "2026-11-24T10:00:00Z"}, {"rfc3339", "2026-11-24 10:00:00", ""}, {"rfc3339", "0000-01-01T00:00:00Z", ""}, {"rfc3339", "2026-02-30T00:00:00Z", ""},
		{time.DateTime, "2026-11-24 10:00:00", "2026-11-24T02:00:00Z"}, {time.DateTime, "2026-11-24", ""}, {time.DateOnly, "2026-11-24", "2026-11-23T16:00:00Z"}, {"2006/1/2 15:04", "2026/1/2 3:04", "2026-01-01T19:04:00Z"}, {"nonsense", "nonsense", ""},
	} {
		channel := testChannel(t, Definition{Passthrough: true, SourceTime: &SourceTime{Path: "_at", Layout: c.layout}})
		body, _ := json.Marshal(map[string]any{"company": "x", "_at": c.in})
		m, err := channel.Map(body, input())
		if err != nil {
			t.Errorf("%s %q stopped the delivery: %v", c.layout, c.in, err)
		}
		got := ""
		if m.SourceAt != nil {
			got = m.SourceAt.Format(time.RFC3339Nano)
		}
		if got != c.want {
			t.Errorf("%s %q: %q, want %q", c.layout, c.in, got, c.want)
		}
	}
	for _, raw := range []any{nil, true, []any{1}, map[string]any{"a": 1}} {
		channel := testChannel(t, Definition{Passthrough: true, SourceTime: &SourceTime{Path: "_at", Layout: "unix"}})
		body, _ := json.Marshal(map[string]any{"_at": raw})
		if m, err := channel.Map(body, input()); err != nil || m.SourceAt != nil {
			t.Errorf("%v: %v %v", raw, m.SourceAt, err)
		}
	}
}

// TestWhatPassesThrough: F93: only what a person might write; the rest is named, all of it at once.
func TestWhatPassesThrough(t *testing.T) {
	c := testChannel(t, Definition{Passthrough: true, Fields: []Mapping{{Field: "source", Default: "抖音"}, {Field: "region", Paths: []string{"area.name"}, Drop: true}}})
	for body, want := range map[string]string{
		`{"company":"x"}`: "",
		`{"Company":"x"}`: "Company unknown_field",
		`{"company":"x","zzz":1,"id":"1","created_at":"x"}`: "created_at unknown_field, id unknown_field, zzz unknown_field",
		`{"score":5}`:                       "score read_only",
		`{"owner":"somebody"}`:              "*",
		`{"_remark":{"deep":[1,2]}}`:        "",
		`{"area":{"name":"火星"}}`:            "",
		`{"company":{"a":1}}`:               "company invalid_type",
		`{"company":["x"]}`:                 "company invalid_type",
		`{"phone":[]}`:                      "",
		`{"company":null,"phone":""}`:       "",
		`{"budget":"viel","company":"x"}`:   "budget invalid_number",
		`{"__proto__":{"x":1},"company":1}`: "",
		`{"":1}`:                            " unknown_field",
	} {
		m, err := c.Map([]byte(body), input())
		var got []string
		if f, ok := fault.As(err); ok {
			for _, field := range f.Fields {
				got = append(got, field.Path+" "+field.Code)
			}
		}
		if text := strings.Join(got, ", "); text != want && !(want == "*" && (text != "" || m.Values["t.owner"] == nil)) {
			t.Errorf("%s: %q, want %q", body, text, want)
		}
	}
}

// TestWhoIsGenuine: F90, F91: nothing is genuine without a secret, and only the
// right signature of just these bytes with it.
func TestWhoIsGenuine(t *testing.T) {
	body := []byte(`{"company":"x"}`)
	signed := func(secret string, body []byte) string {
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write(body)
		return hex.EncodeToString(mac.Sum(nil))
	}
	own := testChannel(t, Definition{Kind: SignedHeaderHex, SignatureHeader: "X-Sign"})
	bearer := testChannel(t, Definition{Kind: Bearer})
	form := testChannel(t, Definition{Kind: Form})
	right := signed("s3cret", body)
	for i, c := range []struct {
		channel       *Channel
		secret        string
		header, value string
		body          []byte
		want          bool
	}{
		{own, "s3cret", "X-Sign", right, body, true},
		{own, "s3cret", "X-Sign", "sha256=" + right, body, true},
		{own, "s3cret", "X-Sign", strings.ToUpper(right), body, true},
		{own, "s3cret", "X-Sign", right[:62], body, false},
		{own, "s3cret", "X-Sign", right + "00", body, false},
		{own, "s3cret", "X-Sign", "", body, false},
		{own, "s3cret", "X-Sign", "zz", body, false},
		{own, "s3cret", "X-Sign", strings.Repeat("0", 64), body, false},
		{own, "s3cret", "X-Other", right, body, false},
		{own, "s3cret", "X-Sign", right, []byte(`{"company": "x"}`), false},
		{own, "s3cret", "X-Sign", signed("", body), body, false},
		{own, "", "X-Sign", signed("", body), body, false},
		{own, "other", "X-Sign", right, body, false},
		{bearer, "token", "Authorization", "Bearer token", body, true},
		{bearer, "token", "Authorization", "bearer token", body, true},
		{bearer, "token", "Authorization", "BEARERtoken", body, false},
		{bearer, "token", "Authorization", "Basic token", body, false},
		{bearer, "token", "Authorization", "Bearer token ", body, false},
		{bearer, "token", "Authorization", "Bearer toke", body, false},
		{bearer, "token", "Authorization", "Bearer tokenn", body, false},
		{bearer, "token", "Authorization", "token", body, false},
		{bearer, "token", "Authorization", "Basic token", body, false},
		{bearer, "token", "Authorization", "", body, false},
		{bearer, "", "Authorization", "Bearer ", body, false},
		{bearer, "", "", "", body, false},
		{form, "token", "Authorization", "Bearer token", body, false},
	} {
		r := Request{Header: http.Header{}, Body: c.body}
		if c.header != "" {
			r.Header.Set(c.header, c.value)
		}
		if got := genuine(c.channel, c.secret, r); got != c.want {
			t.Errorf("%d: %s with %q: %t", i, c.channel.Kind, c.value, got)
		}
	}
}

// TestHeadersThatAreKept: what a delivery keeps of its headers holds no secret.
func TestHeadersThatAreKept(t *testing.T) {
	h := http.Header{}
	for _, name := range []string{"Authorization", "Cookie", "X-Api-Key", "Proxy-Authorization", "Content-Type", "User-Agent", "X-Open-Signature", "X-Request-Id"} {
		h.Set(name, "CNRY-"+name)
	}
	kept := keptHeaders(h)
	var read map[string]any
	if err := json.Unmarshal([]byte(kept), &read); err != nil {
		t.Fatalf("%s: %v", kept, err)
	}
	for _, secret := range []string{"CNRY-Authorization", "CNRY-Cookie", "CNRY-X-Api-Key", "CNRY-Proxy-Authorization"} {
		if strings.Contains(kept, secret) {
			t.Errorf("%s is kept: %s", secret, kept)
		}
	}
	if !strings.Contains(kept, "CNRY-Content-Type") {
		t.Errorf("the content type is not kept: %s", kept)
	}
	if n := len(fmt.Sprint(read)); n > 4096 {
		t.Errorf("%d bytes", n)
	}
}
