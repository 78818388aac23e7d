package live_test

import (
	"testing"

	"clew.dev/clew/internal/live"
)

func TestSlowReaderLosesEventsAndIsToldSo(t *testing.T) {
	var hub live.Hub
	slow := hub.Subscribe()
	for range 1000 { // far more than the queue holds; Publish must not wait
		hub.Publish(live.Event{Kind: live.Changed, ID: "a"})
	}
	for range 256 {
		if e := <-slow.Events(); e.Kind != live.Changed {
			t.Fatalf("got %q before the loss", e.Kind)
		}
	}
	hub.Publish(live.Event{Kind: live.Changed, ID: "b"})
	if e := <-slow.Events(); e.Kind != live.Resync {
		t.Fatalf("after a loss got %q, want %q", e.Kind, live.Resync)
	}
	hub.Publish(live.Event{Kind: live.Changed, ID: "c"})
	if e := <-slow.Events(); e.ID != "c" {
		t.Fatalf("after the resync got %+v", e)
	}
}

func TestShutEndsStreamsAndLaterOnes(t *testing.T) {
	var hub live.Hub
	open := hub.Subscribe()
	hub.Shut()
	if _, ok := <-open.Events(); ok {
		t.Fatal("an open stream goes on after the shut")
	}
	late := hub.Subscribe()
	if _, ok := <-late.Events(); ok {
		t.Fatal("a late stream goes on after the shut")
	}
	late.Close()
	hub.Publish(live.Event{Kind: live.Changed})
}
