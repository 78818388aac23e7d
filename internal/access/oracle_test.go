package access_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
	"github.com/cockroachdb/apd/v3"
)

// world is a company of nine people in a tree of departments and a table of
// records that belong to each of them, to nobody, and to somebody long gone.
type world struct {
	db       *sqldb.DB
	store    *account.Store
	objects  []*schema.Object
	users    []account.User
	parent   map[string]string // of departments
	records  []query.Row
	versions int64
}

func newWorld(t *testing.T, db *sqldb.DB) *world {
	t.Helper()
	w := &world{db: db, store: account.New(db, account.Options{}), objects: []*schema.Object{lead(), note()}, parent: map[string]string{}}
	must(t, w.store.Load(t.Context()))
	_, err := w.store.EnsureAdministrator(t.Context(), "root", "root@example.com", "")
	must(t, err)
	c := &company{t: t, store: w.store}
	department := func(name, parent string) string {
		id := c.department(name, parent)
		w.parent[id] = parent
		return id
	}
	all := department("all", "")
	sales, service := department("sales", all), department("service", all)
	east, west := department("east", sales), department("west", sales)
	for i, where := range []string{all, sales, sales, east, east, west, service, ""} {
		w.users = append(w.users, c.user(fmt.Sprint("user", i), where))
	}
	gone := c.user("gone", east)
	_, err = w.store.UpdateUser(t.Context(), gone.ID, account.UserChange{Active: new(bool)})
	must(t, err)
	w.fill(t, append(slices.Clone(w.users), gone))
	return w
}

// fill stores two records of each owner: a small and a large one; and notes, which only have a maker.
func (w *world) fill(t *testing.T, owners []account.User) {
	t.Helper()
	must(t, w.db.Alter(t.Context(), w.db.Statements(schema.Diff(nil, w.objects))))
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	must(t, w.db.Write(t.Context(), func(tx *sqldb.Tx) error {
		for i, owner := range append(owners, account.User{}) {
			for j, budget := range []int64{10, 10_000} {
				r := query.Row{ID: fmt.Sprintf("r%d-%d", i, j), CreatedAt: at, UpdatedAt: at, CreatedBy: w.users[0].ID, Revision: 1, ThreadSeq: 1, Values: map[string]any{
					"crm.lead.budget": schema.Money{Amount: apd.New(budget*100, -2), Currency: "CNY"},
				}}
				if owner.ID != "" {
					r.Values["crm.lead.owner"] = owner.ID
				}
				w.records = append(w.records, r)
				sql, args, err := query.Insert(tx.Dialect(), w.objects[0], r)
				if err != nil {
					return err
				}
				if _, err := tx.Exec(sql, args...); err != nil {
					return err
				}
			}
		}
		return nil
	}))
}

// reached asks the database which leads a condition lets pass.
func (w *world) reached(t *rapid.T, c query.Condition) []string {
	var found []string
	err := w.db.Read(context.Background(), func(tx *sqldb.Tx) error {
		sql, args, err := query.Select{Object: w.objects[0], Where: c, Limit: 100}.Render(tx.Dialect())
		if err != nil {
			return err
		}
		rows, err := tx.Query(sql, args...)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			columns := make([]any, query.Width(nil))
			if err := rows.Values(columns); err != nil {
				return err
			}
			r, err := query.Scan(columns, nil, tx.Dialect())
			if err != nil {
				return err
			}
			found = append(found, r.ID)
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(found)
	return found
}

// under says whether a department is another one or below it, by walking up.
func (w *world) under(department, top string) bool {
	for ; department != ""; department = w.parent[department] {
		if department == top {
			return true
		}
	}
	return false
}

// covers is what a scope means in words, for one record.
func (w *world) covers(scope string, reader account.User, r query.Row) bool {
	owner, _ := r.Values["crm.lead.owner"].(string)
	large := r.Values["crm.lead.budget"].(schema.Money).Amount.Cmp(apd.New(1000, 0)) > 0
	department := ""
	if u, ok := w.store.Directory().User(owner); ok {
		department = u.Department
	}
	switch scope {
	case "all":
		return true
	case "own":
		return owner == reader.ID
	case "team":
		return owner == reader.ID || reader.Department != "" && department == reader.Department
	case "tree":
		return owner == reader.ID || reader.Department != "" && owner != "" && w.under(department, reader.Department)
	case "ISBLANK(owner)":
		return owner == ""
	case "budget > 1000":
		return large
	case "owner = ME() AND budget > 1000":
		return owner == reader.ID && large
	}
	return slices.Contains(w.store.Directory().Colleagues(reader.ID), owner) // owner IN TEAM()
}

var scopesOfRoles = []string{"own", "team", "tree", "all", "ISBLANK(owner)", "budget > 1000", "owner = ME() AND budget > 1000", "owner IN TEAM()"}

func drawRule(t *rapid.T) access.ObjectRule {
	scopes := rapid.SliceOfN(rapid.SampledFrom(scopesOfRoles), 0, 3)
	some := rapid.SliceOfN(rapid.SampledFrom(scopesOfRoles), 1, 3)
	rule := access.ObjectRule{Scope: scopes.Draw(t, "scope")}
	for name, can := range map[string]*bool{"create": &rule.Create, "read": &rule.Read, "update": &rule.Update, "delete": &rule.Delete} {
		*can = rapid.Bool().Draw(t, name)
	}
	if rapid.Bool().Draw(t, "narrower updates") {
		rule.UpdateScope = some.Draw(t, "update scope")
	}
	if rapid.Bool().Draw(t, "narrower deletes") {
		rule.DeleteScope = some.Draw(t, "delete scope")
	}
	for _, name := range []string{"*", "company", "budget", "owner", "score"} {
		if rapid.Bool().Draw(t, "says "+name) {
			if rule.Fields == nil {
				rule.Fields = map[string]string{}
			}
			rule.Fields[name] = rapid.SampledFrom([]string{"hidden", "read", "write"}).Draw(t, name)
		}
	}
	return rule
}

// scopesFor are the texts that hold for an act in one rule.
func scopesFor(rule access.ObjectRule, op access.Op) (scopes []string, can bool) {
	switch op {
	case access.Create:
		return rule.Scope, rule.Create
	case access.Read:
		return rule.Scope, rule.Read
	case access.Update:
		if rule.UpdateScope != nil {
			return rule.UpdateScope, rule.Update
		}
		return rule.Scope, rule.Update
	}
	if rule.DeleteScope != nil {
		return rule.DeleteScope, rule.Delete
	}
	return rule.Scope, rule.Delete
}

func (w *world) allowed(rules []access.ObjectRule, reader account.User, op access.Op, r query.Row) bool {
	return slices.ContainsFunc(rules, func(rule access.ObjectRule) bool {
		scopes, can := scopesFor(rule, op)
		return can && slices.ContainsFunc(scopes, func(s string) bool { return w.covers(s, reader, r) })
	})
}

// levelOf is what the documents say about a field, the widest of all roles.
func levelOf(rules []access.ObjectRule, f *schema.Field) access.Level {
	widest := access.Hidden
	for _, rule := range rules {
		if !rule.Create && !rule.Read && !rule.Update && !rule.Delete {
			continue
		}
		text, ok := rule.Fields[f.Name]
		if !ok {
			text, ok = rule.Fields["*"]
		}
		level := map[string]access.Level{"hidden": access.Hidden, "read": access.ReadOnly, "write": access.Writable}[text]
		if !ok {
			level = access.Writable
		}
		if f.ReadOnly || !rule.Create && !rule.Update {
			level = min(level, access.ReadOnly)
		}
		widest = max(widest, level)
	}
	return widest
}

// TestAccessAgreesWithTheRoleDocuments draws role documents and readers and
// compares, for each act and record, what the database lets pass with what
// the documents say in words.
func TestAccessAgreesWithTheRoleDocuments(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		outer := t
		rapid.Check(t, func(t *rapid.T) {
			reader := rapid.SampledFrom(w.users).Draw(t, "reader")
			w.versions++
			policy := access.Policy{Version: w.versions, Objects: w.objects, Zone: time.UTC}
			var rules []access.ObjectRule
			var names []string
			for i := range rapid.IntRange(0, 3).Draw(t, "roles") {
				rule := drawRule(t)
				key := rapid.SampledFrom([]string{"lead", "*"}).Draw(t, "object")
				body, err := json.Marshal(access.Definition{Home: "sales", Objects: map[string]access.ObjectRule{key: rule}})
				if err != nil {
					t.Fatal(err)
				}
				// Expressions on a lead's fields are none of a note's.
				role, err := access.Compile(fmt.Sprint("role", i), body, w.objects[:1], env)
				if err != nil {
					t.Fatal(err)
				}
				policy.Roles = append(policy.Roles, role)
				rules, names = append(rules, rule), append(names, role.Name)
			}
			if _, err := w.store.UpdateUser(outer.Context(), reader.ID, account.UserChange{Roles: &names}); err != nil {
				t.Fatal(err)
			}
			grants := access.New(time.Now).For(access.Principal{UserID: reader.ID}, policy, w.store.Directory())
			w.compareRecords(t, grants, rules, reader)
			w.compareFields(t, grants, rules)
		})
	})
}

func (w *world) compareRecords(t *rapid.T, grants *access.Grants, rules []access.ObjectRule, reader account.User) {
	object := w.objects[0]
	for _, op := range []access.Op{access.Create, access.Read, access.Update, access.Delete} {
		var want []string
		for _, r := range w.records {
			may := w.allowed(rules, reader, op, r)
			if op == access.Update || op == access.Delete {
				may = may && w.allowed(rules, reader, access.Read, r)
			}
			if may {
				want = append(want, r.ID)
			}
		}
		slices.Sort(want)
		if got := w.reached(t, grants.Scope(object, op)); !slices.Equal(got, want) {
			t.Fatalf("%s by %s: %v, want %v", op, reader.Name, got, want)
		}
		if op == access.Read {
			w.compareReads(t, grants, want, reader, rules)
		}
		can := slices.ContainsFunc(rules, func(rule access.ObjectRule) bool { _, can := scopesFor(rule, op); return can })
		if grants.Can(object, op) != can {
			t.Fatalf("may %s at all: %t, want %t", op, !can, can)
		}
		w.compareOwners(t, grants, op, want, reader, rules)
	}
}

// compareReads: what is told of one record without the database is what the database tells of all.
func (w *world) compareReads(t *rapid.T, grants *access.Grants, want []string, reader account.User, rules []access.ObjectRule) {
	for _, r := range w.records {
		got, err := grants.Reads(w.objects[0], r)
		if err != nil || got != slices.Contains(want, r.ID) {
			t.Fatalf("%s reads %s: %t (%v), want %t by %+v", reader.Name, r.ID, got, err, !got, rules)
		}
	}
}

// compareOwners: where the scope is said to be a set of owners, it is that very set.
func (w *world) compareOwners(t *rapid.T, grants *access.Grants, op access.Op, want []string, reader account.User, rules []access.ObjectRule) {
	if op != access.Create && op != access.Read {
		return
	}
	owners, all, exact := grants.Owners(w.objects[0], op)
	if !exact {
		return
	}
	var got []string
	for _, r := range w.records {
		owner, _ := r.Values["crm.lead.owner"].(string)
		if all || slices.Contains(owners, owner) {
			got = append(got, r.ID)
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Fatalf("owners %v for %s of %+v by %s reach %v, want %v", owners, op, rules, reader.Name, got, want)
	}
}

func (w *world) compareFields(t *rapid.T, grants *access.Grants, rules []access.ObjectRule) {
	object := w.objects[0]
	visible := map[string]bool{}
	for _, f := range object.Fields {
		want := levelOf(rules, f)
		if got := grants.Field(f); got != want {
			t.Fatalf("%s is %s, want %s, by %+v", f.Name, got, want, rules)
		}
		visible[f.Name] = want > access.Hidden
	}
	shown := grants.Visible(object)
	if !grants.Can(object, access.Read) && !grants.Can(object, access.Create) {
		if shown != nil {
			t.Fatalf("an object that cannot be read is shown: %v", shown)
		}
		return
	}
	for name := range maps.Keys(visible) {
		if _, ok := shown.Field(name); ok != visible[name] {
			t.Fatalf("%s is shown: %t, want %t", name, ok, visible[name])
		}
	}
	if (shown.OwnerField != "") != visible["owner"] || (shown.TitleField != "") != visible["company"] {
		t.Fatalf("a hidden field is named: %q %q", shown.OwnerField, shown.TitleField)
	}
}
