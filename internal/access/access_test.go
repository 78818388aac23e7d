package access_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
)

// lead is an object with an owner; note is one without.
func lead() *schema.Object {
	o := &schema.Object{
		ID: "crm.lead", Name: "lead", Table: "o_1", TitleField: "company", OwnerField: "owner",
		Fields: []*schema.Field{
			{ID: "crm.lead.company", Name: "company", Type: "text", Column: "c_1"},
			{ID: "crm.lead.budget", Name: "budget", Type: "currency", Column: "c_2", Scale: 2},
			{ID: "crm.lead.owner", Name: "owner", Type: "person", Column: "c_3"},
			{ID: "crm.lead.score", Name: "score", Type: "number", Column: "c_4", ReadOnly: true},
		},
	}
	return o.Seal()
}

func note() *schema.Object {
	o := &schema.Object{
		ID: "crm.note", Name: "note", Table: "o_2", TitleField: "text",
		Fields: []*schema.Field{{ID: "crm.note.text", Name: "text", Type: "text", Column: "c_5"}},
	}
	return o.Seal()
}

func env(o *schema.Object) expr.Env { return expr.Env{Object: o, Zone: time.UTC} }

// company has a chief over ann and bob, and carl in another department, each with given roles.
type company struct {
	t                     *testing.T
	store                 *account.Store
	policy                access.Policy
	chief, ann, bob, carl account.User
}

func newCompany(t *testing.T, roles map[string]string) *company {
	t.Helper()
	c := &company{t: t, store: account.New(clewtest.Open(t, clewtest.Embedded(t)), account.Options{})}
	must(t, c.store.Load(t.Context()))
	c.policy = access.Policy{Version: 1, Objects: []*schema.Object{lead(), note()}, Zone: time.UTC}
	for name, body := range roles {
		role, err := access.Compile(name, json.RawMessage(body), c.policy.Objects, env)
		must(t, err)
		c.policy.Roles = append(c.policy.Roles, role)
	}
	_, err := c.store.EnsureAdministrator(t.Context(), "root", "root@example.com", "")
	must(t, err)
	sales := c.department("sales", "")
	east, west := c.department("east", sales), c.department("west", sales)
	c.chief, c.ann, c.bob, c.carl = c.user("chief", sales), c.user("ann", east), c.user("bob", east), c.user("carl", west)
	return c
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (c *company) department(name, parent string) string {
	c.t.Helper()
	d, err := c.store.CreateDepartment(c.t.Context(), account.Department{Name: name, Parent: parent})
	must(c.t, err)
	return d.ID
}

func (c *company) user(name, department string) account.User {
	c.t.Helper()
	u, err := c.store.CreateUser(c.t.Context(), account.NewUser{Name: name, Email: name + "@example.com", Department: department})
	must(c.t, err)
	return u
}

// grants gives the user the roles and says what he may do then.
func (c *company) grants(u account.User, roles ...string) *access.Grants {
	c.t.Helper()
	_, err := c.store.UpdateUser(c.t.Context(), u.ID, account.UserChange{Roles: &roles})
	must(c.t, err)
	now := func() time.Time { return time.Date(2026, 11, 3, 2, 0, 0, 0, time.UTC) }
	return access.New(now).For(access.Principal{UserID: u.ID}, c.policy, c.store.Directory())
}

func (c *company) lead() *schema.Object { return c.policy.Objects[0] }
func (c *company) note() *schema.Object { return c.policy.Objects[1] }

func (c *company) field(name string) *schema.Field {
	f, ok := c.lead().Field(name)
	if !ok {
		c.t.Fatalf("no field %s", name)
	}
	return f
}

const (
	sales    = `{"home":"sales","objects":{"lead":{"create":true,"read":true,"update":true,"scope":"own"}}}`
	manager  = `{"home":"manager","rights":["dashboard.read"],"objects":{"lead":{"read":true,"update":true,"scope":"tree","update_scope":"team"}}}`
	service  = `{"home":"service","objects":{"lead":{"read":true,"scope":"all","fields":{"budget":"hidden"}}}}`
	auditor  = `{"home":"administrator","objects":{"*":{"read":true,"scope":"all"}}}`
	intake   = `{"home":"marketing","objects":{"lead":{"read":true,"scope":["own","ISBLANK(owner)"]}}}`
	narrow   = `{"home":"service","objects":{"lead":{"read":true,"update":true,"scope":"team","fields":{"*":"read","company":"write"}}}}`
	blind    = `{"home":"service","objects":{"lead":{"update":true,"scope":"all"}}}`
	everyone = `{"home":"administrator","rights":["*"],"objects":{"*":{"create":true,"read":true,"update":true,"delete":true,"scope":"all"}}}`
)

func roles() map[string]string {
	return map[string]string{
		"sales": sales, "manager": manager, "service": service, "auditor": auditor, "intake": intake, "narrow": narrow,
		"blind": blind, "administrator": everyone,
	}
}

func owners(o *schema.Object, users ...account.User) query.Condition {
	f, _ := o.Field("owner")
	in := query.In{Field: f}
	for _, u := range users {
		in.Values = append(in.Values, u.ID)
	}
	return in
}

func wantScope(t *testing.T, what string, got, want query.Condition) {
	t.Helper()
	sort := cmp.Transformer("field", func(f *schema.Field) string { return f.ID })
	if diff := cmp.Diff(want, got, sort, cmp.Comparer(func(a, b *expr.Program) bool { return a.Stored() == b.Stored() })); diff != "" {
		t.Errorf("%s: %s", what, diff)
	}
}

func TestNothingIsAllowedWithoutARole(t *testing.T) {
	c := newCompany(t, roles())
	for _, g := range []*access.Grants{c.grants(c.ann), c.grants(c.ann, "gone")} {
		for _, op := range []access.Op{access.Create, access.Read, access.Update, access.Delete} {
			if g.Can(c.lead(), op) {
				t.Errorf("may %s", op)
			}
			wantScope(t, op.String(), g.Scope(c.lead(), op), query.Never{})
		}
		if got := g.Field(c.field("company")); got != access.Hidden {
			t.Errorf("a field is %s", got)
		}
		if g.Visible(c.lead()) != nil {
			t.Error("the object is visible")
		}
		if g.Has(access.DashboardRead) || len(g.Rights()) > 0 {
			t.Error("has a right")
		}
	}
}

func TestDisabledUserMayDoNothing(t *testing.T) {
	c := newCompany(t, roles())
	off := false
	_, err := c.store.UpdateUser(t.Context(), c.ann.ID, account.UserChange{Active: &off})
	must(t, err)
	if c.grants(c.ann, "sales").Can(c.lead(), access.Read) {
		t.Error("a disabled user may read")
	}
}

func TestScopes(t *testing.T) {
	c := newCompany(t, roles())
	wantScope(t, "own", c.grants(c.ann, "sales").Scope(c.lead(), access.Read), owners(c.lead(), c.ann))
	wantScope(t, "tree", c.grants(c.chief, "manager").Scope(c.lead(), access.Read), owners(c.lead(), c.chief, c.ann, c.bob, c.carl))
	wantScope(t, "tree of a leaf", c.grants(c.ann, "manager").Scope(c.lead(), access.Read), owners(c.lead(), c.ann, c.bob))
	wantScope(t, "update within read", c.grants(c.ann, "manager").Scope(c.lead(), access.Update),
		query.And{owners(c.lead(), c.ann, c.bob), owners(c.lead(), c.ann, c.bob)})
	wantScope(t, "all", c.grants(c.ann, "service").Scope(c.lead(), access.Read), query.Always{})
	wantScope(t, "update without read", c.grants(c.ann, "blind").Scope(c.lead(), access.Update), query.Never{})
	wantScope(t, "no rule for the act", c.grants(c.ann, "service").Scope(c.lead(), access.Update), query.Never{})
	wantScope(t, "star", c.grants(c.ann, "auditor").Scope(c.note(), access.Read), query.Always{})
	either, ok := c.grants(c.ann, "intake").Scope(c.lead(), access.Read).(query.Or)
	if !ok || len(either) != 2 {
		t.Fatalf("a word and an expression do not add up: %v", either)
	}
	wantScope(t, "word of a list", either[0], owners(c.lead(), c.ann))
	if e, ok := either[1].(query.Expr); !ok || e.Input.Me != c.ann.ID {
		t.Errorf("an expression does not know who asks: %v", either[1])
	}
}

func TestRolesAddUp(t *testing.T) {
	c := newCompany(t, roles())
	both := c.grants(c.ann, "sales", "service")
	wantScope(t, "widest read", both.Scope(c.lead(), access.Read), query.Always{})
	wantScope(t, "update stays own", both.Scope(c.lead(), access.Update), owners(c.lead(), c.ann))
	if got := both.Field(c.field("budget")); got != access.Writable {
		t.Errorf("budget is %s, want write from sales", got)
	}
	union := c.grants(c.ann, "sales", "narrow")
	wantScope(t, "lists join", union.Scope(c.lead(), access.Read), owners(c.lead(), c.ann, c.bob))
	if home := c.grants(c.ann, "sales", "manager").Home(); home != "manager" {
		t.Errorf("home is %s", home)
	}
}

func TestFieldLevels(t *testing.T) {
	c := newCompany(t, roles())
	for _, test := range []struct {
		role, field string
		want        access.Level
	}{
		{"sales", "budget", access.Writable}, {"sales", "score", access.ReadOnly}, // the program's own
		{"service", "budget", access.Hidden}, {"service", "company", access.ReadOnly}, // no write at all
		{"narrow", "company", access.Writable}, {"narrow", "budget", access.ReadOnly},
		{"administrator", "budget", access.Writable},
	} {
		if got := c.grants(c.ann, test.role).Field(c.field(test.field)); got != test.want {
			t.Errorf("%s of %s is %s, want %s", test.field, test.role, got, test.want)
		}
	}
}

func TestHiddenFieldIsLikeAnUnknownOne(t *testing.T) {
	c := newCompany(t, roles())
	visible := c.grants(c.ann, "service").Visible(c.lead())
	if _, ok := visible.Field("budget"); ok {
		t.Error("a hidden field is in the visible object")
	}
	if _, ok := visible.FieldByID("crm.lead.budget"); ok {
		t.Error("a hidden field is found by its id")
	}
	_, hidden := expr.Compile(`budget > 5`, env(visible), expr.Bool)
	_, unknown := expr.Compile(`budgex > 5`, env(visible), expr.Bool)
	if hidden == nil || unknown == nil {
		t.Fatalf("compiled: %v, %v", hidden, unknown)
	}
	if diff := cmp.Diff(strings.ReplaceAll(unknown.Error(), "budgex", "budget"), hidden.Error()); diff != "" {
		t.Error(diff)
	}
}

func TestCompileTellsAllFaults(t *testing.T) {
	objects := []*schema.Object{lead(), note()}
	_, err := access.Compile("bad", json.RawMessage(`{"home":"moon","rights":["fly"],"objects":{
		"lead":{"read":true,"scope":"NOSUCH(owner)","fields":{"budget":"see","zzz":"read"}},"ghost":{"read":true}}}`), objects, env)
	f, ok := fault.As(err)
	if !ok {
		t.Fatalf("no fault: %v", err)
	}
	got := map[string]string{}
	for _, field := range f.Fields {
		got[field.Path] = field.Code
	}
	want := map[string]string{
		"home": "unknown_home", "rights": "unknown_right", "objects.lead.scope": "unknown_function",
		"objects.lead.fields.budget": "unknown_level", "objects.lead.fields.zzz": "unknown_field", "objects.ghost": "unknown_object",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNobodyGrantsWhatHeLacks(t *testing.T) {
	c := newCompany(t, roles())
	byName := map[string]*access.Role{}
	for _, role := range c.policy.Roles {
		byName[role.Name] = role
	}
	for _, test := range []struct {
		own, wanted string
		lacks       string
	}{
		{"administrator", "sales", ""}, {"administrator", "administrator", ""}, {"sales", "sales", ""},
		{"sales", "manager", "rights.dashboard.read"}, {"sales", "auditor", "objects.*.scope"},
		{"service", "sales", "objects.lead.create"}, {"narrow", "service", "objects.lead.scope"},
		{"manager", "narrow", ""}, {"sales", "intake", "objects.lead.scope"}, {"narrow", "sales", "objects.lead.create"},
	} {
		lacks, ok := c.grants(c.ann, test.own).MayGrant(byName[test.wanted])
		if lacks != test.lacks || ok != (test.lacks == "") {
			t.Errorf("%s grants %s: lacks %q, want %q", test.own, test.wanted, lacks, test.lacks)
		}
	}
}

func TestOwnersWithinReach(t *testing.T) {
	c := newCompany(t, roles())
	for _, test := range []struct {
		role  string
		owner account.User
		want  bool
	}{
		{"sales", c.ann, true}, {"sales", c.bob, false}, {"manager", c.bob, true}, {"manager", c.carl, false},
		{"administrator", c.carl, true}, {"service", c.bob, false},
	} {
		if got := c.grants(c.ann, test.role).MayOwn(c.lead(), test.owner.ID); got != test.want {
			t.Errorf("%s gives to %s: %t", test.role, test.owner.Name, got)
		}
	}
}

func TestExplainNamesTheDecidingRule(t *testing.T) {
	c := newCompany(t, roles())
	e := c.grants(c.ann, "service", "narrow").Explain(c.lead(), c.field("budget"))
	want := access.Explanation{
		Object: "lead", Field: "budget", Level: "read",
		Can: map[string]bool{"create": false, "read": true, "update": true, "delete": false},
		Rules: []access.Deciding{
			{
				Role: "service", Path: "objects.lead.fields.budget", Can: []string{"read"},
				Scopes: map[string][]string{"read": {"all"}}, Level: "hidden",
			},
			{
				Role: "narrow", Path: "objects.lead.fields.*", Can: []string{"read", "update"},
				Scopes: map[string][]string{"read": {"team"}, "update": {"team"}}, Level: "read", Wins: true,
			},
		},
	}
	if diff := cmp.Diff(want, e); diff != "" {
		t.Error(diff)
	}
}

func TestGrantsFollowPolicyAndDirectory(t *testing.T) {
	c := newCompany(t, roles())
	a := access.New(time.Now)
	ann := access.Principal{UserID: c.ann.ID}
	before := a.For(ann, c.policy, c.store.Directory())
	if before != a.For(ann, c.policy, c.store.Directory()) {
		t.Error("grants are not kept")
	}
	sales := []string{"sales"}
	_, err := c.store.UpdateUser(t.Context(), c.ann.ID, account.UserChange{Roles: &sales})
	must(t, err)
	after := a.For(ann, c.policy, c.store.Directory())
	if !after.Can(c.lead(), access.Read) || before.Can(c.lead(), access.Read) {
		t.Error("grants do not follow the directory")
	}
	c.policy.Version++
	c.policy.Roles = nil
	if a.For(ann, c.policy, c.store.Directory()).Can(c.lead(), access.Read) {
		t.Error("grants do not follow the policy")
	}
	if before.Key() == after.Key() {
		t.Error("the key does not tell two grants apart")
	}
}

// Figures are rolled up by owner: a scope that is a set of owners, or of nobody's
// records, is answered by them, any other expression is not.
func TestOwnersOfAScope(t *testing.T) {
	all := roles()
	all["odd"] = `{"home":"sales","objects":{"lead":{"read":true,"scope":["own","budget > 3"]}}}`
	all["blank"] = `{"home":"sales","objects":{"lead":{"read":true,"scope":"ISBLANK(budget)"}}}`
	c := newCompany(t, all)
	for _, want := range []struct {
		role       string
		owners     []string
		all, exact bool
	}{
		{"sales", []string{c.ann.ID}, false, true},
		{"intake", []string{"", c.ann.ID}, false, true},
		{"service", nil, true, true},
		{"odd", []string{c.ann.ID}, false, false},
		{"blank", nil, false, false},
	} {
		owners, all, exact := c.grants(c.ann, want.role).Owners(c.lead(), access.Read)
		if !slices.Equal(owners, want.owners) || all != want.all || exact != want.exact {
			t.Errorf("%s: %v %t %t, want %v %t %t", want.role, owners, all, exact, want.owners, want.all, want.exact)
		}
	}
}
