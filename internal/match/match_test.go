package match_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"clew.dev/clew/internal/match"
	"clew.dev/clew/internal/schema"
)

func lead() *schema.Object {
	return (&schema.Object{Name: "lead", Fields: []*schema.Field{
		{ID: "f.phone", Name: "phone", Type: "phone"}, {ID: "f.mobile", Name: "mobile", Type: "phone"},
		{ID: "f.wechat", Name: "wechat", Type: "text"}, {ID: "f.email", Name: "email", Type: "email"},
		{ID: "f.company", Name: "company", Type: "text"}, {ID: "f.ext", Name: "external_id", Type: "text"},
	}, Keys: []schema.MatchKey{
		{Field: "phone", Kind: match.Phone, Ignore: []string{"400*", "0571-8888 6666", "+1800*"}},
		{Field: "mobile", Kind: match.Phone},
		{Field: "wechat", Kind: match.WeChat},
		{Field: "email", Kind: match.Email, Ignore: []string{"Info@Example.com"}},
		{Field: "company", Kind: match.Company},
		{Field: "external_id", Kind: match.External},
		{Field: "gone", Kind: match.Phone},
	}}).Seal()
}

func TestNormalise(t *testing.T) {
	for _, c := range []struct{ kind, value, want string }{
		{match.Phone, "+8613800138000", "+8613800138000"},
		{match.Phone, "138 0013 800x", "1380013800"},
		{match.Phone, "转 8001", ""},
		{match.WeChat, " Wang Gong_01", "wanggong_01"},
		{match.WeChat, "ＷＡＮＧ", "wang"},
		{match.WeChat, "wxid_8a-b.c", "wxid_8a-b.c"},
		{match.WeChat, "138 0013 8000", "13800138000"},
		{match.WeChat, "同手机号", ""},
		{match.WeChat, "微信同号", ""},
		{match.WeChat, "无", ""},
		{match.WeChat, "小王", ""},
		{match.WeChat, "wang小王", ""},
		{match.WeChat, "N/A", ""},
		{match.WeChat, "None", ""},
		{match.WeChat, "--", ""},
		{match.WeChat, "+8613800138000", ""},
		{match.WeChat, "W\u212aang", "wkang"},
		{match.Email, "Wang@Example.COM ", "wang@example.com"},
		{match.Email, "wang at example", ""},
		{match.External, "7412_AbC", "7412_AbC"},
		{match.Company, "杭州恒锐液压股份有限公司", "杭州恒锐液压"},
		{match.Company, "杭州恒锐液压（集团） 有限公司", "杭州恒锐液压"},
		{match.Company, "恒锐(中国)有限责任公司", "恒锐"},
		{match.Company, "Hengrui Hydraulics Co., Ltd.", "hengruihydraulics"},
		{match.Company, "ＨＥＮＧＲＵＩ　ＧｍｂＨ", "hengrui"},
		{match.Company, "有限公司", "有限公司"},
		{match.Company, "（空）", "空"},
		{match.Company, "。。", ""},
	} {
		if got := match.Normalise(c.kind, c.value); got != c.want {
			t.Errorf("Normalise(%s, %q) = %q, want %q", c.kind, c.value, got, c.want)
		}
	}
}

func TestNormaliseTwiceIsOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]string{match.External, match.Phone, match.WeChat, match.Email}).Draw(t, "kind")
		value := match.Normalise(kind, rapid.String().Draw(t, "value"))
		if again := match.Normalise(kind, value); again != value {
			t.Fatalf("%q became %q", value, again)
		}
	})
}

func TestKeys(t *testing.T) {
	keys, ignored := match.Keys(lead(), map[string]any{
		"f.phone": "+8613800138000", "f.mobile": "+8613800138000", "f.wechat": nil,
		"f.email": "INFO@example.com", "f.company": "恒锐有限公司", "f.ext": "c-1",
	})
	want := []match.Key{
		{Field: "f.phone", Kind: match.Phone, Value: "+8613800138000"},
		{Field: "f.company", Kind: match.Company, Value: "恒锐"},
		{Field: "f.ext", Kind: match.External, Value: "c-1"},
	}
	if diff := cmp.Diff(want, keys); diff != "" {
		t.Errorf("keys (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]match.Ignored{{Field: "f.email", Kind: match.Email, Value: "info@example.com", By: "Info@Example.com"}}, ignored); diff != "" {
		t.Errorf("ignored (-want +got)\n%s", diff)
	}
}

func TestIgnoredPhones(t *testing.T) {
	for number, by := range map[string]string{
		"+864001234567": "400*", "+8657188886666": "0571-8888 6666", "+18005551234": "+1800*",
		"4001234567": "400*", "+8657188886667": "", "+8613940012345": "",
	} {
		_, ignored := match.Keys(lead(), map[string]any{"f.phone": number})
		got := ""
		for _, i := range ignored {
			got = i.By
		}
		if got != by {
			t.Errorf("%s is ignored by %q, want %q", number, got, by)
		}
	}
}

func TestDecide(t *testing.T) {
	phone := match.Key{Field: "f.phone", Kind: match.Phone, Value: "+8613800138000"}
	wechat := match.Key{Field: "f.wechat", Kind: match.WeChat, Value: "wang"}
	firm := match.Key{Field: "f.company", Kind: match.Company, Value: "恒锐"}
	external := match.Key{Field: "f.ext", Kind: match.External, Value: "c-1"}
	all := []match.Key{phone, wechat, firm, external}
	for name, c := range map[string]struct {
		found []match.Holder
		want  match.Decision
	}{
		"nothing found": {nil, match.Decision{Outcome: match.New}},
		"an open record": {
			[]match.Holder{{Key: phone, Record: "L1", Open: true, Party: "P1"}},
			match.Decision{Outcome: match.Touch, Record: "L1", Party: "P1", Because: []match.Key{phone}},
		},
		"closed records only": {
			[]match.Holder{{Key: phone, Record: "L1", Party: "P1"}},
			match.Decision{Outcome: match.SameParty, Party: "P1", Because: []match.Key{phone}},
		},
		"the source's id finds a closed record": {
			[]match.Holder{{Key: external, Record: "L1"}},
			match.Decision{Outcome: match.Touch, Record: "L1", Because: []match.Key{external}},
		},
		"the source's id beats the phone": {
			[]match.Holder{{Key: phone, Record: "L2", Open: true, Party: "P1"}, {Key: external, Record: "L1", Open: true}},
			match.Decision{Outcome: match.Touch, Record: "L1", Party: "P1", Because: []match.Key{external}, Against: []match.Holder{{Key: phone, Record: "L2", Open: true, Party: "P1"}}},
		},
		"the stronger key wins, the other speaks against": {
			[]match.Holder{{Key: wechat, Party: "P2"}, {Key: phone, Party: "P1"}},
			match.Decision{Outcome: match.SameParty, Party: "P1", Because: []match.Key{phone}, Against: []match.Holder{{Key: wechat, Party: "P2"}}},
		},
		"both keys agree": {
			[]match.Holder{{Key: wechat, Record: "L1", Open: true, Party: "P1"}, {Key: phone, Record: "L1", Open: true, Party: "P1"}},
			match.Decision{Outcome: match.Touch, Record: "L1", Party: "P1", Because: []match.Key{phone, wechat}},
		},
		"a company's name only hints": {
			[]match.Holder{{Key: firm, Record: "L9", Open: true, Party: "P9", Organisation: "O1"}},
			match.Decision{Outcome: match.New, Organisation: "O1"},
		},
		"what was not asked does not count": {
			[]match.Holder{{Key: match.Key{Kind: match.Phone, Value: "+861"}, Record: "L1", Open: true}},
			match.Decision{Outcome: match.New},
		},
	} {
		if diff := cmp.Diff(c.want, match.Decide(all, c.found)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}
