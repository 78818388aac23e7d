package catalog

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
)

// Catalog holds the current snapshot and publishes new ones.
type Catalog struct {
	db        *sqldb.DB
	store     *config.Store
	schemas   *config.Schemas
	compilers map[string]Compiler
	current   atomic.Pointer[Snapshot]
	publish   sync.Mutex // one publication at a time in this process
	hooks     []func(before, after *Snapshot)
}

// New makes a catalog; the compilers are by kind. Until Load, Current is empty.
func New(db *sqldb.DB, store *config.Store, compilers map[string]Compiler) (*Catalog, error) {
	schemas, err := config.NewSchemas()
	if err != nil {
		return nil, err
	}
	c := &Catalog{db: db, store: store, schemas: schemas, compilers: compilers}
	empty := &builder{schemas: schemas, names: &physical{}}
	c.current.Store(empty.build(nil, 0))
	return c, nil
}

// Current is the snapshot in force.
func (c *Catalog) Current() *Snapshot { return c.current.Load() }

// OnPublish has fn called after each swap, in the order of registration; it
// is to be called before the first Load.
func (c *Catalog) OnPublish(fn func(before, after *Snapshot)) { c.hooks = append(c.hooks, fn) }

// Load compiles the live documents and swaps.
func (c *Catalog) Load(ctx context.Context) error {
	c.publish.Lock()
	defer c.publish.Unlock()
	return c.load(ctx)
}

// Refresh loads when another process has published a later version.
func (c *Catalog) Refresh(ctx context.Context) error {
	var version int64
	err := c.db.Read(ctx, func(tx *sqldb.Tx) (err error) {
		version, err = c.store.Current(tx)
		return err
	})
	if err != nil || version == c.Current().Version {
		return err
	}
	return c.Load(ctx)
}

func (c *Catalog) load(ctx context.Context) error {
	b := &builder{schemas: c.schemas, compilers: c.compilers}
	var documents []config.Document
	var version int64
	err := c.db.Read(ctx, func(tx *sqldb.Tx) (err error) {
		if documents, err = c.store.List(tx, ""); err != nil {
			return err
		}
		if version, err = c.store.Current(tx); err != nil {
			return err
		}
		b.names, err = loadPhysical(tx)
		return err
	})
	if err != nil {
		return fmt.Errorf("loading the configuration: %w", err)
	}
	next := b.build(documents, version)
	if err := b.report.fault(""); err != nil {
		return fmt.Errorf("configuration version %d: %w", version, err)
	}
	c.swap(next)
	return nil
}

func (c *Catalog) swap(next *Snapshot) {
	before := c.current.Swap(next)
	for _, hook := range c.hooks {
		hook(before, next)
	}
}

// DocumentAt gives a document as it was at a version of it, or at the latest
// before that, with today's names in its expressions: what a clock that began
// under an older version goes on with.
func (c *Catalog) DocumentAt(tx *sqldb.Tx, kind, name string, version int64) (config.Document, error) {
	d, err := c.store.Revision(tx, kind, name, version)
	if err != nil {
		return d, err
	}
	b := &builder{snapshot: c.Current()}
	d, _ = b.readable(d)
	return d, b.report.fault(d.Reference())
}

// missing leaves out the changes whose table or column is there already: from
// a publication that did not come to its end, or from before a deletion.
func (c *Catalog) missing(ctx context.Context, changes []schema.Change) ([]schema.Change, error) {
	var out []schema.Change
	for _, change := range changes {
		switch change.Kind {
		case schema.AddTable:
			there, err := c.answers(ctx, "SELECT id FROM "+change.Table+" LIMIT 0")
			if err != nil {
				return nil, err
			}
			if !there {
				out = append(out, change)
				continue
			}
			columns, err := c.missingColumns(ctx, change.Table, change.Columns)
			if err != nil {
				return nil, err
			}
			out = append(out, columns...)
		case schema.AddColumn:
			columns, err := c.missingColumns(ctx, change.Table, change.Columns)
			if err != nil {
				return nil, err
			}
			out = append(out, columns...)
		default:
			out = append(out, change)
		}
	}
	return out, nil
}

func (c *Catalog) missingColumns(ctx context.Context, table string, columns []schema.Column) ([]schema.Change, error) {
	var out []schema.Change
	for _, column := range columns {
		there, err := c.answers(ctx, "SELECT "+column.Name+" FROM "+table+" LIMIT 0")
		if err != nil {
			return nil, err
		}
		if !there {
			out = append(out, schema.Change{Kind: schema.AddColumn, Table: table, Columns: []schema.Column{column}})
		}
	}
	return out, nil
}

// answers says whether the database understands a query: whether what it names
// exists. A database that is down is an error.
func (c *Catalog) answers(ctx context.Context, query string) (bool, error) {
	err := c.db.Read(ctx, func(tx *sqldb.Tx) error {
		rows, err := tx.Query(query)
		if err != nil {
			return err
		}
		return rows.Close()
	})
	switch {
	case err == nil:
		return true, nil
	case sqldb.IsDown(err), sqldb.IsBusy(err), ctx.Err() != nil:
		return false, err
	}
	return false, nil
}
