package catalog

import (
	"context"
	"regexp"
	"slices"

	"clew.dev/clew/internal/schema"
)

// generated are the names that this program, or one before it, gave to indexes of
// records' tables; others are left alone.
var generated = regexp.MustCompile(`^o_[0-9]+_(created|open|c_[0-9]+(_owner|_unique|_open|_at|_held|_mine|_by_c_[0-9]+)?)$`)

// KeepIndexes gives the tables the indexes that their objects want and takes away
// those that an earlier program wanted. Where nothing is to be done, it costs one
// look at the database's own list.
func (c *Catalog) KeepIndexes(ctx context.Context) error {
	there, err := c.db.Indexes(ctx)
	if err != nil {
		return err
	}
	var changes []schema.Change
	wanted := map[string]bool{}
	for _, o := range c.Current().Objects {
		for _, index := range o.Indexes() {
			wanted[index.Name] = true
			if !slices.Contains(there[o.Table], index.Name) {
				changes = append(changes, schema.Change{Kind: schema.AddIndex, Table: o.Table, Index: &index})
			}
		}
		for _, name := range there[o.Table] {
			if !wanted[name] && generated.MatchString(name) {
				changes = append(changes, schema.Change{Kind: schema.DropIndex, Table: o.Table, Index: &schema.Index{Name: name}})
			}
		}
	}
	return c.db.Alter(ctx, c.db.Statements(changes))
}
