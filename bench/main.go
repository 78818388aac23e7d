// Command bench measures the whole program as a company meets it: the real
// binary as a process of its own, the demo's people, robots and vendors, and
// leads that arrive over HTTP with their real bodies and signatures.
//
//	make bench ARGS="[-json] [-for 15s] [-only embedded] [-leads 1000000]"
//
// With -leads it measures a company of that many leads instead: the demo's,
// multiplied inside the database (fill.go), and what people look at in it, each
// figure beside its target. BENCH_DIR keeps such a company for the next run; for a
// server's database that needs a server that stays, named by BENCH_POSTGRES.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// plan is what the flags say.
type plan struct {
	binary  string
	span    time.Duration // of one load
	rate    int           // leads a second of the open loop
	only    string
	part    string
	leads   int64 // of the company that is filled; 0 for none
	asJSON  bool
	verbose bool
}

func main() {
	var p plan
	flag.StringVar(&p.binary, "binary", "", "program to measure; built when empty")
	flag.DurationVar(&p.span, "for", 15*time.Second, "length of one load")
	flag.IntVar(&p.rate, "rate", 300, "leads a second of the steady load")
	flag.StringVar(&p.only, "only", "", "embedded or server: that database alone")
	flag.Int64Var(&p.leads, "leads", 0, "measure a company of so many leads: lists, homes, dashboards, intake; 0 measures an empty one's intake")
	flag.StringVar(&p.part, "part", "", "of a large company only this: lists, depth, singles, dashboards, searches or mixed")
	flag.BoolVar(&p.asJSON, "json", false, "print JSON")
	flag.BoolVar(&p.verbose, "v", false, "pass the program's log lines on")
	flag.Parse()
	if err := p.run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func (p plan) run(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "clew-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if p.binary == "" {
		p.binary = filepath.Join(dir, "clew")
		if out, err := exec.CommandContext(ctx, "go", "build", "-o", p.binary, "./cmd/clew").CombinedOutput(); err != nil {
			return fmt.Errorf("build: %w: %s", err, out)
		}
	}
	var reports []Report
	for _, d := range databases(dir, os.Getenv("BENCH_DIR"), os.Getenv("BENCH_POSTGRES")) {
		if p.only != "" && p.only != d.name {
			continue
		}
		fmt.Fprintln(os.Stderr, "measuring the", d.name, "database")
		report, err := p.measure(ctx, d)
		if err != nil {
			return fmt.Errorf("%s: %w", d.name, err)
		}
		reports = append(reports, report)
	}
	if p.asJSON {
		encoder := json.NewEncoder(os.Stdout)
		encoder.SetIndent("", " ")
		return encoder.Encode(reports)
	}
	if p.leads > 0 {
		printFigures(os.Stdout, reports)
	} else {
		printTable(os.Stdout, reports)
	}
	return nil
}

// measure is one database's whole run.
func (p plan) measure(ctx context.Context, d database) (Report, error) {
	r := Report{Database: d.name, Rate: p.rate}
	if err := d.prepare(ctx); err != nil {
		return r, err
	}
	defer d.remove(ctx)
	if p.leads > 0 {
		if err := p.measureFilled(ctx, d, &r); err != nil {
			return r, err
		}
		r.RowsPerLead = leadRows
		return r, r.raw(ctx, d.of("raw"), p.span/3)
	}
	empty, err := p.start(ctx, d.of("empty"), "serve", 0)
	if err != nil {
		return r, err
	}
	r.StartEmpty = empty.took
	empty.stop()
	if err := p.measureLoad(ctx, d.of("company"), &r); err != nil {
		return r, err
	}
	again, err := p.start(ctx, d.of("company"), "demo", 20)
	if err != nil {
		return r, err
	}
	r.StartFull = again.took
	again.stop()
	if err := r.sizes(ctx, d.of("company")); err != nil {
		return r, err
	}
	return r, r.raw(ctx, d.of("raw"), p.span/3)
}

// measureLoad runs the loads against one process.
func (p plan) measureLoad(ctx context.Context, at place, r *Report) error {
	s, err := p.start(ctx, at, "demo", 20)
	if err != nil {
		return err
	}
	defer s.stop()
	time.Sleep(2 * time.Second) // idle
	r.IdleMemory, _ = s.memory()
	senders := newSenders(s.url)
	screen, err := openScreen(ctx, s.url)
	if err != nil {
		return err
	}
	defer screen.close()
	senders.heard = screen.acknowledged
	senders.closedLoop(ctx, 4, 2*time.Second) // warms the program up
	senders.openLoop(ctx, 20, p.span/3)
	r.CalmScreen = screen.take()
	r.Steady = s.during(func() Load { return senders.openLoop(ctx, p.rate, p.span) })
	r.Screen = screen.take()
	r.Full16 = s.during(func() Load { return senders.closedLoop(ctx, 16, p.span) })
	r.Full64 = s.during(func() Load { return senders.closedLoop(ctx, 64, p.span) })
	_, r.PeakMemory = s.memory()
	r.Leads = senders.sent()
	return nil
}
