package schema_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/schema"
	"github.com/google/go-cmp/cmp"
)

// sample is a field of a type with what a scenario says about it: "number scale=4".
func sample(t testing.TB, words []string) *schema.Field {
	t.Helper()
	f := &schema.Field{ID: "x.f", Name: "f", Type: words[0], Column: "c_1", Scale: 2, Currency: "CNY"}
	f.Choices = []schema.Choice{
		{ID: "x.f.a", Name: "抖音", Label: schema.Label{"zh-CN": "抖音", "en": "Douyin"}},
		{ID: "x.f.b", Name: "官网", Label: schema.Label{"zh-CN": "官方网站", "en": "Website"}},
		{ID: "x.f.c", Name: "旧", Label: schema.Label{"en": "Old"}, Retired: true},
		{ID: "x.f.d", Name: "ＡＢ 展会", Label: schema.Label{"en": "Trade Fair"}},
	}
	for _, word := range words[1:] {
		key, value, _ := strings.Cut(word, "=")
		n, _ := strconv.Atoi(value)
		switch key {
		case "scale":
			f.Scale = n
		case "max":
			f.Max = n
		case "currency":
			f.Currency = value
		default:
			t.Fatalf("unknown option %q", word)
		}
	}
	return f
}

// outcome is what becomes of one raw value: "!code" where it is refused, else
// what JSON carries, followed by " ?code" for each doubt about it.
func outcome(f *schema.Field, raw any, in schema.Input) string {
	var doubts []string
	in.Flag = func(_ *schema.Field, code string) { doubts = append(doubts, " ?"+code) }
	value, problem := f.Parse(raw, in)
	if problem != nil {
		return "!" + problem.Code
	}
	var encoded strings.Builder
	e := json.NewEncoder(&encoded)
	e.SetEscapeHTML(false)
	if err := e.Encode(f.Encode(value)); err != nil {
		return err.Error()
	}
	return strings.TrimSpace(encoded.String()) + strings.Join(doubts, "")
}

// expand turns "«a*500»" into 500 letters, so that long values stay readable.
func expand(text string) string {
	for {
		before, rest, ok := strings.Cut(text, "«")
		if !ok {
			return text
		}
		inside, after, _ := strings.Cut(rest, "»")
		what, count, _ := strings.Cut(inside, "*")
		n, _ := strconv.Atoi(count)
		text = before + strings.Repeat(what, n) + after
	}
}

// readRaw decodes a value as the API does: numbers stay as they were written.
func readRaw(t testing.TB, text string) any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(expand(text)))
	decoder.UseNumber()
	var raw any
	if err := decoder.Decode(&raw); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return raw
}

// shorten is the opposite of expand for what is repeated at length.
func shorten(text string) string {
	runes := []rune(text)
	var b strings.Builder
	for i := 0; i < len(runes); {
		n := 1
		for i+n < len(runes) && runes[i+n] == runes[i] {
			n++
		}
		if n > 20 {
			fmt.Fprintf(&b, "«%c*%d»", runes[i], n)
		} else {
			b.WriteString(string(runes[i : i+n]))
		}
		i += n
	}
	return b.String()
}

// TestValues runs testdata/values.txt: a line "field TYPE options" begins the
// cases of a field, "by person" or "by channel" says who writes, and each
// other line is a raw value in JSON and what becomes of it.
func TestValues(t *testing.T) {
	path := filepath.Join("testdata", "values.txt")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	in := schema.Input{Country: "CN", Zone: time.FixedZone("CST", 8*3600), Person: true}
	var f *schema.Field
	var got []string
	cases := 0
	for _, line := range strings.Split(string(content), "\n") {
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || words[0] == "#":
		case words[0] == "field":
			f = sample(t, words[1:])
		case words[0] == "by":
			in.Person = words[1] == "person"
		default:
			raw, _, _ := strings.Cut(line, " => ")
			line = raw + " => " + shorten(outcome(f, readRaw(t, raw), in))
			cases++
		}
		got = append(got, line)
	}
	if cases < 300 {
		t.Errorf("only %d cases", cases)
	}
	if diff := cmp.Diff(strings.Split(string(content), "\n"), got); diff != "" {
		if os.Getenv("CLEW_UPDATE") != "" {
			if err := os.WriteFile(path, []byte(strings.Join(got, "\n")), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		t.Errorf("values.txt (-want +got):\n%s", diff)
	}
}
