package notify

import (
	"context"
	"errors"
	"time"

	"clew.dev/clew/internal/connector/robot"
	"clew.dev/clew/internal/sqldb"
)

const (
	look      = time.Second            // how often rows are looked for without a signal
	gather    = 200 * time.Millisecond // signals of this time are passed on together
	tidyEvery = time.Minute            // how often old rows are given up
)

// worker drains one robot's outbox.
type worker struct {
	nudge chan struct{}
	stop  context.CancelFunc
	ended chan struct{}
}

// Start begins to drain the outboxes until Stop or until ctx ends.
func (n *Notify) Start(ctx context.Context) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.ended != nil {
		return
	}
	ctx, n.stop = context.WithCancel(ctx)
	n.ended = make(chan struct{})
	go n.supervise(ctx, n.ended)
}

// Stop ends the workers and waits for them; a post under way is aborted and
// posted again at the next start. It may be called twice, and Start after it.
func (n *Notify) Stop() {
	n.mu.Lock()
	ended := n.ended
	if ended != nil {
		n.stop()
	}
	n.mu.Unlock()
	if ended == nil {
		return
	}
	<-ended
	n.mu.Lock()
	if n.ended == ended {
		n.ended = nil
	}
	n.mu.Unlock()
}

func (n *Notify) wake() { signal(n.nudge) }

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// supervise keeps one worker per live robot document and passes signals on.
func (n *Notify) supervise(ctx context.Context, ended chan struct{}) {
	defer close(ended)
	workers := map[string]*worker{}
	var tidied time.Time
	for {
		n.match(ctx, workers)
		if now := time.Now(); now.Sub(tidied) > tidyEvery {
			tidied = now
			n.report("outbox", n.DB.Write(ctx, n.expire))
		}
		select {
		case <-ctx.Done():
			for _, w := range workers {
				<-w.ended
			}
			return
		case <-n.nudge:
			for _, w := range workers {
				signal(w.nudge)
			}
			select {
			case <-ctx.Done():
			case <-time.After(gather):
			}
		case <-time.After(look):
		}
	}
}

// match starts workers of new robots and ends those of robots that are gone.
func (n *Notify) match(ctx context.Context, workers map[string]*worker) {
	if ctx.Err() != nil {
		return
	}
	live := map[string]bool{}
	for _, r := range n.Robots() {
		live[r.Name] = true
		if workers[r.Name] == nil {
			own, stop := context.WithCancel(ctx)
			w := &worker{nudge: make(chan struct{}, 1), stop: stop, ended: make(chan struct{})}
			workers[r.Name] = w
			go n.drain(own, r.Name, w)
		}
	}
	for name, w := range workers {
		if !live[name] {
			w.stop()
			<-w.ended
			delete(workers, name)
		}
	}
}

func (n *Notify) drain(ctx context.Context, name string, w *worker) {
	defer close(w.ended)
	defer w.stop()
	for ctx.Err() == nil {
		wait, err := n.step(ctx, name)
		if err != nil {
			n.report(name, err)
			wait = look
		}
		if wait <= 0 {
			continue
		}
		select {
		case <-ctx.Done():
		case <-w.nudge:
		case <-time.After(min(wait, look)):
		}
	}
}

func (n *Notify) report(what string, err error) {
	if err != nil && !errors.Is(err, context.Canceled) {
		n.Log.Warn("messages", "robot", what, "error", err)
	}
}

func (n *Notify) robot(name string) (Robot, bool) {
	for _, r := range n.Robots() {
		if r.Name == name {
			return r, true
		}
	}
	return Robot{}, false
}

// step posts once, if anything is due and the robot may post. It returns how
// long there is nothing to do; 0 means that it wants to be called again.
func (n *Notify) step(ctx context.Context, name string) (time.Duration, error) {
	r, ok := n.robot(name)
	if !ok {
		return look, nil
	}
	d, target, wait, err := n.prepare(ctx, r)
	if err != nil || wait > 0 {
		return wait, err
	}
	claimed := false
	err = n.DB.Write(ctx, func(tx *sqldb.Tx) (err error) {
		claimed, err = n.claim(tx, r, d)
		return err
	})
	if errors.Is(err, errMoved) {
		return 0, nil
	}
	if err != nil || !claimed {
		return distance, err
	}
	return 0, n.post(ctx, name, target, d)
}

// prepare reads what is due and plans the next post.
func (n *Notify) prepare(ctx context.Context, r Robot) (d draft, target robot.Robot, wait time.Duration, err error) {
	err = n.DB.Read(ctx, func(tx *sqldb.Tx) error {
		s, err := readState(tx, r.Name)
		if err != nil {
			return err
		}
		if wait = n.closedFor(r, s); wait > 0 {
			return nil
		}
		secret, ok, err := n.secret(tx, r.Name)
		if err != nil || !ok {
			wait = look
			return err
		}
		target, ok = n.connect(r, secret)
		if !ok {
			wait = look
			return nil
		}
		rows, err := n.readWaiting(tx, r)
		if err != nil {
			return err
		}
		if d, ok = plan(rows, r.Language, target, r.Name); !ok {
			wait = look
		}
		return nil
	})
	return d, target, wait, err
}

// closedFor is how long a robot may not post.
func (n *Notify) closedFor(r Robot, s state) time.Duration {
	now := n.Now()
	wait := max(s.hold.Sub(now), r.pace().opening(s.stamps).Sub(now))
	if n.busy(s, now) {
		wait = max(wait, s.leased.Sub(now))
	}
	return max(wait, 0)
}

// post sends a claimed draft and writes what became of it, even when ctx ends
// while it is under way. While the database is away it keeps trying to write.
func (n *Notify) post(ctx context.Context, name string, target robot.Robot, d draft) error {
	var failure *robot.Error
	if err := target.Post(ctx, d.message); err != nil {
		failure = robot.As(err)
	}
	settle := func(tx *sqldb.Tx) error { return n.settle(tx, name, d, failure) }
	for {
		err := n.DB.Write(context.WithoutCancel(ctx), settle)
		if err == nil || ctx.Err() != nil {
			return err
		}
		n.report(name, err)
		select {
		case <-ctx.Done():
		case <-time.After(look):
		}
	}
}
