package account

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"clew.dev/clew/internal/fault"
)

// TestAStoredPasswordSaysHowItWasMade: what was hashed at another cost still opens,
// what is no hash opens nothing and is no wrong password either.
func TestAStoredPasswordSaysHowItWasMade(t *testing.T) {
	h := newHasher(1)
	key, err := h.compute(t.Context(), "geheim", []byte("0123456789abcdef"), 1, 8)
	if err != nil {
		t.Fatal(err)
	}
	cheap := strings.Replace(encode([]byte("0123456789abcdef"), key), fmt.Sprintf("m=%d,t=%d", argonMemory, argonTime), "m=8,t=1", 1)
	for _, one := range []struct {
		name, password, stored string
		opens, broken          bool
	}{
		{"at another cost", "geheim", cheap, true, false},
		{"another word", "Geheim", cheap, false, false},
		{"with a blank", "geheim ", cheap, false, false},
		{"no word", "", cheap, false, false},
		{"no hash at all", "geheim", "", false, false},
		{"no hash and no word", "", "", false, false},
		{"a word in clear", "geheim", "geheim", false, true},
		{"another way of hashing", "geheim", strings.Replace(cheap, "argon2id", "argon2i", 1), false, true},
		{"a version that is none", "geheim", strings.Replace(cheap, "v=19", "v=x", 1), false, true},
		{"a cost that is none", "geheim", strings.Replace(cheap, "m=8", "m=much", 1), false, true},
		{"half of it", "geheim", cheap[:strings.LastIndex(cheap, "$")], false, true},
		{"a part too many", "geheim", cheap + "$x", false, true},
		{"a salt that is none", "geheim", strings.Replace(cheap, "$MDEy", "$!!!!", 1), false, true},
		{"a key that is none", "geheim", cheap[:len(cheap)-2] + "!!", false, true},
		{"a key that is cut", "geheim", cheap[:len(cheap)-4], false, false},
	} {
		opens, err := h.matches(t.Context(), one.password, one.stored)
		if opens != one.opens || (err != nil) != one.broken {
			t.Errorf("%s: %t %v", one.name, opens, err)
		}
		if err != nil && strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: the error holds the word: %v", one.name, err)
		}
	}
}

// TestTheSameWordIsHashedAnew: two people with one password have two hashes.
func TestTheSameWordIsHashedAnew(t *testing.T) {
	h := newHasher(2)
	first, err := h.hash(t.Context(), "密码 😀")
	if err != nil {
		t.Fatal(err)
	}
	second, err := h.hash(t.Context(), "密码 😀")
	if err != nil || first == second {
		t.Fatalf("%s twice, %v", first, err)
	}
	for _, stored := range []string{first, second} {
		if opens, err := h.matches(t.Context(), "密码 😀", stored); !opens || err != nil {
			t.Errorf("%s does not open: %v", stored, err)
		}
		if strings.Contains(stored, "密码") {
			t.Errorf("the word is in its hash: %s", stored)
		}
	}
}

// TestAFloodOfLogInsWaitsInALine: as many compute at a time as there are slots, so
// many more wait, and who comes then is asked to come again; who leaves the line
// costs nothing.
func TestAFloodOfLogInsWaitsInALine(t *testing.T) {
	h := newHasher(1)
	h.slots <- struct{}{} // somebody computes
	leaving, leave := context.WithCancel(t.Context())
	results := make(chan error, waiting+1)
	var waits sync.WaitGroup
	for range waiting + 1 {
		waits.Go(func() {
			_, err := h.compute(leaving, "x", make([]byte, argonSalt), 1, 8)
			results <- err
		})
	}
	for len(h.queue) < waiting+1 { // all of them stand in line
		select {
		case err := <-results:
			t.Fatalf("somebody was sent away too early: %v", err)
		default:
		}
	}
	_, err := h.compute(t.Context(), "x", make([]byte, argonSalt), 1, 8)
	if f, ok := fault.As(err); !ok || f.Kind != fault.TooMany || f.Params["retry_after"] == nil {
		t.Errorf("one too many: %v", err)
	}
	leave()
	waits.Wait()
	for range waiting + 1 {
		if err := <-results; !errors.Is(err, context.Canceled) {
			t.Errorf("who left the line got %v", err)
		}
	}
	<-h.slots
	if _, err := h.compute(t.Context(), "x", make([]byte, argonSalt), 1, 8); err != nil || len(h.queue) != 0 {
		t.Errorf("afterwards: %v, %d in line", err, len(h.queue))
	}
}

// TestADirectoryOfBrokenLinks: ids that lead nowhere, or round in a circle, give
// nobody, and never keep a request for ever.
func TestADirectoryOfBrokenLinks(t *testing.T) {
	d := newDirectory(1, contents{
		users: []User{
			{ID: "u1", Email: "A@example.com", Department: "gone", Active: true}, {ID: "u2", Email: "b@example.com", Department: "round", Active: true},
			{ID: "u3", Email: "c@example.com", Department: "led", Active: true}, {ID: "off", Email: "d@example.com", Department: "led"},
		},
		departments: []Department{{ID: "round", Parent: "circle", Leader: "nobody"}, {ID: "circle", Parent: "round", Leader: "u2"}, {ID: "led", Leader: "off"}, {ID: "orphan", Parent: "gone"}},
		pools:       map[string][]PoolMember{"p": {{User: "u1", Weight: 1}, {User: "nobody"}, {User: "off"}}},
	})
	for _, one := range []struct{ what, got, want string }{
		{"an address in other letters", first(d.ByEmail("a@EXAMPLE.com")), "u1"},
		{"an address of nobody", first(d.ByEmail("")), ""},
		{"above a department that is gone", fmt.Sprint(d.Above("u1")), "[]"},
		{"above in a circle", fmt.Sprint(d.Above("u2")), "[round circle]"},
		{"above nobody", fmt.Sprint(d.Above("nobody")), "[]"},
		{"the leader in a circle is not oneself", first(d.Leader("u2")), ""},
		{"a leader who left", first(d.Leader("u3")), ""},
		{"the team of nobody", fmt.Sprint(d.Team("nobody")), "[]"},
		{"the team with one who left", fmt.Sprint(d.Team("u3")), "[u3]"},
		{"whose records it covers", fmt.Sprint(d.Colleagues("u3")), "[u3 off]"},
		{"below a circle", fmt.Sprint(d.Tree("round")), "[u2]"},
		{"below nothing", fmt.Sprint(d.Tree("gone")), "[]"},
		{"who is in a pool", fmt.Sprint(len(d.PoolMembers("p"))), "1"},
		{"who is in no pool", fmt.Sprint(len(d.PoolMembers("gone"))), "0"},
		{"leads in a circle", fmt.Sprint(d.Leads("u2", "round")), "true"},
		{"one who left leads", fmt.Sprint(d.Leads("off", "led")), "false"},
		{"nobody leads nothing", fmt.Sprint(d.Leads("", "gone")), "false"},
	} {
		if one.got != one.want {
			t.Errorf("%s: %s, want %s", one.what, one.got, one.want)
		}
	}
}

func first(u User, ok bool) string {
	if !ok {
		return ""
	}
	return u.ID
}
