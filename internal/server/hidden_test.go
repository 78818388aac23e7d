package server_test

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// traces of the hidden field: its names, its label and values that occur nowhere else.
var traces = []string{"budget", "Budget", "预算", "771133", "881144", "991155"}

// TestServiceNeverSeesTheBudget drives every path there is and looks at every byte.
func TestServiceNeverSeesTheBudget(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		leader, service := c.as("leader"), c.with("service")
		id := c.lead(leader, map[string]any{"company": "博锐", "region": "华东", "phone": "13700001111", "source": "抖音", "budget": "771133.57"})
		blank := c.push(clue("m1", "c1", "13700002222", nil)).header.Get("Clew-Record") // told to marketing for want of a budget
		before := service("GET", leads+"/"+id, nil, nil).header.Get("ETag")
		leader("PATCH", leads+"/"+id, map[string]any{"budget": "881144.68"}).want(t, "budget", 200)
		if after := service("GET", leads+"/"+id, nil, nil).header.Get("ETag"); after != before || after == "" {
			t.Errorf("a hidden change moved the tag from %s to %s", before, after)
		}
		leader("PATCH", leads+"/"+id, map[string]any{"city": "苏州", "budget": "991155.79"}).want(t, "both", 200)
		leader("PATCH", leads+"/"+id, map[string]any{"owner": c.ids["service"]}).want(t, "hand over", 200)
		c.must(c.app.DB.SetOffset(20 * 24 * time.Hour))
		_, err := c.app.Timer.Due(t.Context())
		c.must(err)
		paths := []string{
			leads, ask("fields", "*", "count", "1"), ask("filter", `company="博锐"`), ask("sort", "-score"), "/api/v1/home", "/api/v1/inbox", "/api/v1/catalog",
			"/openapi.json", "/docs", "/api/v1/session", "/api/v1/users", "/api/v1/pools", "/api/v1/departments", "/api/v1/records/contact", "/api/v1/records/interaction",
			"/api/v1/channels", "/api/v1/channels/douyin/deliveries", "/api/v1/dashboards/lead-health", "/api/v1/config/object", "/api/v1/config/object/lead", "/api/v1/health/status",
			ask("filter", "BUDGE>1"), ask("sort", "person"), ask("deleted", "1"),
		}
		for _, one := range []string{id, blank} {
			for _, suffix := range []string{"", "/thread", "/why", "/clocks", "/related"} {
				paths = append(paths, leads+"/"+one+suffix)
			}
		}
		for _, path := range paths {
			for _, language := range []string{"zh-CN", "en"} {
				got := service("GET", path, nil, map[string]string{"Accept-Language": language})
				if got.status >= 500 {
					t.Errorf("%s: %d %s", path, got.status, got.body)
				}
				noTrace(t, path, got)
			}
		}
		for path, body := range map[string]string{
			leads + "/duplicates": `{"phone":"13700001111"}`, leads: `{"company":"x","phone":"13700001111"}`, leads + "/" + id: `{"company":"x"}`,
			leads + "/" + id + "/follow-up": `{"action":"电话沟通"}`, leads + "/" + id + "/claim": ``, leads + "/batch": `{"items":[{"op":"update","id":"` + id + `","fields":{"city":"x"}}]}`,
		} {
			noTrace(t, "POST "+path, service("POST", path, body, nil))
			noTrace(t, "PATCH "+path, service("PATCH", path, body, nil))
		}
		for _, entry := range service("GET", leads+"/"+blank+"/thread", nil, nil).items(t) {
			if adds := entry["params"].(map[string]any)["adds"]; adds != nil && len(adds.([]any)) > 0 {
				t.Errorf("an addition that rests on the budget: %v", adds)
			}
		}
		for _, entry := range service("GET", leads+"/"+id+"/thread", nil, nil).items(t) {
			if params := entry["params"].(map[string]any); entry["kind"] == "changed" && len(params["after"].(map[string]any)) == 0 {
				t.Errorf("a change of nothing: %v", entry)
			}
		}
	})
}

func noTrace(t *testing.T, what string, got answer) {
	t.Helper()
	text, err := url.QueryUnescape(fmt.Sprint(got.header))
	if err != nil {
		text = fmt.Sprint(got.header)
	}
	body := strings.NewReplacer("预算审批人", "", "Budget approver", "").Replace(string(got.body)) // a role of contacts
	for _, trace := range traces {
		if at := strings.Index(body, trace); at >= 0 {
			t.Errorf("%s tells %s: …%s…", what, trace, body[max(0, at-80):min(len(body), at+80)])
		}
		if strings.Contains(text, trace) {
			t.Errorf("%s tells %s in a header: %s", what, trace, text)
		}
	}
}

var (
	idPattern   = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}`)
	timePattern = regexp.MustCompile(`\d{4}-\d\d-\d\dT[0-9:.]+Z`)
	tagPattern  = regexp.MustCompile(`"[0-9a-f]{24}"`)
)

// plainly is an answer with ids numbered in the order of their appearance and times left out.
func plainly(a answer, numbers map[string]string) string {
	text := fmt.Sprintf("%d %v %s", a.status, tagPattern.MatchString(a.header.Get("ETag")), a.body)
	text = idPattern.ReplaceAllStringFunc(text, func(id string) string {
		if numbers[id] == "" {
			numbers[id] = fmt.Sprint("#", len(numbers))
		}
		return numbers[id]
	})
	return timePattern.ReplaceAllString(text, "T")
}

// world is what a person may not know: two worlds differ in nothing else.
type world struct{ budget, other, follow string }

// live makes a world's records and gives the answers of one reader to one script.
func (c *company) live(w world, reader string) (script, answers []string) {
	c.Helper()
	leader := c.as("leader")
	c.lead(leader, map[string]any{"company": "mine", "region": "华东", "phone": "13700001111", "budget": "120000", "owner": c.ids["s1"]})
	shared := w.budget
	if reader == "s1" { // who sees the budget of what is his
		shared = "125000"
	}
	seen := c.lead(leader, map[string]any{"company": "all", "phone": "13700003333", "budget": shared, "owner": c.ids["s1"]})
	theirs := c.lead(leader, map[string]any{"company": w.other, "phone": "13700002222", "city": w.other, "budget": w.budget, "owner": c.ids["s2"]})
	c.as("s2")("POST", leads+"/"+theirs+"/follow-up", map[string]any{
		"action": "电话沟通", "text": w.follow, "next_action": "提交报价", "next_due": time.Now().Add(48 * time.Hour).UTC().Format(time.RFC3339),
	}).want(c.T, "follow up", 201)
	by, numbers := c.as(reader), map[string]string{}
	paths := []string{"/api/v1/home", "/api/v1/inbox", "/api/v1/catalog"}
	if reader == "s1" { // what only the scope hides
		seen = theirs
	}
	for _, sort := range []string{"", "company", "-score", "city,company", "-phone"} {
		paths = append(paths, ask("sort", sort, "count", "1", "fields", "company,score,stars,status"))
	}
	for _, filter := range []string{`company="all"`, `company="b-corp"`, `ISBLANK(city)`, `score>10`, `budget>125000`, `CONTAINS(city,"corp")`, `owner="` + c.ids["s2"] + `"`} {
		if reader == "service" && strings.Contains(filter, "corp") {
			continue // a field that service does read
		}
		paths = append(paths, ask("filter", filter, "count", "1", "fields", "company"))
	}
	for _, suffix := range []string{"", "/thread", "/why", "/clocks", "/related"} {
		paths = append(paths, leads+"/"+seen+suffix)
	}
	for _, path := range paths {
		script = append(script, path)
		answers = append(answers, plainly(by("GET", path, nil), numbers))
	}
	if reader == "s1" {
		for _, phone := range []string{"13700002222", "13700007777"} {
			script = append(script, "duplicates "+phone)
			answers = append(answers, plainly(by("POST", leads+"/duplicates", map[string]any{"phone": phone}), numbers))
		}
	}
	return script, answers
}

// TestWorldsThatDifferInWhatIsHiddenLookTheSame is the noninterference test
// (assurance §3.3, 2): every answer is the same byte for byte.
func TestWorldsThatDifferInWhatIsHiddenLookTheSame(t *testing.T) {
	one := world{budget: "130000.01", other: "a-corp", follow: "报价"}
	for _, reader := range []string{"s1", "service"} {
		t.Run(reader, func(t *testing.T) {
			other := world{budget: "199999.99", other: "b-corp", follow: "价格谈妥"}
			if reader == "service" {
				other.other, other.follow = one.other, one.follow
			}
			onBoth(t, func(t *testing.T, first *company) {
				second := open(t, founded.Embedded(t))
				script, a := first.live(one, reader)
				_, b := second.live(other, reader)
				for i := range a {
					if a[i] != b[i] {
						t.Errorf("%s\n%s\n%s", script[i], a[i], b[i])
					}
				}
			})
		})
	}
}
