package route_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"clew.dev/clew/internal/route"
)

func one(t testing.TB, pool string) *route.Table {
	return compile(t, `{"object":"lead","rows":[{"id":"r","then":{"pool":"p"}}],"fallback":{"user":"last"},"pools":[{"name":"p",`+pool+`}]}`)
}

// office plays a pool over time: whoever is chosen has one more.
type office struct {
	members []route.Member
	pointer route.Pointer
	counts  map[string]int
}

func newOffice(n int) *office {
	o := &office{counts: map[string]int{}}
	for i := range n {
		o.members = append(o.members, route.Member{User: fmt.Sprint("u", i), Position: i, Active: true, InHours: true})
	}
	return o
}

func (o *office) next(table *route.Table) route.Decision {
	d := route.Decide(table, route.Input{
		Now: time.Unix(1_800_000_000, 0), Fallback: []route.Member{{User: "last", Active: true}},
		Pools: map[string]route.PoolState{"p": {Members: o.members, Pointer: o.pointer}},
	})
	if d.Pointer != nil {
		o.pointer = *d.Pointer
	}
	for i := range o.members {
		if m := &o.members[i]; m.User == d.Owner && d.Pointer != nil {
			m.LastSeq, m.Load, m.Assigned = d.Pointer.Seq, m.Load+1, m.Assigned+1
		}
	}
	o.counts[d.Owner]++
	return d
}

func (o *office) spread() int {
	low, high := o.counts[o.members[0].User], o.counts[o.members[0].User]
	for _, m := range o.members {
		low, high = min(low, o.counts[m.User]), max(high, o.counts[m.User])
	}
	return high - low
}

func TestEqualPeopleGetEqualShares(t *testing.T) {
	tables := []*route.Table{one(t, `"strategy":"round_robin"`), one(t, `"strategy":"least_load"`), one(t, `"strategy":"weighted"`), one(t, `"strategy":"top_n","top":99`)}
	rapid.Check(t, func(t *rapid.T) {
		table := rapid.SampledFrom(tables).Draw(t, "table")
		o := newOffice(rapid.IntRange(1, 9).Draw(t, "people"))
		for range rapid.IntRange(1, 120).Draw(t, "leads") {
			o.next(table)
			if spread := o.spread(); spread > 1 {
				t.Fatalf("max − min = %d: %v", spread, o.counts)
			}
		}
	})
}

func TestSharesFollowWeights(t *testing.T) {
	table := one(t, `"strategy":"weighted"`)
	rapid.Check(t, func(t *rapid.T) {
		o := newOffice(rapid.IntRange(1, 6).Draw(t, "people"))
		total := 0
		for i := range o.members {
			o.members[i].Weight = rapid.IntRange(1, 7).Draw(t, "weight")
			total += o.members[i].Weight
		}
		for range 3 * total {
			o.next(table)
		}
		for _, m := range o.members {
			if o.counts[m.User] != 3*m.Weight {
				t.Fatalf("%s with weight %d of %d got %d of %d", m.User, m.Weight, total, o.counts[m.User], 3*total)
			}
		}
	})
}

// TestOnlyEligiblePeopleOwn lets people come and go; who is away, full, gone or,
// where the pool insists, outside hours never gets a lead, and a lead is
// without a person of the pool only when there was none.
func TestOnlyEligiblePeopleOwn(t *testing.T) {
	strict := map[*route.Table]bool{}
	var tables []*route.Table
	for _, strategy := range []string{"round_robin", "least_load", "weighted"} {
		for _, hours := range []string{"preferred", "required", "ignored"} {
			table := one(t, fmt.Sprintf(`"strategy":%q,"hours":%q,"capacity":4`, strategy, hours))
			strict[table] = hours == "required"
			tables = append(tables, table)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		table := rapid.SampledFrom(tables).Draw(t, "table")
		o := newOffice(rapid.IntRange(1, 5).Draw(t, "people"))
		for range rapid.IntRange(1, 30).Draw(t, "leads") {
			fits := map[string]bool{}
			for i := range o.members {
				m := &o.members[i]
				m.Active, m.Away, m.InHours = rapid.Bool().Draw(t, "active"), rapid.Bool().Draw(t, "away"), rapid.Bool().Draw(t, "hours")
				m.Load = max(0, m.Load-rapid.IntRange(0, 1).Draw(t, "done"))
				fits[m.User] = m.Active && !m.Away && m.Load < 4 && (m.InHours || !strict[table])
			}
			d := o.next(table)
			anybody := false
			for _, fit := range fits {
				anybody = anybody || fit
			}
			if d.Fallback == anybody || !d.Fallback && !fits[d.Owner] {
				t.Fatalf("%+v although %v", d, fits)
			}
		}
	})
}

func TestAddingRowsNeverSetTheOwner(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plain := `{"id":"r","when":"职位 = \"a\"","then":{"pool":"p"}}`
		adding := ""
		for i := range rapid.IntRange(0, 3).Draw(t, "adding") {
			adding += fmt.Sprintf(`{"id":"a%d","when":%q,"then":{"continue":true,"add":{"tags":["t%d"]}}},`, i, rapid.SampledFrom([]string{"", `职位 = "a"`, `职位 = "b"`}).Draw(t, "when"), i)
		}
		build := func(rows string) *route.Table {
			return compileIn(t, `{"object":"lead","rows":[`+rows+`],"fallback":{"user":"last"},"pools":[{"name":"p"}]}`)
		}
		title := rapid.SampledFrom([]string{"a", "b"}).Draw(t, "title")
		in := route.Input{
			Values: map[string]any{"f.title": title}, Fallback: []route.Member{{User: "last", Active: true}},
			Pools: map[string]route.PoolState{"p": {Members: []route.Member{{User: "u", Active: true}}}},
		}
		with, without := route.Decide(build(adding+plain), in), route.Decide(build(plain), in)
		if with.Owner != without.Owner || with.Row != without.Row {
			t.Fatalf("adding rows changed the owner from %s to %s", without.Owner, with.Owner)
		}
	})
}
