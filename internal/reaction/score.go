package reaction

import (
	"github.com/cockroachdb/apd/v3"

	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/score"
)

// Scorecard is a compiled scorecard document.
type Scorecard struct {
	Name       string
	Version    int64
	Object     string // id
	Definition score.Definition
	Card       *score.Card
	Parts      map[string]Part // the rules by id
}

// CompileScorecard is the catalog's compiler for documents of kind scorecard.
func CompileScorecard(s *catalog.Snapshot, d config.Document) (any, error) {
	body, err := unfold[score.Definition](d)
	if err != nil {
		return nil, err
	}
	object, err := objectOf(s, body.Object)
	if err != nil {
		return nil, err
	}
	card, err := score.Compile(body, s.Env(object))
	if err != nil {
		return nil, err
	}
	parts := map[string]Part{}
	for _, r := range body.Rules {
		parts[r.ID] = Part{r.Label, reads(r.When, s.Env(object))}
	}
	return &Scorecard{Name: d.Name, Version: d.Version, Object: object.ID, Definition: body, Card: card, Parts: parts}, nil
}

// Score computes the scorecards of the record's object anew whenever the
// record changed, and says so when the result did.
func Score() record.Reaction {
	return record.Reaction{Name: "score", Run: func(w *record.Work) error {
		if !w.Created() && !w.ChangedAny() {
			return nil
		}
		for _, card := range catalog.All[*Scorecard](w.Snapshot, "scorecard") {
			if card.Object == w.Object.ID {
				compute(w, card)
			}
		}
		return nil
	}}
}

func compute(w *record.Work, card *Scorecard) {
	result := score.Compute(card.Card, input(w))
	into := card.Card.Into()
	before := w.Get(into.Total)
	w.Set(into.Total, whole(result.Total))
	w.Set(into.Stars, whole(result.Stars))
	if into.Band != "" {
		w.Set(into.Band, textOrBlank(result.Band))
	}
	if !w.Created() && !w.Changed(into.Total) && !w.Changed(into.Stars) {
		return
	}
	params := map[string]any{
		"card": card.Name, "version": card.Version, "total": result.Total, "stars": result.Stars,
		"contributions": contributions(result), "inputs": storedValues(w.Object, unsaid(w, result.Inputs)),
	}
	if old, ok := before.(*apd.Decimal); ok {
		params["total_before"] = old.Text('f')
	}
	if len(result.Failed) > 0 {
		params["failed"] = result.Failed
	}
	w.SayAs(program, "scored", params)
}

// unsaid are the inputs that the first entry of a new record does not say already.
func unsaid(w *record.Work, inputs map[string]any) map[string]any {
	if !w.Created() {
		return inputs
	}
	rest := make(map[string]any, len(inputs))
	for id, v := range inputs {
		if !record.Equal(w.Change.Set[id], v) {
			rest[id] = v
		}
	}
	return rest
}

func contributions(result score.Result) []any {
	out := make([]any, 0, len(result.Contributions))
	for _, c := range result.Contributions {
		out = append(out, map[string]any{"rule": c.Rule, "points": c.Points})
	}
	return out
}

func whole(n int) *apd.Decimal { return apd.New(int64(n), 0) }

func textOrBlank(s string) any {
	if s == "" {
		return nil
	}
	return s
}
