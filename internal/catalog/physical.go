package catalog

import (
	"fmt"
	"strconv"

	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
)

// The kinds of physical name.
const (
	tableKind  = "o"
	columnKind = "c"
)

// physical are the generated names of tables and columns. What has none yet
// gets the next free number, noted in fresh until it is stored.
type physical struct {
	numbers map[string]int64 // by kind and id
	last    map[string]int64 // by kind
	fresh   []freshName
}

type freshName struct {
	kind, id string
	n        int64
}

func loadPhysical(tx *sqldb.Tx) (*physical, error) {
	p := &physical{numbers: map[string]int64{}, last: map[string]int64{}}
	rows, err := tx.Query(`SELECT kind, id, n FROM physical_name`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var kind, id string
		var n int64
		if err := rows.Scan(&kind, &id, &n); err != nil {
			return nil, err
		}
		p.numbers[kind+id] = n
		p.last[kind] = max(p.last[kind], n)
	}
	return p, rows.Err()
}

func (p *physical) table(objectID string) string { return p.name(tableKind, objectID) }

// column is the field's column. A field that is kept in another way than
// before gets another column.
func (p *physical) column(objectID string, f *schema.Field) string {
	return p.name(columnKind, fmt.Sprintf("%s %s %s", objectID, f.ID, signature(f)))
}

// signature tells ways of storing apart.
func signature(f *schema.Field) string {
	switch s := f.Storage(); s {
	case schema.Scaled, schema.MoneyPair:
		return fmt.Sprintf("%d.%d", s, f.Scale)
	default:
		return strconv.Itoa(int(s))
	}
}

func (p *physical) name(kind, id string) string {
	n, ok := p.numbers[kind+id]
	if !ok {
		n = p.last[kind] + 1
		p.last[kind], p.numbers[kind+id] = n, n
		p.fresh = append(p.fresh, freshName{kind, id, n})
	}
	return kind + "_" + strconv.FormatInt(n, 10)
}

// store keeps the fresh names. Another node that took a number meanwhile makes it fail.
func (p *physical) store(tx *sqldb.Tx) error {
	for _, f := range p.fresh {
		if _, err := tx.Exec(`INSERT INTO physical_name (kind, id, n) VALUES ($1, $2, $3)`, f.kind, f.id, f.n); err != nil {
			return err
		}
	}
	return nil
}
