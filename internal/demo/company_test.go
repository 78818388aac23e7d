package demo

import (
	"encoding/json"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/metric"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/reaction"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/route"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/thread"
)

const size = 200

func TestAWholeCompany(t *testing.T) {
	var mu sync.Mutex
	owners := map[string]map[string]string{}
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		c := found(t, db, size)
		if err := Generate(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		s := look(t, c)
		s.sizes()
		s.phones()
		s.everyLead()
		s.oncePerCause()
		s.onlyHistory()
		s.alive()
		s.deals()
		s.service()
		s.clockGoesOn()
		s.again()
		mu.Lock()
		defer mu.Unlock()
		owners[t.Name()] = s.owners()
	})
	embedded, server := owners["TestAWholeCompany/embedded"], owners["TestAWholeCompany/postgresql"]
	if diff := cmp.Diff(embedded, server); diff != "" {
		t.Errorf("the same seed gave other owners:\n%s", diff)
	}
}

func TestAnotherSeedIsAnotherCompany(t *testing.T) {
	phones := map[bool]map[string]string{}
	for _, other := range []bool{false, true} {
		c := found(t, clewtest.Open(t, clewtest.Embedded(t)), 40)
		if other {
			c.Seed = 7
		}
		if err := Generate(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		phones[other] = look(t, c).owners()
	}
	if cmp.Equal(phones[false], phones[true]) {
		t.Error("two seeds gave the same owners")
	}
}

func TestAnUnfinishedCompanyIsRefused(t *testing.T) {
	c := found(t, clewtest.Open(t, clewtest.Embedded(t)), 5)
	if err := writeMarker(t.Context(), c.DB, marker{State: unfinished}); err != nil {
		t.Fatal(err)
	}
	if f, ok := fault.As(Generate(t.Context(), c)); !ok || f.Code != "demo_unfinished" {
		t.Errorf("got %v", f)
	}
}

func TestSomebodysOwnCompanyIsLeftAlone(t *testing.T) {
	c := found(t, clewtest.Open(t, clewtest.Embedded(t)), 5)
	if _, err := c.Accounts.EnsureAdministrator(t.Context(), "甲", "a@example.com", "long-enough-1"); err != nil {
		t.Fatal(err)
	}
	if f, ok := fault.As(Generate(t.Context(), c)); !ok || f.Code != "not_a_demo" {
		t.Errorf("got %v", f)
	}
}

func TestEveryLoginWorks(t *testing.T) {
	c := found(t, clewtest.Open(t, clewtest.Embedded(t)), 5)
	if err := Generate(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	for _, l := range Logins() {
		user, err := c.Accounts.Authenticate(t.Context(), l.Email, l.Password, "127.0.0.1")
		if err != nil || user.Name != l.Name || !cmp.Equal(user.Roles, []string{l.Role}) {
			t.Errorf("%s: %+v, %v", l.Email, user, err)
		}
	}
	if users := c.Accounts.Directory().Users(); len(users) != 40 {
		t.Errorf("%d people", len(users))
	}
	for _, email := range top3() {
		if _, ok := c.Accounts.Directory().ByEmail(email); !ok {
			t.Errorf("%s is nobody", email)
		}
	}
}

func TestHistoryEndsOnAWorkingTuesday(t *testing.T) {
	c := found(t, clewtest.Open(t, clewtest.Embedded(t)), 1)
	w, err := newWorld(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	for from, want := range map[string]string{
		"2026-11-22T03:30:00Z": "2026-11-24T02:00:00Z",
		"2026-11-24T02:00:00Z": "2026-11-24T02:00:00Z",
		"2026-11-24T02:00:01Z": "2026-12-01T02:00:00Z",
		"2026-10-05T00:00:00Z": "2026-10-13T02:00:00Z", // the 6th is a holiday
	} {
		at, _ := time.Parse(time.RFC3339, from)
		if got := tuesday(w.calendar, at).Format(time.RFC3339); got != want {
			t.Errorf("%s: %s, want %s", from, got, want)
		}
	}
}

// scene looks at a finished company.
type scene struct {
	testing.TB
	Company
	rows []query.Row
}

func look(t testing.TB, c Company) *scene {
	t.Helper()
	s := &scene{TB: t, Company: c}
	lead, _ := c.Snapshot().Object("lead")
	s.read(func(tx *sqldb.Tx) (err error) {
		s.rows, err = record.Select(tx, query.Select{Object: lead, Fields: lead.Fields, Where: query.Always{}, Limit: 100000})
		return err
	})
	return s
}

func (s *scene) read(fn func(tx *sqldb.Tx) error) {
	s.Helper()
	if err := s.DB.Read(s.Context(), fn); err != nil {
		s.Fatal(err)
	}
}

func (s *scene) count(sql string, args ...any) (n int64) {
	s.Helper()
	s.read(func(tx *sqldb.Tx) error { return tx.QueryRow(sql, args...).Scan(&n) })
	return n
}

func (s *scene) text(row query.Row, name string) string {
	object, _ := s.Snapshot().Object("lead")
	f, _ := object.Field(name)
	text, _ := row.Values[f.ID].(string)
	return text
}

func (s *scene) sizes() {
	if len(s.rows) != size {
		s.Errorf("%d leads", len(s.rows))
	}
	if n := s.count("SELECT COUNT(*) FROM delivery WHERE status='failed'"); n > 0 {
		s.Errorf("%d failed deliveries", n)
	}
	if n := s.count("SELECT COUNT(*) FROM delivery WHERE status='touched'"); n < size/20 || n > size/8 {
		s.Errorf("%d touches", n)
	}
	if n := s.count("SELECT COUNT(*) FROM clock_run WHERE tries>0"); n > 0 {
		s.Errorf("%d clocks failed", n)
	}
}

func (s *scene) phones() {
	for _, row := range s.rows {
		if p := s.text(row, "phone"); len(p) != 14 || p[:7] != "+86"+PhonePrefix {
			s.Errorf("phone %q", p)
		}
	}
}

// everyLead checks what must hold for each record: an owner unless a person
// took him away, clocks, a whole thread, and a routing that can be decided again.
func (s *scene) everyLead() {
	for _, row := range s.rows {
		if s.text(row, "owner") == "" && s.text(row, "status") != "crm.lead.status.unassigned" {
			s.Errorf("lead %s has no owner and status %s", row.ID, s.text(row, "status"))
		}
		if n := s.count("SELECT COUNT(*) FROM clock_run WHERE record=$1", row.ID); n < 2 {
			s.Errorf("lead %s has %d clocks", row.ID, n)
		}
		s.read(func(tx *sqldb.Tx) error {
			broken, err := thread.Verify(tx, row.ID)
			if broken > 0 {
				s.Errorf("the thread of %s is broken at %d", row.ID, broken)
			}
			if err == nil {
				err = s.decideAgain(tx, row)
			}
			return err
		})
	}
}

func (s *scene) decideAgain(tx *sqldb.Tx, row query.Row) error {
	entries, err := thread.List(tx, row.ID, 0, 1000)
	if err != nil {
		return err
	}
	last := time.Time{}
	for i := len(entries) - 1; i >= 0; i-- {
		e := entries[i]
		if e.At.Before(last) {
			s.Errorf("the thread of %s goes back in time at %d", row.ID, e.Seq)
		}
		last = e.At
		if e.Kind != "routed" || e.Params["reason"] == "given" {
			continue
		}
		s.decided(row, e)
	}
	return nil
}

func (s *scene) decided(row query.Row, e thread.Entry) {
	name, _ := e.Params["table"].(string)
	table, ok := catalog.Compiled[*reaction.RoutingTable](s.Snapshot(), "routing-table", name)
	if !ok {
		s.Fatalf("no table %s", name)
	}
	var recorded route.Recorded
	s.into(e.Params["recorded"], &recorded)
	s.into(e.Params["values"], &recorded.Values)
	recorded.Now = e.At
	in, err := table.Table.Restore(recorded)
	if err != nil {
		s.Fatal(err)
	}
	if got := route.Decide(table.Table, in); got.Owner != e.Params["owner"] || got.Owner == "" {
		s.Errorf("lead %s: decided again for %q, was %v", row.ID, got.Owner, e.Params["owner"])
	}
}

// into reads a parameter into its type.
func (s *scene) into(param, into any) {
	raw, err := json.Marshal(param)
	if err == nil {
		err = json.Unmarshal(raw, into)
	}
	if err != nil {
		s.Fatal(err)
	}
}

// oncePerCause checks that each routed lead told its owner once.
func (s *scene) oncePerCause() {
	n := s.count(`SELECT COUNT(*) FROM thread_entry t WHERE t.kind='routed' AND t.params NOT LIKE '%"reason":"given"%' AND
		(SELECT COUNT(*) FROM inbox i WHERE i.record=t.record AND i.at=t.at AND i.kind IN ('assigned','fallback'))<>1`)
	if n > 0 {
		s.Errorf("%d routings told their owner not exactly once", n)
	}
}

// onlyHistory checks that nothing of the past is still to be told.
func (s *scene) onlyHistory() {
	if n := s.count("SELECT COUNT(*) FROM outbox WHERE state<>'sent'"); n > 0 {
		s.Errorf("%d posts wait", n)
	}
	if n := s.count("SELECT COUNT(*) FROM inbox WHERE read_at IS NULL"); n > 0 {
		s.Errorf("%d messages are unread", n)
	}
	if n := s.count("SELECT COUNT(*) FROM clock_run WHERE wake_at<=$1", sqldb.Micros(end)); n > 0 {
		s.Errorf("%d clocks did not fire", n)
	}
	me, _ := s.Accounts.Directory().ByEmail(salesEmail)
	mine, late := 0, 0
	for _, row := range s.rows {
		if s.text(row, "owner") == me.ID && isOpen(s.object(), row) {
			mine++
			if f, _ := s.object().Field("overdue_since"); row.Values[f.ID] != nil {
				late++
			}
		}
	}
	if mine < 6 || late < 2 {
		s.Errorf("sales has %d open leads, %d overdue", mine, late)
	}
}

// alive checks that the figures are those of a company that mostly keeps its
// promises, and that they agree with the records.
func (s *scene) alive() {
	first, _ := s.object().Field("first_touch_at")
	var soon int64
	for _, row := range s.rows {
		if at, ok := row.Values[first.ID].(time.Time); ok && at.Sub(row.CreatedAt) <= 24*time.Hour {
			soon++
		}
	}
	if share := float64(soon) / size; share < 0.78 || share > 0.96 {
		s.Errorf("%.0f %% were touched within a day", 100*share)
	}
	s.read(func(tx *sqldb.Tx) error {
		figures, err := metric.Read(tx, metric.Range{Object: s.object().ID, From: "2026-01-01", To: "2026-12-31"})
		if got := figures.Total; got.Created != size || got.Within24h != soon {
			s.Errorf("the figures say %d leads, %d within a day; the records %d and %d", got.Created, got.Within24h, size, soon)
		}
		return err
	})
}

func (s *scene) object() *schema.Object {
	object, _ := s.Snapshot().Object("lead")
	return object
}

func isOpen(o *schema.Object, row query.Row) bool {
	f, _ := o.Field(o.Closed.Field)
	for _, closed := range o.Closed.Choices {
		if row.Values[f.ID] == closed {
			return false
		}
	}
	return true
}

func (s *scene) clockGoesOn() {
	if now := s.DB.Now(); now.Before(end) || now.Sub(end) > 5*time.Minute {
		s.Errorf("business time is %s", now)
	}
}

// again checks that a second start leaves the company as it is.
func (s *scene) again() {
	offset := s.DB.Offset()
	if err := Generate(s.Context(), s.Company); err != nil {
		s.Fatal(err)
	}
	if whole, err := Complete(s.Context(), s.DB); err != nil || !whole {
		s.Errorf("complete: %v, %v", whole, err)
	}
	if s.DB.Offset() != offset {
		s.Error("the offset moved")
	}
}

// owners are the owners' e-mails by phone.
func (s *scene) owners() map[string]string {
	owners := map[string]string{}
	for _, row := range s.rows {
		user, _ := s.Accounts.Directory().User(s.text(row, "owner"))
		owners[s.text(row, "phone")+row.CreatedAt.String()] = user.Email
	}
	return owners
}
