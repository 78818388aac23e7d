package understand_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"clew.dev/clew/internal/understand"
)

func FuzzRead(f *testing.F) {
	for _, seed := range []string{"急需液压阀样品", "ＡＳＡＰ ㎏ 13800138000", "é\u0301\xff了解", "138-0013-8000 0571-88886666", strings.Repeat("报价", 50)} {
		f.Add(seed)
	}
	lexicon, finder := compile(f, words), understand.NewPhoneFinder("CN")
	f.Fuzz(func(t *testing.T, text string) {
		length := utf8.RuneCountInString(text)
		for _, p := range lexicon.Read(map[string]any{"f.message": text}).Proposals {
			if p.Value == nil || len(p.Because) == 0 {
				t.Fatalf("a proposal without value or reason: %+v", p)
			}
			for _, w := range p.Because {
				if w.Start < 0 || w.Start >= w.End || w.End > length || w.Text != string([]rune(text)[w.Start:w.End]) {
					t.Fatalf("a word out of place: %+v", w)
				}
			}
		}
		last := 0
		for _, p := range finder.Find(text) {
			if p.Start < last || p.Start >= p.End || p.End > length || !strings.HasPrefix(p.Number, "+") {
				t.Fatalf("a phone out of place: %+v", p)
			}
			last = p.End
		}
	})
}

// TestFindingAgreesWithSearching compares the automaton with a plain search:
// at each place the longest word that starts there, then on behind it.
func TestFindingAgreesWithSearching(t *testing.T) {
	texts := rapid.StringOfN(rapid.SampledFrom([]rune("急需阀液压样")), 1, 12, -1)
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfNDistinct(rapid.StringOfN(rapid.SampledFrom([]rune("急需阀液压样")), 1, 4, -1), 1, 12, rapid.ID).Draw(t, "words")
		text := texts.Draw(t, "text")
		raw, err := json.Marshal(map[string]any{"source": []string{"message"}, "entries": []any{map[string]any{"words": list, "add": map[string]any{"tags": []string{"x"}}}}})
		if err != nil {
			t.Fatal(err)
		}
		lexicon, err := build(string(raw))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range lexicon.Read(map[string]any{"f.message": text}).Proposals {
			for _, w := range p.Because {
				got = append(got, w.Text)
			}
		}
		if diff := cmp.Diff(search(list, text), got); diff != "" {
			t.Fatalf("%q in %q (-search +found)\n%s", list, text, diff)
		}
	})
}

func search(words []string, text string) []string {
	var found []string
	for text != "" {
		longest := ""
		for _, w := range words {
			if strings.HasPrefix(text, w) && len(w) > len(longest) {
				longest = w
			}
		}
		if longest == "" {
			_, size := utf8.DecodeRuneInString(text)
			text = text[size:]
			continue
		}
		found = append(found, longest)
		text = text[len(longest):]
	}
	return found
}
