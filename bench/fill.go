package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"clew.dev/clew/internal/schema"
	program "clew.dev/clew/internal/server"
	"clew.dev/clew/internal/sqldb"
)

// baseLeads is the demo company that is multiplied: half a year of it, written
// through the public write path.
const baseLeads = 2000

// halfYears is over how many half years the leads are spread. Those of the
// youngest are copied with all that belongs to them; of the older ones only
// closed leads, with a short thread, as a company's old ones are.
const halfYears = 6

const (
	halfYear = 182 * 24 * time.Hour
	stagger  = 37 * time.Second // between two copies of the same time
	farAway  = 10 * 365 * 24 * time.Hour

	together = 200 // records that are copied by one statement
)

// filling multiplies the demo's leads inside the database, table by table, with
// what lists, homes, dashboards and record pages touch. It goes round the write
// path and exists for measurements only.
type filling struct {
	db     *sqldb.DB
	sql    fillSQL
	tables []*schema.Object
	lead   *schema.Object
	base   int64
	closed int64

	numbers int64 // of the table with the most records
}

// fill brings the place's company, made by the demo and stopped, to this many leads.
func fill(ctx context.Context, at place, leads int64) error {
	app, err := program.Open(ctx, program.Options{Data: at.dir, Database: at.url})
	if err != nil {
		return err
	}
	defer app.DB.Close()
	f := filling{db: app.DB, sql: fillSQL{server: at.url != ""}}
	for _, name := range []string{"contact", "lead", "interaction"} {
		object, ok := app.Catalog.Current().Object(name)
		if !ok {
			return fmt.Errorf("no object %s", name)
		}
		f.tables = append(f.tables, object)
		if object.Health != nil {
			f.lead = object
		}
	}
	if err := f.prepare(ctx); err != nil {
		return err
	}
	indexes, err := f.dropIndexes(ctx)
	if err != nil {
		return err
	}
	if err := f.copies(ctx, leads); err != nil {
		return err
	}
	for _, statements := range [][]string{indexes, f.sql.figures(app.Catalog.Current().Zone(), f.lead), f.sql.finish(f.objectTables())} {
		for _, statement := range statements {
			if err := f.run(ctx, statement); err != nil {
				return err
			}
		}
	}
	began := time.Now()
	err = app.Search.CatchUp(ctx) // else the program would do it while it is measured
	fmt.Fprintf(os.Stderr, "  %.0f s: search index\n", time.Since(began).Seconds())
	return err
}

// run is one statement outside a unit: it may take long.
func (f *filling) run(ctx context.Context, statement string) error {
	began := time.Now()
	if pool, ok := f.db.Pool(); ok {
		if _, err := pool.Exec(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	} else if err := f.db.Alter(ctx, []string{statement}); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	if took := time.Since(began); took > 2*time.Second {
		first, _, _ := strings.Cut(strings.TrimSpace(statement), "\n")
		fmt.Fprintf(os.Stderr, "  %.0f s: %.100s\n", took.Seconds(), first)
	}
	return nil
}

// prepare notes what is there to be copied.
func (f *filling) prepare(ctx context.Context) error {
	for _, statement := range f.sql.bases(f.tables, f.lead) {
		if err := f.run(ctx, statement); err != nil {
			return err
		}
	}
	return f.db.Read(ctx, func(tx *sqldb.Tx) error {
		if err := tx.QueryRow("SELECT MAX(n) FROM bench_base").Scan(&f.numbers); err != nil {
			return err
		}
		return tx.QueryRow("SELECT COUNT(*), COALESCE(SUM(closed),0) FROM bench_base WHERE object=$1", f.lead.ID).Scan(&f.base, &f.closed)
	})
}

// dropIndexes makes room for fast copying and gives the statements that bring
// the indexes back.
func (f *filling) dropIndexes(ctx context.Context) ([]string, error) {
	var drop, create []string
	err := f.db.Read(ctx, func(tx *sqldb.Tx) error {
		for _, table := range f.filled() {
			rows, err := tx.Query(f.sql.indexesOf(), table)
			if err != nil {
				return err
			}
			for rows.Next() {
				var name, definition string
				if err := rows.Scan(&name, &definition); err != nil {
					return err
				}
				drop, create = append(drop, "DROP INDEX "+name), append(create, definition)
			}
			if err := rows.Close(); err != nil {
				return err
			}
		}
		return nil
	})
	for _, statement := range drop {
		if err == nil {
			err = f.run(ctx, statement)
		}
	}
	return create, err
}

func (f *filling) filled() []string { return append(f.objectTables(), sideTables...) }

func (f *filling) objectTables() (names []string) {
	for _, o := range f.tables {
		names = append(names, o.Table)
	}
	return names
}

// copies adds copies, the oldest first, until there are enough leads.
func (f *filling) copies(ctx context.Context, leads int64) error {
	if err := f.planCopies(ctx, leads); err != nil {
		return err
	}
	for past := int64(halfYears - 1); past >= 0; past-- {
		for first := int64(1); first <= f.numbers; first += together {
			if err := f.copy(ctx, past, first, first+together-1); err != nil {
				return err
			}
		}
	}
	return nil
}

// planCopies notes when each copy lies.
func (f *filling) planCopies(ctx context.Context, leads int64) error {
	young := max(1, leads/f.base/halfYears)
	old := max(0, (leads-f.base-young*f.base)/max(1, f.closed))
	return f.db.Write(ctx, func(tx *sqldb.Tx) error {
		plan := func(past, place, number int64) error {
			shift := -time.Duration(past)*halfYear - time.Duration(place)*stagger
			return tx.Later("INSERT INTO bench_copy(past,shift,number) VALUES($1,$2,$3)", past, shift.Microseconds(), number*f.base)
		}
		for number := int64(1); number <= young; number++ {
			if err := plan(0, number, number); err != nil {
				return err
			}
		}
		for number := int64(1); number <= old; number++ {
			if err := plan(1+(number-1)*(halfYears-1)/old, number, young+number); err != nil {
				return err
			}
		}
		return nil
	})
}

// copy copies the records of some numbers into one half year, as one unit per table.
func (f *filling) copy(ctx context.Context, past, first, last int64) error {
	for _, statement := range f.sql.copies(f.tables, f.lead, past == 0) {
		err := f.db.Write(ctx, func(tx *sqldb.Tx) error {
			_, err := tx.Exec(statement, past, first, last)
			return err
		})
		if err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}
