package reaction

import (
	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/understand"
)

// Lexicon is a compiled lexicon document.
type Lexicon struct {
	Name    string
	Object  string // id
	Lexicon *understand.Lexicon
}

// CompileLexicon is the catalog's compiler for documents of kind lexicon.
func CompileLexicon(s *catalog.Snapshot, d config.Document) (any, error) {
	body, err := unfold[understand.Definition](d)
	if err != nil {
		return nil, err
	}
	object, err := objectOf(s, body.Object)
	if err != nil {
		return nil, err
	}
	lexicon, err := understand.Compile(body, object)
	if err != nil {
		return nil, err
	}
	return &Lexicon{Name: d.Name, Object: object.ID, Lexicon: lexicon}, nil
}

// Understand reads a new record's texts, and those of a further delivery.
func Understand() record.Reaction {
	return record.Reaction{Name: "understand", Run: func(w *record.Work) error {
		if !w.Created() && w.Act != record.Touch {
			return nil
		}
		for _, lexicon := range catalog.All[*Lexicon](w.Snapshot, "lexicon") {
			if lexicon.Object == w.Object.ID {
				read(w, lexicon)
			}
		}
		return nil
	}}
}

func read(w *record.Work, lexicon *Lexicon) {
	said := w.After.Values
	if w.Act == record.Touch {
		said = w.Change.Set
	}
	result := lexicon.Lexicon.ReadSaid(w.After.Values, said)
	proposals := make([]any, 0, len(result.Proposals))
	for _, p := range result.Proposals {
		f, ok := w.Object.FieldByID(p.Field)
		if !ok {
			continue
		}
		w.SetField(f, p.Value)
		told := p.Value
		if len(p.Added) > 0 {
			told = p.Added
		}
		proposals = append(proposals, map[string]any{
			"field": p.Field, "value": record.Stored(f, told), "words": wordsOf(p), "reads": fieldsOf(p),
		})
	}
	if len(proposals) > 0 {
		w.SayAs(program, "understood", map[string]any{"lexicon": lexicon.Name, "proposals": proposals})
	}
}

func wordsOf(p understand.Proposal) []string {
	var words []string
	for _, word := range p.Because {
		words = appendOnce(words, word.Text)
	}
	return words
}

func fieldsOf(p understand.Proposal) []string {
	var fields []string
	for _, word := range p.Because {
		fields = appendOnce(fields, word.Field)
	}
	return fields
}

func appendOnce(list []string, s string) []string {
	for _, one := range list {
		if one == s {
			return list
		}
	}
	return append(list, s)
}
