package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// pushed is a clue of Douyin as its vendor would sign it, with members of the
// envelope and of the clue that a sender may vary.
func pushed(t *testing.T, message any, clue map[string]any) []byte {
	t.Helper()
	data, err := json.Marshal(clue)
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(map[string]any{"message_id": message, "service_label": "clue", "data": string(data)})
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// TestNonsenseIsAnsweredShortly: of tens of thousands of unknown names the first
// are told, to the sender and to who looks at the delivery, and no more.
func TestNonsenseIsAnsweredShortly(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		admin := c.as("admin")
		admin("PUT", "/api/v1/channels/website-api/secret", map[string]any{"secret": "shh-shh-shh-shh-shh"}).want(t, "secret", 204)
		nonsense := []byte("{" + manyKeys(30_000) + `"company":"甲"}`)
		request := map[string]string{"Authorization": "bearer shh-shh-shh-shh-shh", "Content-Type": "application/json"}
		sent := c.send("POST", "/in/website-api", nonsense, request).want(t, "a delivery", 200)
		if len(sent.body) > len(nonsense)/10 || len(sent.faults(t)) != 200 {
			t.Errorf("%d bytes are answered with %d", len(nonsense), len(sent.body))
		}
		failed := admin("GET", "/api/v1/channels/website-api/deliveries?status=failed", nil).items(t)
		if len(failed) != 1 || len(failed[0]["errors"].([]any)) != 200 {
			t.Errorf("%d failed deliveries", len(failed))
		}
		refused := c.as("leader")("POST", leads, nonsense).want(t, "a record", 422)
		if len(refused.faults(t)) != 200 {
			t.Errorf("%d faults of a record", len(refused.faults(t)))
		}
	})
}

// TestNoDeliveryIsLostToWhatItHolds: a genuine sender is answered with success
// whatever is in the delivery – it is kept, as a lead or as a failed delivery
// that a person can look at – and with a refusal where it cannot be kept; a
// failure of ours would make him send it again for ever.
func TestNoDeliveryIsLostToWhatItHolds(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		long := longNoise(20_000)
		n := 0
		for name, clue := range map[string]map[string]any{
			"a NUL":                  {"name": "张\x00三", "telephone": "1390000\x001234", "remark": "\x00"},
			"a long name":            {"name": long, "telephone": "13900001234"},
			"a long phone":           {"name": "x", "telephone": strings.Repeat("1", 5000)},
			"a long noise for phone": {"name": "x", "telephone": long},
			"a long WeChat":          {"name": "x", "weixin": long},
			"a long e-mail":          {"name": "x", "email": long + "@example.com"},
			"a long e-mail's domain": {"name": "x", "email": "a@" + long + ".com"},
			"a long remark":          {"name": "x", "remark": long + long},
			"a picture":              {"name": "👨‍👩‍👧‍👦𠮷", "telephone": "١٢٣٤٥"},
			"right to left":          {"name": "\u202eevil\u202c", "remark": "\u2066x"},
			"half a surrogate":       {"name": "a\ufffdb"},
			"a list for a name":      {"name": []string{"a", "b"}},
			"an object for a phone":  {"telephone": map[string]any{"a": 1}},
			"a number for a name":    {"name": 12345678901234567890.0},
			"truth for everything":   {"name": true, "telephone": false, "remark": nil},
			"a deep answer":          {"name": "x", "remark_dict": json.RawMessage(strings.Repeat(`{"a":`, 200) + "1" + strings.Repeat("}", 200))},
			"a date of the year 0":   {"name": "x", "create_time_detail": "0000-00-00 00:00:00"},
			"a date far away":        {"name": "x", "create_time_detail": "99999-12-31 23:59:59"},
			"a date in the future":   {"name": "x", "create_time_detail": "2999-01-01 00:00:00"},
			"SQL":                    {"name": "'; DROP TABLE account; --", "telephone": "1 OR 1=1"},
			"a formula":              {"name": "=cmd|'/c calc'!A1", "remark": "@SUM(1)"},
			"a template":             {"name": "{{.Secret}} ${jndi:ldap://x} %s%n"},
			"markup":                 {"name": "<script>alert(1)</script>", "remark": "</textarea><svg onload=alert(1)>"},
			"blanks":                 {"name": " \t\u3000\u200b", "telephone": "   "},
			"nothing":                {},
			"a long clue id":         {"clue_id": long, "name": "x"},
			"a clue id of a NUL":     {"clue_id": "a\x00b", "name": "x"},
			"a clue id as a list":    {"clue_id": []int{1}, "name": "x"},
		} {
			n++
			if clue["clue_id"] == nil {
				clue["clue_id"] = fmt.Sprint("clue-", n)
			}
			body := pushed(t, fmt.Sprint("m-", n), clue)
			first := c.push(body)
			inside(t, name, first.status, first.body)
			if first.status != http.StatusOK {
				t.Errorf("%s: %d %.200s", name, first.status, first.body)
			}
			if again := c.push(body); again.status != first.status {
				t.Errorf("%s again: %d", name, again.status)
			}
		}
		for name, message := range map[string]any{
			"a long id": long, "a NUL": "a\x00b", "Chinese": strings.Repeat("张", 3000), "a number": 7312345678901234567, "a picture": "😀", "blanks": "  ", "a quote": "' OR 1=1 --", "very long": strings.Repeat(longNoise(5000), 20),
		} {
			body := pushed(t, message, map[string]any{"clue_id": "of " + name, "name": "x"})
			first := c.push(body)
			inside(t, "a message of "+name, first.status, first.body)
			if again := c.push(body); again.status != first.status {
				t.Errorf("%s again: %d, then %d", name, first.status, again.status)
			}
		}
		got := c.as("leader")("GET", leads+"?limit=500", nil).want(t, "the list still opens", 200)
		if strings.Contains(string(got.body), "\\u0000") {
			t.Error("a NUL was kept")
		}
		c.as("admin")("GET", "/api/v1/channels/douyin/deliveries?limit=500", nil).want(t, "the deliveries still open", 200)
	})
}

// TestNoFormBreaksOnWhatIsTyped: the page comes back with what is wrong, or
// thanks; whoever may post here is a stranger.
func TestNoFormBreaksOnWhatIsTyped(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		page := c.send("GET", "/f/website", nil, nil).want(t, "the form", 200)
		if !strings.Contains(string(page.body), "<form") {
			t.Fatal("no form")
		}
		long := longNoise(20_000)
		for name, typed := range map[string]url.Values{
			"a NUL":                {"company": {"a\x00b"}, "name": {"\x00"}, "phone": {"139\x0000001234"}},
			"long":                 {"company": {long}, "name": {long}, "phone": {long}, "email": {long + "@x.com"}, "message": {long}},
			"the same field twice": {"company": {"a", "b", "c"}, "phone": {"1", "2"}},
			"fields of ours":       {"owner": {c.ids["leader"]}, "score": {"100"}, "status": {"已转商机"}, "id": {"1"}, "_role": {"administrator"}},
			"odd sources":          {"company": {"x"}, "_utm_source": {"a\x00b"}, "_referrer": {long}, "_utm_campaign": {"<script>"}},
			"names that are none":  {"": {"x"}, "\x00": {"y"}, "company[]": {"z"}, "company.name": {"z"}, "__proto__": {"z"}, long: {"z"}},
			"many":                 many(2000),
			"markup":               {"company": {`"><script>alert(1)</script>`}, "name": {"</textarea><img src=x onerror=alert(1)>"}},
		} {
			got := c.send("POST", "/f/website", typed.Encode(), map[string]string{"Content-Type": "application/x-www-form-urlencoded", "X-Real-Ip": "198.51.100.9"})
			inside(t, name, got.status, got.body)
			if strings.Contains(string(got.body), "<script>alert") || strings.Contains(string(got.body), "<img src=x") {
				t.Errorf("%s: comes back as markup", name)
			}
		}
		for name, path := range map[string]string{
			"a NUL": "?utm_source=%00", "no text": "?utm_source=%ff&lang=%fe", "long": "?utm_source=" + long, "markup": "?utm_source=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&gclid=x", "thanks": "?thanks=%3Cscript%3E", "a language": "?lang=../../etc",
		} {
			got := c.send("GET", "/f/website"+path, nil, nil)
			inside(t, "the page with "+name, got.status, got.body)
			if got.status != 200 || strings.Contains(string(got.body), "<script>alert") {
				t.Errorf("the page with %s: %d", name, got.status)
			}
		}
	})
}

func many(n int) url.Values {
	all := url.Values{"company": {"x"}}
	for i := range n {
		all.Set(fmt.Sprint("field", i), "x")
	}
	return all
}

// TestOurReceiptIsWhatClocksRunFrom: what a sender says of time never makes a
// lead that is older than the company, or younger than now, to the clocks.
func TestOurReceiptIsWhatClocksRunFrom(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		for i, said := range []string{"1970-01-01 00:00:00", "2999-01-01 00:00:00", "yesterday", ""} {
			body := pushed(t, fmt.Sprint("t-", i), map[string]any{"clue_id": fmt.Sprint("t-", i), "name": "x", "telephone": fmt.Sprint("1390000010", i), "create_time_detail": said})
			if got := c.push(body); got.status != 200 {
				t.Fatalf("%q: %d %s", said, got.status, got.body)
			}
		}
		now := time.Now()
		for _, one := range c.as("leader")("GET", leads+"?limit=50", nil).items(t) {
			at, err := time.Parse(time.RFC3339Nano, fmt.Sprint(one["created_at"]))
			if err != nil || at.After(now.Add(time.Minute)) || at.Before(now.Add(-time.Hour)) {
				t.Errorf("made at %v, now is %v (%v)", one["created_at"], now, err)
			}
		}
	})
}
