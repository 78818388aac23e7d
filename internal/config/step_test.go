package config_test

import (
	"fmt"
	"slices"
	"testing"

	"clew.dev/clew/internal/config"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func steps(t testing.TB, before, after string) []string {
	t.Helper()
	found, err := config.Steps(parse(t, before), parse(t, after))
	if err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, s := range found {
		text := s.Code + " " + s.Path
		if s.Before != nil {
			text += fmt.Sprintf(" from %v", s.Before)
		}
		if s.After != nil {
			text += fmt.Sprintf(" to %v", s.After)
		}
		if s.Language != "" {
			text += " in " + s.Language
		}
		out = append(out, text)
	}
	return out
}

func TestStepsBetweenTwoVersions(t *testing.T) {
	for about, c := range map[string]struct {
		before, after string
		want          []string
	}{
		"nothing": {
			"document: view\nname: a\nobject: lead\n", "document: view\nobject: lead\nname: a\n", []string{},
		},
		"a value set, changed and cleared": {
			"document: view\nname: a\nfilter: x\nsum: budget\n", "document: view\nname: a\nfilter: y\nlayout: board\n",
			[]string{"changed filter from x to y", "set layout to board", "cleared sum from budget"},
		},
		"a label in each language": {
			"document: view\nname: a\nlabel: {zh-CN: 热, fr: chaud}\n", "document: view\nname: a\nlabel: {zh-CN: 热门, en: Hot}\n",
			[]string{"set label.en to Hot in en", "cleared label.fr from chaud in fr", "changed label.zh-CN from 热 to 热门 in zh-CN"},
		},
		"a whole label": {
			"document: view\nname: a\n", "document: view\nname: a\nlabel: {en: Hot}\n", []string{"set label.en to Hot in en"},
		},
		"columns come, go and move": {
			"document: view\nname: a\ncolumns: [a, b, c, d]\n", "document: view\nname: a\ncolumns: [d, a, c, e]\n",
			[]string{"removed columns.1 from b", "added columns.3 to e", "moved columns.0 to d"},
		},
		"the same column twice": {
			"document: view\nname: a\ncolumns: [a, a]\n", "document: view\nname: a\ncolumns: [a]\n", []string{"removed columns.1 from a"},
		},
		"a width": {
			"document: view\nname: a\nwidths: {a: 100, b: 200}\n", "document: view\nname: a\nwidths: {a: 120, c: 300}\n",
			[]string{"changed widths.a from 100 to 120", "cleared widths.b from 200", "set widths.c to 300"},
		},
		"a rule by its id": {
			"document: scorecard\nname: s\nobject: o\nrules: [{id: r1, when: a, points: 1}, {id: r2, when: b, points: 2}]\n",
			"document: scorecard\nname: s\nobject: o\nrules: [{id: r2, when: b, points: 5}, {id: r1, when: a, points: 1}]\n",
			[]string{"changed rules.0.points from 2 to 5", "moved rules.1 to map[id:r1 points:1 when:a]"},
		},
		"a field renamed": {
			"document: object\nname: o\nfields: [{id: f1, name: a, type: text}]\n", "document: object\nname: o\nfields: [{id: f1, name: b, type: text}]\n",
			[]string{"changed fields.0.name from a to b"},
		},
		"a choice of a field": {
			"document: object\nname: o\nfields: [{id: f1, name: a, type: choice, choices: [{id: c1, name: X}]}]\n",
			"document: object\nname: o\nfields: [{id: f1, name: a, type: choice, choices: [{id: c1, name: X, retired: true}, {id: c2, name: Y}]}]\n",
			[]string{"added fields.0.choices.1 to map[id:c2 name:Y]", "set fields.0.choices.0.retired to true"},
		},
		"a duration as one": {
			"document: clock\nname: c\nobject: o\ntarget: {hours: 4}\n", "document: clock\nname: c\nobject: o\ntarget: {hours: 1, minutes: 30}\n",
			nil, // what the schema calls a duration decides; only that something is told is certain
		},
		"an object's rights of a role": {
			"document: role\nname: r\nobjects: {lead: {read: true}, task: {read: true}}\n", "document: role\nname: r\nobjects: {lead: {read: true, create: true}, company: {read: true}}\n",
			[]string{"added objects.company to map[read:true]", "set objects.lead.create to true", "removed objects.task from map[read:true]"},
		},
	} {
		got := steps(t, c.before, c.after)
		if c.want == nil {
			if len(got) == 0 {
				t.Errorf("%s: nothing is told", about)
			}
			continue
		}
		slices.Sort(got)
		slices.Sort(c.want)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", about, diff)
		}
	}
}

// TestAsFewAsPossibleMove: the columns that move are those outside the longest
// run which keeps its order, found by trying every subset.
func TestAsFewAsPossibleMove(t *testing.T) {
	all := []string{"a", "b", "c", "d", "e", "f", "g"}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, len(all)).Draw(t, "length")
		order := rapid.Permutation(all[:n]).Draw(t, "order")
		longest := 0
		for subset := range 1 << n {
			last, size, rising := -1, 0, true
			for i := range n {
				if subset&(1<<i) != 0 {
					at := slices.Index(all, order[i])
					rising = rising && at > last
					last = at
					size++
				}
			}
			if rising {
				longest = max(longest, size)
			}
		}
		make := func(columns []string) config.Document {
			d, err := config.NewDocument("view", "v", map[string]any{"columns": columns})
			if err != nil {
				t.Fatal(err)
			}
			return d
		}
		found, err := config.Steps(make(all[:n]), make(order))
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range found {
			if s.Code != config.StepMoved {
				t.Fatalf("%v is told as %s", order, s.Code)
			}
		}
		if len(found) != n-longest {
			t.Fatalf("%v: %d moves, %d would do", order, len(found), n-longest)
		}
	})
}

// TestTheTemplateDiffersFromItselfInNothing, and from its emptied self in every part.
func TestTheTemplateDiffersFromItselfInNothing(t *testing.T) {
	documents := template(t)
	if got := config.Differences(documents, documents); len(got) != 0 {
		t.Errorf("%d differences", len(got))
	}
	added := config.Differences(nil, documents)
	removed := config.Differences(documents, nil)
	if len(added) != len(documents) || len(removed) != len(documents) {
		t.Fatalf("%d added, %d removed, of %d", len(added), len(removed), len(documents))
	}
	for i := range added {
		if added[i].Change != "added" || removed[i].Change != "removed" || added[i].Name != removed[i].Name {
			t.Errorf("%+v %+v", added[i], removed[i])
		}
	}
	for _, d := range documents {
		same, err := config.Steps(d, d)
		if err != nil || len(same) != 0 {
			t.Errorf("%s: %d steps, %v", d.File, len(same), err)
		}
		bare, err := config.NewDocument(d.Kind, d.Name, map[string]any{"id": d.ID})
		if err != nil {
			t.Fatal(err)
		}
		some, err := config.Steps(bare, d)
		if err != nil || len(some) == 0 {
			t.Errorf("%s: %v", d.File, err)
		}
		back, err := config.Steps(d, bare)
		if err != nil || len(back) != len(some) {
			t.Errorf("%s: %d steps there, %d back, %v", d.File, len(some), len(back), err)
		}
		for _, s := range some {
			if s.Code != config.StepAdded && s.Code != config.StepSet {
				t.Errorf("%s: %s is %s, where there was nothing", d.File, s.Path, s.Code)
			}
			if s.What.Title["en"] == "" && s.What.Item == nil && s.What.Key == "" {
				t.Errorf("%s: %s has no title", d.File, s.Path)
			}
		}
	}
}
