package match_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"clew.dev/clew/internal/match"
	"clew.dev/clew/internal/schema"
)

// TestWhoMeets: two ways of writing one thing meet, two things that look alike do
// not. The first of a line is compared with each of the others.
func TestWhoMeets(t *testing.T) {
	for _, c := range []struct {
		kind, value string
		same, other []string
	}{
		{match.Phone, "+8613800138000", []string{"+86 138-0013-8000", "+86(138)00138000", "＋８６１３８００１３８０００"}, []string{"+8613800138001", "+113800138000", "13800138000", "+861380013800"}},
		{match.Phone, "88886666转801", []string{"8888-6666 转 801", "88886666801"}, []string{"88886666", "88886666转802"}},
		{match.WeChat, "Wang_Gong-01", []string{" wang_gong-01", "WANG_GONG-01", "ｗａｎｇ_gong-01", "wang _gong-01"}, []string{"wanggong01", "wang_gong-02", "wang_gong_01"}},
		{match.Email, "Li.Wei@Example.com", []string{"li.wei@example.COM ", "ｌｉ.wei@example.com"}, []string{"liwei@example.com", "li.wei@example.cn", "li.wei+a@example.com"}},
		{match.External, "CLUE-7412", []string{" CLUE-7412 ", "ＣＬＵＥ-7412"}, []string{"clue-7412", "CLUE7412", "CLUE-7412 x"}},
		{match.Company, "杭州恒锐液压有限公司", []string{"杭州恒锐液压股份有限公司", "杭州恒锐液压", "杭州 恒锐·液压 公司", "杭州恒锐液压（集团）有限公司", "杭州恒锐液压有限责任公司", "杭州恒锐液压有限公司。"}, []string{"恒锐液压", "杭州恒锐气动有限公司", "杭州恒瑞液压有限公司", "宁波恒锐液压有限公司"}},
		{match.Company, "Hengrui Hydraulics Co., Ltd.", []string{"HENGRUI HYDRAULICS CO LTD", "hengrui hydraulics", "Hengrui-Hydraulics Company Limited", "Ｈｅｎｇｒｕｉ Hydraulics (China) Ltd"}, []string{"Hengrui Pneumatics Co., Ltd.", "Hengrui"}},
		{match.Company, "Müller GmbH", []string{"müller gmbh", "MÜLLER"}, []string{"Muller GmbH", "Möller GmbH"}},
		{match.Company, "3M 中国有限公司", []string{"3M中国", "３Ｍ（中国）中国有限公司"}, []string{"3M", "3N中国有限公司"}},
	} {
		want := match.Normalise(c.kind, c.value)
		if want == "" {
			t.Errorf("%s %q is no key", c.kind, c.value)
		}
		for _, same := range c.same {
			if got := match.Normalise(c.kind, same); got != want {
				t.Errorf("%s: %q is %q, %q is %q", c.kind, c.value, want, same, got)
			}
		}
		for _, other := range c.other {
			if match.Normalise(c.kind, other) == want {
				t.Errorf("%s: %q and %q meet by %q", c.kind, c.value, other, want)
			}
		}
	}
}

// TestWhatNobodyIsKnownBy: what people write to fill a field makes no two of them one.
func TestWhatNobodyIsKnownBy(t *testing.T) {
	for kind, values := range map[string][]string{
		match.Phone:    {"", "无", "微信同号", "123456", "-", "+", "转 801", "12-34-56", "电话见名片"},
		match.WeChat:   {"", "无", "没有", "同手机号", "微信同号", "同上", "-", "—", "...", "N/A", "none", "小王", "加我", "？", "\u200b"},
		match.Email:    {"", "无", "none", "a.b.c", "a@b@c", "邮箱见名片"},
		match.Company:  {"", "-", "。", "…", "()", "（）", "   "},
		match.External: {"", " ", "\t\n", "\u200b", "\x00"},
	} {
		for _, value := range values {
			if got := match.Normalise(kind, value); got != "" {
				t.Errorf("%s %q is a key: %q", kind, value, got)
			}
		}
	}
}

// TestWhatAPersonKeepsMeetsWhatAChannelSends: however a number is written, the form
// in which a field keeps it is the key by which it meets, with or without its
// country, and it never meets another number.
func TestWhatAPersonKeepsMeetsWhatAChannelSends(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		digits := rapid.StringMatching(`1[38][0-9]{9}`).Draw(t, "number")
		other := rapid.StringMatching(`1[38][0-9]{9}`).Draw(t, "another")
		cut := rapid.IntRange(1, 10).Draw(t, "cut")
		sign := rapid.SampledFrom([]string{"", " ", "-", "—", "·", "\u00a0", " - "}).Draw(t, "sign")
		before := rapid.SampledFrom([]string{"", "+86", "86", "0086", "+86 ", "(+86)"}).Draw(t, "country")
		plain, ok1 := schema.NormalizePhone(digits, "CN")
		written, ok2 := schema.NormalizePhone(before+digits[:cut]+sign+digits[cut:], "CN")
		if ok1 != ok2 || plain != written {
			t.Fatalf("%s is %q, written %q it is %q", digits, plain, before+digits[:cut]+sign+digits[cut:], written)
		}
		if !ok1 {
			return
		}
		if key := match.Normalise(match.Phone, plain); key != plain {
			t.Fatalf("the key of %s is %s", plain, key)
		}
		if kept, ok := schema.NormalizePhone(other, "CN"); ok && other != digits && match.Normalise(match.Phone, kept) == plain {
			t.Fatalf("%s and %s meet", digits, other)
		}
	})
}

// TestAListOfNumbersThatAreNobody: entries with and without country, blanks and
// stars; a list of nothing ignores nobody.
func TestAListOfNumbersThatAreNobody(t *testing.T) {
	object := func(ignore ...string) *schema.Object {
		return (&schema.Object{Fields: []*schema.Field{{ID: "f.p", Name: "p", Type: "phone"}}, Keys: []schema.MatchKey{{Field: "p", Kind: match.Phone, Ignore: ignore}}}).Seal()
	}
	for _, c := range []struct {
		ignore, number string
		ignored        bool
	}{
		{"", "+8613800138000", false}, {"*", "+8613800138000", false}, {" ", "+8613800138000", false}, {"+*", "+8613800138000", false},
		{"13800138000", "+8613800138000", true}, {"138 0013 8000", "+8613800138000", true}, {"138*", "+8613800138000", true}, {"138*", "+8613900138000", false},
		{"+86138*", "+8613800138000", true}, {"+8613800138000", "+8613800138000", true}, {"+1*", "+8613800138000", false}, {"+86*", "+8613800138000", true},
		{"400*", "+864001234567", true}, {"400*", "+8613400123456", false}, {"0571*", "+8657188886666", true}, {"571*", "+8657188886666", true}, {"0571-8888-6666", "+8657188886666", true},
	} {
		keys, ignored := match.Keys(object(strings.Split(c.ignore, ",")...), map[string]any{"f.p": c.number})
		if (len(ignored) == 1) != c.ignored || len(keys)+len(ignored) != 1 {
			t.Errorf("%q and %s: keys %v, ignored %v", c.ignore, c.number, keys, ignored)
		}
	}
}
