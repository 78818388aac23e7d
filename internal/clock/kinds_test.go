package clock_test

import (
	"encoding/json"
	"testing"

	"clew.dev/clew/internal/clock"
	"clew.dev/clew/internal/config"
)

// TestEveryKindHasItsWords: whoever chooses an event in the editor reads it in
// both languages, and is offered no event that no clock knows.
func TestEveryKindHasItsWords(t *testing.T) {
	t.Parallel()
	text, err := config.SchemaOf("common")
	if err != nil {
		t.Fatal(err)
	}
	var common struct {
		Defs struct {
			Event struct {
				Choices map[string]map[string]string `json:"x-choices"`
			} `json:"event"`
		} `json:"$defs"`
	}
	if err := json.Unmarshal(text, &common); err != nil {
		t.Fatal(err)
	}
	words := common.Defs.Event.Choices
	for _, kind := range clock.Kinds() {
		for _, language := range []string{"zh-CN", "en"} {
			if words[kind][language] == "" {
				t.Errorf("%s is called nothing in %s", kind, language)
			}
		}
		delete(words, kind)
	}
	for kind := range words {
		t.Errorf("%s is offered, but no clock knows it", kind)
	}
}
