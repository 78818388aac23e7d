package route_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"clew.dev/clew/internal/route"
)

// line is a row of a drawn table, as a person would read it.
type line struct {
	id          string
	title       string // the title that it wants, "" for any
	tag         string // the tag that it wants, "" for any
	from, until string
	pool        string // "" for a row that adds
	person      string
	adds        string
}

func (l line) document() string {
	var when []string
	if l.title != "" {
		when = append(when, fmt.Sprintf(`职位 = %q`, l.title))
	}
	if l.tag != "" {
		when = append(when, fmt.Sprintf(`CONTAINS(标签, %q)`, l.tag))
	}
	then := map[string]any{}
	switch {
	case l.pool != "":
		then["pool"] = l.pool
	case l.person != "":
		then["person"] = l.person
	default:
		then["continue"] = true
	}
	if l.adds != "" {
		then["add"] = map[string][]string{"tags": {l.adds}}
	}
	b, _ := json.Marshal(map[string]any{"id": l.id, "when": strings.Join(when, " AND "), "from": l.from, "until": l.until, "then": then})
	return string(b)
}

func drawLines(t *rapid.T) (lines []line) {
	dates := []string{"", "", "2026-03-09", "2026-03-10", "2026-03-11"}
	for i := range rapid.IntRange(1, 6).Draw(t, "rows") {
		l := line{
			id: fmt.Sprint("r", i), title: rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "title"), tag: rapid.SampledFrom([]string{"", "", "x", "y"}).Draw(t, "tag"),
			from: rapid.SampledFrom(dates).Draw(t, "from"), until: rapid.SampledFrom(dates).Draw(t, "until"),
		}
		if l.until != "" && l.until < l.from {
			l.until = l.from
		}
		switch rapid.IntRange(0, 3).Draw(t, "kind") {
		case 0:
			l.pool = rapid.SampledFrom([]string{"p", "q"}).Draw(t, "pool")
		case 1:
			l.person = "dan"
		default:
			l.adds = rapid.SampledFrom([]string{"x", "y", "z"}).Draw(t, "adds")
		}
		if l.adds == "" && rapid.Bool().Draw(t, "adds too") {
			l.adds = rapid.SampledFrom([]string{"x", "y"}).Draw(t, "adds")
		}
		lines = append(lines, l)
	}
	return lines
}

func drawMembers(t *rapid.T, prefix string) (members []route.Member) {
	for i := range rapid.IntRange(0, 3).Draw(t, "members of "+prefix) {
		members = append(members, route.Member{
			User: fmt.Sprint(prefix, i), Position: i, Load: rapid.IntRange(0, 3).Draw(t, "load"), Capacity: rapid.IntRange(0, 3).Draw(t, "capacity"), LastSeq: int64(rapid.IntRange(0, 5).Draw(t, "last")),
			Active: rapid.IntRange(0, 3).Draw(t, "active") > 0, Away: rapid.IntRange(0, 3).Draw(t, "away") == 0, InHours: rapid.Bool().Draw(t, "in hours"),
		})
	}
	return members
}

// free are the users who could take a record: nobody else may get it.
func free(members []route.Member) (users []string) {
	for _, m := range members {
		if m.Active && !m.Away && (m.Capacity == 0 || m.Load < m.Capacity) {
			users = append(users, m.User)
		}
	}
	return users
}

// readByHand goes through the rows as the documentation says: the row that places
// the record, or "", and the tags that it has then.
func readByHand(lines []line, title string, tags []string, today string, pools map[string][]string, dan bool) (row string, grown []string) {
	grown = slices.Clone(tags)
	for _, l := range lines {
		if l.from != "" && today < l.from || l.until != "" && today > l.until || l.title != "" && l.title != title || l.tag != "" && !slices.Contains(grown, l.tag) {
			continue
		}
		ends := l.pool != "" || l.person != ""
		if l.pool != "" && len(pools[l.pool]) == 0 || l.person != "" && !dan {
			continue // nobody there: the row does nothing at all
		}
		if l.adds != "" && !slices.Contains(grown, l.adds) {
			grown = append(grown, l.adds)
		}
		if ends {
			return l.id, grown
		}
	}
	return "", grown
}

// TestATableIsReadFromTheTop compares random tables over random records and people
// with reading them by hand, and checks that a decision explains itself: what was
// passed, what was skipped and why, what was added, who was looked at.
func TestATableIsReadFromTheTop(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := drawLines(t)
		var rows []string
		for _, l := range lines {
			rows = append(rows, l.document())
		}
		table := compileIn(t, `{"object":"lead","rows":[`+strings.Join(rows, ",")+`],"fallback":{"user":"last"},"pools":[{"name":"p","hours":"preferred"},{"name":"q","hours":"ignored"}]}`)
		in := drawInput(t)
		title, _ := in.Values["f.title"].(string)
		tags, _ := in.Values["f.tags"].([]string)
		open := map[string][]string{"p": free(in.Pools["p"].Members), "q": free(in.Pools["q"].Members)}
		dan := free([]route.Member{in.People["dan"]})
		wantRow, wantTags := readByHand(lines, title, tags, in.Now.In(shanghai).Format(time.DateOnly), open, len(dan) == 1)

		d := route.Decide(table, in)
		if d.Row != wantRow {
			t.Fatalf("row %q, by hand %q: %+v", d.Row, wantRow, d)
		}
		got := slices.Clone(tags)
		for _, a := range d.Adds {
			got = append(got, a.Values...)
		}
		if !slices.Equal(got, wantTags) {
			t.Fatalf("tags %v, by hand %v", got, wantTags)
		}
		checkExplained(t, lines, d, open)
		needs := table.Needs(in)
		if d.Pool != "" && !slices.Contains(needs.Pools, d.Pool) {
			t.Fatalf("decided by pool %s, but only %v was asked for", d.Pool, needs.Pools)
		}
	})
}

// checkExplained asks that every row is told of once, up to the one that decided.
func checkExplained(t *rapid.T, lines []line, d route.Decision, open map[string][]string) {
	told := map[string]int{}
	for _, id := range d.Passed {
		told[id]++
	}
	for _, s := range d.Skipped {
		told[s.Row]++
		for _, c := range s.Candidates {
			if c.Eligible || c.Why == "" {
				t.Fatalf("row %s found nobody, but %s was eligible", s.Row, c.User)
			}
		}
	}
	for _, l := range lines {
		ends := l.pool != "" || l.person != ""
		if l.id == d.Row {
			break
		}
		if ends && told[l.id] != 1 || !ends && told[l.id] > 1 {
			t.Fatalf("row %s is told of %d times: %+v", l.id, told[l.id], d)
		}
	}
	if d.Pool != "" && !slices.Contains(open[d.Pool], d.Owner) {
		t.Fatalf("%s owns it, free were %v", d.Owner, open[d.Pool])
	}
	seen := map[string]bool{}
	for _, c := range d.Candidates {
		if seen[c.User] || c.Eligible != (c.Why == "") {
			t.Fatalf("candidate %+v of %+v", c, d.Candidates)
		}
		seen[c.User] = true
	}
	if d.Owner != "" && !seen[d.Owner] {
		t.Fatalf("%s owns it, but was not looked at: %+v", d.Owner, d)
	}
}

func drawInput(t *rapid.T) route.Input {
	in := route.Input{
		Now: time.Date(2026, 3, rapid.IntRange(8, 12).Draw(t, "day"), rapid.IntRange(0, 23).Draw(t, "hour"), 0, 0, 0, time.UTC), Values: map[string]any{},
		Pools:    map[string]route.PoolState{"p": {Members: drawMembers(t, "p"), Pointer: route.Pointer{Seq: 5}}, "q": {Members: drawMembers(t, "q")}},
		People:   map[string]route.Member{},
		Fallback: []route.Member{{User: "last", Active: true}},
	}
	if title := rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "title"); title != "" {
		in.Values["f.title"] = title
	}
	if tags := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"x", "y", "w"}), 0, 2, rapid.ID[string]).Draw(t, "tags"); len(tags) > 0 {
		in.Values["f.tags"] = tags
	}
	if dan := drawMembers(t, "dan"); len(dan) > 0 {
		in.People["dan"] = dan[0]
	}
	return in
}

// TestADecisionCanBeMadeAgain: what is recorded of a decision, after its way
// through JSON, decides the same, whatever else the record held.
func TestADecisionCanBeMadeAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var rows []string
		for _, l := range drawLines(t) {
			rows = append(rows, l.document())
		}
		sticky := rapid.Bool().Draw(t, "sticky")
		table := compileIn(t, fmt.Sprintf(`{"object":"lead","sticky":%v,"rows":[%s],"fallback":{"user":"last"},"pools":[{"name":"p","strategy":"weighted"},{"name":"q","strategy":"least_load"}]}`, sticky, strings.Join(rows, ",")))
		in := drawInput(t)
		in.Values["f.industry"] = "not read by any row"
		if rapid.Bool().Draw(t, "known") {
			in.Known = &route.Member{User: "known", Active: rapid.Bool().Draw(t, "active"), Away: rapid.Bool().Draw(t, "away")}
		}
		first := route.Decide(table, in)
		recorded, err := table.Record(in)
		if err != nil {
			t.Fatal(err)
		}
		if _, kept := recorded.Values["f.industry"]; kept {
			t.Fatal("a value is kept that no row reads")
		}
		raw, err := json.Marshal(recorded)
		if err != nil {
			t.Fatal(err)
		}
		var again route.Recorded
		if err := json.Unmarshal(raw, &again); err != nil {
			t.Fatal(err)
		}
		restored, err := table.Restore(again)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(first, route.Decide(table, restored)); diff != "" {
			t.Fatalf("(-first +again)\n%s\nof %s", diff, raw)
		}
	})
}

// TestWhoKnowsTheCustomer: in a sticky table the known owner comes before every
// row, as long as he is there; his desk being full does not matter.
func TestWhoKnowsTheCustomer(t *testing.T) {
	ann := route.Member{User: "ann", Active: true, InHours: true}
	for name, c := range map[string]struct {
		sticky, rows bool
		known        *route.Member
		owner        string
		reason       route.Reason
	}{
		"nobody knows him":              {true, true, nil, "ann", route.Reason(route.RoundRobin)},
		"somebody does":                 {true, true, &route.Member{User: "known", Active: true}, "known", route.KnownOwner},
		"with a full desk":              {true, true, &route.Member{User: "known", Active: true, Capacity: 1, Load: 9}, "known", route.KnownOwner},
		"outside hours":                 {true, true, &route.Member{User: "known", Active: true, InHours: false}, "known", route.KnownOwner},
		"who left":                      {true, true, &route.Member{User: "known"}, "ann", route.Reason(route.RoundRobin)},
		"who is on leave":               {true, true, &route.Member{User: "known", Active: true, Away: true}, "ann", route.Reason(route.RoundRobin)},
		"where the table does not care": {false, true, &route.Member{User: "known", Active: true}, "ann", route.Reason(route.RoundRobin)},
		"and no row fits":               {true, false, &route.Member{User: "known", Active: true}, "known", route.KnownOwner},
		"no row fits, he left":          {true, false, &route.Member{User: "known"}, "last", route.LastResort},
	} {
		when := ""
		if !c.rows {
			when = `职位 = \"nobody has it\"`
		}
		table := compile(t, fmt.Sprintf(`{"object":"lead","sticky":%v,"rows":[{"id":"r","when":"%s","then":{"pool":"p"}}],"fallback":{"user":"last"},"pools":[{"name":"p"}]}`, c.sticky, when))
		d := route.Decide(table, route.Input{
			Now: time.Unix(1_800_000_000, 0), Known: c.known, Fallback: []route.Member{{User: "last", Active: true}},
			Pools: map[string]route.PoolState{"p": {Members: []route.Member{ann}}},
		})
		if d.Owner != c.owner || d.Reason != c.reason {
			t.Errorf("%s: %s because of %s, want %s because of %s", name, d.Owner, d.Reason, c.owner, c.reason)
		}
	}
}

// TestTheLastResort: leave, hours and a full desk do not count there; an account
// that is closed cannot take anything, and then nobody owns the record.
func TestTheLastResort(t *testing.T) {
	table := compile(t, `{"object":"lead","rows":[{"id":"r","then":{"pool":"p"}}],"fallback":{"role":"leader"},"pools":[{"name":"p","hours":"required"}]}`)
	for name, c := range map[string]struct {
		people []route.Member
		owner  string
		reason route.Reason
	}{
		"one":                   {[]route.Member{{User: "a", Active: true}}, "a", route.LastResort},
		"on leave":              {[]route.Member{{User: "a", Active: true, Away: true}}, "a", route.LastResort},
		"full":                  {[]route.Member{{User: "a", Active: true, Capacity: 1, Load: 50}}, "a", route.LastResort},
		"several: the least":    {[]route.Member{{User: "a", Active: true, Load: 3}, {User: "b", Active: true, Load: 1}, {User: "c", Active: true, Load: 2}}, "b", route.LastResort},
		"the least who is here": {[]route.Member{{User: "a", Active: true, Load: 3}, {User: "b", Load: 1}}, "a", route.LastResort},
		"one who left":          {[]route.Member{{User: "a"}}, "", route.Nobody},
		"nobody":                {nil, "", route.Nobody},
	} {
		in := route.Input{Now: time.Unix(1_800_000_000, 0), Fallback: c.people, Pools: map[string]route.PoolState{"p": {Members: []route.Member{{User: "x", Active: true}}}}}
		before := fmt.Sprint(c.people)
		d := route.Decide(table, in)
		if d.Owner != c.owner || d.Reason != c.reason || !d.Fallback || d.Pointer != nil {
			t.Errorf("%s: %+v", name, d)
		}
		if after := fmt.Sprint(c.people); after != before {
			t.Errorf("%s: the people were changed from %s to %s", name, before, after)
		}
	}
}
