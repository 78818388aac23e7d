package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"
)

// Report is one database's figures. Memory is MB, sizes are bytes.
type Report struct {
	Database    string        `json:"database"`
	Rate        int           `json:"rate"`
	Steady      Load          `json:"steady"`
	Full16      Load          `json:"full_16"`
	Full64      Load          `json:"full_64"`
	CalmScreen  Screen        `json:"screen_at_20"`
	Screen      Screen        `json:"screen_at_rate"`
	Leads       int64         `json:"leads_sent"`
	RowsPerLead float64       `json:"rows_per_lead"`
	Thread      float64       `json:"thread_bytes_per_lead"`
	ThreadDisk  float64       `json:"thread_disk_bytes_per_lead"`
	Disk        float64       `json:"disk_bytes_per_lead"`
	IdleMemory  float64       `json:"idle_mb"`
	PeakMemory  float64       `json:"peak_mb"`
	StartEmpty  time.Duration `json:"start_empty_ns"`
	StartFull   time.Duration `json:"start_full_ns"`
	RawLeads    float64       `json:"raw_leads_per_second"`
	RawRows     float64       `json:"raw_rows_per_second"`
	RawAppends  float64       `json:"raw_appends_per_second"`
	RawReads    float64       `json:"raw_reads_per_second"` // of a snapshot with one row by its key
	Figures     []figure      `json:"figures,omitempty"`    // with -leads
}

// figure notes one figure beside what it should be.
func (r *Report) figure(name, side string, target, got float64, unit string) {
	met := got <= target
	if side == "≥" {
		met = got >= target
	}
	r.Figures = append(r.Figures, figure{name, fmt.Sprintf("%s %g", side, target), got, unit, met})
}

// middle is the median.
func middle(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// printFigures writes one table a database: figure, target, got, and whether it
// is met. The raw limit beside it says what a busy box leaves.
func printFigures(out io.Writer, reports []Report) {
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	defer w.Flush()
	for _, r := range reports {
		fmt.Fprintf(w, "\n%s\ttarget\tgot\t\n", r.Database)
		for _, f := range r.Figures {
			sign := "met"
			if !f.Met {
				sign = "MISSED"
			}
			fmt.Fprintf(w, "%s\t%s %s\t%.1f\t%s\n", f.Name, f.Target, f.Unit, f.Got, sign)
		}
		fmt.Fprintf(w, "raw limit, rows of a lead\t\t%.0f /s\t\n", r.RawLeads)
		fmt.Fprintf(w, "raw limit, point reads\t\t%.0f /s\t\n", r.RawReads)
	}
}

// printTable writes the reports side by side.
func printTable(out io.Writer, reports []Report) {
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	defer w.Flush()
	line := func(label string, of func(r Report) string) {
		fmt.Fprint(w, label)
		for _, r := range reports {
			fmt.Fprint(w, "\t", of(r))
		}
		fmt.Fprintln(w)
	}
	line("", func(r Report) string { return r.Database })
	load := func(label string, of func(r Report) Load) {
		line(label+": leads/s", func(r Report) string { return fmt.Sprintf("%.0f (%d failed)", of(r).PerSecond, of(r).Failed) })
		line("  p50 / p95 / p99, ms", func(r Report) string { l := of(r); return fmt.Sprintf("%.1f / %.1f / %.1f", l.P50, l.P95, l.P99) })
		line("  program's CPU, ms per lead", func(r Report) string { return fmt.Sprintf("%.2f", of(r).CPUPerLead) })
	}
	load("steady", func(r Report) Load { return r.Steady })
	load("16 senders", func(r Report) Load { return r.Full16 })
	load("64 senders", func(r Report) Load { return r.Full64 })
	line("raw limit, 64 senders: leads/s", func(r Report) string { return fmt.Sprintf("%.0f (%.0f rows/s)", r.RawLeads, r.RawRows) })
	line("  64 senders reach of it", func(r Report) string { return fmt.Sprintf("%.0f %%", 100*r.Full64.PerSecond/max(1, r.RawLeads)) })
	line("raw one-row appends/s, 1 sender", func(r Report) string { return fmt.Sprintf("%.0f", r.RawAppends) })
	show := func(label string, of func(r Report) Screen) {
		line(label, func(r Report) string { s := of(r); return fmt.Sprintf("%.0f / %.0f (%d seen)", s.P50, s.P95, s.Seen) })
	}
	show("answer → owner's screen at 20/s, p50 / p95 ms", func(r Report) Screen { return r.CalmScreen })
	show("answer → owner's screen, steady, p50 / p95 ms", func(r Report) Screen { return r.Screen })
	line("rows per lead", func(r Report) string { return fmt.Sprintf("%.1f", r.RowsPerLead) })
	line("thread, bytes per lead: content / on disk", func(r Report) string { return fmt.Sprintf("%.0f / %.0f", r.Thread, r.ThreadDisk) })
	line("everything on disk, bytes per lead", func(r Report) string { return fmt.Sprintf("%.0f", r.Disk) })
	line("memory idle / peak, MB", func(r Report) string { return fmt.Sprintf("%.0f / %.0f", r.IdleMemory, r.PeakMemory) })
	line("start empty / with the data", func(r Report) string {
		return fmt.Sprintf("%s / %s", r.StartEmpty.Round(time.Millisecond), r.StartFull.Round(time.Millisecond))
	})
}
