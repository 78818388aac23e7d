package metric_test

import (
	_ "embed"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/clewtest/office"
	"clew.dev/clew/internal/metric"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
)

//go:embed testdata/company.yaml
var documents string

// onBoth is the write path with the reactions that keep figures.
func onBoth(t *testing.T, test func(c *office.Company)) {
	t.Helper()
	people := map[string]string{"ann": "boss", "bob": "boss", "eve": "boss"}
	office.Each(t, documents, people, map[string]catalog.Compiler{"cycle": metric.CompileCycle}, func(c *office.Company) {
		c.Records.Reactions = []record.Reaction{
			metric.Stages(), metric.Reaction(), metric.FollowUps(), metric.Milestones(func() *record.Store { return c.Records }),
		}
		test(c)
	})
}

func field(c *office.Company, object, name string) *schema.Field {
	f, _ := c.Object(object).Field(name)
	return f
}

// told is a figure as a text; the roll-up's median is its bucket's, so it is
// compared by itself.
func told(f metric.Figures) string {
	line := func(c metric.Counts) string { return fmt.Sprint(c.Created, c.Touched, c.Within24h, c.Within30m) }
	text := "total " + line(f.Total)
	for _, from := range slices.Sorted(maps.Keys(f.BySource)) {
		text += fmt.Sprint("; ", from, " ", line(f.BySource[from]))
	}
	for _, d := range f.ByDay {
		text += fmt.Sprint("; ", d.Day, d.Source, d.Created)
	}
	return text
}

// TestRollUpsEqualTheRecords: after many random acts: made, touched early and
// late, passed on, sorted under another source, deleted and restored.
func TestRollUpsEqualTheRecords(t *testing.T) {
	onBoth(t, func(c *office.Company) {
		random := rand.New(rand.NewPCG(3, 9))
		var ids, gone []string
		people, sources := []any{c.IDs["ann"], c.IDs["bob"], nil}, []any{"官网", "展会", nil}
		for range 150 {
			c.Clock.Advance(time.Duration(random.IntN(200)) * time.Minute)
			at := random.IntN(max(1, len(ids)))
			switch act := random.IntN(10); {
			case act < 4 || len(ids) == 0:
				ids = append(ids, c.Create("eve", "lead", map[string]any{"owner": people[random.IntN(3)], "source": sources[random.IntN(3)], "status": "新"}))
			case act < 6:
				moment := c.Clock.Now().Add(-time.Duration(random.IntN(3000)) * time.Minute)
				c.Edit("eve", "lead", ids[at], map[string]any{"first_at": moment.Format(time.RFC3339)})
			case act == 6:
				c.Edit("eve", "lead", ids[at], map[string]any{"owner": people[random.IntN(3)], "source": sources[random.IntN(3)]})
			case act == 7:
				c.Edit("eve", "lead", ids[at], map[string]any{"first_at": nil})
			case act == 8:
				c.Delete("eve", "lead", ids[at])
				gone, ids = append(gone, ids[at]), slices.Delete(ids, at, at+1)
			case len(gone) > 0:
				c.Restore("eve", "lead", gone[0])
				ids, gone = append(ids, gone[0]), gone[1:]
			}
		}
		zone := c.Catalog.Current().Zone()
		want := metric.Count(c.Rows("lead"), field(c, "lead", "source"), field(c, "lead", "first_at"), zone)
		c.Read(func(tx *sqldb.Tx) error {
			got, err := metric.Read(tx, metric.Range{Object: "t.lead", From: "2026-01-01", To: "2027-01-01"})
			c.Same("figures", told(got), told(want))
			for from, counts := range want.BySource {
				near(c, from, got.BySource[from].Median, counts.Median)
			}
			near(c, "total", got.Total.Median, want.Total.Median)
			return err
		})
		for _, who := range []string{"ann", "bob"} {
			rows := slices.DeleteFunc(c.Rows("lead"), func(row queryRow) bool { return row.Values["t.lead.owner"] != c.IDs[who] })
			want := metric.Count(rows, field(c, "lead", "source"), field(c, "lead", "first_at"), zone)
			c.Read(func(tx *sqldb.Tx) error {
				got, err := metric.Read(tx, metric.Range{Object: "t.lead", From: "2026-01-01", To: "2027-01-01", Owners: []string{c.IDs[who]}})
				c.Same(who, told(got), told(want))
				return err
			})
		}
	})
}

// near compares medians, of which the roll-up knows the bucket.
func near(c *office.Company, what string, got, want *time.Duration) {
	c.Helper()
	if (got == nil) != (want == nil) {
		c.Errorf("%s: median %v, want %v", what, got, want)
		return
	}
	if want == nil || *want <= 2*time.Second && *got <= 2*time.Second {
		return
	}
	if off := float64(*got)/float64(*want) - 1; off > 0.0501 || off < -0.0501 {
		c.Errorf("%s: median %v, want %v", what, *got, *want)
	}
}

// TestARangeIsOfDaysOwnersAndSources: both days included, nobody is not everybody.
func TestARangeIsOfDaysOwnersAndSources(t *testing.T) {
	onBoth(t, func(c *office.Company) {
		for i, one := range []struct {
			after         time.Duration
			owner, source any
		}{
			{0, c.IDs["ann"], "官网"},                // 3 March, noon
			{12*time.Hour - 1, c.IDs["bob"], "展会"}, // a moment before midnight
			{1, c.IDs["ann"], nil},                 // 4 March, midnight
			{24 * time.Hour, nil, "官网"},            // 5 March
		} {
			c.Clock.Advance(one.after)
			c.Create("eve", "lead", map[string]any{"name": fmt.Sprint(i), "owner": one.owner, "source": one.source})
		}
		for _, one := range []struct {
			name string
			r    metric.Range
			want int64
		}{
			{"all", metric.Range{From: "2026-03-03", To: "2026-03-05"}, 4},
			{"one day", metric.Range{From: "2026-03-03", To: "2026-03-03"}, 2},
			{"the next", metric.Range{From: "2026-03-04", To: "2026-03-04"}, 1},
			{"the wrong way round", metric.Range{From: "2026-03-05", To: "2026-03-03"}, 0},
			{"a source", metric.Range{From: "2026-03-03", To: "2026-03-05", Source: "t.lead.source.web"}, 2},
			{"one owner", metric.Range{From: "2026-03-03", To: "2026-03-05", Owners: []string{c.IDs["ann"]}}, 2},
			{"two owners", metric.Range{From: "2026-03-03", To: "2026-03-05", Owners: []string{c.IDs["ann"], c.IDs["bob"]}}, 3},
			{"nobody's", metric.Range{From: "2026-03-03", To: "2026-03-05", Owners: []string{""}}, 1},
			{"no owners at all", metric.Range{From: "2026-03-03", To: "2026-03-05", Owners: []string{}}, 0},
			{"an owner and a source", metric.Range{From: "2026-03-03", To: "2026-03-05", Owners: []string{c.IDs["bob"]}, Source: "t.lead.source.web"}, 0},
			{"SQL for a source", metric.Range{From: "2026-03-03", To: "2026-03-05", Source: "' OR 1=1 --"}, 0},
			{"another object", metric.Range{Object: "t.deal", From: "2026-03-03", To: "2026-03-05"}, 0},
		} {
			if one.r.Object == "" {
				one.r.Object = "t.lead"
			}
			c.Read(func(tx *sqldb.Tx) error {
				f, err := metric.Read(tx, one.r)
				days := int64(0)
				for _, d := range f.ByDay {
					days += d.Created
				}
				c.Same(one.name, fmt.Sprint(f.Total.Created, days), fmt.Sprint(one.want, one.want))
				return err
			})
		}
	})
}

// TestFollowUpsEqualTheirRecords: done, due and kept, by person, action and day,
// after some were corrected, deleted and restored.
func TestFollowUpsEqualTheirRecords(t *testing.T) {
	onBoth(t, func(c *office.Company) {
		random := rand.New(rand.NewPCG(5, 1))
		lead := c.Create("eve", "lead", map[string]any{"name": "x"})
		var ids []string
		for range 60 {
			c.Clock.Advance(time.Duration(random.IntN(400)) * time.Minute)
			values := map[string]any{"lead": lead, "by": c.IDs[[]string{"ann", "bob"}[random.IntN(2)]], "at": c.Clock.Now().Format(time.RFC3339), "action": []any{"电话", "拜访", nil}[random.IntN(3)]}
			if random.IntN(2) == 0 {
				values["promised_at"], values["kept"] = c.Clock.Now().Format(time.RFC3339), random.IntN(2) == 0
			}
			if random.IntN(8) == 0 {
				values["at"] = nil
			}
			ids = append(ids, c.Create("ann", "call", values))
		}
		for i, id := range ids {
			switch i % 6 {
			case 1:
				c.Edit("ann", "call", id, map[string]any{"by": c.IDs["eve"], "kept": nil})
			case 2:
				c.Delete("ann", "call", id)
			case 3:
				c.Delete("ann", "call", id)
				c.Restore("ann", "call", id)
			case 4:
				c.Edit("ann", "call", id, map[string]any{"at": c.Clock.Now().Format(time.RFC3339), "text": "x"})
			}
		}
		fields := metric.FollowUpFieldsOf(c.Object("call"))
		want := metric.CountFollowUps(c.Rows("call"), fields, c.Catalog.Current().Zone())
		c.Read(func(tx *sqldb.Tx) error {
			got, err := metric.ReadFollowUps(tx, metric.Range{Object: "t.call", From: "2026-01-01", To: "2027-01-01", Source: "ignored"})
			c.Same("figures", fmt.Sprint(got), fmt.Sprint(want))
			hers, herr := metric.ReadFollowUps(tx, metric.Range{Object: "t.call", From: "2026-01-01", To: "2027-01-01", Owners: []string{c.IDs["eve"]}})
			c.Same("eve's", hers.Total, want.ByPerson[c.IDs["eve"]])
			c.Must(herr)
			return err
		})
		if want.Total.Done == 0 || want.Total.Due == 0 || want.Total.Kept == 0 || want.Total.Kept == want.Total.Due {
			t.Errorf("the oracle is empty: %+v", want.Total)
		}
	})
}

// TestStaysAtAStage: since when it stands there, every stay before, and when it closed.
func TestStaysAtAStage(t *testing.T) {
	onBoth(t, func(c *office.Company) {
		id := c.Create("eve", "lead", map[string]any{"status": "新"})
		blank := c.Create("eve", "lead", map[string]any{"name": "x"})
		for _, status := range []any{"跟进中", "跟进中", "战败", nil, "新"} {
			c.Clock.Advance(time.Hour)
			c.Edit("eve", "lead", id, map[string]any{"status": status, "name": fmt.Sprint(status)})
			closed := c.Value("lead", id, "closed_at")
			if (status == "战败") != (closed == c.Clock.Now().Format(time.RFC3339)) {
				t.Errorf("%v: closed at %q", status, closed)
			}
		}
		c.Same("since", c.Value("lead", id, "since"), office.Noon().Add(5*time.Hour).Format(time.RFC3339))
		c.Read(func(tx *sqldb.Tx) error {
			visits, err := metric.Visits(tx, id)
			var stays []string
			for _, v := range visits {
				stay := strings.TrimPrefix(v.Choice, "t.lead.status.") + "+" + v.Entered.Sub(office.Noon()).String()
				if !v.Left.IsZero() {
					stay += "-" + v.Left.Sub(office.Noon()).String()
				}
				stays = append(stays, stay)
			}
			c.Same("stays", strings.Join(stays, " "), "new+0s-1h0m0s working+1h0m0s-3h0m0s lost+3h0m0s-4h0m0s +4h0m0s-5h0m0s new+5h0m0s")
			first, ferr := metric.Visits(tx, blank)
			c.Same("without a stage", fmt.Sprint(len(first), first[0].Choice, ferr), "1<nil>")
			return err
		})
	})
}
