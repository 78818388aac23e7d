package server_test

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/totp"
)

// seat is a person in a browser.
type seat struct {
	c            *company
	cookie, csrf string
}

// enter logs somebody in and gives his browser; step is what is still wanted.
func (c *company) enter(email, secret string) (seat, answer) {
	c.Helper()
	got := c.send("POST", "/api/v1/session", map[string]any{"email": email, "password": secret}, nil)
	return c.seat(got), got
}

func (c *company) seat(got answer) seat {
	c.Helper()
	cookie, _, _ := strings.Cut(got.header.Get("Set-Cookie"), ";")
	csrf, _ := got.json(c.T)["csrf"].(string)
	return seat{c, cookie, csrf}
}

func (s seat) do(method, path string, body any) answer {
	s.c.Helper()
	return s.c.send(method, path, body, map[string]string{"Cookie": s.cookie, "X-CSRF-Token": s.csrf})
}

// enrol gives the person in the seat a second factor.
func (s seat) enrol() (secret string, recovery []any) {
	s.c.Helper()
	begun := s.do("POST", "/api/v1/session/factor/enrol", nil).want(s.c.T, "enrol", 200).json(s.c.T)
	secret, _ = begun["secret"].(string)
	if picture, _ := begun["qr"].(string); !strings.HasPrefix(picture, "data:image/svg+xml;base64,") {
		s.c.Errorf("no QR code: %s", picture)
	}
	code, err := totp.Code(secret, time.Now())
	s.c.must(err)
	recovery, _ = s.do("POST", "/api/v1/session/factor/confirm", map[string]any{"code": code}).want(s.c.T, "confirm", 200).json(s.c.T)["codes"].([]any)
	return secret, recovery
}

func TestTheSecondFactorStandsBetweenPasswordAndSession(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		s, _ := c.enter("s1@example.com", password)
		_, recovery := s.enrol()
		half, got := c.enter("s1@example.com", password)
		if got.json(t)["step"] != "factor" || got.json(t)["user"] != nil {
			t.Fatalf("log-in: %s", got.body)
		}
		// Half a log-in opens nothing.
		for _, path := range []string{"/api/v1/session", leads, "/api/v1/catalog", "/api/v1/sessions", "/api/v1/session/factor", "/api/v1/live", "/api/v1/tokens"} {
			half.do("GET", path, nil).want(t, path, 401)
		}
		half.do("POST", "/api/v1/tokens", map[string]any{"name": "x"}).want(t, "token", 401)
		half.do("POST", "/api/v1/session/factor/enrol", nil).want(t, "enrol", 401)
		half.do("POST", "/api/v1/session/factor", map[string]any{"code": "000000"}).want(t, "wrong code", 422)
		c.send("POST", "/api/v1/session/factor", map[string]any{"code": recovery[0]}, map[string]string{"Cookie": half.cookie}).want(t, "without csrf", 403)
		c.send("POST", "/api/v1/session/factor", map[string]any{"code": recovery[0]}, nil).want(t, "without a password", 401)
		in := half.do("POST", "/api/v1/session/factor", map[string]any{"code": recovery[0]}).want(t, "recovery code", 200)
		whole := c.seat(in)
		whole.do("GET", "/api/v1/session", nil).want(t, "in", 200)
		if whole.cookie == half.cookie {
			t.Error("the session before the code went on")
		}
		half.do("POST", "/api/v1/session/factor", map[string]any{"code": recovery[1]}).want(t, "the half session again", 401)
		s.do("POST", "/api/v1/session/factor", map[string]any{"code": recovery[1]}).want(t, "a whole session has nothing to give", 401)
		view := whole.do("GET", "/api/v1/session/factor", nil).json(t)
		if view["enrolled"] != true || fmt.Sprint(view["recovery_left"]) != "9" {
			t.Errorf("factor %v", view)
		}
	})
}

func TestATokenChangesNoFactor(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		for _, path := range []string{"enrol", "confirm", "recovery", "remove"} {
			c.as("s1")("POST", "/api/v1/session/factor/"+path, map[string]any{"code": "1"}).want(t, path, 403)
		}
	})
}

func TestRolesThatNeedAFactorGetNoFurtherWithoutOne(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		admin, _ := c.enter("admin@example.com", password)
		rules := map[string]any{"profile": "asvs", "idle_minutes": 60, "life_hours": 12, "factor_roles": []string{"sales"}, "factor_grace_days": 0}
		s, _ := c.enter("s1@example.com", password)
		admin.do("PUT", "/api/v1/security/rules", rules).want(t, "rules", 200)
		got := s.do("GET", leads, nil).want(t, "list", 403).json(t)
		if got["code"] != "duty_factor" {
			t.Errorf("%v", got)
		}
		if me := s.do("GET", "/api/v1/session", nil).want(t, "me", 200).json(t); me["duty"] != "factor" {
			t.Errorf("me %v", me)
		}
		s.do("POST", "/api/v1/tokens", map[string]any{"name": "way round"}).want(t, "token", 403)
		s.enrol()
		s.do("GET", leads, nil).want(t, "enrolled", 200)
		other, _ := c.enter("marketing@example.com", password)
		other.do("GET", leads, nil).want(t, "another role", 200)
		rules["factor_roles"] = []string{"nobody"}
		admin.do("PUT", "/api/v1/security/rules", rules).want(t, "an odd role", 422)
		c.as("leader")("PUT", "/api/v1/security/rules", rules).want(t, "without the right", 403)
		c.as("leader")("GET", "/api/v1/security/rules", nil).want(t, "without the right", 403)
	})
}

func TestAPasswordThatHasToBeChangedOpensNothingElse(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		admin, _ := c.enter("admin@example.com", password)
		admin.do("PATCH", "/api/v1/users/"+c.ids["s1"], map[string]any{"password": "chosen by admin", "must_change_password": true}).want(t, "set", 200)
		s, _ := c.enter("s1@example.com", "chosen by admin")
		if got := s.do("GET", leads, nil).want(t, "list", 403).json(t); got["code"] != "duty_password" {
			t.Errorf("%v", got)
		}
		changed := s.do("PATCH", "/api/v1/session", map[string]any{"password": map[string]any{"old": "chosen by admin", "new": "chosen by myself"}}).want(t, "change", 200)
		c.seat(changed).do("GET", leads, nil).want(t, "afterwards", 200)
	})
}

func TestRevokedSessionsAreDeadWithTheirStreams(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		s, _ := c.enter("s1@example.com", password)
		admin, _ := c.enter("admin@example.com", password)
		for name, revoke := range map[string]func(){
			"by himself elsewhere": func() {
				other, _ := c.enter("s1@example.com", password)
				other.do("POST", "/api/v1/sessions/revoke", nil).want(t, "revoke", 200)
			},
			"by an administrator": func() {
				admin.do("POST", "/api/v1/users/"+c.ids["s1"]+"/sessions/revoke", nil).want(t, "revoke", 200)
			},
			"by being disabled": func() {
				admin.do("PATCH", "/api/v1/users/"+c.ids["s1"], map[string]any{"active": false}).want(t, "disable", 200)
				admin.do("PATCH", "/api/v1/users/"+c.ids["s1"], map[string]any{"active": true}).want(t, "enable", 200)
			},
		} {
			s, _ = c.enter("s1@example.com", password)
			request, err := http.NewRequest("GET", c.site.URL+"/api/v1/live", nil)
			c.must(err)
			request.Header.Set("Cookie", s.cookie)
			stream, err := http.DefaultClient.Do(request)
			c.must(err)
			lines := bufio.NewScanner(stream.Body)
			lines.Scan() // open
			revoke()
			began := time.Now()
			for lines.Scan() {
			}
			if took := time.Since(began); took > hearing { // a beat would end it too
				t.Errorf("%s: the stream lived for %s", name, took)
			}
			_ = stream.Body.Close()
			s.do("GET", "/api/v1/session", nil).want(t, name, 401)
		}
	})
}

func TestSessionsAndTokensAreTheirPersonsOrTheAdministrators(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		s, _ := c.enter("s1@example.com", password)
		admin, _ := c.enter("admin@example.com", password)
		mine := s.do("GET", "/api/v1/sessions", nil).items(t)
		if len(mine) != 1 || mine[0]["current"] != true || mine[0]["address"] == "" {
			t.Fatalf("sessions %v", mine)
		}
		id := mine[0]["id"].(string)
		made := s.do("POST", "/api/v1/tokens", map[string]any{"name": "robot"}).want(t, "token", 201).json(t)
		other, _ := c.enter("s2@example.com", password)
		other.do("DELETE", "/api/v1/sessions/"+id, nil).want(t, "another's", 404)
		path := "/api/v1/users/" + c.ids["s1"]
		for _, route := range []string{"GET /sessions", "POST /sessions/revoke", "DELETE /sessions/" + id, "DELETE /factor", "POST /reset", "DELETE /link"} {
			method, rest, _ := strings.Cut(route, " ")
			c.as("leader")(method, path+rest, nil).want(t, route, 403)
		}
		seen := admin.do("GET", path+"/sessions", nil).want(t, "entrances", 200)
		if !strings.Contains(string(seen.body), id) || !strings.Contains(string(seen.body), "robot") {
			t.Errorf("entrances %s", seen.body)
		}
		admin.do("DELETE", fmt.Sprintf("%s/tokens/%s", path, made["id"]), nil).want(t, "token", 204)
		admin.do("DELETE", path+"/sessions/"+id, nil).want(t, "session", 204)
		s.do("GET", "/api/v1/session", nil).want(t, "ended", 401)
		admin.do("DELETE", path+"/factor", nil).want(t, "no factor", 404)
	})
}

func TestALinkSetsThePasswordOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		admin, _ := c.enter("admin@example.com", password)
		made := admin.do("POST", "/api/v1/users/"+c.ids["s1"]+"/reset", nil).want(t, "make", 201).json(t)
		for name, body := range map[string]any{
			"null": map[string]any{"token": nil, "password": "something new"}, "empty": map[string]any{"token": "", "password": "something new"},
			"a list": `{"token":["x"],"password":"something new"}`, "made up": map[string]any{"token": "x", "password": "something new"},
		} {
			if got := c.send("POST", "/api/v1/session/reset", body, nil); got.status != 400 && got.status != 422 {
				t.Errorf("%s: %d %s", name, got.status, got.body)
			}
		}
		use := map[string]any{"token": made["token"], "password": "something new"}
		c.send("POST", "/api/v1/session/reset", use, map[string]string{"Sec-Fetch-Site": "cross-site"}).want(t, "cross-site", 403)
		c.send("POST", "/api/v1/session/reset", use, nil).want(t, "use", 204)
		c.send("POST", "/api/v1/session/reset", use, nil).want(t, "again", 400)
		if _, got := c.enter("s1@example.com", "something new"); got.status != 200 {
			t.Errorf("log-in: %s", got.body)
		}
	})
}

func TestTheAuditTellsWhoDidWhat(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		admin, _ := c.enter("admin@example.com", password)
		c.enter("s1@example.com", "wrong password")
		admin.do("PATCH", "/api/v1/users/"+c.ids["s1"], map[string]any{"roles": []string{"service"}}).want(t, "roles", 200)
		admin.do("PUT", "/api/v1/channels/douyin/secret", map[string]any{"secret": "another-secret"}).want(t, "secret", 204)
		texts := func(query string) string {
			var all []string
			for _, item := range admin.do("GET", "/api/v1/audit?"+query, nil).want(t, query, 200).items(t) {
				all = append(all, fmt.Sprint(item["kind"], "|", item["text"], "|", item["actor"].(map[string]any)["label"]))
				if item["text"] == item["kind"] {
					t.Errorf("%v has no sentence", item["kind"])
				}
			}
			return strings.Join(all, "\n")
		}
		if got := texts("kind=secret&limit=1"); !strings.Contains(got, "Admin") || !strings.Contains(got, "douyin") {
			t.Errorf("secret: %s", got)
		}
		if got := texts("about=" + c.ids["s1"] + "&failed=1"); !strings.HasPrefix(got, "session.refused|") {
			t.Errorf("failure: %s", got)
		}
		if got := texts("person=" + c.ids["s1"]); strings.Contains(got, "Admin") {
			t.Errorf("of s1: %s", got)
		}
		first := admin.do("GET", "/api/v1/audit?limit=3", nil).json(t)
		next := admin.do("GET", fmt.Sprintf("/api/v1/audit?limit=3&cursor=%v", first["next_cursor"]), nil).want(t, "page 2", 200).items(t)
		last := first["items"].([]any)[2].(map[string]any)["seq"].(float64)
		if next[0]["seq"].(float64) != last-1 {
			t.Errorf("page 2 begins at %v after %v", next[0]["seq"], last)
		}
		admin.do("GET", fmt.Sprintf("/api/v1/audit?limit=3&kind=token&cursor=%v", first["next_cursor"]), nil).want(t, "another list's cursor", 400)
		texts("")
		for _, path := range []string{"/api/v1/audit", "/api/v1/audit/export", "/api/v1/audit/verify"} {
			c.as("leader")("GET", path, nil).want(t, path, 403)
		}
		for _, method := range []string{"POST", "PUT", "PATCH", "DELETE"} {
			admin.do(method, "/api/v1/audit", map[string]any{}).want(t, method, 405)
			admin.do(method, "/api/v1/audit/1", map[string]any{}).want(t, method, 404)
		}
		chain := admin.do("GET", "/api/v1/audit/verify", nil).json(t)
		if chain["broken_at"] != nil || chain["entries"].(float64) < 5 {
			t.Errorf("chain %v", chain)
		}
	})
}

func TestTheAuditsExport(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		admin, _ := c.enter("admin@example.com", password)
		admin.do("PATCH", "/api/v1/users/"+c.ids["s1"], map[string]any{"name": "=cmd|' /C calc'!A0"}).want(t, "name", 200)
		got := admin.do("GET", "/api/v1/audit/export?kind=person", nil).want(t, "export", 200)
		lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(got.body), "\ufeff"))).ReadAll()
		c.must(err)
		if len(lines) < 10 || lines[1][2] != "person.changed" {
			t.Fatalf("lines %v", lines)
		}
		for _, line := range lines {
			for _, cell := range line {
				if strings.HasPrefix(cell, "=") {
					t.Errorf("a formula: %q", cell)
				}
			}
		}
		if log := admin.do("GET", "/api/v1/audit?kind=export", nil).items(t); len(log) != 1 {
			t.Errorf("the export itself: %v", log)
		}
	})
}

func TestAPageThatRefreshesItselfKeepsNobodyIn(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		s, _ := c.enter("s1@example.com", password)
		before := s.do("GET", "/api/v1/sessions", nil).items(t)[0]["seen_at"]
		c.send("GET", leads, nil, map[string]string{"Cookie": s.cookie, "X-Idle": "1"}).want(t, "list", 200)
		if after := s.do("GET", "/api/v1/sessions", nil).items(t)[0]["seen_at"]; after != before {
			t.Errorf("seen at %v, then %v", before, after)
		}
	})
}
