package thread_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/thread"
	"pgregory.net/rapid"
)

// say appends entries of the kinds to a record, as one act.
func say(t *testing.T, db *sqldb.DB, record string, params map[string]any, kinds ...string) {
	t.Helper()
	write(t, db, func(tx *sqldb.Tx) error {
		var last int64
		if err := tx.QueryRow("SELECT COALESCE(MAX(seq),0) FROM thread_entry WHERE record=$1", record).Scan(&last); err != nil {
			return err
		}
		head, err := thread.HeadOf(tx, record, last)
		if err != nil {
			return err
		}
		var entries []thread.Entry
		for _, kind := range kinds {
			entries = append(entries, thread.Entry{Record: record, Object: "o", At: time.UnixMicro(7), Actor: thread.Actor{Kind: thread.User, ID: "u"}, Kind: kind, Params: params})
		}
		_, err = thread.Append(tx, head, entries)
		return err
	})
}

// look is a record's thread as "seq kind word", newest first, and where its chain breaks.
func look(t *testing.T, db *sqldb.DB, record string) (text string, broken int64) {
	t.Helper()
	err := db.Read(t.Context(), func(tx *sqldb.Tx) error {
		entries, err := thread.List(tx, record, 0, 100)
		if err != nil {
			return err
		}
		for _, e := range entries {
			text += fmt.Sprint(e.Seq, e.Kind, " ", e.Params["word"], "; ")
		}
		broken, err = thread.Verify(tx, record)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return text, broken
}

// TestWhatIsErasedIsGoneAndTheChainHolds: all of a record, some of it, twice,
// and what is said afterwards.
func TestWhatIsErasedIsGoneAndTheChainHolds(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		word := map[string]any{"word": "geheim"}
		for i, one := range []struct {
			name  string
			erase func(tx *sqldb.Tx, record string) error
			want  string
		}{
			{"nothing", func(tx *sqldb.Tx, r string) error { return thread.EraseEntries(tx, r) }, "4d geheim; 3c geheim; 2b geheim; 1a geheim; "},
			{"all", thread.Erase, "4d <nil>; 3c <nil>; 2b <nil>; 1a <nil>; "},
			{"all, twice", func(tx *sqldb.Tx, r string) error {
				if err := thread.Erase(tx, r); err != nil {
					return err
				}
				return thread.Erase(tx, r)
			}, "4d <nil>; 3c <nil>; 2b <nil>; 1a <nil>; "},
			{"one in the middle of an act", func(tx *sqldb.Tx, r string) error { return thread.EraseEntries(tx, r, 2) }, "4d geheim; 3c geheim; 2b <nil>; 1a geheim; "},
			{"the last of an act, that keeps its link", func(tx *sqldb.Tx, r string) error { return thread.EraseEntries(tx, r, 3, 3) }, "4d geheim; 3c <nil>; 2b geheim; 1a geheim; "},
			{"one that there is not", func(tx *sqldb.Tx, r string) error { return thread.EraseEntries(tx, r, 99, -1, 0) }, "4d geheim; 3c geheim; 2b geheim; 1a geheim; "},
		} {
			record, other := fmt.Sprint("r", i), fmt.Sprint("other", i)
			for _, r := range []string{record, other} {
				say(t, db, r, word, "a", "b", "c")
				say(t, db, r, word, "d")
			}
			write(t, db, func(tx *sqldb.Tx) error { return one.erase(tx, record) })
			if got, broken := look(t, db, record); got != one.want || broken != 0 {
				t.Errorf("%s: %s, broken at %d", one.name, got, broken)
			}
			say(t, db, record, map[string]any{"word": "later"}, "e")
			if got, broken := look(t, db, record); !strings.HasPrefix(got, "5e later; ") || broken != 0 {
				t.Errorf("%s, and said something since: %s, broken at %d", one.name, got, broken)
			}
			if got, broken := look(t, db, other); strings.Count(got, "geheim") != 4 || broken != 0 {
				t.Errorf("%s reached another record: %s", one.name, got)
			}
		}
	})
}

// TestWhoErasedByHandIsNoticed: an erased entry's digest stands for its body, and
// neither it nor who, when and what can be changed under the chain.
func TestWhoErasedByHandIsNoticed(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		for i, sql := range []string{
			"UPDATE thread_entry SET digest='x' WHERE seq=2", "UPDATE thread_entry SET actor='somebody' WHERE seq=2",
			"UPDATE thread_entry SET kind='claimed' WHERE seq=2", "UPDATE thread_entry SET at=at+1 WHERE seq=2",
			"UPDATE thread_entry SET actor_kind='system' WHERE seq=2", "DELETE FROM thread_entry WHERE seq=2",
			"UPDATE thread_entry SET params='{}', salt='', digest='' WHERE seq=1", "UPDATE thread_entry SET salt='AAAAAAAAAAAA' WHERE seq=3",
		} {
			record := fmt.Sprint("r", i)
			say(t, db, record, map[string]any{"word": "x"}, "a", "b", "c")
			write(t, db, func(tx *sqldb.Tx) error { return thread.EraseEntries(tx, record, 2) })
			write(t, db, func(tx *sqldb.Tx) error {
				_, err := tx.Exec(sql+" AND record=$1", record)
				return err
			})
			if _, broken := look(t, db, record); broken == 0 {
				t.Errorf("%s goes unnoticed", sql)
			}
		}
	})
}

// TestAThreadReadsBackAsItWasSaid: whatever is in it, page by page, in order
// and with its moments.
func TestAThreadReadsBackAsItWasSaid(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		run := 0
		rapid.Check(t, func(r *rapid.T) {
			run++
			record := fmt.Sprint("r", run)
			texts := rapid.SliceOfN(rapid.StringMatching("[a-z\"\\\\'<>&%_ \n\t\u00e9\u6c34\u2028\U0001f600]{0,12}"), 1, 12).Draw(r, "texts")
			for from := 0; from < len(texts); {
				n := rapid.IntRange(1, len(texts)-from).Draw(r, "act")
				var entries []thread.Entry
				for _, text := range texts[from : from+n] {
					entries = append(entries, thread.Entry{
						Record: record, Object: "o", At: time.UnixMicro(1_700_000_000_000_001).UTC(), Actor: thread.Actor{Kind: thread.System}, Kind: "said",
						Params: map[string]any{"text": text, text: []any{text, nil, true}, "in": map[string]any{"n": int64(len(text))}},
					})
				}
				err := db.Write(t.Context(), func(tx *sqldb.Tx) error {
					head, err := thread.HeadOf(tx, record, int64(from))
					if err == nil {
						_, err = thread.Append(tx, head, entries)
					}
					return err
				})
				if err != nil {
					r.Fatal(err)
				}
				from += n
			}
			limit := rapid.IntRange(1, 5).Draw(r, "limit")
			var back []thread.Entry
			for before := int64(0); ; {
				var page []thread.Entry
				if err := db.Read(t.Context(), func(tx *sqldb.Tx) (err error) {
					page, err = thread.List(tx, record, before, limit)
					return err
				}); err != nil {
					r.Fatal(err)
				}
				if len(page) == 0 {
					break
				}
				back, before = append(back, page...), page[len(page)-1].Seq
			}
			if len(back) != len(texts) {
				r.Fatalf("%d of %d entries", len(back), len(texts))
			}
			for i, e := range back {
				want := texts[len(texts)-1-i]
				if e.Seq != int64(len(texts)-i) || e.At.UnixMicro() != 1_700_000_000_000_001 || want != "in" && want != "text" && fmt.Sprint(e.Params["text"], e.Params[want]) != fmt.Sprint(want, []any{want, nil, true}) {
					r.Fatalf("%q reads back as %+v", want, e)
				}
			}
		})
	})
}

// TestSinceGivesTheKindsFromANumberOn: oldest first.
func TestSinceGivesTheKindsFromANumberOn(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		say(t, db, "r", nil, "a", "b", "a", "c", "a", "b")
		for _, one := range []struct {
			record string
			seq    int64
			kinds  []string
			want   string
		}{
			{"r", 0, []string{"a"}, "[1 3 5]"}, {"r", 3, []string{"a"}, "[3 5]"}, {"r", 4, []string{"a", "b"}, "[5 6]"},
			{"r", 7, []string{"a"}, "[]"}, {"r", 0, []string{"moon"}, "[]"}, {"absent", 0, []string{"a"}, "[]"}, {"r", -5, []string{"c"}, "[4]"},
		} {
			err := db.Read(t.Context(), func(tx *sqldb.Tx) error {
				entries, err := thread.Since(tx, one.record, one.seq, one.kinds...)
				seqs := []int64{}
				for _, e := range entries {
					seqs = append(seqs, e.Seq)
				}
				if fmt.Sprint(seqs) != one.want {
					t.Errorf("%s from %d of %v: %v, want %s", one.record, one.seq, one.kinds, seqs, one.want)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}
