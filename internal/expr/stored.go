package expr

import (
	"strings"
	"unicode/utf8"

	"clew.dev/clew/internal/schema"
)

// span is a token that the stored form replaces.
type span struct {
	start, end int
	id         string
}

// splice is the source with ids in place of the names of fields and choices;
// everything else stays as it was written.
func (c *checker) splice() string {
	var b strings.Builder
	at := 0
	for _, s := range c.orderedSpans() {
		if s.start < at {
			continue
		}
		b.WriteString(c.src[at:s.start])
		b.WriteString("{{" + s.id + "}}")
		at = s.end
	}
	b.WriteString(c.src[at:])
	return b.String()
}

// Text is the expression in a person's language: labels where they are
// unambiguous, API names elsewhere.
func (p *Program) Text(language string) string {
	tokens, err := (&lexer{src: p.stored, stored: true}).tokens()
	if err != nil {
		return p.source
	}
	var b strings.Builder
	at := 0
	for _, t := range tokens {
		if t.kind != tokenStored {
			continue
		}
		name := p.env.nameOf(t.text, language)
		if plain(name) && touches(p.stored[:t.start], p.stored[t.end:]) {
			name = "[" + name + "]"
		}
		b.WriteString(p.stored[at:t.start])
		b.WriteString(name)
		at = t.end
	}
	b.WriteString(p.stored[at:])
	return b.String()
}

// touches says that a bare name between the two would run into its neighbours.
func touches(before, after string) bool {
	last, _ := utf8.DecodeLastRuneInString(before)
	first, _ := utf8.DecodeRuneInString(after)
	return namePart(last) || namePart(first) || first == '('
}

// nameOf writes a stored reference in a language.
func (e Env) nameOf(ref, language string) string {
	id, choice, isChoice := strings.Cut(ref, "#")
	b, ok := e.byID(id)
	if !ok {
		return "{{" + ref + "}}"
	}
	if isChoice {
		return Quote(choiceText(b.column.Field, choice, language))
	}
	for _, name := range [...]string{b.label[language], b.label.In(language)} {
		if name == "" || name != strings.TrimSpace(normal(name)) {
			continue
		}
		found := e.resolve(name)
		if len(found) == 1 && found[0].column.ID == id {
			return written(name)
		}
	}
	return written(b.name)
}

// choiceText is a text that means exactly this choice.
func choiceText(f *schema.Field, id, language string) string {
	c, ok := f.Choice(id)
	if !ok {
		return id
	}
	for _, text := range [...]string{c.Label.In(language), c.Name} {
		found := choicesNamed(f, normal(text))
		if text != "" && len(found) == 1 && found[0].ID == id {
			return text
		}
	}
	return id
}
