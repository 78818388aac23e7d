package config

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
)

// What a Step says.
const (
	StepAdded   = "added"   // an item, or a text in a list
	StepRemoved = "removed" // an item, or a text of a list
	StepMoved   = "moved"   // an item, to another place of its list
	StepSet     = "set"     // a value where there was none
	StepChanged = "changed" // a value
	StepCleared = "cleared" // a value that is gone
)

// Step is one change inside a document, told by the titles of its schema.
type Step struct {
	Code     string
	Path     string
	Places   []Place // where; without what itself is added, removed, moved or changed
	What     Place   // the item or the property
	Language string  // of one text of a label, "" for anything else
	Before   any
	After    any
	Shape    *Shape // of the values
	Leaf     Leaf   // where the values stand, for what they name
}

// Steps tells in which points two versions of a document differ.
func Steps(before, after Document) ([]Step, error) {
	shape, err := ShapeOf(after.Kind)
	if err != nil {
		return nil, err
	}
	was, err := before.fields()
	if err != nil {
		return nil, err
	}
	is, err := after.fields()
	if err != nil {
		return nil, err
	}
	c := comparer{}
	c.compare(was, is, spot{shape: shape, leaf: Leaf{Root: is}})
	return c.steps, nil
}

type comparer struct{ steps []Step }

// spot is where a comparison stands.
type spot struct {
	path   string
	places []Place
	what   Place
	shape  *Shape
	leaf   Leaf
}

func (c *comparer) add(code string, at spot, before, after any) {
	at.leaf.Shape = at.shape
	c.steps = append(c.steps, Step{
		Code: code, Path: at.path, Places: at.places, What: at.what, Before: before, After: after, Shape: at.shape, Leaf: at.leaf,
	})
}

func (c *comparer) compare(before, after any, at spot) {
	if reflect.DeepEqual(before, after) {
		return
	}
	if at.shape == nil {
		at.shape = &Shape{}
	}
	whole := at.shape.Format == "duration" || at.shape.Format == "hours"
	a, mapBefore := before.(map[string]any)
	b, mapAfter := after.(map[string]any)
	_, listBefore := before.([]any)
	_, listAfter := after.([]any)
	switch {
	case at.shape.Label && (mapBefore || before == nil) && (mapAfter || after == nil):
		c.labels(a, b, at)
	case !whole && (mapBefore || before == nil) && (mapAfter || after == nil):
		c.maps(a, b, at)
	case !whole && (listBefore || before == nil) && (listAfter || after == nil):
		c.lists(before, after, at)
	default:
		c.value(before, after, at)
	}
}

func (c *comparer) value(before, after any, at spot) {
	switch {
	case before == nil:
		c.add(StepSet, at, nil, after)
	case after == nil:
		c.add(StepCleared, at, before, nil)
	default:
		c.add(StepChanged, at, before, after)
	}
}

func (c *comparer) labels(before, after map[string]any, at spot) {
	for _, language := range union(before, after) {
		inner := at
		inner.path = join(at.path, language)
		inner.shape = &Shape{Type: "string"}
		n := len(c.steps)
		if reflect.DeepEqual(before[language], after[language]) {
			continue
		}
		c.value(before[language], after[language], inner)
		c.steps[n].Language = language
	}
}

func (c *comparer) maps(before, after map[string]any, at spot) {
	around := after
	if around == nil {
		around = before
	}
	for _, key := range union(before, after) {
		if key == "id" {
			continue
		}
		inner := at
		inner.path = join(at.path, key)
		inner.leaf.Around = append(slices.Clone(at.leaf.Around), around)
		inner.places = at.places
		if len(at.what.Title) > 0 {
			inner.places = append(slices.Clone(at.places), at.what)
		}
		if fixed := at.shape.Properties[key]; fixed != nil {
			inner.what, inner.shape = Place{Title: fixed.Title}, fixed
			c.compare(before[key], after[key], inner)
			continue
		}
		inner.what, inner.shape = keyPlace(at.shape, key, at.leaf), at.shape.Value
		inner.places = at.places
		inner.leaf.Keys = append(slices.Clone(at.leaf.Keys), key)
		c.entry(before[key], after[key], inner)
	}
}

// entry compares what stands under a free key; an object there comes and goes as a whole.
func (c *comparer) entry(before, after any, at spot) {
	if at.shape == nil {
		at.shape = &Shape{}
	}
	present := after
	if present == nil {
		present = before
	}
	_, nested := present.(map[string]any)
	switch {
	case nested && before == nil:
		c.add(StepAdded, at, nil, after)
	case nested && after == nil:
		c.add(StepRemoved, at, before, nil)
	default:
		c.compare(before, after, at)
	}
}

// lists compares item by item, by what makes an item itself.
func (c *comparer) lists(before, after any, at spot) {
	a, b := itemsByKey(before), itemsByKey(after)
	title := at.what
	item := at.shape.Item
	for _, key := range a.order {
		if _, still := b.at[key]; !still {
			c.item(StepRemoved, a, key, at, title, item)
		}
	}
	for _, key := range b.order {
		was, known := a.at[key]
		if !known {
			c.item(StepAdded, b, key, at, title, item)
			continue
		}
		c.compare(a.items[was], b.items[b.at[key]], c.itemSpot(b, key, at, title, item))
	}
	for _, key := range moved(a, b) {
		c.item(StepMoved, b, key, at, title, item)
	}
}

func (c *comparer) itemSpot(l itemList, key string, at spot, title Place, item *Shape) spot {
	i := l.at[key]
	inner := at
	inner.path = join(at.path, strconv.Itoa(i))
	inner.what = itemPlace(&Shape{Title: title.Title, Item: item}, l.items[i], i)
	inner.what.Key = title.Key
	inner.shape = item
	return inner
}

func (c *comparer) item(code string, l itemList, key string, at spot, title Place, item *Shape) {
	found := c.itemSpot(l, key, at, title, item)
	if found.shape == nil {
		found.shape = &Shape{}
	}
	value := l.items[l.at[key]]
	if code == StepRemoved {
		c.add(code, found, value, nil)
		return
	}
	c.add(code, found, nil, value)
}

type itemList struct {
	items []any
	order []string
	at    map[string]int
}

// itemsByKey names the items of a list by their id, else their name, else
// what they are about, else what they are; the same twice gets a number.
func itemsByKey(v any) itemList {
	items, _ := v.([]any)
	l := itemList{items: items, at: map[string]int{}}
	for i, item := range items {
		key := itemKey(item)
		for n := 2; ; n++ {
			if _, taken := l.at[key]; !taken {
				break
			}
			key = fmt.Sprintf("%s#%d", itemKey(item), n)
		}
		l.at[key] = i
		l.order = append(l.order, key)
	}
	return l
}

func itemKey(item any) string {
	if fields, ok := item.(map[string]any); ok {
		for _, key := range []string{"id", "name", "field"} {
			if s := text(fields, key); s != "" {
				return key + ":" + s
			}
		}
		for _, key := range []string{"stars", "label"} {
			if fields[key] != nil {
				return fmt.Sprint(key, fields[key])
			}
		}
		return ""
	}
	raw, err := json.Marshal(item)
	if err != nil {
		return ""
	}
	return string(raw)
}

// moved are the fewest items that have to move so that the items which both
// lists have stand in the order of the second.
func moved(a, b itemList) []string {
	var common []string
	for _, key := range b.order {
		if _, both := a.at[key]; both {
			common = append(common, key)
		}
	}
	// best[i] is the longest run that ends with common[i] and keeps the old order.
	best, before := make([]int, len(common)), make([]int, len(common))
	last, longest := -1, 0
	for i, key := range common {
		best[i], before[i] = 1, -1
		for j := range i {
			if a.at[common[j]] < a.at[key] && best[j]+1 > best[i] {
				best[i], before[i] = best[j]+1, j
			}
		}
		if best[i] > longest {
			last, longest = i, best[i]
		}
	}
	stay := map[string]bool{}
	for i := last; i >= 0; i = before[i] {
		stay[common[i]] = true
	}
	return slices.DeleteFunc(common, func(key string) bool { return stay[key] })
}
