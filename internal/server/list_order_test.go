package server_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// orderable are the fields of a sample that a list can be ordered by with a meaning that an oracle knows.
var orderable = []string{"name", "size", "price", "share", "ready", "day", "moment", "phone", "mail", "site", "number", "created_at", "updated_at", "id"}

// TestSeveralSortKeysWithTiesAndBlanks draws orders of one to four keys and
// checks each neighbouring pair; pages of any size give the same rows in the
// same order, on both databases.
func TestSeveralSortKeysWithTiesAndBlanks(t *testing.T) {
	found := map[string][]string{}
	onBoth(t, func(t *testing.T, c *company) {
		c.sampleObject()
		c.sample(5, 90)
		admin := c.as("admin")
		random := rand.New(rand.NewPCG(2, 9))
		for range 60 {
			var keys []string
			for range 1 + random.IntN(4) {
				key := orderable[random.IntN(len(orderable))]
				if slices.ContainsFunc(keys, func(k string) bool { return strings.TrimPrefix(k, "-") == key }) {
					continue
				}
				keys = append(keys, []string{"", "-"}[random.IntN(2)]+key)
			}
			sort := strings.Join(keys, ",")
			whole := c.listed(admin, 500, "sort", sort)
			if len(whole) != 90 {
				t.Errorf("%s: %d rows", sort, len(whole))
			}
			for i := 1; i < len(whole); i++ {
				if inOrder(keys, whole[i-1], whole[i]) > 0 {
					t.Errorf("%s: %v stands before %v", sort, whole[i-1]["number"], whole[i]["number"])
					break
				}
			}
			limit := 1 + random.IntN(40)
			if diff := cmp.Diff(column(whole, "id"), column(c.listed(admin, limit, "sort", sort, "fields", "name"), "id")); diff != "" {
				t.Errorf("%s by pages of %d: %s", sort, limit, diff)
			}
			if strings.Contains(sort, "ated_at") || strings.Contains(sort, "id") {
				continue // stamps and ids differ from run to run
			}
			numbers := column(whole, "number")
			if before, ok := found[sort]; ok && !cmp.Equal(before, numbers) {
				t.Errorf("%s: the databases differ\n%v\n%v", sort, before, numbers)
			}
			found[sort] = numbers
		}
	})
}

// inOrder compares two records by the keys; a blank comes after everything, in both directions.
func inOrder(keys []string, a, b map[string]any) int {
	for _, key := range keys {
		name, down := strings.CutPrefix(key, "-")
		order := 0
		switch {
		case a[name] == nil && b[name] == nil:
			continue
		case a[name] == nil:
			return 1
		case b[name] == nil:
			return -1
		case strings.HasSuffix(name, "_at") || name == "moment":
			x, _ := time.Parse(time.RFC3339, a[name].(string))
			y, _ := time.Parse(time.RFC3339, b[name].(string))
			order = x.Compare(y)
		default:
			order = compared(name, a[name], b[name])
		}
		if down {
			order = -order
		}
		if order != 0 {
			return order
		}
	}
	return 0
}

// TestPagesWhileOthersWrite walks a list while records are changed, deleted and
// made between its pages: what nobody touched comes exactly once.
func TestPagesWhileOthersWrite(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		c.sampleObject()
		ids := c.sample(3, 80)
		admin := c.as("admin")
		random := rand.New(rand.NewPCG(4, 4))
		for round, sort := range []string{"name", "-size,name", "day,-number", "ready", "-updated_at", "id"} {
			touched := map[string]bool{}
			seen := map[string]int{}
			cursor := ""
			for range 100 {
				got := admin("GET", samples+"?limit=7&sort="+sort+"&cursor="+cursor, nil).want(t, sort, 200)
				for _, item := range got.items(t) {
					seen[item["id"].(string)]++
				}
				if cursor, _ = got.json(t)["next_cursor"].(string); cursor == "" {
					break
				}
				victim := ids[random.IntN(len(ids))]
				touched[victim] = true
				switch random.IntN(4) {
				case 0:
					admin("DELETE", samples+"/"+victim, nil)
				case 1:
					admin("POST", samples+"/"+victim+"/restore", nil)
				case 2:
					admin("PATCH", samples+"/"+victim, map[string]any{"name": fmt.Sprint("changed ", round), "size": round, "day": "2026-01-01", "ready": nil})
				default:
					admin("POST", samples, map[string]any{"name": "new", "size": "3"}).want(t, "new", 201)
				}
			}
			for _, id := range ids {
				alive := admin("GET", samples+"/"+id, nil).status == 200
				if want := map[bool]int{true: 1, false: 0}[alive]; !touched[id] && seen[id] != want {
					t.Errorf("%s: %s came %d times, want %d", sort, id, seen[id], want)
				}
			}
		}
	})
}

// TestWhatIsShownIsWhatIsStored: each value goes out in its one form, and comes
// in again as it went out without a change.
func TestWhatIsShownIsWhatIsStored(t *testing.T) {
	shown := map[string]string{}
	onBoth(t, func(t *testing.T, c *company) {
		c.sampleObject()
		admin := c.as("admin")
		for _, f := range sampleFields {
			for _, v := range f.values {
				made := admin("POST", samples, map[string]any{f.name: v}).want(t, fmt.Sprint(f.name, v), 201).json(t)
				id := made["id"].(string)
				key := fmt.Sprint(f.name, " ", v)
				text := fmt.Sprint(made[f.name])
				if before, ok := shown[key]; ok && before != text {
					t.Errorf("%s: %s and %s", key, before, text)
				}
				shown[key] = text
				before := admin("GET", samples+"/"+id, nil)
				again := admin("PATCH", samples+"/"+id, map[string]any{f.name: made[f.name]}).want(t, key+" again", 200)
				if again.header.Get("ETag") != before.header.Get("ETag") || again.json(t)["updated_at"] != made["updated_at"] {
					t.Errorf("%s: what was shown, written again, is a change: %v", key, again.json(t)[f.name])
				}
				if entries := admin("GET", samples+"/"+id+"/thread", nil).items(t); len(entries) != 1 {
					t.Errorf("%s: %d entries in the thread", key, len(entries))
				}
			}
		}
		for key, want := range map[string]string{
			"name e\u0301": "é", "name ａ": "a", "size -0": "0.0000", "size 1.50": "1.5000", "share 12.5": "12.50", "price 10": "map[amount:10.00 currency:CNY]", "phone 13900000001": "+8613900000001",
			"moment 2026-11-24T15:59:59.999999Z": "2026-11-24T15:59:59.999999Z", "day 2024-02-29": "2024-02-29", "mail Z@b.co": "z@b.co",
		} {
			if shown[key] != want {
				t.Errorf("%s is shown as %q, want %q", key, shown[key], want)
			}
		}
	})
}
