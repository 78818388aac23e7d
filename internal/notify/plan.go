package notify

import (
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"clew.dev/clew/internal/connector/robot"
)

const (
	calm     = 3  // as many waiting rows go out one by one
	mostPart = 20 // parts of one message; the rest of its text is cut
)

// waiting is an outbox row with its text.
type waiting struct {
	row
	post  string // key of the post that it was put into, "" = none
	part  int    // parts already posted
	alone bool   // not into a digest: the vendor refused one that held it
	tries int
	text  text
}

// measure is what a plan needs to know of a robot.
type measure interface {
	Size(robot.Message) int
	Limit() int
}

// draft is the next post: what to send, and which rows are done with it.
type draft struct {
	key     string // idempotency key of the post, without the part
	message robot.Message
	rows    []waiting
	part    int  // 0-based part of a split message
	last    bool // after it the rows are sent
}

// plan makes the next post of a robot from its due rows, oldest first: a post
// begun before comes first; up to three rows go out one by one; more become
// one digest of as many as fit. It is pure; ok is false when there are no rows.
func plan(rows []waiting, language string, m measure, robotName string) (d draft, ok bool) {
	if len(rows) == 0 {
		return draft{}, false
	}
	if key := begun(rows); key != "" {
		var same []waiting
		for _, w := range rows {
			if w.post == key {
				same = append(same, w)
			}
		}
		return compose(same, key, language, m), true
	}
	first := rows[0]
	batch := []waiting{first}
	if len(rows) > calm && !first.alone {
		batch = fill(rows, language, m, robotName)
	}
	return compose(batch, keyOf(batch, robotName), language, m), true
}

// keyOf is the idempotency key of a batch's post.
func keyOf(batch []waiting, robotName string) string {
	key := batch[0].cause + ":" + robotName
	if len(batch) > 1 {
		key += ":" + strconv.Itoa(len(batch))
	}
	return key
}

// begun is the key of the oldest post that was begun.
func begun(rows []waiting) string {
	for _, w := range rows {
		if w.post != "" {
			return w.post
		}
	}
	return ""
}

// fill takes as many rows from the front as fit into one digest, its key included.
func fill(rows []waiting, language string, m measure, robotName string) []waiting {
	batch := rows[:1:1]
	for _, w := range rows[1:] {
		if !w.alone {
			batch = append(batch, w)
		}
	}
	more := sort.Search(len(batch)-1, func(i int) bool {
		tried := batch[:i+2]
		return m.Size(digest(tried, keyOf(tried, robotName), language)) > m.Limit()
	})
	return batch[:more+1]
}

// compose makes the post of a batch, or of the next part of a row that is too long.
func compose(batch []waiting, key, language string, m measure) draft {
	if len(batch) > 1 {
		return draft{key: key, message: digest(batch, key, language), rows: batch, last: true}
	}
	whole := single(batch[0], key, language)
	parts := split(whole, m)
	part := min(batch[0].part, len(parts)-1)
	return draft{key: key, message: parts[part], rows: batch, part: part, last: part == len(parts)-1}
}

func single(w waiting, key, language string) robot.Message {
	return robot.Message{Key: key, Title: pick(words["title"], language), Items: []robot.Item{{
		Text: w.text.sentence, Lines: w.text.fields, Link: w.text.link, Label: pick(words["open"], language)}}}
}

func digest(batch []waiting, key, language string) robot.Message {
	count := strings.Replace(pick(words["digest"], language), "%d", strconv.Itoa(len(batch)), 1)
	m := robot.Message{Key: key, Title: pick(words["title"], language) + " · " + count}
	for i, w := range batch {
		m.Items = append(m.Items, robot.Item{Text: strconv.Itoa(i+1) + ". " + w.text.line(), Link: w.text.link,
			Label: pick(words["open"], language)})
	}
	return m
}

// split cuts a message of one item into parts that each fit; the link is in
// the last one. A message that fits is its own only part.
func split(whole robot.Message, m measure) []robot.Message {
	if m.Size(whole) <= m.Limit() {
		return []robot.Message{whole}
	}
	item := whole.Items[0]
	fits := func(lines []string) bool {
		return m.Size(partOf(whole, lines, mostPart, mostPart, item.Link)) <= m.Limit()
	}
	var parts [][]string
	var current []string
	for _, line := range append([]string{item.Text}, item.Lines...) {
		for line != "" {
			if fits(append(current[:len(current):len(current)], line)) {
				current, line = append(current, line), ""
				continue
			}
			if len(current) > 0 {
				parts, current = append(parts, current), nil
				continue
			}
			head := longest(line, func(s string) bool { return fits([]string{s}) })
			parts, line = append(parts, []string{head}), line[len(head):]
		}
	}
	if len(current) > 0 {
		parts = append(parts, current)
	}
	parts = parts[:min(len(parts), mostPart)]
	out := make([]robot.Message, len(parts))
	for i, lines := range parts {
		link := ""
		if i == len(parts)-1 {
			link = item.Link
		}
		out[i] = partOf(whole, lines, i+1, len(parts), link)
	}
	return out
}

func partOf(whole robot.Message, lines []string, n, of int, link string) robot.Message {
	whole.Key += "#" + strconv.Itoa(n)
	whole.Title += " (" + strconv.Itoa(n) + "/" + strconv.Itoa(of) + ")"
	whole.Items = []robot.Item{{Text: lines[0], Lines: lines[1:], Link: link, Label: whole.Items[0].Label}}
	return whole
}

// longest is the longest beginning of s, in whole characters and at least one,
// that fits.
func longest(s string, fits func(string) bool) string {
	low, high := 0, len(s)
	for low < high {
		middle := (low + high + 1) / 2
		if fits(s[:middle]) {
			low = middle
		} else {
			high = middle - 1
		}
	}
	for low > 0 && low < len(s) && !utf8.RuneStart(s[low]) {
		low--
	}
	if low == 0 {
		_, low = utf8.DecodeRuneInString(s)
	}
	return s[:low]
}
