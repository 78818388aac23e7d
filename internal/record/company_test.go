package record_test

import (
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/thread"
)

// objects are those of a small company: a lead that has all that the write path
// knows of, the person behind it, and what a follow-up becomes.
//
//go:embed testdata/company.yaml
var objects string

// noon is the business time at which every test begins: 12:00 in Shanghai.
var noon = time.Date(2026, 3, 3, 4, 0, 0, 0, time.UTC)

// company is a write path without reactions over the small company's objects.
type company struct {
	*testing.T
	db      *sqldb.DB
	clock   *clewtest.Clock
	catalog *catalog.Catalog
	people  *account.Store
	access  *access.Access
	store   *record.Store
	ids     map[string]string // of users by name
	heard   []string          // what Changed was told, "object record owner-before"
}

// onBoth runs a test on each database.
func onBoth(t *testing.T, test func(c *company)) {
	t.Helper()
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		c := &company{T: t, db: db, clock: clewtest.NewClock(noon), ids: map[string]string{}}
		db.SetClock(c.clock.Now)
		var err error
		c.catalog, err = catalog.New(db, config.New(db), map[string]catalog.Compiler{"role": func(s *catalog.Snapshot, d config.Document) (any, error) {
			return access.Compile(d.Name, d.Body, s.Objects, s.Env)
		}})
		c.must(err)
		c.publish(objects)
		c.people = account.New(db, account.Options{})
		c.must(c.people.Load(t.Context()))
		for name, role := range map[string]string{"ann": "seller", "bob": "seller", "eve": "boss"} {
			u, err := c.people.CreateUser(t.Context(), account.NewUser{Name: name, Email: name + "@x.cn", Roles: []string{role}, PasswordHash: "x"})
			c.must(err)
			c.ids[name] = u.ID
		}
		c.access = access.New(c.clock.Now)
		c.store = &record.Store{DB: db, Snapshot: c.catalog.Current, Directory: c.people.Directory, Changed: func(object, id string, before *query.Row) {
			was := ""
			if o, ok := c.catalog.Current().ObjectByID(object); ok && before != nil {
				owner, _ := o.Field(o.OwnerField)
				was, _ = before.Values[owner.ID].(string)
			}
			c.heard = append(c.heard, fmt.Sprint(object, " ", id, " ", was))
		}}
		test(c)
	})
}

func (c *company) publish(yaml string) {
	c.Helper()
	documents, err := config.ParseYAML([]byte(yaml), "", "")
	c.must(err)
	_, err = c.catalog.Apply(c.Context(), documents, config.Note{Label: "test"})
	c.must(err)
}

func (c *company) must(err error) {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
}

func (c *company) object(name string) *schema.Object {
	c.Helper()
	o, ok := c.catalog.Current().Object(name)
	if !ok {
		c.Fatalf("no object %s", name)
	}
	return o
}

// as is a person as the actor of a change.
func (c *company) as(name string) thread.Actor {
	return thread.Actor{Kind: thread.User, ID: c.ids[name]}
}

// set reads values as a person would type them, "" blanks.
func (c *company) set(object string, values map[string]any) map[string]any {
	c.Helper()
	o, set := c.object(object), map[string]any{}
	for name, raw := range values {
		f, ok := o.Field(name)
		if !ok {
			c.Fatalf("%s has no field %s", object, name)
		}
		value, bad := f.Parse(raw, c.catalog.Current().Input(false))
		if bad != nil {
			c.Fatalf("%s %v: %s", name, raw, bad.Code)
		}
		set[f.ID] = value
	}
	return set
}

// apply carries out one change in a unit of its own.
func (c *company) apply(change record.Change) (result record.Result, err error) {
	c.Helper()
	err = c.db.Write(c.Context(), func(tx *sqldb.Tx) (err error) {
		result, err = c.store.Apply(tx, change)
		return err
	})
	return result, err
}

// create makes a record as ann; update changes one.
func (c *company) create(object string, values map[string]any) record.Result {
	c.Helper()
	result, err := c.apply(record.Change{Act: record.Create, Actor: c.as("ann"), Object: c.object(object), Set: c.set(object, values)})
	c.must(err)
	return result
}

func (c *company) update(object, id string, values map[string]any) (record.Result, error) {
	c.Helper()
	return c.apply(record.Change{Act: record.Update, Actor: c.as("ann"), Object: c.object(object), ID: id, Set: c.set(object, values)})
}

// act does something without values to a lead, as ann.
func (c *company) act(act record.Act, id string) (record.Result, error) {
	c.Helper()
	return c.apply(record.Change{Act: act, Actor: c.as("ann"), Object: c.object("lead"), ID: id})
}

// deliver is a create by a channel, which may touch.
func (c *company) deliver(key string, values map[string]any) record.Result {
	c.Helper()
	result, err := c.apply(record.Change{
		Act: record.Create, Actor: thread.Actor{Kind: thread.Channel, ID: "web"}, Object: c.object("lead"), TouchOpen: true,
		Set: c.set("lead", values), Delivery: &record.Delivery{ID: "d", Channel: "web", Key: key},
	})
	c.must(err)
	return result
}

// read runs fn in a reading transaction.
func (c *company) read(fn func(tx *sqldb.Tx) error) {
	c.Helper()
	c.must(c.db.Read(c.Context(), fn))
}

// row is a live record, nil when there is none.
func (c *company) row(object, id string) (found *query.Row) {
	c.Helper()
	o := c.object(object)
	c.read(func(tx *sqldb.Tx) error {
		rows, err := record.Select(tx, query.Select{Object: o, Fields: o.Fields, Where: query.System("id", "=", id)})
		if len(rows) == 1 {
			found = &rows[0]
		}
		return err
	})
	return found
}

// value is a field of a lead as its thread would keep it, "" when blank.
func (c *company) value(object, id, field string) string {
	c.Helper()
	row := c.row(object, id)
	if row == nil {
		return "gone"
	}
	f, _ := c.object(object).Field(field)
	if v := row.Values[f.ID]; v != nil {
		return fmt.Sprint(record.Stored(f, v))
	}
	return ""
}

// entries are a record's entries, oldest first; kinds are only what they are.
func (c *company) entries(id string) (entries []thread.Entry) {
	c.Helper()
	c.read(func(tx *sqldb.Tx) (err error) {
		entries, err = thread.List(tx, id, 0, 1000)
		slices.Reverse(entries)
		broken, verr := thread.Verify(tx, id)
		if broken != 0 {
			c.Errorf("the thread of %s breaks at %d", id, broken)
		}
		return errors.Join(err, verr)
	})
	return entries
}

func (c *company) kinds(id string) string {
	c.Helper()
	var kinds []string
	for _, e := range c.entries(id) {
		kinds = append(kinds, e.Kind)
	}
	return strings.Join(kinds, " ")
}

// keys are the keys that point to a record, "scope kind value", sorted; the
// object's own scope is left out.
func (c *company) keys(id string) string {
	c.Helper()
	var keys []string
	c.read(func(tx *sqldb.Tx) error {
		rows, err := tx.Query("SELECT scope,kind,value FROM match_key WHERE record=$1", id)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var scope, kind, value string
			if err := rows.Scan(&scope, &kind, &value); err != nil {
				return err
			}
			keys = append(keys, strings.TrimSpace(strings.TrimPrefix(scope, "t.lead")+" "+kind+" "+value))
		}
		return rows.Err()
	})
	sort.Strings(keys)
	return strings.Join(keys, ", ")
}

// faults are the code of an error and its fields, "code: path code, …".
func faults(err error) string {
	f, ok := fault.As(err)
	if !ok {
		return fmt.Sprint(err)
	}
	var fields []string
	for _, one := range f.Fields {
		fields = append(fields, one.Path+" "+one.Code)
	}
	sort.Strings(fields)
	return strings.TrimSuffix(f.Code+": "+strings.Join(fields, ", "), ": ")
}

func (c *company) refused(what string, err error, want string) {
	c.Helper()
	if got := faults(err); got != want {
		c.Errorf("%s: %s, want %s", what, got, want)
	}
}

func (c *company) same(what string, got, want any) {
	c.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		c.Errorf("%s: %v, want %v", what, got, want)
	}
}

// rows are the live records of an object in the order in which they were made.
func (c *company) rows(object string) (rows []query.Row) {
	c.Helper()
	o := c.object(object)
	c.read(func(tx *sqldb.Tx) (err error) {
		rows, err = record.Select(tx, query.Select{Object: o, Fields: o.Fields, Sort: []query.Sort{{System: "created_at"}}})
		return err
	})
	return rows
}
