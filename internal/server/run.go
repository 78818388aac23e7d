package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

const (
	headerWait = 5 * time.Second
	idleWait   = 2 * time.Minute
	drainWait  = 15 * time.Second
)

// Run serves until ctx ends, then drains and closes. What a person has to know
// (address, log-ins, the first password) goes to out.
func Run(ctx context.Context, o Options, out io.Writer) error {
	listener, err := net.Listen("tcp", o.Listen)
	if err != nil {
		return err
	}
	o.Listen = listener.Addr().String()
	app, err := Open(ctx, o)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	return app.serve(ctx, listener, out)
}

func (a *App) serve(ctx context.Context, listener net.Listener, out io.Writer) error {
	web := &http.Server{
		Handler: a.Handler(), ReadHeaderTimeout: headerWait, IdleTimeout: idleWait,
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
	web.RegisterOnShutdown(a.Live.Shut)
	failed := make(chan error, 1)
	go func() { failed <- web.Serve(listener) }()
	err := a.begin(ctx, out)
	if err == nil {
		select {
		case <-ctx.Done():
		case err = <-failed:
		}
	}
	return errors.Join(err, a.stop(ctx, web))
}

// begin makes the demo company where it is wanted, starts the services and
// says where everything is.
func (a *App) begin(ctx context.Context, out io.Writer) error {
	if a.Demo {
		if err := a.prepareDemo(ctx, out); err != nil {
			return err
		}
	}
	if err := a.Start(ctx); err != nil {
		return err
	}
	a.greet(out)
	return nil
}

func (a *App) stop(ctx context.Context, web *http.Server) error {
	a.ready.Store(false)
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainWait)
	defer cancel()
	err := web.Shutdown(late)
	if closing := a.Close(late); closing != nil {
		err = errors.Join(err, closing)
	}
	return err
}

func (a *App) greet(out io.Writer) {
	fmt.Fprintf(out, "\nClew 一线  http://%s\n", a.Listen)
	if a.First.Created {
		fmt.Fprintf(out, "  administrator: %s\n", a.First.User.Email)
		if a.First.Password != "" {
			fmt.Fprintf(out, "  password (shown once): %s\n", a.First.Password)
		}
	}
	if a.Demo {
		a.greetDemo(out)
	}
}
