package notify

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/sqldb"
	"pgregory.net/rapid"
)

// changed tells that somebody changed a record, as one transaction, and gives the
// spans that each message of the reader has then, the newest first.
func (s *stage) changed(t *testing.T, record, by string, span Span, to ...string) {
	t.Helper()
	s.write(t, func(tx *sqldb.Tx) error {
		return s.TellChanged(tx, Message{Cause: fmt.Sprintf("thread:%s:%d", record, span.From), Recipients: to, Object: "lead", Record: record}, by, span)
	})
}

// spans are the kept messages of a reader: "record by from–to", newest first.
func (s *stage) spans(t *testing.T, user string) (out []string) {
	t.Helper()
	err := s.DB.Read(t.Context(), func(tx *sqldb.Tx) error {
		rows, err := tx.Query(`SELECT record, params FROM inbox WHERE recipient = $1 AND kind = $2 ORDER BY at DESC, id DESC`, user, Changed)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var record, raw string
			var p changedParams
			if err := rows.Scan(&record, &raw); err != nil {
				return err
			}
			if err := json.Unmarshal([]byte(raw), &p); err != nil {
				return err
			}
			out = append(out, fmt.Sprintf("%s %s %d–%d", record, p.By, p.From, p.To))
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// older makes a reader's messages as old as if they had come a while ago.
func (s *stage) older(t *testing.T, user string, by time.Duration) {
	t.Helper()
	s.write(t, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(`UPDATE inbox SET at = at - $1 WHERE recipient = $2`, by.Microseconds(), user)
		return err
	})
}

// TestChangesAreGathered: who follows a record hears of a colleague's work on it
// in one message, until he has read it, ten minutes have gone by, or somebody
// else has changed something.
func TestChangesAreGathered(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		s := newStage(t, db)
		expect := func(about, user string, want ...string) {
			t.Helper()
			if got := s.spans(t, user); !slices.Equal(got, want) {
				t.Errorf("%s: %s has %q, want %q", about, user, got, want)
			}
		}
		s.changed(t, "r1", "ann", Span{3, 3}, "u1", "u2")
		s.changed(t, "r1", "ann", Span{4, 6}, "u1", "u2")
		expect("twice the same person", "u1", "r1 ann 3–6")
		if got := len(s.told); got != 4 {
			t.Errorf("browsers were told %d times of two changes for two", got)
		}
		s.changed(t, "r2", "ann", Span{1, 1}, "u1")
		expect("another record", "u1", "r2 ann 1–1", "r1 ann 3–6")
		s.changed(t, "r1", "ben", Span{7, 7}, "u1")
		expect("another person", "u1", "r1 ben 7–7", "r2 ann 1–1", "r1 ann 3–6")
		s.changed(t, "r1", "ann", Span{8, 8}, "u1")
		expect("the first again, after somebody else", "u1", "r1 ann 8–8", "r1 ben 7–7", "r2 ann 1–1", "r1 ann 3–6")
		expect("who was told of less has less", "u2", "r1 ann 3–6")

		s.write(t, func(tx *sqldb.Tx) error { _, err := s.MarkAll(tx, "u2"); return err })
		s.changed(t, "r1", "ann", Span{9, 9}, "u2", "u1")
		expect("after reading", "u2", "r1 ann 9–9", "r1 ann 3–6")
		expect("who has not read it", "u1", "r1 ann 8–9", "r1 ben 7–7", "r2 ann 1–1", "r1 ann 3–6")

		s.older(t, "u1", 9*time.Minute)
		s.changed(t, "r1", "ann", Span{10, 10}, "u1")
		expect("nine minutes later", "u1", "r1 ann 8–10", "r1 ben 7–7", "r2 ann 1–1", "r1 ann 3–6")
		s.older(t, "u1", 11*time.Minute)
		s.changed(t, "r1", "ann", Span{11, 11}, "u1")
		expect("eleven minutes later", "u1", "r1 ann 11–11", "r1 ann 8–10", "r1 ben 7–7", "r2 ann 1–1", "r1 ann 3–6")
		if got := s.list(t, "u1", true, 50); len(got) != 5 {
			t.Errorf("%d unread", len(got))
		}
	})
}

// TestChangesForNobody: a record that nobody follows any more costs nothing and
// is no error; a change whose transaction fails was never told.
func TestChangesForNobody(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		s := newStage(t, db)
		s.changed(t, "r1", "ann", Span{1, 1})
		s.changed(t, "r1", "ann", Span{1, 1}, "u1")
		stop := errors.New("stop")
		err := db.Write(t.Context(), func(tx *sqldb.Tx) error {
			m := Message{Cause: "thread:r1:2", Recipients: []string{"u1", "u2"}, Object: "lead", Record: "r1"}
			return errors.Join(s.TellChanged(tx, m, "ann", Span{2, 2}), stop)
		})
		if !errors.Is(err, stop) {
			t.Fatal(err)
		}
		if got := s.spans(t, "u1"); !slices.Equal(got, []string{"r1 ann 1–1"}) || len(s.spans(t, "u2")) != 0 || len(s.told) != 1 {
			t.Errorf("u1 has %q, u2 %q, %d were told", got, s.spans(t, "u2"), len(s.told))
		}
	})
}

// TestEachIsToldOnce: whatever is told, again, to more, to nobody, with units that
// fail in between, each person and each robot has each cause exactly once.
func TestEachIsToldOnce(t *testing.T) {
	clewtest.Databases(t, func(outer *testing.T, db *sqldb.DB) {
		s := newStage(outer, db)
		inbox, outbox := map[string]bool{}, map[string]bool{}
		round := 0
		rapid.Check(outer, func(t *rapid.T) {
			round++
			for range rapid.IntRange(1, 4).Draw(t, "units") {
				var messages []Message
				for range rapid.IntRange(1, 3).Draw(t, "messages") {
					messages = append(messages, Message{
						Cause: fmt.Sprintf("c%d-%d", round%7, rapid.IntRange(0, 3).Draw(t, "cause")), Kind: "assigned",
						Recipients: rapid.SliceOfN(rapid.SampledFrom([]string{"u1", "u2", "u3", ""}), 0, 4).Draw(t, "people"),
						Robots:     rapid.SliceOfN(rapid.SampledFrom([]string{"market", "top3", ""}), 0, 3).Draw(t, "robots"),
					})
				}
				fails := rapid.IntRange(0, 3).Draw(t, "fails") == 0
				stop := errors.New("stop")
				err := db.Write(outer.Context(), func(tx *sqldb.Tx) error {
					if err := s.Tell(tx, messages...); err != nil || !fails {
						return err
					}
					return stop
				})
				if err != nil && !errors.Is(err, stop) {
					t.Fatal(err)
				}
				for _, m := range messages {
					for _, to := range m.Recipients {
						inbox[to+" "+m.Cause] = inbox[to+" "+m.Cause] || to != "" && !fails
					}
					for _, to := range m.Robots {
						outbox[to+" "+m.Cause] = outbox[to+" "+m.Cause] || to != "" && !fails
					}
				}
			}
		})
		s.holds(outer, "SELECT recipient, cause FROM inbox", inbox)
		s.holds(outer, "SELECT robot, cause FROM outbox", outbox)
	})
}

// holds compares the rows of a box with what should be there, each once.
func (s *stage) holds(t *testing.T, sql string, want map[string]bool) {
	t.Helper()
	err := s.DB.Read(t.Context(), func(tx *sqldb.Tx) error {
		rows, err := tx.Query(sql)
		if err != nil {
			return err
		}
		defer rows.Close()
		seen := map[string]bool{}
		for rows.Next() {
			var to, cause string
			if err := rows.Scan(&to, &cause); err != nil {
				return err
			}
			key := to + " " + cause
			if seen[key] || !want[key] {
				t.Errorf("%s: unexpected, or twice", key)
			}
			seen[key] = true
		}
		for key, wanted := range want {
			if wanted && !seen[key] {
				t.Errorf("%s is missing", key)
			}
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestEverySentenceReadsWell: each kind, in both languages, for its owner and for
// others, with and without each of its parameters: no bracket, brace or double
// blank is left over, and what it is about is named.
func TestEverySentenceReadsWell(t *testing.T) {
	n := &Notify{Options: Options{Person: func(id string) string { return "姓名" + id }, Label: func(string, string, string) string { return "" }}}
	for kind := range sentences {
		kind = strings.TrimSuffix(strings.TrimSuffix(kind, ".you"), ".unseen")
		full := map[string]any{
			"owner": "u1", "by": "u2", "pool": "TOP", "minutes": 30.0, "clock": "claim", "stage": "due", "channel": "douyin", "changes": "状态 新 → 跟进", "robot": "top3", "count": 3.0, "reason": "93000", "year": 2027.0,
		}
		needed, bare := optional.ReplaceAllString(sentences[kind][0]+sentences[kind][1], ""), map[string]any{}
		for name, v := range full {
			if strings.Contains(needed, "{"+name+"}") {
				bare[name] = v
			}
		}
		cases := []map[string]any{full, bare}
		for name := range full {
			if bare[name] != nil {
				continue
			}
			without := map[string]any{}
			for other, v := range full {
				if other != name {
					without[other] = v
				}
			}
			cases = append(cases, without)
		}
		for _, language := range []string{"zh-CN", "en", "en-GB", "fr", ""} {
			for _, user := range []string{"u1", "u9", ""} {
				for _, params := range cases {
					got := n.sentence(Reader{User: user, Language: language}, row{kind: kind, params: params}, Subject{Label: "恒锐"})
					if got == "" || strings.ContainsAny(got, "[]{}") || strings.Contains(got, "  ") || strings.HasSuffix(got, " ") {
						t.Errorf("%s in %q for %q without something: %q", kind, language, user, got)
					}
					if about := sentences[kind][0]; strings.Contains(about, "{record}") && !strings.Contains(got, "恒锐") {
						t.Errorf("%s does not say what it is about: %q", kind, got)
					}
				}
			}
		}
	}
}

// TestWhatAValueHoldsIsNoPattern: a customer called "{owner}" or "[x]" is written as that.
func TestWhatAValueHoldsIsNoPattern(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		strange := rapid.StringOfN(rapid.SampledFrom([]rune("{}[]owner record$1\\%客户")), 1, 20, -1).Draw(t, "value")
		n := &Notify{Options: Options{Person: func(string) string { return strange }, Label: func(string, string, string) string { return strange }}}
		got := n.sentence(Reader{Language: "zh-CN"}, row{kind: "clock_fired", params: map[string]any{"clock": "c", "stage": "s", "owner": "u"}}, Subject{Label: strange})
		want := "「" + strange + "」时限提醒：" + strange + "（" + strange + "），负责人 " + strange
		if got != want {
			t.Fatalf("%q\nwant %q", got, want)
		}
	})
}
