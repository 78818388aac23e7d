package metric

import (
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
	"pgregory.net/rapid"
)

// threeSteps is a cycle from created_at over a moment and two days.
func threeSteps() *Cycle {
	return &Cycle{Steps: []Step{
		{Until: &schema.Field{ID: "touch", Type: "datetime"}}, {Until: &schema.Field{ID: "sign", Type: "date"}}, {Until: &schema.Field{ID: "pay", Type: "date"}},
	}}
}

func at(text string) time.Time {
	t, err := time.Parse("2006-01-02T15:04Z", text)
	if err != nil {
		panic(err)
	}
	return t
}

// TestDaysOfACycle: by the company's calendar, not by hours; what is missing or
// out of order takes no days, and the steps add up to the whole.
func TestDaysOfACycle(t *testing.T) {
	shanghai := time.FixedZone("CST", 8*3600)
	for _, one := range []struct {
		name    string
		created string
		values  map[string]any
		want    string
	}{
		{"one after the other", "2026-03-01T02:00Z", map[string]any{"touch": at("2026-03-03T02:00Z"), "sign": schema.Date("2026-03-10"), "pay": schema.Date("2026-04-01")}, "[2 7 22]"},
		{"nothing reached", "2026-03-01T02:00Z", nil, "[0 0 0]"},
		{"a minute before midnight and one after", "2026-03-01T15:59Z", map[string]any{"touch": at("2026-03-01T16:01Z")}, "[1 0 0]"},
		{"almost a day within one", "2026-03-01T16:00Z", map[string]any{"touch": at("2026-03-02T15:59Z")}, "[0 0 0]"},
		{"a step in between is missing", "2026-03-01T02:00Z", map[string]any{"touch": at("2026-03-02T02:00Z"), "pay": schema.Date("2026-03-12")}, "[1 0 10]"},
		{"one before the one that precedes it", "2026-03-05T02:00Z", map[string]any{"touch": at("2026-03-09T02:00Z"), "sign": schema.Date("2026-03-07"), "pay": schema.Date("2026-03-10")}, "[4 0 1]"},
		{"paid before it was made", "2026-03-05T02:00Z", map[string]any{"pay": schema.Date("2026-01-01")}, "[0 0 0]"},
		{"over a leap day", "2028-02-28T02:00Z", map[string]any{"pay": schema.Date("2028-03-01")}, "[0 0 2]"},
		{"over a year's end", "2026-12-31T02:00Z", map[string]any{"pay": schema.Date("2027-01-01")}, "[0 0 1]"},
		{"a value that is no moment", "2026-03-01T02:00Z", map[string]any{"touch": "soon", "pay": schema.Date("")}, "[0 0 0]"},
	} {
		var laps Laps
		laps.Add(threeSteps(), query.Row{CreatedAt: at(one.created), Values: one.values}, shanghai)
		if got := fmt.Sprint(laps.Steps); got != one.want || laps.Records != 1 {
			t.Errorf("%s: %s of %d, want %s", one.name, got, laps.Records, one.want)
		}
	}
}

// TestARecordWithoutABeginningCountsNot: a cycle from a field that is blank.
func TestARecordWithoutABeginningCountsNot(t *testing.T) {
	c := threeSteps()
	c.From = &schema.Field{ID: "from", Type: "date"}
	var laps Laps
	laps.Add(c, query.Row{CreatedAt: at("2026-03-01T02:00Z"), Values: map[string]any{"pay": schema.Date("2026-03-09")}}, time.UTC)
	if laps.Records != 0 || laps.Total() != 0 {
		t.Errorf("counted %+v", laps)
	}
	laps.Add(c, query.Row{Values: map[string]any{"from": schema.Date("2026-03-01"), "pay": schema.Date("2026-03-09")}}, time.UTC)
	if laps.Records != 1 || laps.Total() != 8 {
		t.Errorf("counted %+v", laps)
	}
}

// Property: the steps add up to the days from the beginning to the last
// milestone that was reached in order, whatever is missing.
func TestStepsAddUpToTheWhole(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		values, last := map[string]any{}, 0
		for _, id := range []string{"touch", "sign", "pay"} {
			day := rapid.IntRange(-5, 60).Draw(r, id)
			if day == -5 {
				continue
			}
			moment := from.AddDate(0, 0, day)
			values[id] = any(schema.Date(moment.Format(time.DateOnly)))
			if id == "touch" {
				values[id] = moment
			}
			last = max(last, day)
		}
		var laps Laps
		laps.Add(threeSteps(), query.Row{CreatedAt: from, Values: values}, time.UTC)
		if laps.Total() != int64(last) {
			r.Fatalf("%v adds up to %v, want %d", values, laps.Steps, last)
		}
		for _, days := range laps.Steps {
			if days < 0 {
				r.Fatalf("%v", laps.Steps)
			}
		}
	})
}

// TestAveragesAreRoundedOnce: to one digit, half away from zero; nothing is not nought.
func TestAveragesAreRoundedOnce(t *testing.T) {
	for _, one := range []struct {
		days, records int64
		want          string
	}{
		{0, 0, ""}, {5, 0, ""}, {0, 5, "0.0"}, {10, 4, "2.5"}, {1, 3, "0.3"}, {2, 3, "0.7"}, {1, 20, "0.1"}, {1, 21, "0.0"}, {25, 100, "0.3"},
		{24, 100, "0.2"}, {1_000_000_000_000, 3, "333333333333.3"},
	} {
		if got := Average(one.days, one.records); got != one.want {
			t.Errorf("%d days of %d: %q, want %q", one.days, one.records, got, one.want)
		}
	}
}

// TestCompression: by how much a cycle became shorter, or longer.
func TestCompression(t *testing.T) {
	for _, one := range []struct {
		name                           string
		days, records, earlier, former int64
		want                           string
	}{
		{"half", 50, 10, 100, 10, "50.0"},
		{"as long", 100, 10, 10, 1, "0.0"},
		{"twice as long", 200, 10, 100, 10, "-100.0"},
		{"no time at all", 0, 10, 100, 10, "100.0"},
		{"of other numbers of records", 90, 30, 100, 20, "40.0"},
		{"thirds", 2, 3, 1, 1, "33.3"},
		{"nothing now", 0, 0, 100, 10, ""},
		{"nothing then", 50, 10, 0, 0, ""},
		{"no days then", 50, 10, 0, 10, ""},
		{"half a tenth", 9995, 10000, 1, 1, "0.1"},
		{"half a tenth longer", 10005, 10000, 1, 1, "-0.1"},
	} {
		if got := Compression(one.days, one.records, one.earlier, one.former); got != one.want {
			t.Errorf("%s: %q, want %q", one.name, got, one.want)
		}
	}
}

// Property: an average is the exact quotient to one digit, by another arithmetic.
func TestAveragesAreExact(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		days, records := rapid.Int64Range(0, 1<<50).Draw(r, "days"), rapid.Int64Range(1, 1<<30).Draw(r, "records")
		tenths := new(big.Int).Mul(big.NewInt(days), big.NewInt(20))
		tenths.Add(tenths, big.NewInt(records)).Quo(tenths, new(big.Int).Mul(big.NewInt(2), big.NewInt(records)))
		text := tenths.String()
		if len(text) == 1 {
			text = "0" + text
		}
		want := text[:len(text)-1] + "." + text[len(text)-1:]
		if got := Average(days, records); got != want {
			r.Fatalf("%d of %d: %s, want %s", days, records, got, want)
		}
	})
}

// Property: the median of a histogram is that of its values within a bucket's
// width, and what was taken out again counts no more.
func TestTheMedianOfAHistogram(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		seconds := rapid.SliceOfN(rapid.Int64Range(2, 1<<22), 1, 50).Draw(r, "seconds")
		h, all := histogram{}, make([]time.Duration, 0, len(seconds))
		for _, n := range seconds {
			d := time.Duration(n) * time.Second
			h[bucketOf(d)]++
			all = append(all, d)
		}
		for _, gone := range rapid.SliceOf(rapid.Int64Range(2, 1<<22)).Draw(r, "gone") {
			b := bucketOf(time.Duration(gone) * time.Second)
			h[b]++
			h[b]--
		}
		exact, got := middle(all), h.median()
		if off := float64(*got)/float64(*exact) - 1; off > 0.0501 || off < -0.0501 {
			r.Fatalf("median %v of %v, want %v", got, seconds, exact)
		}
	})
}

// TestCountsOfRecords: the figures that lists are compared with, computed from
// the records themselves.
func TestCountsOfRecords(t *testing.T) {
	source, first := &schema.Field{ID: "source"}, &schema.Field{ID: "first"}
	created := at("2026-03-01T15:30Z") // 23:30 in Shanghai
	row := func(from string, after time.Duration, response time.Duration) query.Row {
		values := map[string]any{}
		if from != "" {
			values["source"] = from
		}
		if response >= 0 {
			values["first"] = created.Add(after + response)
		}
		return query.Row{CreatedAt: created.Add(after), Values: values}
	}
	figures := Count([]query.Row{
		row("web", 0, 30*time.Minute), row("web", 0, 30*time.Minute+1), row("web", time.Hour, 24*time.Hour), row("expo", 0, 24*time.Hour+1),
		row("expo", time.Hour, -1), row("", 0, 0),
	}, source, first, time.FixedZone("CST", 8*3600))
	if total := figures.Total; total.Created != 6 || total.Touched != 5 || total.Within24h != 4 || total.Within30m != 2 || *total.Median != 30*time.Minute+1 {
		t.Errorf("total %+v", total)
	}
	if web := figures.BySource["web"]; web.Created != 3 || web.Within24h != 3 || web.Within30m != 1 || *web.Median != 30*time.Minute+1 {
		t.Errorf("web %+v", web)
	}
	if none := figures.BySource[""]; none.Created != 1 || none.Touched != 1 || none.Within30m != 1 || *none.Median != 0 {
		t.Errorf("without a source %+v", none)
	}
	var days []string
	for _, d := range figures.ByDay {
		days = append(days, fmt.Sprint(d.Day, " ", d.Source, " ", d.Created))
	}
	if got, want := strings.Join(days, "; "), "2026-03-01  1; 2026-03-01 expo 1; 2026-03-01 web 2; 2026-03-02 expo 1; 2026-03-02 web 1"; got != want {
		t.Errorf("days %s, want %s", got, want)
	}
	if empty := Count(nil, source, first, time.UTC); empty.Total.Median != nil || empty.Total.Created != 0 || len(empty.ByDay) != 0 {
		t.Errorf("nothing gives %+v", empty)
	}
}

// TestTheBusiestComesFirst: and those who did as much by their names.
func TestTheBusiestComesFirst(t *testing.T) {
	got := Busiest(map[string]FollowUpCounts{"b": {Done: 2}, "a": {Done: 2}, "c": {Done: 5}, "d": {Done: 1, Due: 9}})
	if strings.Join(got, " ") != "c a b d" {
		t.Errorf("got %v", got)
	}
}
