// Package office gives the tests of an engine a small company to work on: its
// documents published, its people hired, the write path over them, on either
// database, with a clock that stands still until told. Only tests import it.
package office

import (
	"context"
	"errors"
	"fmt"
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

// Noon is the business time at which every test begins: 12:00 in Shanghai.
func Noon() time.Time { return time.Date(2026, 3, 3, 4, 0, 0, 0, time.UTC) }

// Company is a small company on one database.
type Company struct {
	*testing.T
	DB      *sqldb.DB
	Clock   *clewtest.Clock
	Catalog *catalog.Catalog
	People  *account.Store
	Records *record.Store
	IDs     map[string]string // of users by name
	rights  *access.Access
}

// Each runs a test on each database: the company has the documents of a YAML
// text, compiled by the compilers besides that of roles, and the people with
// their roles, all of one department.
func Each(t *testing.T, documents string, people map[string]string, compilers map[string]catalog.Compiler, test func(c *Company)) {
	t.Helper()
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		c := &Company{T: t, DB: db, Clock: clewtest.NewClock(Noon()), IDs: map[string]string{}}
		db.SetClock(c.Clock.Now)
		all := map[string]catalog.Compiler{"role": func(s *catalog.Snapshot, d config.Document) (any, error) {
			return access.Compile(d.Name, d.Body, s.Objects, s.Env)
		}}
		for kind, compiler := range compilers {
			all[kind] = compiler
		}
		var err error
		c.Catalog, err = catalog.New(db, config.New(db), all)
		c.Must(err)
		c.Publish(documents)
		c.hire(people)
		c.rights = access.New(c.Clock.Now)
		c.Records = &record.Store{DB: db, Snapshot: c.Catalog.Current, Directory: c.People.Directory}
		test(c)
	})
}

func (c *Company) hire(people map[string]string) {
	c.Helper()
	c.People = account.New(c.DB, account.Options{})
	c.Must(c.People.Load(c.Context()))
	east, err := c.People.CreateDepartment(c.Context(), account.Department{Name: "华东"})
	c.Must(err)
	for name, role := range people {
		u, err := c.People.CreateUser(c.Context(), account.NewUser{
			Name: name, Email: name + "@x.cn", Roles: []string{role}, PasswordHash: "x", Department: east.ID,
		})
		c.Must(err)
		c.IDs[name] = u.ID
	}
}

// Publish publishes the documents of a YAML text.
func (c *Company) Publish(yaml string) {
	c.Helper()
	_, err := c.Catalog.Apply(c.Context(), c.Documents(yaml), config.Note{Label: "test"})
	c.Must(err)
}

// Documents parses a YAML text.
func (c *Company) Documents(yaml string) []config.Document {
	c.Helper()
	documents, err := config.ParseYAML([]byte(yaml), "", "")
	c.Must(err)
	return documents
}

// Must ends the test at an error.
func (c *Company) Must(err error) {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
}

// Same compares what both print as.
func (c *Company) Same(what string, got, want any) {
	c.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		c.Errorf("%s: %v, want %v", what, got, want)
	}
}

// Object is an object that the company has.
func (c *Company) Object(name string) *schema.Object {
	c.Helper()
	o, ok := c.Catalog.Current().Object(name)
	if !ok {
		c.Fatalf("no object %s", name)
	}
	return o
}

// Set reads values as a person would type them.
func (c *Company) Set(object string, values map[string]any) map[string]any {
	c.Helper()
	set := map[string]any{}
	for name, raw := range values {
		f, ok := c.Object(object).Field(name)
		if !ok {
			c.Fatalf("%s has no field %s", object, name)
		}
		value, bad := f.Parse(raw, c.Catalog.Current().Input(false))
		if bad != nil {
			c.Fatalf("%s %v: %s", name, raw, bad.Code)
		}
		set[f.ID] = value
	}
	return set
}

// Grants are a user's, by id, under the present configuration.
func (c *Company) Grants(user string) *access.Grants {
	s := c.Catalog.Current()
	policy := access.Policy{Version: s.Version, Objects: s.Objects, Roles: catalog.All[*access.Role](s, "role"), Zone: s.Zone()}
	return c.rights.For(access.Principal{UserID: user}, policy, c.People.Directory())
}

// Actor is a person as the actor of a change.
func (c *Company) Actor(who string) thread.Actor {
	return thread.Actor{Kind: thread.User, ID: c.IDs[who]}
}

// Write runs fn in a unit of its own.
func (c *Company) Write(fn func(tx *sqldb.Tx) error) error {
	return c.DB.Write(context.WithoutCancel(c.Context()), fn)
}

// Read runs fn in a reading transaction, and ends the test at an error.
func (c *Company) Read(fn func(tx *sqldb.Tx) error) {
	c.Helper()
	c.Must(c.DB.Read(c.Context(), fn))
}

// Reader is a person's reader inside tx.
func (c *Company) Reader(tx *sqldb.Tx, who string) *record.Reader {
	return &record.Reader{Tx: tx, Snapshot: c.Catalog.Current(), Directory: c.People.Directory(), Grants: c.Grants(c.IDs[who])}
}

// Change applies one change as a person, without a scope.
func (c *Company) Change(who, object string, change record.Change) (record.Result, error) {
	c.Helper()
	change.Actor, change.Object = c.Actor(who), c.Object(object)
	var done record.Result
	err := c.Write(func(tx *sqldb.Tx) (err error) {
		done, err = c.Records.Apply(tx, change)
		return err
	})
	return done, err
}

// Create makes a record as a person and gives its id.
func (c *Company) Create(who, object string, values map[string]any) string {
	c.Helper()
	done, err := c.Change(who, object, record.Change{Act: record.Create, Set: c.Set(object, values)})
	c.Must(err)
	return done.ID
}

// Edit changes a record as a person.
func (c *Company) Edit(who, object, id string, values map[string]any) {
	c.Helper()
	_, err := c.Change(who, object, record.Change{Act: record.Update, ID: id, Set: c.Set(object, values)})
	c.Must(err)
}

// Delete deletes a record as a person.
func (c *Company) Delete(who, object, id string) {
	c.Helper()
	_, err := c.Change(who, object, record.Change{Act: record.Delete, ID: id})
	c.Must(err)
}

// Restore brings a deleted record back as a person.
func (c *Company) Restore(who, object, id string) {
	c.Helper()
	_, err := c.Change(who, object, record.Change{Act: record.Restore, ID: id})
	c.Must(err)
}

// Rows are the live records of an object in the order of their ids.
func (c *Company) Rows(object string) (rows []query.Row) {
	c.Helper()
	o := c.Object(object)
	c.Read(func(tx *sqldb.Tx) (err error) {
		rows, err = record.Select(tx, query.Select{Object: o, Fields: o.Fields, Sort: []query.Sort{{System: "id"}}})
		return err
	})
	return rows
}

// Value is a field of a record as a thread would keep it, "" when it is blank,
// "gone" when the record is not there.
func (c *Company) Value(object, id, field string) string {
	c.Helper()
	f, ok := c.Object(object).Field(field)
	if !ok {
		c.Fatalf("%s has no field %s", object, field)
	}
	for _, row := range c.Rows(object) {
		if row.ID != id {
			continue
		}
		if v := row.Values[f.ID]; v != nil {
			return fmt.Sprint(record.Stored(f, v))
		}
		return ""
	}
	return "gone"
}

// Count is the answer of a statement that counts.
func (c *Company) Count(sql string, args ...any) (n int64) {
	c.Helper()
	c.Read(func(tx *sqldb.Tx) error { return tx.QueryRow(sql, args...).Scan(&n) })
	return n
}

// Kinds are the kinds of a record's entries, oldest first; its chain has to hold.
func (c *Company) Kinds(id string) (kinds []string) {
	c.Helper()
	c.Read(func(tx *sqldb.Tx) error {
		entries, err := thread.List(tx, id, 0, 1000)
		for i := len(entries) - 1; i >= 0; i-- {
			kinds = append(kinds, entries[i].Kind)
		}
		broken, verr := thread.Verify(tx, id)
		if broken != 0 {
			c.Errorf("the thread of %s breaks at %d", id, broken)
		}
		return errors.Join(err, verr)
	})
	return kinds
}

// Fault is an error's code with its fields, "code: path code, …"; "" for none.
func Fault(err error) string {
	f, ok := fault.As(err)
	if !ok {
		if err == nil {
			return ""
		}
		return err.Error()
	}
	var fields []string
	for _, one := range f.Fields {
		fields = append(fields, one.Path+" "+one.Code)
	}
	sort.Strings(fields)
	return strings.TrimSuffix(f.Code+": "+strings.Join(fields, ", "), ": ")
}
