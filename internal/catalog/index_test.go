package catalog

import (
	"slices"
	"testing"
)

// A database of an earlier program has other indexes: those wanted now are
// built, those no longer wanted go, and what somebody made by hand stays.
func TestIndexesFollowTheProgram(t *testing.T) {
	each(t, func(b bench) {
		b.apply(company)
		o := b.object("lead")
		var want []string
		for _, i := range o.Indexes() {
			want = append(want, i.Name)
		}
		slices.Sort(want)
		if got := indexesOf(b, o.Table); !slices.Equal(got, want) {
			t.Fatalf("after publishing %v, want %v", got, want)
		}
		if err := b.db.Alter(b.Context(), []string{
			"DROP INDEX " + o.Table + "_created", "CREATE INDEX " + o.Table + "_c_1 ON " + o.Table + " (id, revision)",
			"CREATE INDEX somebodys ON " + o.Table + " (revision)",
		}); err != nil {
			b.Fatal(err)
		}
		for range 2 { // the second time there is nothing to do
			if err := b.KeepIndexes(b.Context()); err != nil {
				b.Fatal(err)
			}
			if got := indexesOf(b, o.Table); !slices.Equal(got, append(slices.Clone(want), "somebodys")) {
				b.Errorf("%v, want %v and somebodys", got, want)
			}
		}
	})
}

// indexesOf are a table's indexes but those of its constraints.
func indexesOf(b bench, table string) []string {
	b.Helper()
	all, err := b.db.Indexes(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	slices.Sort(all[table])
	return all[table]
}
