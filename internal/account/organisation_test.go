package account_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/fault"
)

// faultsOf is "path code" of each fault, in order of paths.
func faultsOf(err error) []string {
	problem, ok := fault.As(err)
	if !ok {
		return []string{fmt.Sprint(err)}
	}
	out := []string{}
	for _, f := range problem.Fields {
		out = append(out, f.Path+" "+f.Code)
	}
	if len(out) == 0 {
		out = append(out, problem.Code)
	}
	slices.Sort(out)
	return out
}

func TestWhatIsWrongWithAPerson(t *testing.T) {
	c := newCompany(t, clewtest.Open(t, clewtest.Embedded(t)))
	c.user("ann", "")
	negative := -1
	for about, c2 := range map[string]struct {
		person account.NewUser
		want   []string
	}{
		"everything":          {account.NewUser{Language: "fr", Zone: "Mars", Department: "none", Capacity: &negative}, []string{"capacity negative", "department unknown_department", "email invalid_email", "language unknown_language", "name required", "zone unknown_zone"}},
		"a blank name":        {account.NewUser{Name: " \u3000", Email: "a@b.cn"}, []string{"name required"}},
		"a long name":         {account.NewUser{Name: strings.Repeat("字", 500), Email: "a@b.cn"}, []string{"name too_long"}},
		"a name of two lines": {account.NewUser{Name: "李\n伟", Email: "a@b.cn"}, []string{"name invalid_text"}},
		"a named address":     {account.NewUser{Name: "李", Email: "Li <a@b.cn>"}, []string{"email invalid_email"}},
		"two addresses":       {account.NewUser{Name: "李", Email: "a@b.cn,c@d.cn"}, []string{"email invalid_email"}},
		"a long address":      {account.NewUser{Name: "李", Email: strings.Repeat("a", 250) + "@b.cn"}, []string{"email invalid_email"}},
		"a taken address":     {account.NewUser{Name: "李", Email: "ANN@Example.com"}, []string{"email email_taken"}},
		"the server's zone":   {account.NewUser{Name: "李", Email: "a@b.cn", Zone: "Local"}, []string{"zone unknown_zone"}},
		"a zone of a path":    {account.NewUser{Name: "李", Email: "a@b.cn", Zone: "../../etc/passwd"}, []string{"zone unknown_zone"}},
	} {
		_, err := c.CreateUser(t.Context(), c2.person)
		if diff := cmp.Diff(c2.want, faultsOf(err)); diff != "" {
			t.Errorf("%s: %s", about, diff)
		}
	}
	if n := len(c.Directory().Users()); n != 1 {
		t.Errorf("%d people after all these refusals", n)
	}
}

func TestNamesAndRolesAreNormalised(t *testing.T) {
	companies(t, func(c *company) {
		u, err := c.CreateUser(c.t.Context(), account.NewUser{
			Name: " Ｌｉ  伟 ", Email: " Li.Wei@Example.com ", PasswordHash: c.hash, Roles: []string{"sales", "service", "sales"},
		})
		if err != nil {
			c.t.Fatal(err)
		}
		kept, _ := c.Directory().User(u.ID)
		if kept.Name != "Li  伟" || kept.Email != "Li.Wei@Example.com" || !slices.Equal(kept.Roles, []string{"sales", "service"}) {
			c.t.Errorf("%+v", kept)
		}
		for _, spelled := range []string{"li.wei@example.com", "LI.WEI@EXAMPLE.COM", " Li.Wei@Example.com"} {
			if found, ok := c.Directory().ByEmail(spelled); strings.TrimSpace(spelled) == spelled && (!ok || found.ID != u.ID) {
				c.t.Errorf("%q finds %v", spelled, found)
			}
		}
	})
}

// TestTheTreeAgreesWithAPaperOne draws changes of the organisation and compares
// who is in whose team and tree, who leads whom, and which moves make a loop.
func TestTheTreeAgreesWithAPaperOne(t *testing.T) {
	companies(t, func(c *company) {
		parent, leader, members := map[string]string{}, map[string]string{}, map[string]string{}
		var departments, people []string
		for i := range 5 {
			departments = append(departments, c.department(fmt.Sprint("d", i), "").ID)
		}
		for i := range 6 {
			people = append(people, c.user(fmt.Sprint("p", i), "").ID)
		}
		under := func(d, top string) bool {
			for n := 0; d != "" && n < 10; d, n = parent[d], n+1 {
				if d == top {
					return true
				}
			}
			return false
		}
		steps := 0
		rapid.Check(c.t, func(t *rapid.T) {
			if steps++; steps > 60 {
				return
			}
			d := rapid.SampledFrom(departments).Draw(t, "department")
			p := rapid.SampledFrom(people).Draw(t, "person")
			switch rapid.IntRange(0, 2).Draw(t, "what") {
			case 0:
				to := rapid.SampledFrom(append([]string{""}, departments...)).Draw(t, "parent")
				_, err := c.UpdateDepartment(c.t.Context(), d, account.DepartmentChange{Parent: &to})
				if loop := under(to, d); (err != nil) != loop {
					t.Fatalf("%s below %s: %v, a loop: %t", d, to, err, loop)
				}
				if err == nil {
					parent[d] = to
				}
			case 1:
				if _, err := c.UpdateDepartment(c.t.Context(), d, account.DepartmentChange{Leader: &p}); err != nil {
					t.Fatal(err)
				}
				leader[d] = p
			case 2:
				to := rapid.SampledFrom(append([]string{""}, departments...)).Draw(t, "moves to")
				if _, err := c.UpdateUser(c.t.Context(), p, account.UserChange{Department: &to}); err != nil {
					t.Fatal(err)
				}
				members[p] = to
			}
			directory := c.Directory()
			for _, one := range people {
				var team, tree []string
				for _, other := range people {
					if other == one || members[one] != "" && members[other] == members[one] {
						team = append(team, other)
					}
					if other == one || members[one] != "" && under(members[other], members[one]) {
						tree = append(tree, other)
					}
				}
				for what, pair := range map[string][2][]string{
					"team": {team, directory.Team(one)}, "colleagues": {team, directory.Colleagues(one)}, "branch": {tree, directory.Branch(one)},
				} {
					slices.Sort(pair[1])
					slices.Sort(pair[0])
					if !slices.Equal(pair[0], pair[1]) {
						t.Fatalf("%s of %s: %v, want %v", what, one, pair[1], pair[0])
					}
				}
				want := ""
				for d := members[one]; d != "" && want == ""; d = parent[d] {
					if leader[d] != one {
						want = leader[d]
					}
				}
				if got, ok := directory.Leader(one); got.ID != want || ok != (want != "") {
					t.Fatalf("the leader of %s is %q, want %q", one, got.ID, want)
				}
				for _, d := range departments {
					leads := false
					for up := d; up != ""; up = parent[up] {
						leads = leads || leader[up] == one
					}
					if directory.Leads(one, d) != leads {
						t.Fatalf("%s leads %s: %t", one, d, !leads)
					}
				}
			}
		})
	})
}

// TestTwoMovesAtOnceMakeNoLoop: of two processes that put each of two
// departments below the other, one is refused.
func TestTwoMovesAtOnceMakeNoLoop(t *testing.T) {
	companies(t, func(c *company) {
		for round := range 8 {
			a, b := c.department(fmt.Sprint("a", round), "").ID, c.department(fmt.Sprint("b", round), "").ID
			results := make([]error, 2)
			var both sync.WaitGroup
			for i, move := range [][2]string{{a, b}, {b, a}} {
				both.Go(func() {
					_, results[i] = c.UpdateDepartment(c.t.Context(), move[0], account.DepartmentChange{Parent: &move[1]})
				})
			}
			both.Wait()
			if refused := (results[0] != nil) != (results[1] != nil); !refused {
				c.t.Fatalf("round %d: %v and %v", round, results[0], results[1])
			}
		}
	})
}

func TestLeaveMayOverlapAndEndsWhenItsLastDoes(t *testing.T) {
	companies(t, func(c *company) {
		ann, bob := c.user("ann", ""), c.user("bob", "")
		day := func(n, hour int) time.Time { return time.Date(2036, 11, n, hour, 0, 0, 0, time.UTC) }
		var ids []string
		for _, span := range [][2]time.Time{{day(3, 0), day(5, 0)}, {day(4, 12), day(7, 0)}, {day(7, 0), day(8, 0)}, {day(20, 0), day(21, 0)}} {
			l, err := c.AddLeave(c.t.Context(), account.Leave{User: ann.ID, From: span[0], To: span[1], Reason: "休假"})
			if err != nil {
				c.t.Fatal(err)
			}
			ids = append(ids, l.ID)
		}
		away := func(at time.Time, user string) bool { return c.Directory().OnLeave(user, at) }
		for at, want := range map[time.Time]bool{
			day(2, 23): false, day(3, 0): true, day(4, 20): true, day(6, 23): true, day(7, 0): true, day(7, 23): true,
			day(8, 0): false, day(19, 0): false, day(20, 0): true, day(21, 0): false, day(21, 0).Add(-time.Microsecond): true,
		} {
			if away(at, ann.ID) != want || away(at, bob.ID) {
				c.t.Errorf("at %s: ann away %t, bob away %t", at, !want, away(at, bob.ID))
			}
		}
		listed, err := c.LeaveOf(c.t.Context(), ann.ID)
		if err != nil || len(listed) != 4 || listed[0].ID != ids[3] || listed[3].ID != ids[0] {
			c.t.Errorf("%+v %v", listed, err)
		}
		never := func(string) bool { return false }
		always := func(user string) bool { return user == ann.ID }
		wantCode(c.t, c.DeleteLeave(c.t.Context(), ids[1], never), "not_found")
		wantCode(c.t, c.DeleteLeave(c.t.Context(), "no such leave", always), "not_found")
		if !away(day(6, 0), ann.ID) {
			c.t.Error("a refused withdrawal counts")
		}
		wantCode(c.t, c.DeleteLeave(c.t.Context(), ids[1], always), "")
		if away(day(6, 0), ann.ID) || !away(day(4, 20), ann.ID) {
			c.t.Error("the wrong leave was taken back")
		}
	})
}

func TestWhatIsWrongWithLeaveAndPools(t *testing.T) {
	c := newCompany(t, clewtest.Open(t, clewtest.Embedded(t)))
	ann, bob := c.user("ann", ""), c.user("bob", "")
	now := c.clock.Now()
	for about, l := range map[string]struct {
		leave account.Leave
		want  []string
	}{
		"of nobody":       {account.Leave{User: "no", From: now, To: now.Add(1)}, []string{"not_found"}},
		"that ends first": {account.Leave{User: ann.ID, From: now, To: now.Add(-1)}, []string{"to not_after"}},
		"of no length":    {account.Leave{User: ann.ID, From: now, To: now}, []string{"to not_after"}},
		"of many words":   {account.Leave{User: ann.ID, From: now, To: now.Add(1), Reason: strings.Repeat("字", 201)}, []string{"reason too_long"}},
		"of two faults":   {account.Leave{User: ann.ID, From: now, To: now, Reason: strings.Repeat("x", 201)}, []string{"reason too_long", "to not_after"}},
	} {
		_, err := c.AddLeave(t.Context(), l.leave)
		if diff := cmp.Diff(l.want, faultsOf(err)); diff != "" {
			t.Errorf("leave %s: %s", about, diff)
		}
	}
	negative, five := -1, 5
	err := c.SetPoolMembers(t.Context(), "east", []account.PoolMember{{User: ann.ID}, {User: "no"}, {User: ann.ID, Weight: -2}, {User: bob.ID, Capacity: &negative}})
	want := []string{"members.1.user unknown_user", "members.2.user repeated", "members.2.weight negative", "members.3.capacity negative"}
	if diff := cmp.Diff(want, faultsOf(err)); diff != "" {
		t.Error(diff)
	}
	if got := c.Directory().PoolMembers("east"); len(got) != 0 {
		t.Errorf("a refused pool has %v", got)
	}
	if err := c.SetPoolMembers(t.Context(), "east", []account.PoolMember{{User: bob.ID, Weight: 3}, {User: ann.ID, Capacity: &five}}); err != nil {
		t.Fatal(err)
	}
	seven := 7
	pointer := &seven
	if _, err := c.UpdateUser(t.Context(), bob.ID, account.UserChange{Capacity: &pointer}); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range c.Directory().PoolMembers("east") {
		got = append(got, fmt.Sprint(m.User == bob.ID, " ", *m.Capacity, " ", m.Weight))
	}
	if diff := cmp.Diff([]string{"true 7 3", "false 5 1"}, got); diff != "" {
		t.Error(diff)
	}
	if _, err := c.UpdateUser(t.Context(), bob.ID, account.UserChange{Active: new(bool)}); err != nil {
		t.Fatal(err)
	}
	if got := c.Directory().PoolMembers("east"); len(got) != 1 || got[0].User != ann.ID {
		t.Errorf("a disabled member stays: %v", got)
	}
}

func TestTokens(t *testing.T) {
	companies(t, func(c *company) {
		ann, bob := c.user("ann", ""), c.user("bob", "")
		_, text, err := c.CreateToken(c.t.Context(), ann.ID, "import")
		if err != nil {
			c.t.Fatal(err)
		}
		token, _, err := c.CreateToken(c.t.Context(), ann.ID, "second")
		if err != nil {
			c.t.Fatal(err)
		}
		if u, ok, err := c.FindToken(c.t.Context(), text); err != nil || !ok || u.ID != ann.ID {
			c.t.Errorf("%+v %t %v", u, ok, err)
		}
		for _, wrong := range []string{"", text + "x", text[:len(text)-1], strings.ToUpper(text), token.ID} {
			if _, ok, err := c.FindToken(c.t.Context(), wrong); ok || err != nil {
				c.t.Errorf("%q lets in: %v", wrong, err)
			}
		}
		wantCode(c.t, c.DeleteToken(c.t.Context(), bob.ID, token.ID), "not_found")
		list, err := c.Tokens(c.t.Context(), ann.ID)
		if err != nil || len(list) != 2 {
			c.t.Errorf("%+v %v", list, err)
		}
		for _, one := range list {
			wantCode(c.t, c.DeleteToken(c.t.Context(), ann.ID, one.ID), "")
		}
		if _, ok, err := c.FindToken(c.t.Context(), text); ok || err != nil {
			c.t.Errorf("a deleted token lets in: %v", err)
		}
	})
}
