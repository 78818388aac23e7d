package server_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestABatchIsItsItemsOneByOne draws items, right and wrong, and does them twice:
// in one batch to one half of the records and by single calls to the other. Each
// item's status, faults and effect have to be the same.
func TestABatchIsItsItemsOneByOne(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		for _, who := range []string{"admin", "s1", "service"} {
			by, random := c.as(who), rand.New(rand.NewPCG(uint64(len(who)), 3))
			batched, single := c.twins(), c.twins()
			var items []any
			var singles []outcome
			for i := range 60 {
				at := random.IntN(len(batched))
				op, fields := drawItem(random, i, c.ids)
				item := map[string]any{"op": op}
				if op != "create" {
					item["id"] = batched[at]
				}
				if op != "delete" {
					item["fields"] = forHalf(fields, "a")
				}
				items = append(items, item)
				singles = append(singles, c.alone(by, op, single[at], forHalf(fields, "b")))
			}
			answers := by("POST", leads+"/batch", map[string]any{"items": items}).want(t, "batch of "+who, 200).items(t)
			for i, one := range answers {
				got := outcome{status: int(one["status"].(float64)), faults: faultsOf(one["errors"])}
				want := singles[i]
				if want.status == 204 {
					want.status = 200 // a batch has no status without content
				}
				if got.status != want.status || got.faults != want.faults {
					t.Errorf("%s item %d %v: %+v in the batch, %+v alone", who, i, items[i], got, want)
				}
			}
			for i := range batched {
				if a, b := c.shown(batched[i]), c.shown(single[i]); a != b {
					t.Errorf("%s record %d:\n%s in the batch\n%s alone", who, i, a, b)
				}
			}
		}
	})
}

// outcome is what became of one item.
type outcome struct {
	status int
	faults string
}

// twins are six leads of three people.
func (c *company) twins() (ids []string) {
	c.Helper()
	for i := range 6 {
		ids = append(ids, c.lead(c.as("admin"), map[string]any{"company": fmt.Sprint("twin ", i), "owner": c.ids[fmt.Sprint("s", 1+i%3)]}))
	}
	return ids
}

// drawItem is something that a person might write, wrong about every other time.
func drawItem(random *rand.Rand, i int, people map[string]string) (op string, fields map[string]any) {
	op = []string{"create", "update", "update", "update", "delete"}[random.IntN(5)]
	fields = map[string]any{}
	for name, values := range map[string][]any{
		"city": {"苏州", "", nil, strings.Repeat("长", 300)}, "budget": {"10", "-1", "many", nil}, "phone": {fmt.Sprintf("139HALF%07d", i), "12", nil},
		"intent": {"高", "最高", nil}, "owner": {people["s1"], people["s2"], "nobody"}, "score": {"5"}, "moon": {1}, "tags": {[]string{"a", "b"}, []any{}, 7}, "next_due": {"2020-01-01T00:00:00Z", "soon"},
	} {
		if random.IntN(6) == 0 {
			fields[name] = values[random.IntN(len(values))]
		}
	}
	return op, fields
}

// forHalf gives each half phones of its own, so that they do not meet.
func forHalf(fields map[string]any, half string) map[string]any {
	out := map[string]any{}
	for name, value := range fields {
		if text, ok := value.(string); ok {
			value = strings.Replace(text, "HALF", map[string]string{"a": "0", "b": "1"}[half], 1)
		}
		out[name] = value
	}
	return out
}

// alone does an item by a call of its own.
func (c *company) alone(by caller, op, id string, fields map[string]any) outcome {
	c.Helper()
	var got answer
	switch op {
	case "create":
		got = by("POST", leads, fields)
	case "update":
		got = by("PATCH", leads+"/"+id, fields)
	default:
		got = by("DELETE", leads+"/"+id, nil)
	}
	if got.status == 204 {
		return outcome{status: 204}
	}
	return outcome{got.status, faultsOf(got.json(c.T)["errors"])}
}

func faultsOf(errors any) string {
	var texts []string
	for _, one := range asList(errors) {
		texts = append(texts, fmt.Sprint(one["path"], " ", one["code"], " ", one["message"]))
	}
	return strings.Join(texts, ", ")
}

// shown is a record as the administrator sees it, without what two records never share.
func (c *company) shown(id string) string {
	c.Helper()
	got := c.as("admin")("GET", leads+"/"+id, nil)
	if got.status != 200 {
		return fmt.Sprint(got.status)
	}
	record := got.json(c.T)
	for _, name := range []string{"id", "created_at", "updated_at", "overdue_since"} {
		delete(record, name)
	}
	if phone, ok := record["phone"].(string); ok && len(phone) > 7 {
		record["phone"] = phone[:6] + phone[7:]
	}
	return fmt.Sprint(record)
}
