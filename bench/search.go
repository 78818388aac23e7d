package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"time"
)

// questions are what people type to find a record, as who reads his own, his
// people's and all records: a rare and a very common word, one character,
// initials, pinyin, digits, and nothing at all.
func questions() []page {
	var pages []page
	for _, as := range []string{"sales", "manager", "admin"} {
		for _, words := range []string{"苏州", "科技", "有限公司", "恒", "sz", "szhl", "suzhou", "suzho", "zhang", "wangjianguo", "1", "1700", "0000123", "13000012345", "example", "acme", "没有这家"} {
			pages = append(pages, page{"search " + words, as, "/api/v1/search?" + url.Values{"q": {words}}.Encode()})
		}
	}
	return pages
}

// searches are measured once the index holds all records of the company.
func (p plan) searches(ctx context.Context, _ *process, look *readers, r *Report) error {
	began := time.Now()
	if err := look.indexed(ctx); err != nil {
		return err
	}
	r.figure("  search: old records taken in", "≤", 3600, time.Since(began).Seconds(), "s")
	for _, one := range questions() {
		l, err := look.alone(ctx, one, 20)
		if err != nil {
			return err
		}
		r.figure(one.name+", "+one.as+", p95", "≤", 100, l.P95, "ms")
	}
	return nil
}

// indexed waits until the health page no longer says that records are taken in.
func (r *readers) indexed(ctx context.Context) error {
	for ctx.Err() == nil {
		var status map[string]any
		if err := r.get(ctx, "admin", "/api/v1/health/status", &status); err != nil {
			return err
		}
		if !strings.Contains(textOf(status), "search_filling") {
			return nil
		}
		time.Sleep(2 * time.Second)
	}
	return ctx.Err()
}

// settled waits until no clock is late: a company that is used again has those of
// the former run's leads due all at once.
func (r *readers) settled(ctx context.Context) error {
	for ctx.Err() == nil {
		var status struct {
			Facts []struct {
				Code  string `json:"code"`
				Value any    `json:"value"`
			} `json:"facts"`
		}
		if err := r.get(ctx, "admin", "/api/v1/health/status", &status); err != nil {
			return err
		}
		late, said := 0.0, false
		for _, fact := range status.Facts {
			if fact.Code == "clocks_late" {
				late, said = fact.Value.(float64)
			}
		}
		if !said {
			return errors.New("the health page does not say how late the clocks are")
		}
		if late == 0 {
			return nil
		}
		time.Sleep(time.Second)
	}
	return ctx.Err()
}

// textOf is an answer as text, in which a code can be looked for.
func textOf(answer map[string]any) string {
	text, err := json.Marshal(answer)
	if err != nil {
		return ""
	}
	return string(text)
}
