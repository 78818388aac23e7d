package api_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/sqldb"
)

const formType = "application/x-www-form-urlencoded"

// ripe is a page's token as it is after some seconds of typing.
func (s *crm) ripe(form string, age time.Duration) string {
	s.t.Helper()
	token, err := s.box.Cursor(time.Now().Add(-age).UnixMilli(), "form "+form)
	s.must(err)
	return token
}

// send posts a form as a browser without scripts does; header alternates names and values.
func (s *crm) send(form string, fields map[string]string, header ...string) answer {
	s.t.Helper()
	values := url.Values{"_token": {s.ripe(form, time.Minute)}, "_website": {""}}
	for name, value := range fields {
		values.Set(name, value)
	}
	return s.call("POST", "/f/"+form, values.Encode(), append([]string{"Content-Type", formType, "Accept-Language", "en"}, header...)...)
}

func visitor(name, phone string) map[string]string {
	return map[string]string{"contact": name, "phone": phone, "company": "苏州汇川"}
}

// last is the newest delivery's raw body.
func (s *crm) last(channel string) string {
	s.t.Helper()
	body := ""
	s.must(s.db.Read(s.t.Context(), func(tx *sqldb.Tx) error {
		page, err := s.intake.List(tx, channel, "", nil, 1)
		if err == nil && len(page.Items) > 0 {
			body = page.Items[0].Body
		}
		return err
	}))
	return body
}

func TestAFormBecomesALead(t *testing.T) {
	crms(t, func(s *crm) {
		page := s.call("GET", "/f/expo?utm_source=wx&person=s1&evil=1", nil, "Accept-Language", "en", "Referer", "https://example.com/a")
		s.want("page", page, http.StatusOK, "")
		for _, want := range []string{
			`<html lang="en">`, "Welcome to our booth", `type="tel"`, `name="_utm_source" value="wx"`, `name="_person" value="s1"`,
			`name="_referrer" value="https://example.com/a"`, `<textarea id="q-message"`, "required", `href="/f/expo?lang=zh-CN`,
		} {
			if !strings.Contains(page.raw, want) {
				t.Errorf("the page lacks %s:\n%s", want, page.raw)
			}
		}
		if strings.Contains(page.raw, "evil") || strings.Contains(page.raw, "<script>") || strings.Contains(page.raw, "style=") {
			t.Errorf("the page has what it should not:\n%s", page.raw)
		}
		sent := s.send("expo", map[string]string{
			"contact": "王敏", "phone": "139 0000 7777", "company": "苏州汇川", "message": "急需液压阀样品",
			"owner": s.users["sales"].ID, "score": "99", "source": "抖音", "status": "won", "_person": "s1", "_utm_source": "wx",
		})
		s.want("sent", sent, http.StatusSeeOther, "")
		if sent.header.Get("Clew-Record") != "" || sent.header.Get("Location") != "/f/expo?lang=en&thanks=1" {
			t.Errorf("%v", sent.header)
		}
		thanks := s.call("GET", sent.header.Get("Location"), nil)
		if !strings.Contains(thanks.raw, "Thank you") || strings.Contains(thanks.raw, "<form") {
			t.Errorf("thanks: %s", thanks.raw)
		}
		lead := s.leads()["王敏"]
		if lead["phone"] != "+8613900007777" || lead["source"] != "展会" || lead["intent"] != "高" || lead["score"] == "99" {
			t.Errorf("%v", lead)
		}
		if owner, _ := lead["owner"].(map[string]any); owner["label"] != "manager" {
			t.Errorf("the visitor chose the owner: %v", owner)
		}
		body := s.last("expo")
		if !strings.Contains(body, `"_source":{"person":"s1","utm_source":"wx"}`) || strings.Contains(body, "score") {
			t.Errorf("delivery: %s", body)
		}
	})
}

func TestTheSameVisitorGetsTheSameThanks(t *testing.T) {
	crms(t, func(s *crm) {
		first := s.send("expo", visitor("赵", "13900007001"))
		again := s.send("expo", visitor("赵", "13900007001"))
		known := s.send("website", visitor("赵工", "13900007001"))
		for what, a := range map[string]answer{"again": again, "known": known} {
			if a.status != first.status || a.raw != first.raw || a.header.Get("Clew-Record") != "" {
				t.Errorf("%s differs: %d %v", what, a.status, a.header)
			}
		}
		if leads := s.leads(); len(leads) != 1 {
			t.Errorf("%d leads", len(leads))
		}
	})
}

func TestWhatIsWrongStandsBesideItsFieldAndNothingTypedIsLost(t *testing.T) {
	crms(t, func(s *crm) {
		a := s.send("expo", map[string]string{"contact": `<b>"陈`, "phone": "12", "_utm_source": "wx"})
		if a.status != http.StatusUnprocessableEntity {
			t.Fatalf("%d", a.status)
		}
		for _, want := range []string{
			`value="&lt;b&gt;&#34;陈"`, `value="12"`, `<p class="error" id="e-company">This is required.</p>`,
			`<p class="error" id="e-phone">Not a valid phone number.</p>`, `name="_utm_source" value="wx"`, "Please correct what is marked.",
		} {
			if !strings.Contains(a.raw, want) {
				t.Errorf("the page lacks %s:\n%s", want, a.raw)
			}
		}
		chinese := s.call("POST", "/f/expo?lang=zh-CN", url.Values{"_token": {s.ripe("expo", time.Minute)}}.Encode(), "Content-Type", formType, "Accept-Language", "en")
		if !strings.Contains(chinese.raw, `<html lang="zh-CN">`) || !strings.Contains(chinese.raw, "请更正标出的内容") {
			t.Errorf("not in Chinese: %s", chinese.raw)
		}
		if len(s.leads()) != 0 {
			t.Error("a wrong form became a lead")
		}
	})
}

func TestSpamIsAskedAgain(t *testing.T) {
	crms(t, func(s *crm) {
		for what, fields := range map[string]map[string]string{
			"trap":          {"_website": "http://spam"},
			"too fast":      {"_token": s.ripe("expo", 0)},
			"too old":       {"_token": s.ripe("expo", 25*time.Hour)},
			"forged":        {"_token": "x"},
			"another's":     {"_token": s.ripe("website", time.Minute)},
			"without token": {"_token": ""},
		} {
			for name, value := range visitor("钱", "13900007002") {
				fields[name] = value
			}
			a := s.send("expo", fields)
			if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.raw, "send it again") || !strings.Contains(a.raw, `value="13900007002"`) {
				t.Errorf("%s: %d %s", what, a.status, a.raw)
			}
			token := regexp.MustCompile(`name="_token" value="([^"]+)"`).FindStringSubmatch(a.raw)
			if token == nil || (token[1] == fields["_token"]) != (what == "too fast") {
				t.Errorf("%s: token %v", what, token)
			}
		}
		if len(s.leads()) != 0 || s.last("expo") != "" {
			t.Error("spam was kept")
		}
	})
}

func TestOnlyFormsAreTakenAndOnlyHere(t *testing.T) {
	crms(t, func(s *crm) {
		s.want("json", s.call("POST", "/f/expo", map[string]any{"files": []any{map[string]any{"filepath": "/etc/passwd"}}}, "Content-Type", "application/json"), http.StatusBadRequest, "not_a_form")
		s.want("no type", s.call("POST", "/f/expo", "contact=x"), http.StatusBadRequest, "not_a_form")
		s.want("broken", s.call("POST", "/f/expo", "contact=%zz", "Content-Type", formType), http.StatusBadRequest, "not_a_form")
		s.want("no UTF-8", s.call("POST", "/f/expo", "contact=%ff", "Content-Type", formType), http.StatusBadRequest, "invalid_utf8")
		s.want("large", s.call("POST", "/f/expo", "contact="+strings.Repeat("x", 65<<10), "Content-Type", formType), http.StatusRequestEntityTooLarge, "too_large")
		s.want("the channel itself", s.call("POST", "/in/expo", visitor("孙", "13900007003")), http.StatusNotFound, "not_found")
		s.want("unknown", s.call("GET", "/f/nope", nil), http.StatusNotFound, "not_found")
		s.want("not public", s.call("GET", "/f/lead.new", nil), http.StatusNotFound, "not_found")
		s.want("not public", s.call("POST", "/f/lead.new", "company=x", "Content-Type", formType), http.StatusNotFound, "not_found")
		s.want("not public", s.call("GET", "/f/lead.new/qr.svg", nil), http.StatusNotFound, "not_found")
		if len(s.leads()) != 0 {
			t.Error("something was kept")
		}
	})
}

func TestAFloodAtOneFormLeavesTheOthersOpen(t *testing.T) {
	crms(t, func(s *crm) {
		channel, err := s.catalog.Current().Document("channel", "expo")
		s.must(err)
		d, err := config.FromJSON("channel", "expo", []byte(strings.Replace(string(channel.Body), `"per_minute":600`, `"per_minute":6`, 1)))
		s.must(err)
		_, err = s.catalog.Apply(t.Context(), []config.Document{d}, config.Note{})
		s.must(err)
		refused := 0
		for i := range 12 {
			a := s.send("expo", visitor(fmt.Sprintf("周%d", i), fmt.Sprintf("139000080%02d", i)))
			if a.status == http.StatusTooManyRequests {
				refused++
				if a.header.Get("Retry-After") == "" || !strings.Contains(a.raw, fmt.Sprintf("周%d", i)) {
					t.Errorf("what was typed is lost: %s", a.raw)
				}
			}
		}
		if refused < 6 {
			t.Errorf("%d refused", refused)
		}
		if a := s.send("website", visitor("吴", "13900008099")); a.status != http.StatusSeeOther {
			t.Errorf("another form: %d", a.status)
		}
	})
}

func TestAFormIsSmallAndItsPartsAreKept(t *testing.T) {
	crms(t, func(s *crm) {
		page := s.call("GET", "/f/expo", nil)
		total := len(page.raw)
		for _, part := range regexp.MustCompile(`(?:href|src)="(/f/-/[^"]+)"`).FindAllStringSubmatch(page.raw, -1) {
			a := s.call("GET", part[1], nil)
			if a.status != http.StatusOK || !strings.Contains(a.header.Get("Cache-Control"), "immutable") {
				t.Errorf("%s: %d %v", part[1], a.status, a.header)
			}
			total += len(a.raw)
		}
		if total > 15<<10 {
			t.Errorf("%d bytes in all", total)
		}
		if page.header.Get("Cache-Control") != "no-store" || !strings.Contains(page.header.Get("Content-Security-Policy"), "default-src 'self'") {
			t.Errorf("%v", page.header)
		}
	})
}

func TestTheCodeShowsTheFormsAddress(t *testing.T) {
	crms(t, func(s *crm) {
		plain, ours := s.call("GET", "/f/expo/qr.svg", nil), s.call("GET", "/f/expo/qr.svg?person=s1", nil)
		for _, a := range []answer{plain, ours} {
			if a.status != http.StatusOK || a.header.Get("Content-Type") != "image/svg+xml" || !strings.HasPrefix(a.raw, "<svg ") {
				t.Errorf("%d %v", a.status, a.header)
			}
		}
		if plain.raw == ours.raw {
			t.Error("the person is not in the code")
		}
	})
}

func TestAnySiteMayShowAPublicForm(t *testing.T) {
	crms(t, func(s *crm) {
		for path, framed := range map[string]bool{"/f/expo": true, "/f/lead.new": false, "/api/v1/session": false} {
			h := s.call("GET", path, nil).header
			policy := h.Get("Content-Security-Policy")
			if got := strings.Contains(policy, "frame-ancestors *") && h.Get("X-Frame-Options") == ""; got != framed {
				s.t.Errorf("%s in a frame: %t, %s %s", path, got, policy, h.Get("X-Frame-Options"))
			}
		}
	})
}
