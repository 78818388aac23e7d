package api

import (
	"embed"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"golang.org/x/text/language"
)

//go:embed messages_zh.json messages_en.json
var messageFiles embed.FS

// catalogue is the sentences of problems by language and code; {name} stands for a parameter.
type catalogue map[string]map[string]string

// loadMessages reads the embedded catalogues; a broken one is a broken build.
func loadMessages() catalogue {
	all := catalogue{}
	for tag, name := range map[string]string{"zh-CN": "messages_zh.json", "en": "messages_en.json"} {
		raw, err := messageFiles.ReadFile(name)
		if err != nil {
			panic(err)
		}
		var texts map[string]string
		if err := json.Unmarshal(raw, &texts); err != nil {
			panic(fmt.Errorf("%s: %w", name, err))
		}
		all[tag] = texts
	}
	return all
}

func (m catalogue) has(tag, code string) bool { return m[tag][code] != "" }

// text is the sentence of a code, the code itself in words where the catalogue has none.
func (m catalogue) text(tag, code string, params map[string]any) string {
	sentence := m[tag][code]
	if plain := m[tag][code+plainly]; plain != "" && !filled(sentence, params) {
		sentence = plain
	}
	if sentence == "" {
		return strings.ReplaceAll(code, "_", " ")
	}
	var pairs []string
	for name, value := range params {
		pairs = append(pairs, "{"+name+"}", fmt.Sprint(value))
	}
	return strings.NewReplacer(pairs...).Replace(sentence) // in one pass: a value is never read as a sentence
}

// plainly marks the sentence of a code for those who do not know its parameters.
const plainly = ".plain"

// filled tells whether every parameter that the sentence names is given.
func filled(sentence string, params map[string]any) bool {
	for _, place := range regexp.MustCompile(`\{([a-z_]+)\}`).FindAllStringSubmatch(sentence, -1) {
		if _, ok := params[place[1]]; !ok {
			return false
		}
	}
	return true
}

// header is the language that Accept-Language asks for, "" when it asks for none of ours.
func acceptedLanguage(header string) string {
	tags, _, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return ""
	}
	for _, tag := range tags {
		switch base, _ := tag.Base(); base.String() {
		case "zh":
			return "zh-CN"
		case "en":
			return "en"
		}
	}
	return ""
}
