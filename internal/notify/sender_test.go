package notify

import (
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/sandbox"
	"clew.dev/clew/internal/sqldb"
)

func TestEachGroupGetsItsMessagesSigned(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		s := newStage(t, db)
		s.secrets(t)
		s.tell(t, 0, 2, nil, "market", "top3", "service")
		for i, r := range robots {
			s.run(t, r.Name, 2*time.Second)
			got := s.taken(r.Vendor, groups[i].Key)
			if len(got) != 2 || s.counts(t, r.Name)["sent"] != 2 {
				t.Fatalf("%s: %d posts, rows %v", r.Name, len(got), s.counts(t, r.Name))
			}
			if want := map[bool]string{true: "verified", false: "none"}[groups[i].Secret != ""]; got[0].Signature != want {
				t.Errorf("%s: signature %s", r.Name, got[0].Signature)
			}
			if !strings.Contains(got[0].Text, "⟦0⟧") || !strings.Contains(got[0].Text, "http://127.0.0.1:8420/lead/0") {
				t.Errorf("%s reads %q", r.Name, got[0].Text)
			}
		}
	})
}

// A flood: every lead is named once, the vendor never has to refuse, and a
// minute holds no more posts than it may.
func TestAFloodIsCoalesced(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		s := newStage(t, db)
		s.secrets(t)
		const bursts, each = 150, 3 // 3 leads a second for 150 seconds
		for b := range bursts {
			s.tell(t, b*each, each, nil, "market", "top3")
			s.run(t, "market", 500*time.Millisecond)
			s.run(t, "top3", 500*time.Millisecond)
		}
		for i, name := range []string{"market", "top3"} {
			s.run(t, name, 3*time.Minute)
			if c := s.counts(t, name); c["sent"] != bursts*each {
				t.Errorf("%s: %v", name, c)
			}
			g := groups[i]
			for lead, times := range s.named(g.Vendor, g.Key, 0, bursts*each) {
				if times != 1 {
					t.Errorf("%s: lead %s named %d times", name, lead, times)
				}
			}
			if all, taken := s.sandbox.Received(g.Vendor, g.Key), s.taken(g.Vendor, g.Key); len(all) != len(taken) {
				t.Errorf("%s: %d refused", name, len(all)-len(taken))
			} else {
				t.Logf("%s: %d leads in %d posts", name, bursts*each, len(all))
			}
		}
	})
}

func TestRetriesAndGivesUp(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		s := newStage(t, db)
		s.secrets(t)
		for _, trouble := range []sandbox.Trouble{
			{Mode: "http", Value: 502, Count: 2}, {Mode: "drop", Count: 2}, {Mode: "lost", Count: 1},
			{Mode: "errcode", Value: 410100, Count: 1}, {Mode: "errcode", Value: -1, Count: 1},
		} {
			s.sandbox.Fail(trouble)
		}
		s.tell(t, 0, 1, nil, "top3")
		s.run(t, "top3", 15*time.Minute)
		if c, n := s.counts(t, "top3"), s.named("dingtalk", "ding-1", 0, 1)["0"]; c["sent"] != 1 || n != 1 {
			t.Errorf("%v, named %d times", c, n)
		}
		s.sandbox.Fail(sandbox.Trouble{Mode: "http", Value: 500, Count: 1 << 30})
		s.tell(t, 1, 2, nil, "top3")
		s.run(t, "top3", 71*time.Hour)
		if c := s.counts(t, "top3"); c["waiting"] != 2 {
			t.Errorf("after 71 h: %v", c)
		}
		s.clock.Advance(2 * time.Hour)
		s.write(t, s.expire)
		if c := s.counts(t, "top3"); c["dead"] != 2 || len(s.dead) != 1 || !strings.HasPrefix(s.dead[0], "top3 2 ") {
			t.Errorf("after 73 h: %v, reported %v", c, s.dead)
		}
	})
}

func TestAWrongSecretKillsAndTheRightOneRevives(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		s := newStage(t, db)
		s.tell(t, 0, 6, nil, "top3")
		s.run(t, "top3", 5*time.Second) // no secret yet: it waits
		if c := s.counts(t, "top3"); c["waiting"] != 6 {
			t.Fatal(c)
		}
		s.write(t, func(tx *sqldb.Tx) error { return s.SetSecret(tx, "top3", Secret{Key: "ding-1", Secret: "wrong"}) })
		s.run(t, "top3", 5*time.Second)
		if c := s.counts(t, "top3"); c["dead"] != 6 || !strings.Contains(s.dead[0], "sign not match") {
			t.Fatal(c, s.dead)
		}
		s.secrets(t)
		s.run(t, "top3", 5*time.Second)
		if c := s.counts(t, "top3"); c["sent"] != 6 || len(s.taken("dingtalk", "ding-1")) != 1 {
			t.Error(c)
		}
	})
}

// One text that the vendor will not have does not take its neighbours along.
func TestARefusedDigestIsTriedOneByOne(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		s := newStage(t, db)
		s.secrets(t)
		s.sandbox.Fail(sandbox.Trouble{Mode: "errcode", Value: 430104, Count: 2}) // the digest, then the first row
		s.tell(t, 0, 6, nil, "top3")
		s.run(t, "top3", time.Minute)
		if c := s.counts(t, "top3"); c["sent"] != 5 || c["dead"] != 1 {
			t.Error(c)
		}
	})
}

// The process dies after the post and before its commit: the next one posts
// again under the same key, which the vendor that has keys shows once.
func TestDeathBetweenPostAndCommit(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		s := newStage(t, db)
		s.secrets(t)
		s.tell(t, 0, 9, nil, "top3", "market")
		for _, name := range []string{"top3", "market"} {
			r, _ := s.robot(name)
			d, target, _, err := s.prepare(t.Context(), r)
			if err != nil {
				t.Fatal(err)
			}
			s.write(t, func(tx *sqldb.Tx) error { _, err := s.claim(tx, r, d); return err })
			if err := target.Post(t.Context(), d.message); err != nil {
				t.Fatal(err)
			}
		}
		other := New(s.Options)
		if wait, err := other.step(t.Context(), "top3"); err != nil || wait < 40*time.Second {
			t.Errorf("another process does not wait for the lease: %s %v", wait, err)
		}
		s.Options.Alone = true
		s.Notify = New(s.Options)
		s.tell(t, 9, 1, nil, "top3", "market")
		for i, name := range []string{"market", "top3"} {
			s.run(t, name, 5*time.Second)
			g, again := groups[i], map[string]int{"market": 2, "top3": 1}[name]
			for lead, times := range s.named(g.Vendor, g.Key, 0, 10) {
				want := again
				if lead == "9" {
					want = 1
				}
				if times != want {
					t.Errorf("%s: lead %s named %d times, want %d", name, lead, times, want)
				}
			}
			if c := s.counts(t, name); c["sent"] != 10 {
				t.Errorf("%s: %v", name, c)
			}
		}
	})
}

func TestWorkersWakeAndStop(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		s := newStage(t, db)
		s.Now = time.Now
		s.secrets(t)
		for round := range 3 {
			s.Start(t.Context())
			s.Start(t.Context())
			s.tell(t, round, 1, nil, "market")
			deadline := time.Now().Add(20 * time.Second)
			for s.counts(t, "market")["sent"] != round+1 {
				if time.Now().After(deadline) {
					t.Fatal("not sent")
				}
				time.Sleep(10 * time.Millisecond) // polls a condition with a deadline
			}
			s.Stop()
			s.Stop()
		}
	})
}
