package catalog

import (
	"slices"
	"strings"
	"testing"

	"clew.dev/clew/internal/sqldb"
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

// Whoever lets one choice more close a record makes the indexes over the open
// records anew: by the words of the rule before they would never be used again.
func TestAnotherClosingRuleReachesTheDatabase(t *testing.T) {
	each(t, func(b bench) {
		closing := func(choices string) string {
			return strings.Replace(company, "owner: owner\n", "owner: owner\nclosed: {field: source, choices: ["+choices+"]}\n", 1)
		}
		b.apply(closing("官网"))
		for _, choices := range []string{"官网, 展会", "展会", "官网"} {
			b.apply(closing(choices))
			for _, id := range []string{"t.lead.source.web", "t.lead.source.expo"} {
				name := map[string]string{"t.lead.source.web": "官网", "t.lead.source.expo": "展会"}[id]
				for _, index := range []string{"_open", "_" + ownerColumn(b) + "_open"} {
					text := b.indexText(b.object("lead").Table + index)
					if strings.Contains(text, id) != strings.Contains(choices, name) {
						t.Errorf("closed by %s: %s", choices, text)
					}
				}
			}
		}
	})
}

// indexText is the statement that makes an index, as the database keeps it.
func (b bench) indexText(name string) (text string) {
	b.Helper()
	err := b.db.Read(b.Context(), func(tx *sqldb.Tx) error {
		query := "SELECT sql FROM sqlite_master WHERE name = $1"
		if _, server := tx.Postgres(); server {
			query = "SELECT indexdef FROM pg_indexes WHERE indexname = $1"
		}
		return tx.QueryRow(query, name).Scan(&text)
	})
	if err != nil {
		b.Fatal(err)
	}
	return text
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

func ownerColumn(b bench) string {
	b.Helper()
	owner, ok := b.object("lead").Field("owner")
	if !ok {
		b.Fatal("no owner")
	}
	return owner.Column
}
