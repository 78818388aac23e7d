package intake

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
)

// received keeps deliveries of two channels, several of them in one microsecond.
func received(t *testing.T, db *sqldb.DB) (rows []deliveryRow) {
	t.Helper()
	statuses := []string{Accepted, Touched, Failed, Accepted, Rejected, Accepted, Failed}
	begin := time.Date(2026, 3, 10, 2, 0, 0, 0, time.UTC)
	for i := range 60 {
		row := deliveryRow{
			ID: fmt.Sprintf("d%03d", (i*37)%60), Channel: []string{"douyin", "website"}[i%2], Status: statuses[i%len(statuses)], At: begin.Add(time.Duration(i/5) * time.Second),
			headers: `{"Content-Type":"application/json"}`, body: pack([]byte(fmt.Sprintf(`{"n":%d,"message":%q}`, i, strings.Repeat("急", i*10)))),
		}
		if i%3 == 0 {
			at := row.At.Add(-time.Duration(i) * time.Minute)
			row.SourceAt = &at
		}
		if row.Status == Failed {
			row.errors = `[{"path":"phone","code":"required"}]`
		}
		rows = append(rows, row)
	}
	if err := db.Write(t.Context(), func(tx *sqldb.Tx) error {
		for _, row := range rows {
			if err := row.insert(tx); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(rows, func(a, b deliveryRow) int {
		if c := b.At.Compare(a.At); c != 0 {
			return c
		}
		return strings.Compare(b.ID, a.ID)
	})
	return rows
}

// TestDeliveriesPageByPage: every delivery of a channel once, newest first, for
// each status, whatever the size of a page, also where many came at one moment.
func TestDeliveriesPageByPage(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		rows, s := received(t, db), &Service{}
		for _, channel := range []string{"douyin", "website", "nothing"} {
			for _, status := range []string{"", Accepted, Touched, Failed, Rejected, "repeated"} {
				var want []string
				for _, r := range rows {
					if r.Channel == channel && (status == "" || r.Status == status) {
						want = append(want, r.ID)
					}
				}
				for _, limit := range []int{1, 3, 100} {
					if got := paged(t, db, s, channel, status, limit); !slices.Equal(got, want) {
						t.Errorf("%s %q by %d: %v, want %v", channel, status, limit, got, want)
					}
				}
			}
		}
	})
}

func paged(t *testing.T, db *sqldb.DB, s *Service, channel, status string, limit int) (ids []string) {
	t.Helper()
	var after []string
	for range 100 {
		var page Page
		err := db.Read(t.Context(), func(tx *sqldb.Tx) (err error) {
			page, err = s.List(tx, channel, status, after, limit)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range page.Items {
			ids = append(ids, d.ID)
			if utf8.RuneCountInString(d.Body) > previewLength+1 || d.Headers != nil || !utf8.ValidString(d.Body) {
				t.Errorf("%s shows %d characters and %v in a list", d.ID, utf8.RuneCountInString(d.Body), d.Headers)
			}
			if (len(d.Errors) == 1 && d.Errors[0].Path == "phone" && d.Errors[0].Code == "required") != (d.Status == Failed) {
				t.Errorf("%s, %s, has faults %v", d.ID, d.Status, d.Errors)
			}
		}
		if page.Next == nil {
			return ids
		}
		after = page.Next
	}
	t.Fatalf("%s %q by %d has no end", channel, status, limit)
	return nil
}

// TestOneDeliveryWhole: its body to the byte, its headers, its delay; one that is
// not there is not found, and a cursor that was made up is refused.
func TestOneDeliveryWhole(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		rows, s := received(t, db), &Service{}
		err := db.Read(t.Context(), func(tx *sqldb.Tx) error {
			for _, r := range rows {
				d, err := s.Get(tx, r.ID)
				if err != nil {
					return err
				}
				body, err := unpack(r.body)
				if err != nil || d.Body != string(body) || d.Headers["Content-Type"] != "application/json" || !d.At.Equal(r.At) || d.Channel != r.Channel {
					t.Errorf("%s: %+v, %v", r.ID, d, err)
				}
				if (d.DelaySeconds != nil) != (r.SourceAt != nil) || d.DelaySeconds != nil && *d.DelaySeconds != int64(r.At.Sub(*r.SourceAt).Seconds()) {
					t.Errorf("%s came %v after %v", r.ID, d.DelaySeconds, r.SourceAt)
				}
			}
			if _, err := s.Get(tx, "d999"); fault.KindOf(err) != fault.NotFound {
				t.Errorf("what is not there: %v", err)
			}
			if _, err := s.List(tx, "douyin", "", []string{"yesterday", "d001"}, 5); fault.KindOf(err) != fault.Malformed {
				t.Errorf("a made up cursor: %v", err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// TestWhatFailedIsTriedInItsOrder: the oldest first, only of the channel, not more
// than asked for.
func TestWhatFailedIsTriedInItsOrder(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		rows, s := received(t, db), &Service{}
		var want []string
		for _, r := range slices.Backward(rows) {
			if r.Channel == "website" && r.Status == Failed {
				want = append(want, r.ID)
			}
		}
		err := db.Read(t.Context(), func(tx *sqldb.Tx) error {
			for _, limit := range []int{1, 4, 500} {
				got, err := s.FailedIDs(tx, "website", limit)
				if err != nil || !slices.Equal(got, want[:min(limit, len(want))]) {
					t.Errorf("%d: %v, want %v (%v)", limit, got, want, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// TestTheDelayOfASource is the middle one of those that say when it was; a stamp
// of the future is no delay, and where none says it there is nothing to tell.
func TestTheDelayOfASource(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		s, now := &Service{}, time.Date(2026, 3, 10, 2, 0, 0, 0, time.UTC)
		delays := map[string][]time.Duration{"odd": {time.Minute, time.Hour, 3 * time.Minute}, "even": {10 * time.Second, 20 * time.Second}, "future": {-time.Hour, -time.Minute, 5 * time.Second}, "one": {90 * time.Second}}
		if err := db.Write(t.Context(), func(tx *sqldb.Tx) error {
			for channel, list := range delays {
				for i, delay := range list {
					at := now.Add(-delay)
					if err := (deliveryRow{ID: fmt.Sprint(channel, i), Channel: channel, Status: Accepted, At: now, SourceAt: &at, headers: "{}"}).insert(tx); err != nil {
						return err
					}
				}
				if err := (deliveryRow{ID: channel + " silent", Channel: channel, Status: Accepted, At: now.Add(time.Second), headers: "{}"}).insert(tx); err != nil {
					return err
				}
			}
			return (deliveryRow{ID: "none", Channel: "none", Status: Accepted, At: now, headers: "{}"}).insert(tx)
		}); err != nil {
			t.Fatal(err)
		}
		err := db.Read(t.Context(), func(tx *sqldb.Tx) error {
			for channel, want := range map[string]int64{"odd": 180, "even": 10, "future": 0, "one": 90, "none": -1, "nothing": -1} {
				got, err := s.Delay(tx, channel)
				if err != nil {
					return err
				}
				if (got == nil) != (want < 0) || got != nil && *got != want {
					t.Errorf("%s: %v, want %d", channel, got, want)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
