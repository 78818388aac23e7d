package server_test

import (
	"strings"
	"testing"
	"unicode"
)

// TestViewsSpeakTheReadersLanguage: a view's condition, which the list shows and
// a person may edit, names fields and choices as the reader knows them, and
// means the same in both languages.
func TestViewsSpeakTheReadersLanguage(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		as := c.with("leader")
		filters := func(language string) map[string]string {
			found := map[string]string{}
			got := as("GET", "/api/v1/catalog", nil, map[string]string{"Accept-Language": language}).want(t, "catalog", 200).json(t)
			for _, object := range got["objects"].([]any) {
				for _, one := range object.(map[string]any)["views"].([]any) {
					view := one.(map[string]any)
					if text, ok := view["filter"].(string); ok && object.(map[string]any)["name"] == "lead" {
						found[view["name"].(string)] = text
					}
				}
			}
			return found
		}
		chinese, english := filters("zh-CN"), filters("en")
		if len(english) < 3 || len(english) != len(chinese) {
			t.Fatalf("views: %v, %v", chinese, english)
		}
		c.lead(c.as("leader"), map[string]any{"company": "博锐", "phone": "13800001111", "source": "官网"})
		for name, text := range english {
			// A tag is what people write, and has no other language.
			if strings.ContainsFunc(strings.ReplaceAll(text, "需市场补全", ""), func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
				t.Errorf("%s in English: %s", name, text)
			}
			count := func(filter, language string) any {
				return as("GET", ask("count", "1", "filter", filter), nil, map[string]string{"Accept-Language": language}).want(t, filter, 200).json(t)["count"]
			}
			if zh, en := count(chinese[name], "zh-CN"), count(text, "en"); zh != en {
				t.Errorf("%s: %v in Chinese, %v in English", name, zh, en)
			}
		}
	})
}
