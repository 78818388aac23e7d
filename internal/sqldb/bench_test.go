package sqldb_test

import (
	"fmt"
	"testing"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/sqldb"
)

// BenchmarkWrite is one-row units from many callers. A throw-away server has
// fsync off unless it was started with PGFSYNC=on scripts/with-postgres.
func BenchmarkWrite(b *testing.B) {
	for _, callers := range []int{1, 50, 200} {
		b.Run(fmt.Sprintf("embedded/%d", callers), func(b *testing.B) { benchmarkWrite(b, clewtest.Embedded(b), callers) })
		b.Run(fmt.Sprintf("postgresql/%d", callers), func(b *testing.B) { benchmarkWrite(b, clewtest.PostgreSQL(b), callers) })
	}
}

func benchmarkWrite(b *testing.B, o sqldb.Options, callers int) {
	db := clewtest.Open(b, o)
	if err := db.Alter(b.Context(), []string{createItem}); err != nil {
		b.Fatal(err)
	}
	b.SetParallelism(max(callers/2, 1)) // times GOMAXPROCS
	b.ResetTimer()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			id := db.NewID()
			if err := db.Write(b.Context(), func(tx *sqldb.Tx) error { return insert(tx, id, 1) }); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "units/s")
}

// BenchmarkRead is a snapshot with one row by its key.
func BenchmarkRead(b *testing.B) {
	run := func(b *testing.B, o sqldb.Options) {
		db := clewtest.Open(b, o)
		b.ResetTimer()
		for b.Loop() {
			err := db.Read(b.Context(), func(tx *sqldb.Tx) error {
				var n int
				return tx.QueryRow(`SELECT count(*) FROM setting WHERE name = $1`, "x").Scan(&n)
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	b.Run("embedded", func(b *testing.B) { run(b, clewtest.Embedded(b)) })
	b.Run("postgresql", func(b *testing.B) { run(b, clewtest.PostgreSQL(b)) })
}
