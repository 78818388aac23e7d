package metric

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// A bucket stands for every response time in it with at most 5 % error.
func TestBucketsAreFivePercentWide(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seconds := rapid.Int64Range(2, 90*24*3600).Draw(t, "seconds")
		d := time.Duration(seconds) * time.Second
		middle := bucketMiddle(bucketOf(d))
		if off := math.Abs(middle.Seconds()-d.Seconds()) / d.Seconds(); off > 0.05 {
			t.Fatalf("%v is told as %v, %.1f %% off", d, middle, off*100)
		}
	})
}

func TestMedianIsTheMiddleOne(t *testing.T) {
	h := histogram{}
	if h.median() != nil {
		t.Error("the median of nothing")
	}
	for _, minutes := range []int{1, 2, 30, 600, 9000} {
		h[bucketOf(time.Duration(minutes)*time.Minute)]++
	}
	got := h.median()
	if got == nil || math.Abs(got.Minutes()-30) > 1.5 {
		t.Errorf("median %v, want 30 minutes within 5 %%", got)
	}
}
