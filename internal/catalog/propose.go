package catalog

import (
	"context"

	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
)

// Propose compiles what is in force with a draft ("" for none) and further
// documents laid over it, and says everything that is wrong with it. Nothing is
// kept. Documents with faults are missing from the snapshot. only is the
// document whose faults have bare paths; the paths of others begin with theirs.
func (c *Catalog) Propose(ctx context.Context, draft, only string, more ...config.Document) (*Snapshot, []fault.Field, error) {
	b := &builder{schemas: c.schemas, compilers: c.compilers}
	var live, documents []config.Document
	err := c.db.Read(ctx, func(tx *sqldb.Tx) (err error) {
		if live, err = c.store.List(tx, ""); err != nil {
			return err
		}
		documents = live
		if draft != "" {
			if documents, err = c.store.Proposed(tx, draft); err != nil {
				return err
			}
		}
		b.names, err = loadPhysical(tx)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	for _, d := range more {
		if d, err = config.Complete(documents, d, c.db.NewID); err != nil {
			return nil, nil, err
		}
		documents = config.Overlay(documents, []config.Document{d})
	}
	before := c.Current()
	if documents, err = renamed(before, documents).follow(live, documents); err != nil {
		return nil, nil, err
	}
	b.live = live
	next := b.build(documents, before.Version)
	b.checkTypes(before, next)
	b.checkLists(before, next)
	if problem, ok := fault.As(b.report.fault(only)); ok {
		return next, problem.Fields, nil
	}
	return next, nil, nil
}

// DocumentsAt gives the documents of a version with today's names in their expressions.
func (c *Catalog) DocumentsAt(ctx context.Context, version int64) ([]config.Document, error) {
	var documents []config.Document
	err := c.db.Read(ctx, func(tx *sqldb.Tx) (err error) {
		documents, err = c.store.At(tx, version)
		return err
	})
	if err != nil {
		return nil, err
	}
	b := &builder{snapshot: c.Current()}
	for i, d := range documents {
		documents[i] = b.legible(d)
	}
	return documents, nil
}

// legible gives the expressions today's names as far as they have some; what
// is gone stays as it is stored.
func (b *builder) legible(d config.Document) config.Document {
	if out, ok := b.readable(d); ok {
		return out
	}
	return d
}
