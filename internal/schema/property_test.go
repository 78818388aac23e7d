package schema_test

import (
	"encoding/json"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"clew.dev/clew/internal/schema"
	"github.com/cockroachdb/apd/v3"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// foreign draws what a channel may send in a field of a type: from nearly right to wild.
func foreign() *rapid.Generator[any] {
	text := rapid.OneOf(
		rapid.String(),
		rapid.StringMatching(`[-+]?[0-9]{1,19}(\.[0-9]{1,12})?(e[-+]?[0-9]{1,2})?%?`),
		rapid.StringMatching(`\+?[0-9 ()-]{5,16}`),
		rapid.StringMatching(`[a-zA-Z.+]{1,8}@[a-z]{1,8}\.[a-z]{1,3}`),
		rapid.StringMatching(`(https?://)?[a-z]{1,6}\.[a-z]{2,3}(/[a-z%2 ä路]{0,9})?`),
		rapid.StringMatching(`[0-9]{4}[-/.年][01]?[0-9][-/.月][0-3]?[0-9]日?( [0-2][0-9]:[0-5][0-9](:[0-5][0-9])?)?`),
		rapid.StringMatching(`(抖音|官网|Website|旧|x\.f\.[a-d])([,、;|](抖音|Douyin|x\.f\.c))?`),
		rapid.SampledFrom([]string{"是", "否", "yes", "0", "1", "１２３", "\u200b", "e\u0301", "ﬀ", "￥5", "-0", "0001-01-01 00:00", "9999-12-31T23:59:59-11:00"}),
	)
	scalar := rapid.OneOf(
		rapid.Map(text, func(s string) any { return s }),
		rapid.Map(rapid.StringMatching(`-?(0|[1-9][0-9]{0,18})(\.[0-9]{1,12})?`), func(s string) any { return json.Number(s) }),
		rapid.Map(rapid.Bool(), func(b bool) any { return b }),
	)
	return rapid.OneOf(scalar,
		rapid.Map(rapid.SliceOfN(scalar, 0, 60), func(v []any) any { return v }),
		rapid.Custom(func(t *rapid.T) any {
			m := map[string]any{}
			for _, key := range []string{"amount", "currency", "id"} {
				if rapid.Bool().Draw(t, key) {
					m[key] = scalar.Draw(t, key+" is")
				}
			}
			return m
		}),
	)
}

// TestWhatGoesOutComesIn: whatever a channel sends and a field keeps, a person
// who saves what he is shown changes nothing.
func TestWhatGoesOutComesIn(t *testing.T) {
	zone := time.FixedZone("CST", 8*3600)
	for _, kind := range schema.TypeNames() {
		t.Run(kind, func(t *testing.T) {
			f := sample(t, []string{kind})
			rapid.Check(t, func(t *rapid.T) {
				doubtful := false
				in := schema.Input{Country: "CN", Zone: zone, Flag: func(*schema.Field, string) { doubtful = true }}
				raw := foreign().Draw(t, "raw")
				value, problem := f.Parse(raw, in)
				if problem != nil {
					if value != nil || problem.Path != "f" || problem.Code == "" {
						t.Fatalf("%v: %v beside %+v", raw, value, problem)
					}
					return
				}
				shown := f.Encode(value)
				// A doubtful phone or address stays doubtful; a retired choice is no longer taken by name.
				in.Person = !doubtful
				if strings.Contains(mustJSON(t, shown), "旧") {
					return
				}
				again, problem := f.Parse(decoded(t, shown), in)
				if problem != nil {
					t.Fatalf("%#v is kept as %#v and refused: %s", raw, shown, problem.Code)
				}
				if diff := cmp.Diff(mustJSON(t, shown), mustJSON(t, f.Encode(again))); diff != "" && !(kind == "phone" && doubtful) {
					t.Fatalf("%#v: %s", raw, diff)
				}
			})
		})
	}
}

func mustJSON(t *rapid.T, v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func decoded(t *rapid.T, v any) any {
	decoder := json.NewDecoder(strings.NewReader(mustJSON(t, v)))
	decoder.UseNumber()
	var out any
	if err := decoder.Decode(&out); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestScalingAgreesWithFractions: rounding half away from zero, and the bounds
// of 64 bits, computed with rational numbers.
func TestScalingAgreesWithFractions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scale := rapid.IntRange(0, schema.MaxScale).Draw(t, "scale")
		text := rapid.StringMatching(`-?[0-9]{1,20}(\.[0-9]{1,14})?`).Draw(t, "number")
		exact, ok := new(big.Rat).SetString(text)
		if !ok {
			t.Fatal(text)
		}
		shifted := new(big.Rat).Mul(exact, new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil)))
		half := big.NewRat(int64(shifted.Sign()), 2)
		sum := new(big.Rat).Add(shifted, half)
		rounded := new(big.Int).Quo(sum.Num(), sum.Denom())
		fits := rounded.IsInt64() && rounded.Int64() != -1<<63

		f := &schema.Field{Name: "n", Type: "number", Scale: scale}
		flagged := false
		value, problem := f.Parse(text, schema.Input{Flag: func(*schema.Field, string) { flagged = true }})
		if (problem == nil) != fits {
			t.Fatalf("%s at scale %d: %v, fits %t", text, scale, problem, fits)
		}
		if problem != nil {
			return
		}
		if flagged == shifted.IsInt() {
			t.Fatalf("%s at scale %d: flagged %t", text, scale, flagged)
		}
		got, ok := schema.Unscale(value.(*apd.Decimal), scale)
		if !ok || got != rounded.Int64() {
			t.Fatalf("%s at scale %d: %d, want %s", text, scale, got, rounded)
		}
		if _, problem := f.Parse(text, schema.Input{Person: true}); (problem == nil) != shifted.IsInt() {
			t.Fatalf("a person's %s at scale %d: %v", text, scale, problem)
		}
	})
}

func TestUnscaleRefusesWhatItWouldChange(t *testing.T) {
	for _, c := range []struct {
		text  string
		scale int
		want  int64
		ok    bool
	}{
		{"0", 0, 0, true},
		{"-0", 4, 0, true},
		{"1.5", 0, 0, false},
		{"1.5", 1, 15, true},
		{"1.50", 1, 15, true},
		{"1.51", 1, 0, false},
		{"-1.5", 3, -1500, true},
		{"9223372036854775807", 0, 1<<63 - 1, true},
		{"9223372036854775807", 1, 0, false},
		{"-9223372036854775807", 0, -1<<63 + 1, true},
		{"-9223372036854775808", 0, 0, false},
		{"9223372036854775808", 0, 0, false},
		{"1e18", 0, 1_000_000_000_000_000_000, true},
		{"1e19", 0, 0, false},
		{"Infinity", 0, 0, false},
		{"NaN", 2, 0, false},
	} {
		d, _, err := apd.NewFromString(c.text)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := schema.Unscale(d, c.scale)
		if got != c.want || ok != c.ok {
			t.Errorf("%s at scale %d: %d %t, want %d %t", c.text, c.scale, got, ok, c.want, c.ok)
		}
	}
}

func TestCleanLeavesWhatIsClean(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		once := schema.Clean(rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "text"))
		if !utf8.ValidString(once) || schema.Clean(once) != once || strings.TrimSpace(once) != once {
			t.Fatalf("%q becomes %q", once, schema.Clean(once))
		}
		if strings.ContainsAny(once, "\x00\x01\x1f\r\x7f\u200b\ufeff") {
			t.Fatalf("%q holds a control character", once)
		}
	})
}

// TestTablesGrowAsTheDifferencesSay: to apply the differences to what there was
// gives what is wanted, however objects and fields come and change.
func TestTablesGrowAsTheDifferencesSay(t *testing.T) {
	draw := func(t *rapid.T, name string) []*schema.Object {
		var objects []*schema.Object
		for _, table := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"o_1", "o_2", "o_9", "o_10"}), 0, 4, rapid.ID[string]).Draw(t, name) {
			o := &schema.Object{ID: table, Name: "n" + table, Table: table}
			for _, column := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"c_1", "c_2", "c_3", "c_4"}), 0, 4, rapid.ID[string]).Draw(t, table) {
				kind := map[string]string{"c_1": "text", "c_2": "currency", "c_3": "person", "c_4": "number"}[column]
				f := &schema.Field{ID: column, Name: "n" + column, Type: kind, Column: column, Scale: 2}
				f.Indexed, f.Unique = rapid.Bool().Draw(t, "indexed"), kind != "currency" && rapid.Bool().Draw(t, "unique")
				o.Fields = append(o.Fields, f)
				if kind == "person" && rapid.Bool().Draw(t, "owner") {
					o.OwnerField = f.Name
				}
			}
			objects = append(objects, o)
		}
		return objects
	}
	rapid.Check(t, func(t *rapid.T) {
		before, after := draw(t, "before"), draw(t, "after")
		tables := grow(t, grow(t, map[string][]string{}, schema.Diff(nil, before)), schema.Diff(before, after))
		for _, o := range after {
			for _, f := range o.Fields {
				for _, c := range f.Columns() {
					if !slices.Contains(tables[o.Table], c.Name) {
						t.Fatalf("%s has no column %s: %v", o.Table, c.Name, tables[o.Table])
					}
				}
			}
			for _, i := range o.Indexes() {
				if !slices.Contains(tables[o.Table], "index "+i.Name) {
					t.Fatalf("%s has no index %s", o.Table, i.Name)
				}
			}
		}
		if changes := schema.Diff(after, after); len(changes) > 0 {
			t.Fatalf("nothing differs, yet %v", changes)
		}
	})
}

// grow applies changes to a model of the database and fails where one cannot be applied.
func grow(t *rapid.T, tables map[string][]string, changes []schema.Change) map[string][]string {
	for _, c := range changes {
		parts, exists := tables[c.Table]
		switch c.Kind {
		case schema.AddTable:
			if exists {
				t.Fatalf("%s is made twice", c.Table)
			}
			parts = []string{}
			for _, column := range c.Columns {
				parts = append(parts, column.Name)
			}
		case schema.AddColumn:
			if !exists || len(c.Columns) != 1 || slices.Contains(parts, c.Columns[0].Name) {
				t.Fatalf("%+v on %v", c, parts)
			}
			parts = append(parts, c.Columns[0].Name)
		case schema.AddIndex:
			if slices.Contains(parts, "index "+c.Index.Name) {
				t.Fatalf("%s is made twice", c.Index.Name)
			}
			for _, column := range c.Index.Columns {
				if !slices.Contains(parts, column) {
					t.Fatalf("%s is over %s, which is not there yet", c.Index.Name, column)
				}
			}
			parts = append(parts, "index "+c.Index.Name)
		case schema.DropIndex:
			at := slices.Index(parts, "index "+c.Index.Name)
			if at < 0 {
				t.Fatalf("%s is not there", c.Index.Name)
			}
			parts = slices.Delete(parts, at, at+1)
		}
		tables[c.Table] = parts
	}
	return tables
}
