package notify

import (
	"math/rand/v2"
	"time"
)

// Vendors count posts in any minute. A second is added for what the way to them
// takes, and posts keep a distance for those that count by the second.
const (
	usual    = 20 // posts a minute
	window   = time.Minute + time.Second
	distance = 250 * time.Millisecond
)

// pace is how many posts a minute may hold. Half of them may go out as they
// come; after them the rest are spread, so that a flood never means a minute's
// silence.
type pace int

// opening is when the next post may go out, given the times of earlier ones,
// oldest first.
func (p pace) opening(stamps []time.Time) time.Time {
	if len(stamps) == 0 {
		return time.Time{}
	}
	last, burst := stamps[len(stamps)-1], max(int(p)/2, 1)
	at := last.Add(distance)
	if len(stamps) >= burst && last.Sub(stamps[len(stamps)-burst]) < window {
		at = last.Add(max(window/time.Duration(burst), distance))
	}
	if len(stamps) >= int(p) {
		if free := stamps[len(stamps)-int(p)].Add(window); free.After(at) {
			return free
		}
	}
	return at
}

// stamp adds a post's time and forgets what no longer counts.
func (p pace) stamp(stamps []time.Time, at time.Time) []time.Time {
	stamps = append(stamps, at)
	return stamps[max(0, len(stamps)-int(p)):]
}

const (
	firstPause = time.Second
	mostPause  = 10 * time.Minute
	giveUp     = 72 * time.Hour
)

// pause is how long to wait after a number of failures in a row: twice as long
// each time, and anything from half to one and a half of it.
func pause(fails int, asked time.Duration) time.Duration {
	d := mostPause
	if fails < 11 {
		d = min(firstPause<<max(fails-1, 0), mostPause)
	}
	d = d/2 + rand.N(d) //nolint:gosec // jitter needs no secrecy
	return max(d, asked)
}
