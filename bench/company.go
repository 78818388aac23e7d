package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// filled is a company of so many leads: that of an earlier run, where BENCH_DIR
// (and for a server's database BENCH_POSTGRES) keeps it, or a new one.
func (p plan) filled(ctx context.Context, d database) (place, error) {
	at := d.of(fmt.Sprintf("filled_%d", p.leads))
	mark := filepath.Join(at.dir, "filled")
	if _, err := os.Stat(mark); err == nil {
		return at, nil
	}
	if err := errors.Join(os.RemoveAll(at.dir), os.MkdirAll(at.dir, 0o700)); err != nil {
		return at, err
	}
	name := filepath.Base(at.url)
	for _, statement := range []string{"DROP DATABASE IF EXISTS " + name + " WITH (FORCE)", "CREATE DATABASE " + name} {
		if err := d.execute(ctx, statement); err != nil {
			return at, err
		}
	}
	began := time.Now()
	s, err := p.start(ctx, at, "demo", baseLeads)
	if err != nil {
		return at, err
	}
	s.stop()
	if err := fill(ctx, at, p.leads); err != nil {
		return at, err
	}
	fmt.Fprintf(os.Stderr, "%s: filled with %d leads in %.0f s\n", d.name, p.leads, time.Since(began).Seconds())
	return at, os.WriteFile(mark, nil, 0o600)
}

// figure is one that is to be reached.
type figure struct {
	Name   string  `json:"name"`
	Target string  `json:"target"`
	Got    float64 `json:"got"`
	Unit   string  `json:"unit"`
	Met    bool    `json:"met"`
}

// measureFilled is what people and senders meet in a company of many leads.
func (p plan) measureFilled(ctx context.Context, d database, r *Report) error {
	at, err := p.filled(ctx, d)
	if err != nil {
		return err
	}
	s, err := p.start(ctx, at, "demo", baseLeads)
	if err != nil {
		return err
	}
	defer s.stop()
	r.figure("start", "≤", 2000, milliseconds(s.took), "ms")
	time.Sleep(5 * time.Second)
	idle, _ := s.memory()
	r.figure("memory idle", "≤", 80, idle, "MB")
	look, err := logInAll(s.url)
	if err != nil {
		return err
	}
	for _, part := range []struct {
		name    string
		measure func(context.Context, *process, *readers, *Report) error
	}{
		{"lists", p.lists}, {"depth", p.depth}, {"singles", p.singles},
		{"dashboards", p.dashboards}, {"searches", p.searches}, {"mixed", p.mixed},
	} {
		if p.part != "" && p.part != part.name {
			continue
		}
		if err := part.measure(ctx, s, look, r); err != nil {
			return err
		}
	}
	return nil
}

// lists are read by one reader, each list by itself, and by eight at a time.
func (p plan) lists(ctx context.Context, s *process, look *readers, r *Report) error {
	for _, one := range lists() {
		l, err := look.alone(ctx, one, 30)
		if err != nil {
			return err
		}
		r.figure("list "+one.name+", p95", "≤", 40, l.P95, "ms")
	}
	before := s.processor()
	l, err := look.together(ctx, 8, lists(), p.span)
	if err != nil {
		return err
	}
	r.figure("lists, 8 readers: p95", "≤", 40, l.P95, "ms")
	r.figure("lists, 8 readers: a second", "≥", 500, l.PerSecond, "/s")
	r.figure("  program's CPU for a list", "≤", 4, milliseconds(s.processor()-before)/max(1, l.PerSecond*p.span.Seconds()), "ms")
	return nil
}

// depth compares the first page with the one that a cursor gives much later.
func (p plan) depth(ctx context.Context, _ *process, look *readers, r *Report) error {
	first := list("all, newest", "manager", "-created_at", "")
	pages := int(min(10_000, p.leads/50*9/10))
	far, err := look.deep(ctx, first, pages)
	if err != nil {
		return err
	}
	var near, deep []float64
	for range 20 { // in turns, so that both meet the same neighbours
		for _, side := range []struct {
			p    page
			took *[]float64
		}{{first, &near}, {far, &deep}} {
			l, err := look.alone(ctx, side.p, 5)
			if err != nil {
				return err
			}
			*side.took = append(*side.took, l.P50)
		}
	}
	r.figure("page 1", "≤", 40, middle(near), "ms")
	r.figure(fmt.Sprintf("page %d against page 1", pages), "≤", 120, 100*middle(deep)/middle(near), "%")
	return nil
}

// singles are a record's page, homes and the rest that opens at a click.
func (p plan) singles(ctx context.Context, _ *process, look *readers, r *Report) error {
	var found struct {
		Items []struct {
			ID string `json:"id"`
		} `json:"items"`
	}
	if err := look.get(ctx, "sales", leads+"sort=-created_at", &found); err != nil {
		return err
	}
	if len(found.Items) == 0 {
		return errors.New("the seller has no leads")
	}
	record := "/api/v1/records/lead/" + found.Items[len(found.Items)/2].ID
	whole := 0.0
	for _, part := range []string{"", "/thread", "/clocks", "/why", "/related"} {
		l, err := look.alone(ctx, page{"record" + part, "sales", record + part}, 20)
		if err != nil {
			return err
		}
		whole += l.P95
	}
	r.figure("record page, all its requests, p95", "≤", 60, whole, "ms")
	for _, one := range []page{
		{"home, seller", "sales", "/api/v1/home"}, {"home, leader", leader, "/api/v1/home"}, {"home, manager", "manager", "/api/v1/home"},
		{"inbox", "sales", "/api/v1/inbox"}, {"channels", "admin", "/api/v1/channels"}, {"health page", "admin", "/api/v1/health/status"},
	} {
		l, err := look.alone(ctx, one, 20)
		if err != nil {
			return err
		}
		r.figure(one.name+", p95", "≤", 60, l.P95, "ms")
	}
	return nil
}

// dashboards are read warm, and then until they show leads that just came.
func (p plan) dashboards(ctx context.Context, s *process, look *readers, r *Report) error {
	const path = "/api/v1/dashboards/lead-health"
	for _, as := range []string{leader, "manager"} {
		if _, err := look.alone(ctx, page{"", as, path}, 2); err != nil {
			return err
		}
		l, err := look.alone(ctx, page{"", as, path}, 20)
		if err != nil {
			return err
		}
		r.figure("dashboard warm, "+as+", p95", "≤", 50, l.P95, "ms")
	}
	count := func() (n float64, err error) {
		var view struct {
			Totals struct {
				Leads float64 `json:"leads"`
			} `json:"totals"`
		}
		err = look.get(ctx, "manager", path, &view)
		return view.Totals.Leads, err
	}
	before, err := count()
	if err != nil {
		return err
	}
	// Several, for the first may meet a lead that is there.
	if newSenders(s.url).closedLoop(ctx, 1, 200*time.Millisecond).Failed > 0 {
		return errors.New("a lead was not taken")
	}
	began := time.Now()
	for now := before; now == before && time.Since(began) < 10*time.Second; {
		if now, err = count(); err != nil {
			return err
		}
	}
	r.figure("dashboard right after a change", "≤", 1000, milliseconds(time.Since(began)), "ms")
	return nil
}

// mixed is intake at a steady rate while eight readers page, and at full speed.
func (p plan) mixed(ctx context.Context, s *process, look *readers, r *Report) error {
	if err := look.settled(ctx); err != nil {
		return err
	}
	senders := newSenders(s.url)
	reading, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	var read Load
	go func() {
		var err error
		read, err = look.together(reading, 8, lists(), time.Hour)
		done <- err
	}()
	steady := s.during(func() Load { return senders.openLoop(ctx, p.rate, p.span) })
	stop()
	if err := <-done; err != nil {
		return err
	}
	r.figure(fmt.Sprintf("intake at %d/s beside 8 readers, p99", p.rate), "≤", 60, steady.P99, "ms")
	r.figure("  p50", "≤", 60, steady.P50, "ms")
	r.figure("  p95", "≤", 60, steady.P95, "ms")
	r.figure("  lists a second beside it", "≥", 0, read.PerSecond, "/s")
	target := 1500.0
	if r.Database == server {
		target = 800
	}
	full := s.during(func() Load { return senders.closedLoop(ctx, 64, p.span) })
	r.figure("intake, 64 senders", "≥", target, full.PerSecond, "/s")
	r.figure("  program's CPU for a lead", "≤", 0.6, full.CPUPerLead, "ms")
	r.figure("  leads not taken", "≤", 0, float64(steady.Failed+full.Failed), "")
	return nil
}
