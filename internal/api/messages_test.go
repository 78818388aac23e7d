package api

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
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

// What a document is refused for is read by who wrote it: never the code in its place.
func TestEveryFaultOfADocumentHasItsSentence(t *testing.T) {
	texts := loadMessages()["en"]
	code := regexp.MustCompile(`(?:\.add\(.*"([a-z_]+)"\)|\bCode: +"([a-z_]+)")`)
	for _, name := range []string{"catalog", "clock", "config", "connector", "conversion", "expr", "match", "metric", "query", "record", "route", "score", "understand", "view", "worktime"} {
		files, err := filepath.Glob(filepath.Join("..", name, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatal(name, err)
		}
		for _, file := range files {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, found := range code.FindAllStringSubmatch(string(source), -1) {
				if one := found[1] + found[2]; texts[one] == "" && !strings.HasSuffix(file, "_test.go") {
					t.Errorf("%s: %s", file, one)
				}
			}
		}
	}
}
