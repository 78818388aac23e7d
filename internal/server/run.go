package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
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
		ErrorLog:    slog.NewLogLogger(a.Log.Handler(), slog.LevelInfo),
	}
	web.RegisterOnShutdown(a.Live.Shut)
	failed := make(chan error, 3)
	tending, calm := context.WithCancel(ctx)
	defer calm()
	go tendGarbage(tending)
	go func() { failed <- a.serveSite(web, listener) }()
	beside, err := a.serveBeside(failed)
	if err == nil {
		err = a.begin(ctx, out)
	}
	if err == nil {
		select {
		case <-ctx.Done():
		case err = <-failed:
		}
	}
	for _, one := range beside {
		err = errors.Join(err, one.Close())
	}
	return errors.Join(err, a.stop(ctx, web))
}

// serveBeside serves what is not the site: the operators' address, and plain http that leads to https.
func (a *App) serveBeside(failed chan<- error) (beside []*http.Server, err error) {
	for _, begin := range []func(chan<- error) (*http.Server, error){a.serveCommands, a.serveAdmin, a.serveRedirect} {
		one, err := begin(failed)
		if err != nil {
			return beside, err
		}
		if one != nil {
			beside = append(beside, one)
		}
	}
	return beside, nil
}

// serveAdmin serves what only operators may reach, on an address of its own.
func (a *App) serveAdmin(failed chan<- error) (*http.Server, error) {
	if a.AdminListen == "" {
		return nil, nil
	}
	listener, err := net.Listen("tcp", a.AdminListen)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/metrics", a.Monitor.Handler())
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	admin := &http.Server{Handler: mux, ReadHeaderTimeout: headerWait}
	go func() {
		if err := admin.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			failed <- err
		}
	}()
	return admin, nil
}

// begin makes the demo company where it is wanted, starts the services and
// says where everything is.
func (a *App) begin(ctx context.Context, out io.Writer) error {
	if a.Demo {
		if err := a.prepareDemo(ctx, out); err != nil {
			return err
		}
	} else if err := a.ensureAdministrator(ctx); err != nil {
		return err
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
	fmt.Fprintf(out, "\nClew 一线  %s\n", a.address())
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
