package server

import (
	"fmt"
	"slices"
	"testing"
)

// TestGarbageByWhatTheProgramDoes follows a day: calm, busy, busy with much in
// memory, calm again.
func TestGarbageByWhatTheProgramDoes(t *testing.T) {
	const second, MiB = uint64(5), uint64(1 << 20)
	var said []string
	c := &collector{percent: garbageUsual,
		set:      func(percent int) { said = append(said, fmt.Sprint(percent)) },
		giveBack: func() { said = append(said, "back") },
	}
	made := uint64(0)
	for _, step := range []struct {
		name       string
		perSecond  uint64
		live       uint64
		want       []string
		wantStatus int
	}{
		{"calm", 3 * MiB, 20 * MiB, nil, 100},
		{"busy", 150 * MiB, 20 * MiB, []string{"400"}, 400},
		{"as busy", 200 * MiB, 21 * MiB, nil, 400},
		{"much in use", 200 * MiB, 48 * MiB, []string{"200"}, 200},
		{"more in use than there is room for garbage", 200 * MiB, 500 * MiB, []string{"100", "back"}, 100},
		{"little in use", 5 * MiB, 1, []string{"400"}, 400},
		{"nothing in use", 5 * MiB, 0, nil, 400},
		{"calm again", 0, 20 * MiB, []string{"100", "back"}, 100},
		{"still calm", MiB, 20 * MiB, nil, 100},
	} {
		said = nil
		made += step.perSecond * second
		c.look(made, step.live)
		if !slices.Equal(said, step.want) || c.percent != step.wantStatus {
			t.Errorf("%s: said %q, want %q; at %d", step.name, said, step.want, c.percent)
		}
	}
}

func TestHeapGrows(t *testing.T) {
	before, _ := heap()
	kept := make([][]byte, 0, 100)
	for range cap(kept) {
		kept = append(kept, make([]byte, 64<<10))
	}
	if after, _ := heap(); after < before+100*64<<10 {
		t.Errorf("made %d, then %d with %d pieces more", before, after, len(kept))
	}
}
