package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// page is one thing that people look at.
type page struct {
	name string
	as   string // whose log-in
	path string
}

// leader is one of the demo's team leaders.
const leader = "xu.jianguo"

const leads = "/api/v1/records/lead?limit=50&"

// columns are those of the usual view, which the browser asks for.
const columns = "company,contact,phone,source,product,intent,score,stars,status,owner,next_due,created_at"

// list is a page of leads.
func list(name, as, sort, filter string) page {
	return page{name, as, leads + url.Values{"sort": {sort}, "filter": {filter}, "fields": {columns}}.Encode()}
}

// lists are everyday pages with each role's scope: his own records, his
// department's, everybody's; with filters and in orders that people use.
func lists() []page {
	const open = "NOT status IN (已成交, 已战败, 无效)"
	return []page{
		list("own, newest", "sales", "-created_at", ""),
		list("own, open, by next action", "sales", "next_due,-score", "owner=ME() AND "+open+" AND (ISBLANK(next_due) OR next_due <= TODAY())"),
		list("own, one source, by score", "sales", "-score", "source=官网"),
		list("own, lost, oldest", "sales", "created_at", "status=已战败"),
		list("team, newest", leader, "-created_at", ""),
		list("team, open, by score", leader, "-score", open),
		list("team, one source and region", leader, "-created_at", "source=抖音 AND region=华东"),
		list("team, overdue", leader, "overdue_since", "NOT ISBLANK(overdue_since) AND "+open),
		list("all, newest", "manager", "-created_at", ""),
		list("all, by score", "manager", "-score", ""),
		list("all, one status", "manager", "-created_at", "status=跟进中"),
		list("all, one source, by score", "manager", "-score", "source=展会"),
		list("all, unassigned", "manager", "-created_at", "ISBLANK(owner) AND "+open),
		list("all, by company", "manager", "company", ""),
		list("all, budget over 300,000", "manager", "-created_at", "budget > 300000"),
	}
}

// readers look at pages with people's log-ins.
type readers struct {
	url     string
	client  *http.Client
	cookies map[string]string
}

func logInAll(address string) (*readers, error) {
	r := &readers{url: address, cookies: map[string]string{}, client: &http.Client{
		Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: inFlight, DisableCompression: true},
	}}
	for _, name := range []string{"sales", leader, "manager", "admin", "marketing"} {
		cookie, err := logIn(address, name+"@demo.example")
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		r.cookies[name] = cookie
	}
	return r, nil
}

// get reads a page; body is nil when only its arrival counts.
func (r *readers) get(ctx context.Context, as, path string, body any) error {
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, r.url+path, nil)
	if err != nil {
		return err
	}
	q.Header.Set("Cookie", r.cookies[as])
	answer, err := r.client.Do(q)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(answer.Body, 500))
		return fmt.Errorf("%s as %s: %s %s", path, as, answer.Status, text)
	}
	if body != nil {
		return json.NewDecoder(answer.Body).Decode(body)
	}
	_, err = io.Copy(io.Discard, answer.Body)
	return err
}

// alone reads one page so often, one after the other.
func (r *readers) alone(ctx context.Context, p page, often int) (Load, error) {
	taken := &times{}
	began := time.Now()
	for range often {
		from := time.Now()
		if err := r.get(ctx, p.as, p.path, nil); err != nil {
			return Load{}, err
		}
		taken.note(time.Since(from), true)
	}
	return taken.load(time.Since(began)), nil
}

// together lets n readers go round the pages until ctx ends or d is over.
func (r *readers) together(ctx context.Context, n int, pages []page, d time.Duration) (Load, error) {
	taken := &times{}
	var group sync.WaitGroup
	var failed atomic.Pointer[error]
	began := time.Now()
	for i := range n {
		group.Go(func() {
			for k := i; time.Since(began) < d && ctx.Err() == nil && failed.Load() == nil; k++ {
				p, from := pages[k%len(pages)], time.Now()
				err := r.get(ctx, p.as, p.path, nil)
				if err != nil && ctx.Err() == nil {
					failed.Store(&err)
				}
				taken.note(time.Since(from), err == nil)
			}
		})
	}
	group.Wait()
	if err := failed.Load(); err != nil {
		return Load{}, *err
	}
	return taken.load(time.Since(began)), nil
}

// deep is a page of 50 so many pages further on in a list.
func (r *readers) deep(ctx context.Context, p page, pages int) (page, error) {
	at := p.path
	for left := pages * 50; left > 0; left -= 500 {
		var answer struct {
			Next string `json:"next_cursor"`
		}
		path := strings.NewReplacer("limit=50&", fmt.Sprintf("limit=%d&", min(500, left)), "fields="+url.QueryEscape(columns), "fields=id").Replace(at)
		if err := r.get(ctx, p.as, path, &answer); err != nil {
			return page{}, err
		}
		if answer.Next == "" {
			return page{}, fmt.Errorf("%s ends before page %d", p.name, pages)
		}
		at = p.path + "&cursor=" + url.QueryEscape(answer.Next)
	}
	return page{p.name, p.as, at}, nil
}
