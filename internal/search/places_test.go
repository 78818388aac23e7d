package search_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/sqldb"
)

// Contract: whatever way a database goes to the places of a word, it gives those
// of the object before a place, the latest first: of a word that all hold, that
// only old records hold, that one holds, and that begins so.
func TestPlacesAreTheLatestFirst(t *testing.T) {
	const records = 5600 // more than are looked at themselves
	const former = 3300  // more than the index is asked for at first, none of them among the latest
	tokens := func(i int) []string {
		list := []string{"1:all", fmt.Sprintf("1:begun%d", i%40)}
		if i <= 50 {
			list = append(list, "1:old")
		}
		if i <= former {
			list = append(list, "1:former")
		}
		if i == 1234 {
			list = append(list, "1:one")
		}
		slices.Sort(list)
		return list
	}
	clewtest.EachDatabase(t, func(t *testing.T, o sqldb.Options) {
		db, err := sqldb.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		err = db.Write(t.Context(), func(tx *sqldb.Tx) error {
			var batch []sqldb.Indexed
			for i := 1; i <= records; i++ {
				batch = append(batch, sqldb.Indexed{N: int64(i), Object: "lead", Record: fmt.Sprint("r", i), Tokens: tokens(i)})
				if len(batch) == 100 {
					if err := tx.Index(batch); err != nil {
						return err
					}
					batch = nil
				}
			}
			return tx.Index([]sqldb.Indexed{{N: records + 1, Object: "other", Record: "o", Tokens: []string{"2:all"}}})
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			match  query.Match
			before int64
			want   []int64
		}{
			{query.Match{Token: "1:all"}, 1 << 40, []int64{5600, 5599, 5598}},
			{query.Match{Token: "1:former"}, 1 << 40, []int64{3300, 3299, 3298}},
			{query.Match{Token: "1:former"}, 1001, []int64{1000, 999, 998}},
			{query.Match{Token: "1:all"}, 3, []int64{2, 1}},
			{query.Match{Token: "1:old"}, 1 << 40, []int64{50, 49, 48}},
			{query.Match{Token: "1:one"}, 1 << 40, []int64{1234}},
			{query.Match{Token: "1:one"}, 1234, nil},
			{query.Match{Token: "1:begun7", Prefix: true}, 1 << 40, []int64{5567, 5527, 5487}},
			{query.Match{All: []query.Match{{Token: "1:old"}, {Token: "1:begun3"}}}, 1 << 40, []int64{43, 3}},
			{query.Match{Token: "1:nobody"}, 1 << 40, nil},
		} {
			if got := placesOf(t, db, c.match, c.before); !slices.Equal(got, c.want) {
				t.Errorf("%+v before %d: %v, want %v", c.match, c.before, got, c.want)
			}
		}
	})
}

func placesOf(t *testing.T, db *sqldb.DB, match query.Match, before int64) (list []int64) {
	t.Helper()
	err := db.Read(context.Background(), func(tx *sqldb.Tx) error {
		places, err := tx.Places("lead", match, before, 3)
		for _, place := range places {
			if place.Record != fmt.Sprint("r", place.N) {
				t.Errorf("%+v", place)
			}
			list = append(list, place.N)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}
