package api

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
)

// questioned is a call with these query parameters, on a server without a database.
func questioned(t *testing.T, query string) *Call {
	t.Helper()
	server := New(Dependencies{})
	c := server.newCall(httptest.NewRecorder(), httptest.NewRequest("GET", "/api/v1/x?"+query, nil), Route{Path: Prefix + "/x"})
	c.Snapshot, c.Directory = &catalog.Snapshot{}, &account.Directory{}
	if err := c.readQuery(); err != nil {
		t.Fatal(err)
	}
	return c
}

// told is a fault as "code: path code, path code".
func told(err error) string {
	f, ok := fault.As(err)
	if !ok {
		return fmt.Sprint(err)
	}
	var fields []string
	for _, one := range f.Fields {
		fields = append(fields, one.Path+" "+one.Code)
	}
	return f.Code + ": " + strings.Join(fields, ", ")
}

// TestWhereACallComesFrom: only a proxy that we believe may say for whom it asks,
// and what it adds counts, not what came to it.
func TestWhereACallComesFrom(t *testing.T) {
	near := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for _, one := range []struct {
		name, peer, forwarded string
		proxies               []netip.Prefix
		want                  string
	}{
		{"nobody between", "203.0.113.7:5", "", near, "203.0.113.7"},
		{"a stranger who claims to be a proxy", "203.0.113.7:5", "198.51.100.1", near, "203.0.113.7"},
		{"a proxy", "10.1.2.3:5", "198.51.100.1", near, "198.51.100.1"},
		{"a proxy that nobody believes", "10.1.2.3:5", "198.51.100.1", nil, "10.1.2.3"},
		{"a proxy that says nothing", "10.1.2.3:5", "", near, "10.1.2.3"},
		{"what the client wrote before the proxy", "10.1.2.3:5", "1.1.1.1, 198.51.100.1", near, "198.51.100.1"},
		{"two proxies of ours", "10.1.2.3:5", "198.51.100.1, 10.9.9.9", near, "198.51.100.1"},
		{"a client in our own net", "10.1.2.3:5", "10.7.7.7", near, "10.7.7.7"},
		{"what is no address", "10.1.2.3:5", "unknown", near, "10.1.2.3"},
		{"behind what is no address", "10.1.2.3:5", "198.51.100.1, junk", near, "10.1.2.3"},
		{"six", "[fd00::1]:5", "2001:db8::7", near, "2001:db8::7"},
		{"four written as six", "[::ffff:10.1.2.3]:5", "::ffff:198.51.100.1", near, "198.51.100.1"},
		{"blanks", "10.1.2.3:5", " 198.51.100.1 ", near, "198.51.100.1"},
		{"a socket", "@", "198.51.100.1", near, "@"},
	} {
		s := New(Dependencies{Proxies: one.proxies})
		r := httptest.NewRequest("GET", "/", nil)
		if r.RemoteAddr = one.peer; one.forwarded != "" {
			r.Header.Set("X-Forwarded-For", one.forwarded)
		}
		if got := s.address(r); got != one.want {
			t.Errorf("%s: %s, want %s", one.name, got, one.want)
		}
	}
	s := New(Dependencies{Proxies: near})
	r := httptest.NewRequest("GET", "/", nil)
	r.RemoteAddr = "10.1.2.3:5"
	r.Header.Add("X-Forwarded-For", "1.1.1.1")
	r.Header.Add("X-Forwarded-For", "198.51.100.1")
	if got := s.address(r); got != "198.51.100.1" {
		t.Errorf("of two lines the last counts: %s", got)
	}
}

// TestWhichCookieIsAsked: the guarded one by https and on this machine, the plain
// one elsewhere; what a stranger says of https changes nothing.
func TestWhichCookieIsAsked(t *testing.T) {
	for _, one := range []struct {
		name, host, peer, said, public string
		tls                            bool
		secure                         bool
		cookie                         string
	}{
		{"https", "crm.example", "203.0.113.7:5", "", "", true, true, cookieSecure},
		{"plain http", "crm.example", "203.0.113.7:5", "", "", false, false, cookiePlain},
		{"a proxy says https", "crm.example", "10.1.2.3:5", "https", "", false, true, cookieSecure},
		{"a proxy shouts it", "crm.example", "10.1.2.3:5", "HTTPS", "", false, true, cookieSecure},
		{"a proxy says http", "crm.example", "10.1.2.3:5", "http", "", false, false, cookiePlain},
		{"a stranger says https", "crm.example", "203.0.113.7:5", "https", "", false, false, cookiePlain},
		{"the public address is https", "crm.example", "203.0.113.7:5", "", "https://crm.example", false, true, cookieSecure},
		{"in other letters", "CRM.example", "203.0.113.7:5", "", "https://crm.example/", false, true, cookieSecure},
		{"another public address", "other.example", "203.0.113.7:5", "", "https://crm.example", false, false, cookiePlain},
		{"a public address by http", "crm.example", "203.0.113.7:5", "", "http://crm.example", false, false, cookiePlain},
		{"this machine", "localhost:8420", "127.0.0.1:5", "", "", false, false, cookieSecure},
		{"this machine by number", "127.0.0.1:8420", "127.0.0.1:5", "", "", false, false, cookieSecure},
		{"this machine in six", "[::1]:8420", "[::1]:5", "", "", false, false, cookieSecure},
		{"a name that begins so", "localhost.evil.example", "203.0.113.7:5", "", "", false, false, cookiePlain},
		{"another machine of the net", "192.168.1.5:8420", "192.168.1.9:5", "", "", false, false, cookiePlain},
	} {
		s := New(Dependencies{Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, PublicURL: one.public})
		r := httptest.NewRequest("GET", "/", nil)
		r.Host, r.RemoteAddr, r.TLS = one.host, one.peer, nil
		if one.tls {
			r.TLS = &tls.ConnectionState{}
		}
		if one.said != "" {
			r.Header.Set("X-Forwarded-Proto", one.said)
		}
		if got := s.secure(r); got != one.secure {
			t.Errorf("%s: secure %t", one.name, got)
		}
		if got := s.cookieName(r); got != one.cookie {
			t.Errorf("%s: cookie %s, want %s", one.name, got, one.cookie)
		}
	}
}

// TestRangesOfDays: both ends count, each can be left out, and what is no day of
// a calendar is named by its parameter.
func TestRangesOfDays(t *testing.T) {
	first, last := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 3, 31, 23, 59, 0, 0, time.UTC)
	for query, want := range map[string]string{
		"":                               "2026-01-01 2026-03-31",
		"from=2026-02-01":                "2026-02-01 2026-03-31",
		"to=2026-02-01":                  "2026-01-01 2026-02-01",
		"from=2024-02-29&to=2024-02-29":  "2024-02-29 2024-02-29",
		"from=2025-01-01&to=2026-02-05":  "2025-01-01 2026-02-05",
		"from=2025-01-01&to=2026-02-06":  "range_too_long: from range_too_long",
		"from=2026-02-29":                "invalid_date: from invalid_date",
		"to=2026-13-01":                  "invalid_date: to invalid_date",
		"from=26-01-01":                  "invalid_date: from invalid_date",
		"from=2026-1-1":                  "invalid_date: from invalid_date",
		"from=2026-01-01T00:00:00Z":      "invalid_date: from invalid_date",
		"from=%EF%BC%92026-01-01":        "invalid_date: from invalid_date",
		"from=x&to=y":                    "invalid_date: to invalid_date",
		"from=0001-01-01&to=9999-12-31":  "range_too_long: from range_too_long",
		"from=%202026-01-01":             "invalid_date: from invalid_date",
		"from=2026-03-01&from=2026-02-1": "2026-03-01 2026-03-31",
	} {
		from, to, err := questioned(t, query).days("from", "to", first, last)
		got := from + " " + to
		if err != nil {
			got = told(err)
		}
		if got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
}

// TestTheAuditsDays: the last day counts whole, in the company's zone.
func TestTheAuditsDays(t *testing.T) {
	for _, one := range []struct {
		query string
		want  string
	}{
		{"", "0001-01-01T00:00:00Z 0001-01-01T00:00:00Z"},
		{"from=2026-11-24&to=2026-11-24", "2026-11-24T00:00:00Z 2026-11-25T00:00:00Z"},
		{"to=2026-12-31", "0001-01-01T00:00:00Z 2027-01-01T00:00:00Z"},
		{"from=2024-02-29", "2024-02-29T00:00:00Z 0001-01-01T00:00:00Z"},
		{"from=yesterday", "invalid_input: from invalid_date"},
		{"to=2026-02-30", "invalid_input: to invalid_date"},
	} {
		search, err := questioned(t, one.query).auditSearch()
		got := search.From.Format(time.RFC3339) + " " + search.To.Format(time.RFC3339)
		if err != nil {
			got = told(err)
		}
		if got != one.want {
			t.Errorf("%s: %s, want %s", one.query, got, one.want)
		}
	}
}

// TestParametersThatCannotBeRead: a question that is half there is no question.
func TestParametersThatCannotBeRead(t *testing.T) {
	for raw, refused := range map[string]bool{
		"filter=a%3Db": false, "filter=a;b": true, "filter=%": true, "filter=%zz": true, "filter=%00": true, "filter=%ff": true, "%ff=x": true, "a=%00&filter=x": true,
		"": false, "&&": false, "=": false, "filter": false, "filter=%F0%9F%98%80": false,
	} {
		for _, path := range []string{Prefix + "/records/lead", "/f/website"} {
			server := New(Dependencies{})
			c := server.newCall(httptest.NewRecorder(), httptest.NewRequest("GET", path, nil), Route{Path: path})
			c.R.URL.RawQuery = raw
			err := c.readQuery()
			if wanted := refused && strings.HasPrefix(path, Prefix); (err != nil) != wanted {
				t.Errorf("%s?%s: %v", path, raw, err)
			}
			for name, values := range c.query {
				if err == nil && !isText(name+strings.Join(values, "")) {
					t.Errorf("%s?%s: %q got in", path, raw, name)
				}
			}
		}
	}
}

// TestNamesInQueries: whatever a client joins with commas, each name comes once
// and in its order, and nothing is made of nothing.
func TestNamesInQueries(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		names := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", "名", ""}), 1, 8).Draw(r, "names")
		written := make([]string, len(names))
		for i, name := range names {
			written[i] = rapid.SampledFrom([]string{"", " ", "\t"}).Draw(r, "before") + name + rapid.SampledFrom([]string{"", " "}).Draw(r, "after")
		}
		got := eachOnce(strings.Split(strings.Join(written, ","), ","))
		var want []string
		seen := map[string]bool{}
		for _, name := range names {
			if !seen[name] {
				want = append(want, name)
			}
			seen[name] = true
		}
		if diff := cmp.Diff(want, got); diff != "" {
			r.Fatal(diff)
		}
	})
}

// TestBothConditionsHold: the first that does not hold is what is told.
func TestBothConditionsHold(t *testing.T) {
	yes := func(query.Row) error { return nil }
	no := func(code string) func(query.Row) error {
		return func(query.Row) error { return fault.New(fault.Stale, code) }
	}
	for _, one := range []struct {
		name          string
		first, second func(query.Row) error
		want          string
	}{
		{"one alone", nil, yes, "<nil>"}, {"one alone that does not", nil, no("second"), "second: "}, {"both", yes, yes, "<nil>"},
		{"not the first", no("first"), yes, "first: "}, {"not the second", yes, no("second"), "second: "}, {"neither", no("first"), no("second"), "first: "},
	} {
		if got := told(both(one.first, one.second)(query.Row{})); got != one.want {
			t.Errorf("%s: %s, want %s", one.name, got, one.want)
		}
	}
}

// TestACommentsName: an entry is named as the thread names it, and in no other way.
func TestACommentsName(t *testing.T) {
	for entry, want := range map[string]int64{
		"r1.5": 5, "r1.9223372036854775807": 9223372036854775807,
		"r1.0": 0, "r1.-1": 0, "r1.": 0, "r1": 0, "5": 0, ".5": 0, "r2.5": 0, "r1.5.6": 0, "r1.x": 0, "r1.9223372036854775808": 0, "r1.5 ": 0, "r1.0x5": 0, "r1.1e3": 0, "r1.٥": 0,
	} {
		c := &Call{R: httptest.NewRequest("GET", "/", nil)}
		c = withPath(c, map[string]string{"id": "r1", "entry": entry})
		got, err := c.commentNumber()
		if (err == nil) != (want > 0) || got != want {
			t.Errorf("%s: %d %v", entry, got, err)
		}
		if err != nil && fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s: %v", entry, err)
		}
	}
}

// TestAMoveOnTheAgenda: a time in the company's zone, or with its own; a reason
// of so many characters; what is missing and what is wrong are named at once.
func TestAMoveOnTheAgenda(t *testing.T) {
	shanghai := time.FixedZone("CST", 8*3600)
	due := &schema.Field{ID: "due", Name: "due", Type: "datetime"}
	for _, one := range []struct {
		name string
		move AgendaMove
		want string
	}{
		{"a moment", AgendaMove{DueAt: "2026-12-01T09:00:00Z"}, "2026-12-01T09:00:00Z"},
		{"in the company's zone", AgendaMove{DueAt: "2026-12-01 09:00"}, "2026-12-01T01:00:00Z"},
		{"in another", AgendaMove{DueAt: "2026-12-01T09:00:00-05:00"}, "2026-12-01T14:00:00Z"},
		{"nothing", AgendaMove{}, "invalid_input: due_at required"},
		{"blanks", AgendaMove{DueAt: "  "}, "invalid_input: due_at required"},
		{"a word", AgendaMove{DueAt: "soon"}, "invalid_input: due_at invalid_datetime"},
		{"a day that there is not", AgendaMove{DueAt: "2026-02-29"}, "invalid_input: due_at invalid_datetime"},
		{"a wrong time before", AgendaMove{DueAt: "2026-12-01", Was: "then"}, "invalid_input: was invalid_datetime"},
		{"both", AgendaMove{DueAt: "x", Was: "y"}, "invalid_input: due_at invalid_datetime, was invalid_datetime"},
		{"a long reason", AgendaMove{DueAt: "2026-12-01T00:00:00Z", Reason: strings.Repeat("因", reasonLetters+1)}, "invalid_input: reason too_long"},
		{"a reason just so long", AgendaMove{DueAt: "2026-12-01T00:00:00Z", Reason: strings.Repeat("因", reasonLetters)}, "2026-12-01T00:00:00Z"},
	} {
		move, err := one.move.parse(schema.Input{Zone: shanghai}, due)
		got := move.due.UTC().Format(time.RFC3339)
		if err != nil {
			got = told(err)
		}
		if got != one.want {
			t.Errorf("%s: %s, want %s", one.name, got, one.want)
		}
	}
}

// TestFloodsOfManyAddresses: each address has its own allowance, and more
// addresses than are kept take no more memory.
func TestFloodsOfManyAddresses(t *testing.T) {
	l := newLimiter(0.0001, 3)
	for i := range 3 {
		if !l.allow("a") {
			t.Errorf("call %d of a is refused", i)
		}
	}
	if l.allow("a") || !l.allow("b") {
		t.Error("a has used his up, and b has not")
	}
	for i := range addressesKept + 5 {
		l.allow(url.QueryEscape(fmt.Sprint("address ", i)))
	}
	if n := len(l.addresses); n > addressesKept {
		t.Errorf("%d addresses are kept", n)
	}
}

// withPath is the call with these parts of its path.
func withPath(c *Call, parts map[string]string) *Call {
	route := chi.NewRouteContext()
	for name, value := range parts {
		route.URLParams.Add(name, value)
	}
	c.R = c.R.WithContext(context.WithValue(c.R.Context(), chi.RouteCtxKey, route))
	return c
}
