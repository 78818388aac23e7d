package score

import (
	"errors"

	"clew.dev/clew/internal/expr"
)

// Result is a score with its reasons.
type Result struct {
	Total         int            `json:"total"`                   // within the card's range
	Sum           int            `json:"sum"`                     // before it was bounded
	Stars         int            `json:"stars"`                   // 0 when no line holds
	Band          string         `json:"band,omitempty"`          // id
	Contributions []Contribution `json:"contributions,omitempty"` // the rules that held, in order
	Failed        []Failure      `json:"failed,omitempty"`        // the rules that could not be evaluated; they give nothing
	Inputs        map[string]any `json:"inputs,omitempty"`        // canonical values read, by field id; a blank one is nil
}

// Contribution is what one rule gave.
type Contribution struct {
	Rule      string `json:"rule"`
	Dimension string `json:"dimension,omitempty"`
	Points    int    `json:"points"`
}

// Failure is a rule, or "stars", that could not be evaluated.
type Failure struct {
	Rule string `json:"rule"`
	Code string `json:"code"`
}

// Compute scores one record.
func Compute(card *Card, in expr.Input) Result {
	r := Result{Sum: card.base, Inputs: make(map[string]any, len(card.fields))}
	for _, id := range card.fields {
		r.Inputs[id] = in.Field(id)
	}
	for _, rule := range card.rules {
		if r.holds(rule.id, rule.when, in) {
			r.Sum += rule.points
			r.Contributions = append(r.Contributions, Contribution{rule.id, rule.dimension, rule.points})
		}
	}
	r.Total = min(max(r.Sum, card.min), card.max)
	if band, ok := card.Band(r.Total); ok {
		r.Band = band.ID
	}
	for _, s := range card.stars {
		if s.atLeast != nil && r.Total < *s.atLeast {
			continue
		}
		if s.when == nil || r.holds("stars", s.when, in) {
			r.Stars = s.stars
			break
		}
	}
	return r
}

// holds evaluates a condition; one that fails does not hold and is noted.
func (r *Result) holds(rule string, when *expr.Program, in expr.Input) bool {
	truth, err := when.Truth(in)
	if err == nil {
		return truth
	}
	failure := Failure{Rule: rule, Code: "internal"}
	var evaluation *expr.EvalError
	if errors.As(err, &evaluation) {
		failure.Code = evaluation.Code
	}
	r.Failed = append(r.Failed, failure)
	return false
}
