package catalog

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
)

// publishTries is how often a publication begins anew when another process
// published or took a physical name in between.
const publishTries = 5

// proposal is what is to be published.
type proposal struct {
	note config.Note
	only string // the one document whose paths are told bare, "" for none
	// documents gives all documents that are to be live.
	documents func(tx *sqldb.Tx) ([]config.Document, error)
	// close marks the draft published as it was compiled, nil for none.
	close func(tx *sqldb.Tx, version int64) error
}

// Validate says everything that keeps a draft from being published, nil for nothing.
func (c *Catalog) Validate(ctx context.Context, draft string) error {
	p, err := c.draftProposal(ctx, draft, config.Note{})
	if err != nil {
		return err
	}
	_, _, _, err = c.prepare(ctx, p)
	return err
}

// Publish makes a draft live and gives its version. It is refused when a
// document does not compile, and when someone changed one of its documents meanwhile.
func (c *Catalog) Publish(ctx context.Context, draft string, note config.Note) (int64, error) {
	p, err := c.draftProposal(ctx, draft, note)
	if err != nil {
		return 0, err
	}
	return c.bring(ctx, p)
}

func (c *Catalog) draftProposal(ctx context.Context, draft string, note config.Note) (proposal, error) {
	var compiled []config.Document
	p := proposal{note: note, documents: func(tx *sqldb.Tx) ([]config.Document, error) {
		outdated, err := c.store.Outdated(tx, draft)
		if err != nil {
			return nil, err
		}
		if len(outdated) > 0 {
			return nil, fault.New(fault.Conflict, "draft_outdated").With("documents", strings.Join(outdated, ", "))
		}
		if compiled, err = c.store.InDraft(tx, draft); err != nil {
			return nil, err
		}
		return c.store.Proposed(tx, draft)
	}}
	p.close = func(tx *sqldb.Tx, version int64) error { return c.closeDraft(tx, draft, compiled, version) }
	err := c.db.Read(ctx, func(tx *sqldb.Tx) error {
		laid, err := c.store.InDraft(tx, draft)
		if err != nil {
			return err
		}
		if len(laid) == 1 {
			p.only = laid[0].Reference()
		}
		d, err := c.store.Draft(tx, draft)
		if p.note.Label == "" {
			p.note.Label = d.Label
		}
		return err
	})
	return p, err
}

// closeDraft marks a draft published; what somebody laid into it since it was
// compiled would be lost, so that it is compiled anew.
func (c *Catalog) closeDraft(tx *sqldb.Tx, draft string, compiled []config.Document, version int64) error {
	if err := c.store.Hold(tx, draft); err != nil {
		return err
	}
	now, err := c.store.InDraft(tx, draft)
	if err != nil {
		return err
	}
	same := func(a, b config.Document) bool {
		return a.Kind == b.Kind && a.ID == b.ID && bytes.Equal(a.Body, b.Body)
	}
	if !slices.EqualFunc(compiled, now, same) {
		return fault.New(fault.Conflict, changedMeanwhile)
	}
	return c.store.MarkPublished(tx, draft, version)
}

// Compared gives the documents that a draft touches as they are in force and
// as they would be, with expressions as people read them, and what the draft compiles to.
func (c *Catalog) Compared(ctx context.Context, draft string) (before, after []config.Document, next *Snapshot, err error) {
	var proposed, laid []config.Document
	b := &builder{schemas: c.schemas, compilers: c.compilers}
	err = c.db.Read(ctx, func(tx *sqldb.Tx) (err error) {
		if proposed, err = c.store.Proposed(tx, draft); err != nil {
			return err
		}
		if laid, err = c.store.InDraft(tx, draft); err != nil {
			return err
		}
		b.names, err = loadPhysical(tx)
		return err
	})
	if err != nil {
		return nil, nil, nil, err
	}
	touched := map[string]bool{}
	for _, d := range laid {
		touched[d.Kind+" "+d.ID] = true
	}
	keep := func(all []config.Document) (out []config.Document) {
		for _, d := range all {
			if touched[d.Kind+" "+d.ID] {
				out = append(out, d)
			}
		}
		return out
	}
	next = b.build(proposed, 0)
	return keep(c.Current().AllDocuments()), keep(config.Overlay(proposed, next.AllDocuments())), next, nil
}

// Apply lays documents over the live ones and publishes at once; each is
// matched by id, then by name. Applying the same again changes nothing.
func (c *Catalog) Apply(ctx context.Context, documents []config.Document, note config.Note) (int64, error) {
	documents = slices.Clone(documents)
	config.Sort(documents)
	p := proposal{note: note, documents: func(tx *sqldb.Tx) ([]config.Document, error) {
		all, err := c.store.List(tx, "")
		if err != nil {
			return nil, err
		}
		for _, d := range documents {
			if d, err = config.Complete(all, d, c.db.NewID); err != nil {
				return nil, err
			}
			all = config.Overlay(all, []config.Document{d})
		}
		return all, nil
	}}
	if len(documents) == 1 {
		p.only = documents[0].Reference()
	}
	return c.bring(ctx, p)
}

// Remove publishes the removal of one document at once.
func (c *Catalog) Remove(ctx context.Context, kind, name string, note config.Note) (int64, error) {
	return c.bring(ctx, proposal{note: note, documents: func(tx *sqldb.Tx) ([]config.Document, error) {
		d, err := c.store.Get(tx, kind, name)
		if err != nil {
			return nil, err
		}
		all, err := c.store.List(tx, "")
		d.Body = nil
		return config.Overlay(all, []config.Document{d}), err
	}})
}

// Rollback publishes the documents of an earlier version as a new one. Fields
// that it does not know disappear; their values stay in their columns.
func (c *Catalog) Rollback(ctx context.Context, version int64, note config.Note) (int64, error) {
	note.RestoredFrom = version
	return c.bring(ctx, proposal{note: note, documents: func(tx *sqldb.Tx) ([]config.Document, error) {
		return c.store.At(tx, version)
	}})
}

// bring carries a proposal out, again when another process came between.
func (c *Catalog) bring(ctx context.Context, p proposal) (int64, error) {
	c.publish.Lock()
	defer c.publish.Unlock()
	for try := 1; ; try++ {
		version, err := c.bringOnce(ctx, p)
		if problem, ok := fault.As(err); !ok || problem.Code != changedMeanwhile || try == publishTries {
			return version, err
		}
	}
}

const changedMeanwhile = "configuration_changed_meanwhile"

func (c *Catalog) bringOnce(ctx context.Context, p proposal) (int64, error) {
	base, next, names, err := c.prepare(ctx, p)
	if err != nil {
		return 0, err
	}
	if err := c.keepNames(ctx, names); err != nil {
		return 0, err
	}
	if err := c.alter(ctx, next); err != nil {
		return 0, err
	}
	version, err := c.commit(ctx, p, base, next)
	if err != nil {
		return 0, err
	}
	if version == c.Current().Version {
		return version, nil
	}
	return version, c.load(ctx)
}

// prepare compiles a proposal over the live version `base`.
func (c *Catalog) prepare(ctx context.Context, p proposal) (base int64, next *Snapshot, names *physical, err error) {
	b := &builder{schemas: c.schemas, compilers: c.compilers}
	var documents, live []config.Document
	err = c.db.Read(ctx, func(tx *sqldb.Tx) (err error) {
		if base, err = c.store.Current(tx); err != nil {
			return err
		}
		if live, err = c.store.List(tx, ""); err != nil {
			return err
		}
		if documents, err = p.documents(tx); err != nil {
			return err
		}
		b.names, err = loadPhysical(tx)
		return err
	})
	if err != nil {
		return 0, nil, nil, err
	}
	if base != c.Current().Version {
		if err := c.load(ctx); err != nil {
			return 0, nil, nil, err
		}
	}
	documents, err = renamed(c.Current(), documents).follow(live, documents)
	if err != nil {
		return 0, nil, nil, err
	}
	b.live = live
	next = b.build(documents, base+1)
	b.checkTypes(c.Current(), next)
	b.checkLists(c.Current(), next)
	if err := b.report.fault(p.only); err != nil {
		return base, next, b.names, err
	}
	return base, next, b.names, c.ask(ctx, next)
}

// checkTypes refuses a change of a field's type or scale that would leave its
// values behind; a text may become a long text.
func (b *builder) checkTypes(before, after *Snapshot) {
	for _, o := range after.Objects {
		old, ok := before.ObjectByID(o.ID)
		if !ok {
			continue
		}
		for _, f := range o.Fields {
			was, ok := old.FieldByID(f.ID)
			if !ok || compatible(was, f) {
				continue
			}
			d, err := after.Document("object", o.Name)
			if err != nil {
				continue
			}
			b.report.add(d, fault.Field{
				Path: "fields." + f.Name + ".type", Code: "type_is_fixed",
				Params: map[string]any{"name": f.Name, "before": was.Type, "after": f.Type},
			})
		}
	}
}

func compatible(was, is *schema.Field) bool {
	if signature(was) != signature(is) {
		return false
	}
	if was.Type == is.Type {
		return true
	}
	return (is.Type == "text" || is.Type == "long_text") &&
		strings.Contains(" text long_text phone email url auto_number ", " "+was.Type+" ")
}

func (c *Catalog) keepNames(ctx context.Context, names *physical) error {
	if len(names.fresh) == 0 {
		return nil
	}
	err := c.db.Write(ctx, names.store)
	if _, taken := sqldb.IsUnique(err); taken {
		return fault.New(fault.Conflict, changedMeanwhile)
	}
	return err
}

// alter applies what the tables lack. It only adds, so that a publication
// which fails afterwards leaves nothing behind that matters.
func (c *Catalog) alter(ctx context.Context, next *Snapshot) error {
	changes, err := c.missing(ctx, schema.Diff(c.Current().Objects, next.Objects))
	if err != nil {
		return err
	}
	if err := c.checkUnique(ctx, next, changes); err != nil {
		return err
	}
	if err := c.db.Alter(ctx, c.db.Statements(changes)); err != nil {
		return fmt.Errorf("changing the tables: %w", err)
	}
	return nil
}

// checkUnique refuses to make a field unique whose values are not.
func (c *Catalog) checkUnique(ctx context.Context, next *Snapshot, changes []schema.Change) error {
	fresh := map[string]bool{}
	for _, change := range changes {
		if change.Kind == schema.AddTable {
			fresh[change.Table] = true
		}
		if change.Kind != schema.AddIndex || !change.Index.Unique || fresh[change.Table] {
			continue
		}
		column := change.Index.Columns[0]
		var one string
		err := c.db.Read(ctx, func(tx *sqldb.Tx) error {
			return tx.QueryRow("SELECT MIN(id) FROM " + change.Table + " WHERE deleted_at IS NULL AND " + column +
				" IS NOT NULL GROUP BY " + column + " HAVING COUNT(*) > 1 LIMIT 1").Scan(&one)
		})
		if err == nil {
			return notUnique(next, change.Table, column)
		}
	}
	return nil
}

func notUnique(s *Snapshot, table, column string) error {
	for _, o := range s.Objects {
		for _, f := range o.Fields {
			if o.Table == table && f.Column == column {
				return fault.New(fault.Invalid, "does_not_compile", fault.Field{
					Path: "object/" + o.Name + ".fields." + f.Name + ".unique", Code: "values_not_unique",
				})
			}
		}
	}
	return fault.New(fault.Invalid, "values_not_unique")
}

// commit stores the documents, unless the live version is no longer the one
// that was compiled against.
func (c *Catalog) commit(ctx context.Context, p proposal, base int64, next *Snapshot) (version int64, err error) {
	var documents []config.Document
	for _, d := range next.AllDocuments() {
		if d, err = next.storable(d); err != nil {
			return 0, err
		}
		documents = append(documents, d)
	}
	err = c.db.Write(ctx, func(tx *sqldb.Tx) error {
		current, err := c.store.Current(tx)
		if err != nil {
			return err
		}
		if current != base {
			return fault.New(fault.Conflict, changedMeanwhile)
		}
		if version, err = c.store.Commit(tx, documents, p.note); err != nil {
			return err
		}
		if p.close != nil {
			return p.close(tx, version)
		}
		return nil
	})
	return version, err
}
