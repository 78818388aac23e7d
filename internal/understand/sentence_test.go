package understand_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"clew.dev/clew/internal/understand"
	"github.com/cockroachdb/apd/v3"
)

// said writes what a text proposes: "field=value" or "field+added", in the order
// of the object's fields.
func said(l *understand.Lexicon, values map[string]any) string {
	var out []string
	for _, p := range l.Read(values).Proposals {
		field := strings.TrimPrefix(p.Field, "f.")
		if len(p.Added) > 0 {
			out = append(out, field+"+"+strings.Join(p.Added, ","))
			continue
		}
		out = append(out, fmt.Sprintf("%s=%v", field, p.Value))
	}
	return strings.Join(out, " ")
}

// TestWhatSentencesSay: what a customer's words mean, and what only looks like them.
func TestWhatSentencesSay(t *testing.T) {
	l := compile(t, words)
	for text, want := range map[string]string{
		"":                                "",
		"你好":                              "",
		"急需液压阀样品":                         "product=液压阀 intent=i.high tags+工业客户,要样品 needs+n.sample",
		"液压阀块":                            "product=阀块 tags+工业客户",  // the longer word, not the one in it
		"液压阀和液压阀块":                        "product=液压阀 tags+工业客户", // both, the first one sets
		"阀块 液压":                           "",
		"油泵还是液压阀":                         "product=油泵 tags+工业客户", // the priority decides
		"液压阀还是油泵":                         "product=油泵 tags+工业客户",
		"先了解一下，急需":                        "intent=i.high", // the first of the choices, wherever it stands
		"多少钱？了解一下":                        "intent=i.middle tags+问价 needs+n.price",
		"报价 报价 报价":                        "intent=i.middle tags+问价 needs+n.price", // once
		"ASAP please":                     "intent=i.high",
		"asap":                            "intent=i.high",
		"Ａｓａｐ":                            "intent=i.high",
		"asaprocky":                       "", // no word of its own
		"wasap":                           "",
		"尽快ASAP。":                         "intent=i.high",
		"10kg":                            "tags+按重量",
		"10 KG":                           "tags+按重量",
		"㎏":                               "tags+按重量",
		"kgb":                             "",
		"急 需":                             "",
		"急\u200b需":                        "",
		"急\n需":                            "",
		"样品样机":                            "tags+要样品 needs+n.sample",
		"要样品，也要报价":                        "intent=i.middle tags+问价,要样品 needs+n.price,n.sample",
		strings.Repeat("无", 20000):        "",
		strings.Repeat("x", 20000) + "急需": "intent=i.high",
	} {
		if got := said(l, map[string]any{"f.message": text}); got != want {
			t.Errorf("%.40q says %q, want %q", text, got, want)
		}
	}
}

// TestWhatIsKnownIsKept: a field that somebody filled is not set again, a list only
// grows by what is not in it, and texts that are no source are not read.
func TestWhatIsKnownIsKept(t *testing.T) {
	l := compile(t, words)
	for name, c := range map[string]struct {
		values map[string]any
		want   string
	}{
		"nothing is there":           {map[string]any{"f.message": "急需液压阀报价"}, "product=液压阀 intent=i.high tags+问价,工业客户 needs+n.price"},
		"an intent is":               {map[string]any{"f.message": "急需液压阀", "f.intent": "i.low"}, "product=液压阀 tags+工业客户"},
		"a product is":               {map[string]any{"f.message": "急需液压阀", "f.product": "油缸"}, "intent=i.high tags+工业客户"},
		"one of the tags is":         {map[string]any{"f.message": "液压阀报价", "f.product": "x", "f.intent": "i.low", "f.tags": []string{"工业客户"}}, "tags+问价 needs+n.price"},
		"all of it is":               {map[string]any{"f.message": "样品", "f.tags": []string{"要样品"}, "f.needs": []string{"n.sample"}}, ""},
		"the other source says it":   {map[string]any{"f.title": "加急"}, "intent=i.high"},
		"both say it":                {map[string]any{"f.title": "油泵", "f.message": "液压阀"}, "product=油泵 tags+工业客户"},
		"what is no source":          {map[string]any{"f.product": "急需"}, ""},
		"a source that is no text":   {map[string]any{"f.message": apd.New(1, 0)}, ""},
		"a choice of the list first": {map[string]any{"f.message": "报价", "f.needs": []string{"n.sample"}, "f.tags": []string{"问价"}, "f.intent": "i.low"}, "needs+n.price"},
	} {
		if got := said(l, c.values); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	grown := l.Read(map[string]any{"f.message": "报价", "f.needs": []string{"n.sample"}, "f.tags": []string{"老客户"}}).Values()
	if diff := cmp.Diff(map[string]any{"f.intent": "i.middle", "f.needs": []string{"n.price", "n.sample"}, "f.tags": []string{"老客户", "问价"}}, grown); diff != "" {
		t.Errorf("the whole new lists (-want +got)\n%s", diff)
	}
}

// TestReadAgainSaysNothing: once what was proposed is on the record, the same text
// proposes nothing more, and the record that was read is not touched by reading.
func TestReadAgainSaysNothing(t *testing.T) {
	l := compile(t, words)
	rapid.Check(t, func(t *rapid.T) {
		draw := rapid.SliceOfN(rapid.SampledFrom([]string{"急需", "了解", "报价", "多少钱", "液压阀", "液压阀块", "油泵", "样品", "kg", "ASAP", "，", " ", "x", "块", "阀"}), 0, 8)
		values := map[string]any{"f.message": strings.Join(draw.Draw(t, "message"), ""), "f.title": strings.Join(draw.Draw(t, "title"), "")}
		if tags := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"问价", "工业客户", "要样品", "x"}), 0, 3, rapid.ID[string]).Draw(t, "tags"); len(tags) > 0 {
			values["f.tags"] = tags
		}
		if rapid.Bool().Draw(t, "intent known") {
			values["f.intent"] = "i.low"
		}
		before := fmt.Sprint(values)
		first := l.Read(values)
		if fmt.Sprint(values) != before {
			t.Fatalf("reading changed %s to %v", before, values)
		}
		for id, v := range first.Values() {
			if values[id] != nil && id != "f.tags" && id != "f.needs" {
				t.Fatalf("%s was %v and is to be %v", id, values[id], v)
			}
			values[id] = v
		}
		if again := l.Read(values); len(again.Proposals) > 0 {
			t.Fatalf("%v proposes again %+v", values, again.Proposals)
		}
	})
}

// TestEveryProposalRestsOnItsWords: taking out of the text all words that a
// proposal rests on takes the proposal away.
func TestEveryProposalRestsOnItsWords(t *testing.T) {
	l := compile(t, words)
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"急需 ", "了解。", "报价、", "液压阀 ", "油泵,", "样品 ", "我们", " kg "}), 1, 8).Draw(t, "text"), "")
		for _, p := range l.Read(map[string]any{"f.message": text}).Proposals {
			characters := []rune(text)
			for _, w := range slices.Backward(p.Because) {
				for i := w.Start; i < w.End; i++ {
					characters[i] = '。'
				}
			}
			for _, again := range l.Read(map[string]any{"f.message": string(characters)}).Proposals {
				if again.Field == p.Field && again.Entry == p.Entry && cmp.Equal(again.Added, p.Added) {
					t.Fatalf("%q proposes %+v, and without its words still %+v", text, p, again)
				}
			}
		}
	})
}

// TestPhonesInSentences: numbers as customers write them between other words, and
// numbers that are none.
func TestPhonesInSentences(t *testing.T) {
	finder := understand.NewPhoneFinder("CN")
	for text, want := range map[string]string{
		"":                                        "",
		"请打13800138000":                           "+8613800138000",
		"电话：138 0013 8000，微信同号":                   "+8613800138000",
		"138-0013-8000或0571-88886666":             "+8613800138000 +8657188886666",
		"１３８００１３８０００":                             "+8613800138000",
		"+86 13800138000":                         "+8613800138000",
		"订单 202603101234567，数量 1000":              "",
		"预算 300000 元":                             "",
		"2026-03-10 10:30":                        "",
		"身份证 110101199003078888":                  "",
		"我是13800138000，他是13900139000":             "+8613800138000 +8613900139000",
		"13800138000 13800138000":                 "+8613800138000 +8613800138000",
		"1380013800":                              "",
		strings.Repeat("0", 5000):                 "",
		strings.Repeat("13800138000，", 3)[:5]:     "",
		"wechat: wq_13800138000":                  "+8613800138000",
		"https://example.com/?p=13800138000&q=99": "+8613800138000",
	} {
		var got []string
		for _, p := range finder.Find(text) {
			got = append(got, p.Number)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%.50q: %q, want %q", text, strings.Join(got, " "), want)
		}
	}
}
