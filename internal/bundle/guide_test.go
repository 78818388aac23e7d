package bundle

import (
	"os"
	"regexp"
	"testing"

	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/intake"
)

func TestTheGuidesExamplesCompile(t *testing.T) {
	db := clewtest.Open(t, clewtest.Embedded(t))
	c, err := catalog.New(db, config.New(db), map[string]catalog.Compiler{"channel": intake.Compile})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Install(t.Context(), c, "crm"); err != nil {
		t.Fatal(err)
	}
	for _, language := range []string{"en", "zh-CN"} {
		text, err := os.ReadFile("../../docs/guide/" + language + "/configuration.md")
		if err != nil {
			t.Fatal(err)
		}
		examples := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllSubmatch(text, -1)
		if len(examples) < 3 {
			t.Errorf("%s: %d examples", language, len(examples))
		}
		for _, example := range examples {
			documents, err := config.ParseYAML(example[1], "", "")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := c.Apply(t.Context(), documents, config.Note{}); err != nil {
				t.Errorf("%s: %v\n%s", language, err, example[1])
			}
		}
	}
}
