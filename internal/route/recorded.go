package route

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/cockroachdb/apd/v3"

	"clew.dev/clew/internal/schema"
)

// Recorded is an Input in the form in which it is kept: values that JSON
// carries without loss, and of them only those that the table reads.
type Recorded struct {
	Values   map[string]json.RawMessage `json:"values,omitempty"`
	Now      time.Time                  `json:"now"`
	Me       string                     `json:"me,omitempty"`
	Pools    map[string]PoolState       `json:"pools,omitempty"`
	Groups   map[string][]Member        `json:"groups,omitempty"`
	People   map[string]Member          `json:"people,omitempty"`
	Fallback []Member                   `json:"fallback,omitempty"`
	Known    *Member                    `json:"known,omitempty"`
}

// Record keeps what a decision by this table rests on.
func (t *Table) Record(in Input) (Recorded, error) {
	r := Recorded{
		Values: map[string]json.RawMessage{}, Now: in.Now.UTC(), Me: in.Me,
		Pools: in.Pools, Groups: in.Groups, People: in.People, Fallback: in.Fallback, Known: in.Known,
	}
	ids := t.Fields()
	for _, row := range t.rows {
		for _, a := range row.add {
			ids = once(ids, a.Field)
		}
	}
	for _, id := range ids {
		value := in.Values[id]
		if value == nil {
			continue
		}
		raw, err := json.Marshal(plain(value))
		if err != nil {
			return Recorded{}, fmt.Errorf("record %s: %w", id, err)
		}
		r.Values[id] = raw
	}
	return r, nil
}

// amount is money in a record.
type amount struct {
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
}

func plain(value any) any {
	switch v := value.(type) {
	case *apd.Decimal:
		return v.String()
	case schema.Money:
		return amount{v.Amount.String(), v.Currency}
	}
	return value
}

// Restore makes the input of a recorded decision, to be decided again.
func (t *Table) Restore(r Recorded) (Input, error) {
	in := Input{
		Values: make(map[string]any, len(r.Values)), Now: r.Now, Me: r.Me,
		Pools: r.Pools, Groups: r.Groups, People: r.People, Fallback: r.Fallback, Known: r.Known,
	}
	for id, raw := range r.Values {
		value, err := t.canonical(id, raw)
		if err != nil {
			return Input{}, fmt.Errorf("restore %s: %w", id, err)
		}
		in.Values[id] = value
	}
	return in, nil
}

// canonical reads a recorded value as the field's type keeps it.
func (t *Table) canonical(id string, raw json.RawMessage) (any, error) {
	kind := "text"
	if f, ok := t.object.FieldByID(id); ok {
		kind = f.Type
	} else if id == "created_at" || id == "updated_at" {
		kind = "datetime"
	}
	switch kind {
	case "number", "percent":
		text, err := read[string](raw)
		if err != nil {
			return nil, err
		}
		return decimal(text)
	case "currency":
		money, err := read[amount](raw)
		if err != nil {
			return nil, err
		}
		value, err := decimal(money.Amount)
		return schema.Money{Amount: value, Currency: money.Currency}, err
	case "boolean":
		return read[bool](raw)
	case "datetime":
		return read[time.Time](raw)
	case "date":
		return read[schema.Date](raw)
	case "choices", "tags":
		return read[[]string](raw)
	}
	return read[string](raw)
}

func read[T any](raw json.RawMessage) (T, error) {
	var value T
	err := json.Unmarshal(raw, &value)
	return value, err
}

func decimal(text string) (*apd.Decimal, error) {
	value, _, err := apd.NewFromString(text)
	return value, err
}
