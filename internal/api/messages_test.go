package api

import (
	"maps"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestBothLanguagesSayTheSameThings(t *testing.T) {
	all := loadMessages()
	zh, en := all["zh-CN"], all["en"]
	if diff := cmp.Diff(slices.Sorted(maps.Keys(zh)), slices.Sorted(maps.Keys(en))); diff != "" {
		t.Error(diff)
	}
	placeholder := regexp.MustCompile(`\{\w+\}`)
	for code := range zh {
		a, b := placeholder.FindAllString(zh[code], -1), placeholder.FindAllString(en[code], -1)
		slices.Sort(a)
		slices.Sort(b)
		if diff := cmp.Diff(a, b); diff != "" {
			t.Errorf("%s: %s", code, diff)
		}
	}
}
