package account_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"clew.dev/clew/internal/account"
)

func names(d *account.Directory, ids []string) []string {
	var list []string
	for _, id := range ids {
		u, _ := d.User(id)
		list = append(list, u.Name)
	}
	slices.Sort(list)
	return list
}

func TestLeaderIsNeverThePersonHimself(t *testing.T) {
	companies(t, func(c *company) {
		root := c.department("恒锐", "")
		sales := c.department("销售", root.ID)
		east := c.department("华东", sales.ID)
		boss, chief, ann := c.user("boss", root.ID), c.user("chief", sales.ID), c.user("ann", east.ID)
		alone := c.user("alone", "")
		c.lead(root.ID, boss.ID)
		c.lead(sales.ID, chief.ID)
		leader := func(u account.User) string {
			found, _ := c.Directory().Leader(u.ID)
			return found.Name
		}
		for _, test := range []struct {
			who  account.User
			want string
		}{{ann, "chief"}, {chief, "boss"}, {boss, ""}, {alone, ""}} {
			if got := leader(test.who); got != test.want {
				c.t.Errorf("leader of %s is %q, want %q", test.who.Name, got, test.want)
			}
		}
		c.lead(east.ID, ann.ID)
		if got := leader(ann); got != "chief" {
			c.t.Errorf("leader of a leader is %q, want chief", got)
		}
		off := false
		if _, err := c.UpdateUser(c.t.Context(), chief.ID, account.UserChange{Active: &off}); err != nil {
			c.t.Fatal(err)
		}
		if got := leader(ann); got != "boss" {
			c.t.Errorf("leader under a disabled one is %q, want boss", got)
		}
	})
}

func TestTeamAndTree(t *testing.T) {
	companies(t, func(c *company) {
		sales := c.department("销售", "")
		east := c.department("华东", sales.ID)
		chief, ann, bob := c.user("chief", sales.ID), c.user("ann", east.ID), c.user("bob", east.ID)
		off := false
		if _, err := c.UpdateUser(c.t.Context(), bob.ID, account.UserChange{Active: &off}); err != nil {
			c.t.Fatal(err)
		}
		d := c.Directory()
		for _, test := range []struct {
			what string
			got  []string
			want []string
		}{
			{"team of ann", d.Team(ann.ID), []string{"ann"}},
			{"colleagues of ann", d.Colleagues(ann.ID), []string{"ann", "bob"}},
			{"tree of sales", d.Tree(sales.ID), []string{"ann", "chief"}},
			{"branch of chief", d.Branch(chief.ID), []string{"ann", "bob", "chief"}},
			{"branch of ann", d.Branch(ann.ID), []string{"ann", "bob"}},
			{"team of nobody", d.Team("nobody"), nil},
			{"tree of nothing", d.Tree("nothing"), nil},
		} {
			if diff := cmp.Diff(test.want, names(d, test.got)); diff != "" {
				c.t.Errorf("%s: %s", test.what, diff)
			}
		}
	})
}

func TestDepartmentsMakeNoLoop(t *testing.T) {
	companies(t, func(c *company) {
		a := c.department("a", "")
		b := c.department("b", a.ID)
		d := c.department("d", b.ID)
		for _, parent := range []string{a.ID, b.ID, d.ID} {
			_, err := c.UpdateDepartment(c.t.Context(), a.ID, account.DepartmentChange{Parent: &parent})
			wantCode(c.t, err, "invalid_input")
		}
	})
}

func TestLeaveAndPools(t *testing.T) {
	companies(t, func(c *company) {
		ann, bob := c.user("ann", "", "sales"), c.user("bob", "", "sales")
		from := time.Now().UTC().Truncate(time.Second)
		leave, err := c.AddLeave(c.t.Context(), account.Leave{User: ann.ID, From: from, To: from.Add(24 * time.Hour), Reason: "年假"})
		if err != nil {
			c.t.Fatal(err)
		}
		for _, test := range []struct {
			at   time.Time
			want bool
		}{{from.Add(-1), false}, {from, true}, {from.Add(24*time.Hour - 1), true}, {from.Add(24 * time.Hour), false}} {
			if got := c.Directory().OnLeave(ann.ID, test.at); got != test.want {
				c.t.Errorf("away at %s is %t", test.at, got)
			}
		}
		wantCode(c.t, c.DeleteLeave(c.t.Context(), leave.ID, func(string) bool { return false }), "not_found")
		wantCode(c.t, c.DeleteLeave(c.t.Context(), leave.ID, func(string) bool { return true }), "")
		if c.Directory().OnLeave(ann.ID, from) {
			c.t.Error("still away after the leave was taken back")
		}

		ten := 10
		if _, err := c.UpdateUser(c.t.Context(), bob.ID, account.UserChange{Capacity: new(&ten)}); err != nil {
			c.t.Fatal(err)
		}
		members := []account.PoolMember{{User: bob.ID, Weight: 2}, {User: ann.ID}}
		if err := c.SetPoolMembers(c.t.Context(), "top-3", members); err != nil {
			c.t.Fatal(err)
		}
		want := []account.PoolMember{{User: bob.ID, Capacity: &ten, Weight: 2}, {User: ann.ID, Weight: 1}}
		if diff := cmp.Diff(want, c.Directory().PoolMembers("top-3")); diff != "" {
			c.t.Error(diff)
		}
		err = c.SetPoolMembers(c.t.Context(), "top-3", []account.PoolMember{{User: "nobody"}, {User: ann.ID}, {User: ann.ID}})
		wantCode(c.t, err, "invalid_input")
		if got := len(c.Directory().WithRole("sales")); got != 2 {
			c.t.Errorf("%d with the role, want 2", got)
		}
	})
}
