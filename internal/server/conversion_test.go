package server_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"clew.dev/clew/internal/record"
)

const projects = "/api/v1/records/project"

// known is a lead of s1 with everything that a conversion copies.
func known(n int) map[string]any {
	return map[string]any{
		"company": fmt.Sprintf("博锐精工%d有限公司", n), "contact": "王伟", "phone": fmt.Sprintf("1380000%04d", n), "title": "采购总监",
		"region": "华东", "city": "苏州", "industry": "机械加工", "product": "VX-200", "budget": map[string]any{"amount": "250000.00", "currency": "CNY"},
	}
}

// made is the converted record of an object.
func made(t *testing.T, done answer, object string) map[string]any {
	t.Helper()
	for _, item := range done.json(t)["records"].([]any) {
		if one := item.(map[string]any); one["object"] == object {
			return one
		}
	}
	t.Fatalf("no %s in %s", object, done.body)
	return nil
}

func idOf(v any) string {
	m, _ := v.(map[string]any)
	id, _ := m["id"].(string)
	return id
}

func TestConvertMakesAllInOneGo(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		s1 := c.as("s1")
		id := c.lead(s1, with(known(1), "owner", c.ids["s1"]))
		s1("POST", leads+"/"+id+"/follow-up", map[string]any{"action": "电话沟通", "next_action": "提交报价", "next_due": "2099-01-05T02:00:00Z"}).want(t, "follow up", 201)

		plan := s1("GET", leads+"/"+id+"/convert", nil).want(t, "plan", 200).json(t)
		actions := map[string]string{}
		for _, item := range plan["targets"].([]any) {
			step := item.(map[string]any)
			actions[step["object"].(string)] = step["action"].(string)
		}
		if actions["company"] != "create" || actions["contact"] != "reuse" || actions["project"] != "create" {
			t.Errorf("planned %v", actions)
		}
		c.expectCount("SELECT count(*) FROM conversion", 0)

		done := s1("POST", leads+"/"+id+"/convert", map[string]any{"targets": map[string]any{
			"project": map[string]any{"fields": map[string]any{"amount": map[string]any{"amount": "300000.00", "currency": "CNY"}}},
		}}).want(t, "convert", 201)
		lead := s1("GET", leads+"/"+id, nil).json(t)
		project := s1("GET", projects+"/"+made(t, done, "project")["id"].(string), nil).want(t, "project", 200).json(t)
		firm := s1("GET", "/api/v1/records/company/"+made(t, done, "company")["id"].(string), nil).want(t, "company", 200).json(t)
		person := s1("GET", "/api/v1/records/contact/"+made(t, done, "contact")["id"].(string), nil).want(t, "contact", 200).json(t)
		for what, same := range map[string][2]any{
			"status":          {lead["status"], "已转商机"},
			"lead's project":  {idOf(lead["project"]), project["id"]},
			"lead's company":  {idOf(lead["organisation"]), firm["id"]},
			"lead's person":   {idOf(lead["person"]), person["id"]},
			"no commitment":   {lead["next_due"], nil},
			"project's lead":  {idOf(project["lead"]), id},
			"project's name":  {project["name"], "博锐精工1有限公司 VX-200"},
			"project's stage": {project["stage"], "需求确认"},
			"next":            {project["next_action"], "提交报价"},
			"amount":          {fmt.Sprint(project["amount"]), "map[amount:300000.00 currency:CNY]"},
			"owner":           {idOf(project["owner"]), c.ids["s1"]},
			"firm":            {firm["name"], "博锐精工1有限公司"},
			"industry":        {firm["industry"], "机械加工"},
			"person's firm":   {idOf(person["company"]), firm["id"]},
			"converted at":    {lead["converted_at"] != nil, true},
		} {
			if same[0] != same[1] {
				t.Errorf("%s: %v, want %v", what, same[0], same[1])
			}
		}
		for object, one := range map[string]map[string]any{"lead": lead, "company": firm, "contact": person, "project": project} {
			entry := converted(t, s1, object, one["id"].(string))
			if links := entry["params"].(map[string]any)["links"].([]any); len(links) != 3 || !strings.Contains(entry["text"].(string), "s1") {
				t.Errorf("%s: %v", object, entry)
			}
		}
		clocks := s1("GET", leads+"/"+id+"/clocks", nil).items(t)
		if slices.ContainsFunc(clocks, func(one map[string]any) bool { return one["state"] == "running" }) {
			t.Errorf("clocks go on: %v", clocks)
		}
		again := s1("POST", leads+"/"+id+"/convert", nil).want(t, "again", http.StatusConflict).json(t)
		if again["code"] != "already_converted" || len(again["records"].([]any)) != 3 {
			t.Errorf("again: %v", again)
		}
	})
}

func with(fields map[string]any, name string, value any) map[string]any {
	fields[name] = value
	return fields
}

func converted(t *testing.T, by caller, object, id string) map[string]any {
	t.Helper()
	for _, entry := range by("GET", "/api/v1/records/"+object+"/"+id+"/thread", nil).items(t) {
		if entry["kind"] == "converted" {
			return entry
		}
	}
	t.Fatalf("%s has no entry of the conversion", object)
	return nil
}

func TestConvertUsesWhatIsKnown(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		s1, leader := c.as("s1"), c.as("leader")
		firm := s1("POST", "/api/v1/records/company", map[string]any{"name": "博锐精工2", "owner": c.ids["s1"]}).want(t, "company", 201).json(t)
		id := c.lead(s1, with(known(2), "owner", c.ids["s1"])) // …有限公司: the same by its normalised name
		done := s1("POST", leads+"/"+id+"/convert", nil).want(t, "convert", 201)
		if got := made(t, done, "company"); got["id"] != firm["id"] || got["created"] != false {
			t.Errorf("company: %v", got)
		}
		now := s1("GET", "/api/v1/records/company/"+firm["id"].(string), nil).json(t)
		if now["name"] != "博锐精工2" || now["industry"] != "机械加工" {
			t.Errorf("only blanks are filled: %v", now)
		}

		// What one may not see is not named, not linked and not changed.
		c.must(err(leader("PATCH", "/api/v1/records/company/"+firm["id"].(string), map[string]any{"owner": c.ids["s2"], "city": nil})))
		other := known(3)
		other["company"] = "博锐精工2有限公司"
		hidden := c.lead(s1, with(other, "owner", c.ids["s1"]))
		plan := s1("GET", leads+"/"+hidden+"/convert", nil).want(t, "plan", 200)
		if strings.Contains(string(plan.body), firm["id"].(string)) {
			t.Errorf("the plan tells a hidden company: %s", plan.body)
		}
		step := plan.json(t)["targets"].([]any)[0].(map[string]any)
		if step["hidden"] != true || step["action"] != "create" {
			t.Errorf("step: %v", step)
		}
		done = s1("POST", leads+"/"+hidden+"/convert", nil).want(t, "convert", 201)
		if got := made(t, done, "company"); got["id"] == firm["id"] || got["created"] != true {
			t.Errorf("company: %v", got)
		}
		if city := leader("GET", "/api/v1/records/company/"+firm["id"].(string), nil).json(t)["city"]; city != nil {
			t.Errorf("a hidden company was filled: %v", city)
		}
		// and asked for by its id, it is not there
		third := c.lead(s1, with(known(4), "owner", c.ids["s1"]))
		s1("POST", leads+"/"+third+"/convert", map[string]any{"targets": map[string]any{"company": map[string]any{"use": firm["id"]}}}).want(t, "use hidden", 422)
	})
}

func err(a answer) error {
	if a.status >= 300 {
		return errors.New(string(a.body))
	}
	return nil
}

func TestConvertNeedsRights(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader := c.as("leader")
		id := c.lead(leader, with(known(5), "owner", c.ids["s1"]))
		c.as("s2")("POST", leads+"/"+id+"/convert", nil).want(t, "somebody else's", 404)
		c.as("service")("POST", leads+"/"+id+"/convert", nil).want(t, "a reader", 403)
		refused := c.as("marketing")("POST", leads+"/"+id+"/convert", nil).want(t, "without create", 403)
		if !slices.Equal(refused.faults(t), []string{"project may_not_create"}) {
			t.Errorf("faults %v", refused.faults(t))
		}
		c.expectCount("SELECT count(*) FROM conversion", 0)
		leader("POST", "/api/v1/records/task/"+id+"/convert", nil).want(t, "no conversion", 404)
		leader("PATCH", leads+"/"+id, map[string]any{"status": "无效"}).want(t, "invalid", 200)
		if code := c.as("s1")("POST", leads+"/"+id+"/convert", nil).want(t, "closed", 409).json(t)["code"]; code != "not_convertible" {
			t.Errorf("code %v", code)
		}
		other := c.lead(leader, with(known(7), "owner", c.ids["s1"]))
		for _, one := range []struct {
			targets map[string]any
			want    string
		}{
			{map[string]any{"zzz": map[string]any{}}, "zzz unknown_object"},
			{map[string]any{"company": map[string]any{"use": "01900000-0000-7000-8000-000000000000"}}, "company.use unknown_record"},
			{map[string]any{"project": map[string]any{"fields": map[string]any{"zzz": 1}}}, "project.zzz unknown_field"},
			{map[string]any{"project": map[string]any{"fields": map[string]any{"name": nil}}}, "project.name required"},
			{map[string]any{"project": map[string]any{"fields": map[string]any{"stage": "已丢单"}}}, "project.lost_reason required"},
		} {
			got := c.as("s1")("POST", leads+"/"+other+"/convert", map[string]any{"targets": one.targets}).want(t, one.want, 422)
			if faults := got.faults(t); !slices.Equal(faults, []string{one.want}) {
				t.Errorf("faults %v, want %s", faults, one.want)
			}
		}
		bare := c.lead(leader, map[string]any{"phone": "13900005555", "owner": c.ids["s1"]})
		c.as("s1")("POST", leads+"/"+bare+"/convert", nil).want(t, "nothing to call the project", 422)
		named := c.as("s1")("POST", leads+"/"+bare+"/convert", map[string]any{"targets": map[string]any{"project": map[string]any{"fields": map[string]any{"name": "样机试用"}}}}).want(t, "named", 201)
		if n := len(named.json(t)["records"].([]any)); n != 2 {
			t.Errorf("%d records, want contact and project: %s", n, named.body)
		}
	})
}

func TestConvertAtOnceOnlyOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader := c.as("leader")
		id := c.lead(leader, with(known(6), "owner", c.ids["s1"]))
		var wait sync.WaitGroup
		statuses := make([]int, 6)
		for i := range statuses {
			wait.Go(func() { statuses[i] = leader("POST", leads+"/"+id+"/convert", nil).status })
		}
		wait.Wait()
		slices.Sort(statuses)
		if !slices.Equal(statuses, []int{201, 409, 409, 409, 409, 409}) {
			t.Errorf("statuses %v", statuses)
		}
		if n := len(leader("GET", projects, nil).items(t)); n != 1 {
			t.Errorf("%d projects", n)
		}
	})
}

func TestConvertRollsBackWhole(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader := c.as("leader")
		id := c.lead(leader, with(known(7), "owner", c.ids["s1"]))
		broken := record.Reaction{Name: "broken", Run: func(w *record.Work) error {
			if w.Object.Name == "lead" && w.Change.Note != nil {
				return errors.New("broken on purpose")
			}
			return nil
		}}
		whole := c.app.Records.Reactions
		c.app.Records.Reactions = append(slices.Clone(whole), broken)
		leader("POST", leads+"/"+id+"/convert", nil).want(t, "broken", 500)
		c.app.Records.Reactions = whole
		for _, object := range []string{"company", "project"} {
			if n := len(leader("GET", "/api/v1/records/"+object, nil).items(t)); n != 0 {
				t.Errorf("%d of %s are left", n, object)
			}
		}
		if status := leader("GET", leads+"/"+id, nil).json(t)["status"]; status == "已转商机" {
			t.Error("the lead is converted")
		}
		leader("POST", leads+"/"+id+"/convert", nil).want(t, "afterwards", 201)
	})
}

func TestUndoConversion(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		s1, leader := c.as("s1"), c.as("leader")
		id := c.lead(leader, with(known(8), "owner", c.ids["s1"]))
		s1("POST", leads+"/"+id+"/follow-up", map[string]any{"action": "电话沟通", "next_action": "提交报价", "next_due": "2099-01-05T02:00:00Z"}).want(t, "follow up", 201)
		before := s1("GET", leads+"/"+id, nil).json(t)
		done := s1("POST", leads+"/"+id+"/convert", nil).want(t, "convert", 201)
		project := made(t, done, "project")["id"].(string)
		s1("POST", leads+"/"+id+"/convert/undo", nil).want(t, "undo", 200)
		after := s1("GET", leads+"/"+id, nil).json(t)
		for _, name := range []string{"status", "project", "organisation", "next_action", "next_due", "converted_at"} {
			if fmt.Sprint(after[name]) != fmt.Sprint(before[name]) {
				t.Errorf("%s: %v, was %v", name, after[name], before[name])
			}
		}
		s1("GET", projects+"/"+project, nil).want(t, "the project is gone", 404)
		if !strings.Contains(c.kinds(id), "unconverted") {
			t.Errorf("thread %s", c.kinds(id))
		}
		s1("POST", leads+"/"+id+"/convert/undo", nil).want(t, "twice", 409)
		running := false
		for _, one := range s1("GET", leads+"/"+id+"/clocks", nil).items(t) {
			running = running || one["name"] == "commitment" && one["state"] == "running"
		}
		if !running {
			t.Error("the commitment does not run again")
		}

		// again, and somebody goes on with it
		done = s1("POST", leads+"/"+id+"/convert", nil).want(t, "convert again", 201)
		project = made(t, done, "project")["id"].(string)
		leader("PATCH", projects+"/"+project, map[string]any{"stage": "报价"}).want(t, "stage", 200)
		refused := s1("POST", leads+"/"+id+"/convert/undo", nil).want(t, "changed since", 409)
		if !slices.Equal(refused.faults(t), []string{"project changed_by"}) || !strings.Contains(string(refused.body), "leader") {
			t.Errorf("refused: %s", refused.body)
		}
		leader("POST", "/api/v1/records/contract", map[string]any{"name": "合同", "project": project}).want(t, "contract", 201)
		refused = s1("POST", leads+"/"+id+"/convert/undo", nil).want(t, "linked since", 409)
		if !slices.Contains(refused.faults(t), "project linked_by") {
			t.Errorf("refused: %s", refused.body)
		}
	})
}

// TestAConvertedLeadThatComesBackWaitsForNobody: what a conversion ended does not
// begin again by deleting and restoring the lead; taken back, it goes on.
func TestAConvertedLeadThatComesBackWaitsForNobody(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		start := c.tuesday()
		c.at(start)
		leader := c.as("leader")
		followed, quiet := c.arrive(1), c.arrive(2)
		c.followUp("s1", followed, map[string]any{"next_action": "提交报价", "next_due": start.Add(26 * time.Hour).Format(time.RFC3339)})
		running := func(id string) (names string) {
			for _, one := range leader("GET", leads+"/"+id+"/clocks", nil).items(t) {
				if one["state"] == "running" || one["state"] == "fired" {
					names += fmt.Sprint(one["name"], " ")
				}
			}
			return names
		}
		for _, id := range []string{followed, quiet} {
			leader("POST", leads+"/"+id+"/convert", nil).want(t, "convert", 201)
			leader("DELETE", leads+"/"+id, nil).want(t, "delete", 204)
			leader("POST", leads+"/"+id+"/restore", nil).want(t, "restore", 200)
			if now := running(id); now != "" {
				t.Errorf("restored after its conversion %s waits for %s", id, now)
			}
		}
		c.at(start.Add(80 * time.Hour))
		c.fired(followed, "silence-72h", 0)
		c.fired(quiet, "silence-72h", 0)
		leader("POST", leads+"/"+quiet+"/convert/undo", nil).want(t, "undo", 200)
		if now := running(quiet); !strings.Contains(now, "silence-72h") {
			t.Errorf("converted back it waits for %q", now)
		}
		open := c.arrive(3)
		leader("DELETE", leads+"/"+open, nil).want(t, "delete", 204)
		leader("POST", leads+"/"+open+"/restore", nil).want(t, "restore", 200)
		if now := running(open); !strings.Contains(now, "silence-72h") {
			t.Errorf("an open one that comes back waits for %q", now)
		}
	})
}
