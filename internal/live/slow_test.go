package live_test

import (
	"fmt"
	"sync"
	"testing"

	"clew.dev/clew/internal/live"
	"pgregory.net/rapid"
)

// Property: a reader that reads now and then gets every event in order, or is
// told to read everything again right where some were lost.
func TestNothingIsLostWithoutAWord(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var hub live.Hub
		s := hub.Subscribe()
		sent, next := 0, 0 // the number of the next event to send, and the least that is still owed
		for range rapid.IntRange(1, 30).Draw(r, "rounds") {
			for range rapid.IntRange(0, 400).Draw(r, "send") {
				hub.Publish(live.Event{Kind: live.Changed, ID: fmt.Sprint(sent)})
				sent++
			}
			for range rapid.IntRange(0, 300).Draw(r, "read") {
				select {
				case e := <-s.Events():
					var n int
					_, _ = fmt.Sscan(e.ID, &n)
					switch {
					case e.Kind == live.Resync:
						next = -1
					case next == -1:
						next = n + 1
					case n != next:
						r.Fatalf("got event %d, want %d, and no word of a loss", n, next)
					default:
						next++
					}
				default:
				}
			}
		}
		for len(s.Events()) > 0 {
			<-s.Events()
		}
		hub.Publish(live.Event{Kind: live.Changed, ID: "last"}) // a place is free: the loss is told now at the latest
		if e := <-s.Events(); e.Kind != live.Resync && e.ID != "last" {
			r.Fatalf("at last got %+v", e)
		}
	})
}

// TestEachReaderHasItsOwnQueue: one that does not read takes nothing from the
// others, and one that closed hears nothing more.
func TestEachReaderHasItsOwnQueue(t *testing.T) {
	var hub live.Hub
	slow, quick, gone := hub.Subscribe(), hub.Subscribe(), hub.Subscribe()
	gone.Close()
	gone.Close() // twice is once
	for i := range 2000 {
		hub.Publish(live.Event{Kind: live.Inbox, User: fmt.Sprint(i)})
		if e := <-quick.Events(); e.User != fmt.Sprint(i) {
			t.Fatalf("the quick one got %+v, want %d", e, i)
		}
	}
	if n := len(gone.Events()); n != 0 {
		t.Errorf("one that closed got %d events", n)
	}
	if n := len(slow.Events()); n != 256 {
		t.Errorf("the slow one holds %d events", n)
	}
	late := hub.Subscribe()
	if n := len(late.Events()); n != 0 {
		t.Errorf("a late one got %d events of before", n)
	}
}

// TestReadersComeAndGoWhileOthersWrite: at once with a shut; nobody waits for
// ever, nothing is sent into what is closed.
func TestReadersComeAndGoWhileOthersWrite(t *testing.T) {
	var hub live.Hub
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 500 {
				hub.Publish(live.Event{Kind: live.Changed})
			}
		})
		all.Go(func() {
			for range 200 {
				s := hub.Subscribe()
				select {
				case <-s.Events():
				default:
				}
				s.Close()
			}
		})
	}
	stays := hub.Subscribe()
	all.Go(hub.Shut)
	all.Wait()
	for range stays.Events() { // ends, because the hub shut
	}
	hub.Shut() // twice is once
	stays.Close()
}
