package server_test

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/account"
)

// stream is one person's open event stream.
type stream struct {
	t      *testing.T
	events chan string // "name data"
}

// listen opens the stream of a person and waits until it is open.
func (c *company) listen(short string) *stream {
	c.Helper()
	token, err := c.app.CreateToken(c.Context(), short+"@example.com", "live")
	c.must(err)
	ctx, cancel := context.WithCancel(c.Context())
	c.Cleanup(cancel)
	request, err := http.NewRequestWithContext(ctx, "GET", c.site.URL+"/api/v1/live", nil)
	c.must(err)
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	c.must(err)
	if got := response.Header.Get("Content-Type"); !strings.HasPrefix(got, "text/event-stream") {
		c.Fatalf("stream of %s: %d %s", short, response.StatusCode, got)
	}
	s := &stream{t: c.T, events: make(chan string, 100)}
	lines := bufio.NewScanner(response.Body)
	lines.Scan() // ": open"
	go func() {
		defer response.Body.Close()
		name := ""
		for lines.Scan() {
			if text, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				name = text
			}
			if text, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				s.events <- name + " " + text
			}
		}
		close(s.events)
	}()
	return s
}

// hearing is how long a hint may take on a busy machine, and less than a beat, with
// which what was lost would come. A browser's journey measures that it takes less
// than a second.
const hearing = 12 * time.Second

// until reads events until one has all the parts, and gives what came before it.
func (s *stream) until(parts ...string) (before []string) {
	s.t.Helper()
	late := time.After(hearing)
	for {
		select {
		case e, open := <-s.events:
			if !open {
				s.t.Fatalf("the stream ended before %q", parts)
			}
			if holdsAll(e, parts) {
				return before
			}
			before = append(before, e)
		case <-late:
			s.t.Fatalf("no %q within %v, only %q", parts, hearing, before)
		}
	}
}

func holdsAll(text string, parts []string) bool {
	for _, part := range parts {
		if !strings.Contains(text, part) {
			return false
		}
	}
	return true
}

// TestOnlyWhoMaySeeALeadHearsOfIt: a new lead is on its owner's stream; another
// seller's stream carries nothing of it, and none of its own events has a number
// that tells of what it left out.
func TestOnlyWhoMaySeeALeadHearsOfIt(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		owner, other, leader, service := c.listen("s1"), c.listen("s3"), c.listen("leader"), c.listen("service")
		id := c.arrive(1)
		owner.until("change", id)
		owner.until("inbox", `"unread":1`)
		leader.until("change", id)
		leader.until("figures")
		service.until("change", id)
		theirs := c.arrive(2)
		c.as("leader")("PATCH", leads+"/"+id, map[string]any{"city": "苏州"}).want(t, "patch", 200)
		owner.until("change", id)
		mine := c.arrive(3)
		for _, e := range other.until("change", mine) {
			t.Errorf("another seller heard %s", e)
		}
		c.as("leader")("DELETE", leads+"/"+id, nil).want(t, "delete", 204)
		for _, e := range owner.until("change", id) {
			if strings.Contains(e, theirs) || strings.Contains(e, mine) {
				t.Errorf("the owner heard %s", e)
			}
		}
		leader.until("change", id)
	})
}

// TestARoleTakenAwayEndsItsEvents: the stream of a person who lost a role
// tells nothing of what only that role could read.
func TestARoleTakenAwayEndsItsEvents(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		service, leader := c.listen("service"), c.listen("leader")
		first := c.arrive(1)
		service.until("change", first)
		roles := []string{"sales"}
		_, err := c.app.Accounts.UpdateUser(t.Context(), c.ids["service"], account.UserChange{Roles: &roles})
		c.must(err)
		second := c.arrive(2)
		leader.until("change", second)
		third := c.arrive(3)
		leader.until("change", third) // by now the hints of the second went out to all
		for {
			select {
			case e, open := <-service.events:
				if strings.Contains(e, second) {
					t.Errorf("after the role was taken away: %s", e)
				}
				if open {
					continue
				}
			default:
			}
			return
		}
	})
}

// TestHeadOfTheStreamEnds: HEAD has no body, so nothing may keep it open.
func TestHeadOfTheStreamEnds(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		head := c.as("s1")("HEAD", "/api/v1/live", nil).want(t, "head", 200)
		if kind := head.header.Get("Content-Type"); !strings.HasPrefix(kind, "text/event-stream") {
			t.Errorf("head of the stream: %s", kind)
		}
	})
}

// TestWhoLosesARecordHearsOfIt: a record that passes to somebody else is hinted
// to its former owner, so that his screen goes; to nobody who could not read it.
func TestWhoLosesARecordHearsOfIt(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		id := c.lead(c.as("leader"), map[string]any{"company": "转走公司", "phone": "13900004444", "owner": c.ids["s1"]})
		former, other, heir := c.listen("s1"), c.listen("s3"), c.listen("s2")
		c.as("leader")("PATCH", leads+"/"+id, map[string]any{"owner": c.ids["s2"]}).want(t, "hand over", 200)
		former.until("change", id)
		heir.until("change", id)
		c.as("s1")("GET", leads+"/"+id, nil).want(t, "the former owner", 404)
		c.as("leader")("PATCH", leads+"/"+id, map[string]any{"city": "苏州"}).want(t, "a later change", 200)
		mine := c.lead(c.as("leader"), map[string]any{"company": "标记", "phone": "13900004445", "owner": c.ids["s1"]})
		theirs := c.lead(c.as("leader"), map[string]any{"company": "标记", "phone": "13900004446", "owner": c.ids["s3"]})
		for _, e := range append(former.until("change", mine), other.until("change", theirs)...) {
			if strings.Contains(e, id) {
				t.Errorf("heard %s", e)
			}
		}
	})
}

// TestWhoeverLosesSightHearsOfIt: a record that leaves somebody's scope by any of
// its values is hinted to him once, by its id and nothing else; to nobody who
// could not see it; and a person whose own rights or people change is told to
// read everything again, as others are not.
func TestWhoeverLosesSightHearsOfIt(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		admin := c.as("admin")
		role := admin("GET", "/api/v1/config/role/service", nil).want(t, "role", 200).json(t)
		role["objects"].(map[string]any)["lead"].(map[string]any)["scope"] = `城市 = "苏州"`
		admin("PUT", "/api/v1/config/role/service", role).want(t, "a scope by a field", 200)
		near := c.lead(admin, map[string]any{"company": "近", "city": "苏州", "phone": "13900004444"})
		far := c.lead(admin, map[string]any{"company": "远", "city": "北京", "phone": "13900004445"})
		service, seller, leader := c.listen("service"), c.listen("s1"), c.listen("leader")
		change := func(id string, fields map[string]any) {
			t.Helper()
			admin("PATCH", leads+"/"+id, fields).want(t, "change", 200)
		}
		change(far, map[string]any{"city": "天津"})
		change(near, map[string]any{"city": "上海"})
		for _, e := range service.until("change", near) {
			if strings.Contains(e, far) {
				t.Errorf("what he could never see: %s", e)
			}
		}
		c.as("service")("GET", leads+"/"+near, nil).want(t, "out of sight", 404)
		change(near, map[string]any{"city": "无锡"}) // he heard that it is gone, and no more
		mark := c.lead(admin, map[string]any{"company": "标记", "city": "苏州", "phone": "13900004446"})
		for _, e := range service.until("change", mark) {
			if strings.Contains(e, near) || strings.Contains(e, "resync") {
				t.Errorf("heard %s", e)
			}
		}
		c.as("leader")("GET", "/api/v1/session", nil).want(t, "session", 200)

		role["objects"].(map[string]any)["lead"].(map[string]any)["scope"] = `城市 = "北京"`
		admin("PUT", "/api/v1/config/role/service", role).want(t, "another scope", 200)
		service.until("resync")
		nowhere := ""
		_, err := c.app.Accounts.UpdateUser(t.Context(), c.ids["s1"], account.UserChange{Department: &nowhere})
		c.must(err)
		for _, e := range leader.until("resync") { // one of his people less
			if strings.Contains(e, "resync") {
				t.Errorf("told of a role that is not his: %s", e)
			}
		}
		seller.until("resync")
		for _, e := range drained(service) {
			if strings.Contains(e, "resync") {
				t.Errorf("the department is not his: %s", e)
			}
		}
	})
}

// drained are the events that are there already.
func drained(s *stream) (events []string) {
	for {
		select {
		case e := <-s.events:
			events = append(events, e)
		default:
			return events
		}
	}
}
