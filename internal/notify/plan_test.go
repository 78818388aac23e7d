package notify

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"clew.dev/clew/internal/connector"
	"clew.dev/clew/internal/connector/robot"
	"pgregory.net/rapid"
)

func drawRows(t *rapid.T) []waiting {
	count := rapid.IntRange(1, 40).Draw(t, "rows")
	rows := make([]waiting, count)
	for i := range rows {
		size := rapid.SampledFrom([]int{0, 1, 20, 200, 9000}).Draw(t, "size")
		rows[i] = waiting{
			row:   row{id: fmt.Sprint(i), cause: fmt.Sprintf("c%d", i)},
			alone: rapid.IntRange(0, 9).Draw(t, "alone") == 0,
			text: text{
				sentence: fmt.Sprintf("⟦%d⟧ 线索", i),
				fields:   []string{"留言：" + strings.Repeat("急", size)}, values: []string{strings.Repeat("急", size)},
				link: "http://127.0.0.1:8420/lead/" + fmt.Sprint(i),
			},
		}
	}
	return rows
}

// Whatever waits: every row is named in a post, every post fits, and a post
// that is planned again after a failure is the same post.
func TestPlanNamesEachRowAndFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		vendor := rapid.SampledFrom(connector.RobotVendors()).Draw(t, "vendor")
		target, _ := connector.NewRobot(vendor, robot.Config{Secret: "s", Now: time.Now})
		rows := drawRows(t)
		all, named, keys := len(rows), map[string]bool{}, map[string]bool{}
		for steps := 0; len(rows) > 0; steps++ {
			if steps > 3000 {
				t.Fatal("the plan does not end")
			}
			d, ok := plan(rows, "zh-CN", target, "sales")
			if !ok {
				t.Fatal("rows wait and nothing is planned")
			}
			if size := target.Size(d.message); size > target.Limit() {
				t.Fatalf("a post of %d over %d", size, target.Limit())
			}
			if keys[d.message.Key] {
				t.Fatalf("key %s used for two posts", d.message.Key)
			}
			keys[d.message.Key] = true
			begin(rows, d)
			if again, _ := plan(rows, "zh-CN", target, "sales"); again.message.Key != d.message.Key || len(again.rows) != len(d.rows) {
				t.Fatalf("planned again: %s with %d rows, was %s with %d", again.message.Key, len(again.rows), d.message.Key, len(d.rows))
			}
			note(named, d)
			rows = finish(rows, d)
		}
		for i := range all {
			if !named[fmt.Sprintf("⟦%d⟧", i)] {
				t.Fatalf("row %d is named nowhere", i)
			}
		}
	})
}

func begin(rows []waiting, d draft) {
	for i := range rows {
		for _, w := range d.rows {
			if rows[i].id == w.id {
				rows[i].post = d.key
			}
		}
	}
}

func note(named map[string]bool, d draft) {
	for _, item := range d.message.Items {
		for _, word := range strings.FieldsFunc(item.Text, func(r rune) bool { return r == ' ' }) {
			if strings.HasPrefix(word, "⟦") {
				named[word] = true
			}
		}
	}
}

func finish(rows []waiting, d draft) []waiting {
	var left []waiting
	for _, w := range rows {
		mine := false
		for _, done := range d.rows {
			mine = mine || done.id == w.id
		}
		if mine && d.last {
			continue
		}
		if mine {
			w.part = d.part + 1
		}
		left = append(left, w)
	}
	return left
}

func TestPlanCoalescesOnlyAboveThree(t *testing.T) {
	target, _ := connector.NewRobot("wecom", robot.Config{})
	for count, want := range map[int]int{1: 1, 3: 1, 4: 4, 10: 10} {
		rows := make([]waiting, count)
		for i := range rows {
			rows[i] = waiting{row: row{id: fmt.Sprint(i), cause: fmt.Sprint(i)}, text: text{sentence: "x"}}
		}
		if d, _ := plan(rows, "en", target, "r"); len(d.rows) != want {
			t.Errorf("%d waiting: %d in the post, want %d", count, len(d.rows), want)
		}
	}
}

func TestSplitKeepsEveryCharacter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		piece := rapid.StringOfN(rapid.RuneFrom([]rune("急需液压阀a1😀")), 1, 40, -1).Draw(t, "text")
		body := strings.Repeat(piece, rapid.IntRange(50, 400).Draw(t, "times"))
		target, _ := connector.NewRobot("wecom", robot.Config{})
		m := robot.Message{Title: "t", Items: []robot.Item{{Text: "首", Lines: []string{body}, Link: "http://x/", Label: "o"}}}
		var joined strings.Builder
		for _, part := range split(m, target) {
			if target.Size(part) > target.Limit() {
				t.Fatal("too long")
			}
			for _, piece := range append([]string{part.Items[0].Text}, part.Items[0].Lines...) {
				if !utf8.ValidString(piece) {
					t.Fatal("a character was cut")
				}
				joined.WriteString(piece)
			}
		}
		if joined.String() != "首"+body {
			t.Fatal("text was lost")
		}
	})
}

// No minute that a vendor may count holds more posts than it may, whatever the
// way to it takes (up to a second) and whenever the work comes.
func TestPaceHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := pace(rapid.IntRange(1, 100).Draw(t, "per minute"))
		now := time.Unix(1_700_000_000, 0)
		var stamps, arrived []time.Time
		for range rapid.IntRange(2, 6).Draw(t, "minutes") * int(p) {
			now = now.Add(time.Duration(rapid.IntRange(0, 9000).Draw(t, "idle")) * time.Millisecond)
			if at := p.opening(stamps); at.After(now) {
				now = at
			}
			stamps = p.stamp(stamps, now)
			arrived = append(arrived, now.Add(time.Duration(rapid.IntRange(0, 999).Draw(t, "way"))*time.Millisecond))
		}
		for i := int(p); i < len(arrived); i++ {
			if arrived[i].Sub(arrived[i-int(p)]) < time.Minute {
				t.Fatalf("%d posts within %s", int(p)+1, arrived[i].Sub(arrived[i-int(p)]))
			}
		}
	})
}

func TestPauseGrowsAndIsBounded(t *testing.T) {
	for fails := 1; fails < 100; fails++ {
		if d := pause(fails, 0); d < firstPause/2 || d > mostPause*3/2 {
			t.Errorf("%d failures: %s", fails, d)
		}
	}
	if d := pause(1, 10*time.Minute); d != 10*time.Minute {
		t.Errorf("asked for ten minutes, waits %s", d)
	}
}

// A digest is measured with its key, which is as long as its cause: 200 rows
// of any length of text stay below the limit.
func TestDigestFitsWithItsKey(t *testing.T) {
	for _, vendor := range connector.RobotVendors() {
		target, _ := connector.NewRobot(vendor, robot.Config{Secret: "s", Now: time.Now})
		for length := range 200 {
			rows := make([]waiting, 200)
			for i := range rows {
				rows[i] = waiting{row: row{id: fmt.Sprint(i), cause: strings.Repeat("c", 80)}, text: text{sentence: strings.Repeat("x", length+1)}}
			}
			if d, _ := plan(rows, "zh-CN", target, "sales"); target.Size(d.message) > target.Limit() {
				t.Fatalf("%s: %d rows of %d make %d over %d", vendor, len(d.rows), length+1, target.Size(d.message), target.Limit())
			}
		}
	}
}
