package sqldb

import (
	"strings"

	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
)

// columnTypes names the column type of each way of keeping a value.
type columnTypes struct {
	types      map[schema.Storage]string
	concurrent bool // indexes of tables in use are built beside the writers
}

func embeddedColumns() columnTypes {
	return columnTypes{types: map[schema.Storage]string{
		schema.Text: "TEXT", schema.TextList: "TEXT", schema.Integer: "INTEGER", schema.Scaled: "INTEGER",
		schema.Boolean: "INTEGER", schema.Micros: "INTEGER",
	}}
}

func serverColumns() columnTypes {
	return columnTypes{concurrent: true, types: map[schema.Storage]string{
		schema.Text: `TEXT COLLATE "C"`, schema.TextList: `TEXT COLLATE "C"`, schema.Integer: "BIGINT", schema.Scaled: "NUMERIC",
		schema.Boolean: "BOOLEAN", schema.Micros: "BIGINT",
	}}
}

// Statements renders table changes for Alter. Tables and indexes that exist
// already are passed over; a column must be missing.
func (db *DB) Statements(changes []schema.Change) []string {
	if _, server := db.engine.(*postgresEngine); server {
		return serverColumns().statements(changes)
	}
	return embeddedColumns().statements(changes)
}

func (c columnTypes) statements(changes []schema.Change) []string {
	var out []string
	fresh := map[string]bool{}
	for _, change := range changes {
		switch change.Kind {
		case schema.AddTable:
			fresh[change.Table] = true
			out = append(out, c.createTable(change))
		case schema.AddColumn:
			out = append(out, "ALTER TABLE "+change.Table+" ADD COLUMN "+c.column(change.Columns[0]))
		case schema.AddIndex:
			out = append(out, c.createIndex(change, fresh[change.Table])...)
		case schema.DropIndex:
			out = append(out, "DROP INDEX IF EXISTS "+change.Index.Name)
		}
	}
	return out
}

func (c columnTypes) createTable(change schema.Change) string {
	columns := make([]string, len(change.Columns))
	for i, column := range change.Columns {
		columns[i] = c.column(column)
	}
	return "CREATE TABLE IF NOT EXISTS " + change.Table + " (" + strings.Join(columns, ", ") + ")"
}

func (c columnTypes) column(column schema.Column) string {
	s := column.Name + " " + c.types[column.Storage]
	if column.Primary {
		s += " PRIMARY KEY"
	}
	if column.NotNull {
		s += " NOT NULL"
	}
	return s
}

// createIndex builds an index; one that an interrupted concurrent build left
// behind unusable is dropped first.
func (c columnTypes) createIndex(change schema.Change, fresh bool) []string {
	index := change.Index
	create, unique := "CREATE ", ""
	if index.Unique {
		unique = "UNIQUE "
	}
	var out []string
	how := "INDEX IF NOT EXISTS "
	if c.concurrent && !fresh {
		out = append(out, "DROP INDEX IF EXISTS "+index.Name)
		how = "INDEX CONCURRENTLY IF NOT EXISTS "
	}
	s := create + unique + how + index.Name + " ON " + change.Table + " (" + strings.Join(index.Columns, ", ") + ")"
	if where := conditions(index); len(where) > 0 {
		s += " WHERE " + strings.Join(where, " AND ")
	}
	return append(out, s)
}

// conditions are what a row must meet to be in the index, in the words of the
// queries that it serves.
func conditions(index *schema.Index) (where []string) {
	if index.Live {
		where = append(where, "deleted_at IS NULL")
	}
	if index.Filled != "" {
		where = append(where, index.Filled+" IS NOT NULL")
	}
	if index.Open != nil {
		where = append(where, query.Open(*index.Open))
	}
	return where
}
