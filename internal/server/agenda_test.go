package server_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

const agendaPath = "/api/v1/agenda"

// agendaOf is what somebody is shown, as label@day.
func (c *company) agendaOf(as caller, query string) []string {
	c.Helper()
	got := as("GET", agendaPath+query, nil).want(c.T, "agenda", http.StatusOK)
	list := []string{}
	for _, item := range got.json(c.T)["items"].([]any) {
		one := item.(map[string]any)
		at, err := time.Parse(time.RFC3339Nano, one["due_at"].(string))
		c.must(err)
		list = append(list, one["label"].(string)+"@"+at.In(shanghai).Format("0102"))
	}
	return list
}

var shanghai = time.FixedZone("CST", 8*3600)

// due is so many days from now, at 15:00 in Shanghai.
func (c *company) due(days int) time.Time {
	now := c.app.DB.Now().In(shanghai)
	return time.Date(now.Year(), now.Month(), now.Day()+days, 15, 0, 0, 0, shanghai)
}

func (c *company) day(days int) string { return c.due(days).Format(time.DateOnly) }

// Contract: the agenda is what a scan of the readable open records gives, in order.
func TestAgendaIsWhatAScanGives(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		admin := c.as("admin")
		type thing struct {
			label, owner string
			day          int
			open         bool
		}
		var things []thing
		for i := range 24 {
			one := thing{fmt.Sprintf("事%02d", i), fmt.Sprintf("s%d", i%3+1), i - 6, i%5 != 0}
			things = append(things, one)
			object, fields := "task", map[string]any{"subject": one.label, "owner": c.ids[one.owner], "due": c.due(one.day).Format(time.RFC3339), "done": !one.open}
			if i%2 == 0 {
				object, fields = "lead", map[string]any{"company": one.label, "owner": c.ids[one.owner], "next_due": c.due(one.day).Format(time.RFC3339)}
				if !one.open {
					fields["status"] = "已战败"
				}
			}
			admin("POST", "/api/v1/records/"+object, fields).want(t, one.label, http.StatusCreated)
		}
		scan := func(from, to int, owners ...string) []string {
			list := []string{}
			for _, one := range things {
				if one.open && one.day >= from && one.day <= to && slices.Contains(owners, one.owner) {
					list = append(list, one.label+"@"+c.due(one.day).Format("0102"))
				}
			}
			return list
		}
		for _, test := range []struct {
			who, query string
			want       []string
		}{
			{"s1", "?to=" + c.day(30), scan(-99, 30, "s1")},
			{"s1", "?person=all&to=" + c.day(30), scan(-99, 30, "s1")},
			{"s1", "?to=" + c.day(30) + "&person=" + c.ids["s2"], []string{}},
			{"leader", "?to=" + c.day(30) + "&person=" + c.ids["s2"], scan(-99, 30, "s2")},
			{"leader", "?person=all&from=" + c.day(-2) + "&to=" + c.day(5), scan(-2, 5, "s1", "s2", "s3")},
			{"admin", "?person=all&from=" + c.day(0) + "&to=" + c.day(0), scan(0, 0, "s1", "s2", "s3")},
			{"leader", "?to=" + c.day(30), []string{}},
		} {
			if got := c.agendaOf(c.as(test.who), test.query); !slices.Equal(got, test.want) {
				t.Errorf("%s %s:\n got %v\nwant %v", test.who, test.query, got, test.want)
			}
		}
		people := c.as("leader")("GET", agendaPath+"?to="+c.day(1), nil).json(t)["people"].([]any)
		if alone := c.as("s1")("GET", agendaPath+"?to="+c.day(1), nil).json(t)["people"].([]any); len(people) < 7 || len(alone) != 0 {
			t.Errorf("people: %d for the leader, %d for a seller", len(people), len(alone))
		}
	})
}

// Contract: days are named by the company's calendar.
func TestAgendaDays(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		days := c.as("s1")("GET", agendaPath+"?from=2026-10-01&to=2026-10-11", nil).json(t)["days"].([]any)
		kinds := map[string]string{}
		for _, day := range days {
			one := day.(map[string]any)
			kinds[one["day"].(string)] = one["kind"].(string)
		}
		for day, want := range map[string]string{"2026-10-01": "holiday", "2026-10-09": "workday", "2026-10-10": "make_up", "2026-10-11": "weekend"} {
			if kinds[day] != want {
				t.Errorf("%s is %s, want %s", day, kinds[day], want)
			}
		}
	})
}

// Contract: a next action is put off with a reason that the thread keeps; who
// may not change the record cannot move it.
func TestAgendaMove(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		admin, s1, s2, marketing := c.as("admin"), c.as("s1"), c.as("s2"), c.as("marketing")
		id := c.lead(admin, map[string]any{"company": "移动", "owner": c.ids["s1"], "next_due": c.due(2).Format(time.RFC3339)})
		move := func(as caller, day int, more map[string]any) answer {
			body := map[string]any{"object": "lead", "id": id, "due_at": c.due(day).Format(time.RFC3339)}
			for name, value := range more {
				body[name] = value
			}
			return as("POST", agendaPath+"/move", body)
		}
		refused := move(s1, 4, nil).want(t, "without a reason", http.StatusUnprocessableEntity)
		if got := strings.Join(refused.faults(t), ","); got != "reason required" {
			t.Errorf("faults: %s", got)
		}
		for _, blank := range []string{" ", "\n\t", "　", "\u00a0"} {
			move(s1, 4, map[string]any{"reason": blank}).want(t, "with a blank for a reason", http.StatusUnprocessableEntity)
		}
		move(s1, 4, map[string]any{"reason": " 客户出差 "}).want(t, "with a reason", http.StatusOK)
		thread := string(s1("GET", "/api/v1/records/lead/"+id+"/thread", nil).body)
		if !strings.Contains(thread, "客户出差") {
			t.Errorf("the thread does not say why: %s", thread)
		}
		move(s1, 3, nil).want(t, "brought forward", http.StatusOK)
		move(s1, 9, map[string]any{"reason": "x", "was": c.due(4).Format(time.RFC3339)}).want(t, "moved meanwhile", http.StatusConflict)
		move(s2, 9, map[string]any{"reason": "x"}).want(t, "another's", http.StatusNotFound)
		move(marketing, 9, map[string]any{"reason": "x"}).want(t, "read only", http.StatusForbidden)
		move(s1, 9, map[string]any{"object": "company"}).want(t, "no agenda", http.StatusNotFound)
		s1("POST", agendaPath+"/move", map[string]any{"object": "lead", "id": id, "due_at": "bald"}).want(t, "no time", http.StatusUnprocessableEntity)
		if got := c.agendaOf(s1, "?to="+c.day(30)); len(got) != 1 || got[0] != "移动@"+c.due(3).Format("0102") {
			t.Errorf("after all: %v", got)
		}
	})
}

// Contract: what is still to be done is not planned for a time that has passed,
// by whatever way; what was done may say so, a record may come in overdue, and
// a time that it had is put back.
func TestNothingIsPlannedForThePast(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.must(c.app.DB.SetOffset(time.Until(time.Date(2027, 3, 2, 2, 0, 0, 0, time.UTC)))) // 10:00 in Shanghai
		admin := c.as("admin")
		text := func(days int) string { return c.due(days).Format(time.RFC3339) }
		make := func(object string, fields map[string]any) string {
			return admin("POST", "/api/v1/records/"+object, fields).want(t, "a new one", http.StatusCreated).json(t)["id"].(string)
		}
		lead := make("lead", map[string]any{"company": "过去", "owner": c.ids["s1"], "next_due": text(2)})
		late := make("lead", map[string]any{"company": "早就过了", "owner": c.ids["s1"], "next_due": text(-3)})
		lost := make("lead", map[string]any{"company": "没了", "status": "已战败", "lost_reason": "价格太高"})
		task := make("task", map[string]any{"subject": "拜访", "owner": c.ids["s1"], "due": text(1)})
		patch := func(object, id string, fields map[string]any) func() answer {
			return func() answer { return admin("PATCH", "/api/v1/records/"+object+"/"+id, fields) }
		}
		move := func(object, id, due string) func() answer {
			return func() answer {
				return admin("POST", agendaPath+"/move", map[string]any{"object": object, "id": id, "due_at": due, "reason": "改期"})
			}
		}
		bulk := func(fields map[string]any) func() answer {
			return func() answer {
				return admin("POST", "/api/v1/operations", map[string]any{"object": "lead", "action": "edit", "ids": []string{lead}, "fields": fields})
			}
		}
		for _, one := range []struct {
			what string
			do   func() answer
			want string // "" is done
		}{
			{"yesterday", patch("lead", lead, map[string]any{"next_due": text(-1)}), "next_due in_the_past"},
			{"a minute ago, in the company's zone without saying so", patch("lead", lead, map[string]any{"next_due": "2027-03-02 09:59"}), "next_due in_the_past"},
			{"in a minute, in the company's zone without saying so", patch("lead", lead, map[string]any{"next_due": "2027-03-02 10:01"}), ""},
			{"in a minute, told in another zone", patch("lead", lead, map[string]any{"next_due": "2027-03-01T21:02:00-05:00"}), ""},
			{"nothing planned", patch("lead", lead, map[string]any{"next_due": nil}), ""},
			{"put back, though it is further off than what came between", patch("lead", lead, map[string]any{"next_due": text(2)}), ""},
			{"moved on the calendar to yesterday", move("lead", lead, text(-1)), "due_at in_the_past"},
			{"a task moved to yesterday", move("task", task, text(-1)), "due_at in_the_past"},
			{"a task changed to yesterday", patch("task", task, map[string]any{"due": text(-1)}), "due in_the_past"},
			{"a task that was done yesterday", patch("task", task, map[string]any{"due": text(-1), "done": true}), ""},
			{"and is not done after all", patch("task", task, map[string]any{"done": false}), ""},
			{"many at once", bulk(map[string]any{"next_due": text(-1)}), "next_due in_the_past"},
			{"on what is lost", patch("lead", lost, map[string]any{"next_due": text(-1)}), ""},
			{"one that came in late has its other fields changed", patch("lead", late, map[string]any{"city": "苏州", "next_due": text(-3)}), ""},
			{"is put off", move("lead", late, text(1)), ""},
			{"is put off further", move("lead", late, text(3)), ""},
			{"and back to when it was overdue", move("lead", late, text(-3)), ""},
			{"but not to a day that it never had", move("lead", late, text(-2)), "due_at in_the_past"},
		} {
			got := one.do()
			if one.want == "" {
				if got.status >= 300 {
					t.Errorf("%s: %d %s", one.what, got.status, got.body)
				}
			} else if faults := strings.Join(got.want(t, one.what, http.StatusUnprocessableEntity).faults(t), ","); faults != one.want {
				t.Errorf("%s: %s, want %s", one.what, faults, one.want)
			}
		}
	})
}

func TestAgendaRefusals(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		s1 := c.as("s1")
		for _, query := range []string{"", "?to=heute", "?from=2026-01-01&to=2026-06-01", "?from=2026-02-02&to=2026-02-01"} {
			s1("GET", agendaPath+query, nil).want(t, query, http.StatusBadRequest)
		}
	})
}
