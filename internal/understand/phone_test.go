package understand_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"clew.dev/clew/internal/understand"
)

func TestFindPhones(t *testing.T) {
	finder := understand.NewPhoneFinder("CN")
	for text, want := range map[string][]string{
		"电话13800138000，急":                  {"+8613800138000"},
		"王工 138 0013 8000 / 138-0013-8001": {"+8613800138000", "+8613800138001"},
		"１３８００１３８０００":                      {"+8613800138000"},
		"+86 13800138000":                  {"+8613800138000"},
		"8613800138000":                    {"+8613800138000"},
		"13800138000 13900139000":          {"+8613800138000", "+8613900139000"},
		"座机0571-88886666":                  {"+8657188886666"},
		"(021)62345678":                    {"+862162345678"},
		"call +1 650-253-0000 now":         {"+16502530000"},
		"订单号2026030313800138000":           nil,
		"SO13800138000":                    nil,
		"预算 300000 元":                      nil,
		"":                                 nil,
	} {
		var got []string
		for _, p := range finder.Find(text) {
			got = append(got, p.Number)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", text, diff)
		}
	}
	if diff := cmp.Diff([]understand.Phone{{Number: "+8613800138000", Text: "138 0013 8000", Start: 3, End: 16}}, finder.Find("王工：138 0013 8000")); diff != "" {
		t.Errorf("place (-want +got)\n%s", diff)
	}
}
