package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"clew.dev/clew/internal/api"
	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
)

// socketName is where a running server takes the commands of those who may
// open its data directory: they need no log-in, the files are theirs.
const socketName = "clew.sock"

// Command is what the command line asks of a company, whether a server is
// running on it or not.
type Command struct {
	Name      string // apply, export, token or password
	Language  string // of what goes wrong
	Documents []config.Document
	Email     string // whose token or password
	Label     string // what the token is for
	Factor    bool   // the second factor goes with the password
}

// Outcome is what a command gave.
type Outcome struct {
	Problem   string `json:",omitempty"` // what went wrong in the server, in the command's language
	Version   int64  // published by apply
	Documents []config.Document
	Token     string
	Link      string    // by which a new password is set, once; without the address where nobody knows it
	Expires   time.Time // when the link does
}

// ReadDocuments reads what is to be applied: a YAML file, or all below a folder.
func ReadDocuments(path string) ([]config.Document, error) {
	documents, err := config.ReadPath(path)
	if err == nil && len(documents) == 0 {
		err = fault.New(fault.Invalid, "no_documents").With("path", path)
	}
	return documents, err
}

// Perform carries a command out: by itself, or through the server that has the
// data directory open.
func Perform(ctx context.Context, o Options, c Command) (Outcome, error) {
	if o.Database == "" && c.Name != "apply" {
		if _, err := os.Stat(filepath.Join(o.Data, "clew.db")); errors.Is(err, os.ErrNotExist) {
			return Outcome{}, fault.New(fault.NotFound, "no_database").With("path", filepath.Join(o.Data, "clew.db"))
		}
	}
	app, err := Open(ctx, o)
	if f, ok := fault.As(err); ok && f.Code == "data_directory_in_use" {
		return askBeside(ctx, o.Data, c, err)
	}
	if err != nil {
		return Outcome{}, err
	}
	defer app.DB.Close()
	return app.perform(ctx, c)
}

func (a *App) perform(ctx context.Context, c Command) (done Outcome, err error) {
	if c.Name != "apply" && a.Catalog.Current().Version == 0 {
		return done, fault.New(fault.NotFound, "no_company").With("path", a.Data)
	}
	switch c.Name {
	case "apply":
		done.Version, err = a.Catalog.Apply(ctx, c.Documents, config.Note{Label: "clew apply"})
	case "export":
		done.Documents = a.Catalog.Current().AllDocuments()
	case "token":
		done.Token, err = a.CreateToken(ctx, c.Email, c.Label)
	case "password":
		done.Link, done.Expires, err = a.ResetPassword(ctx, c.Email, c.Factor)
	default:
		err = fmt.Errorf("no command %q", c.Name)
	}
	return done, err
}

// askBeside hands a command to the running server; busy is said where it does not listen.
func askBeside(ctx context.Context, data string, c Command, busy error) (done Outcome, err error) {
	body, err := json.Marshal(c)
	if err != nil {
		return done, err
	}
	client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", filepath.Join(data, socketName))
	}}}
	defer client.CloseIdleConnections()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://clew/command", bytes.NewReader(body))
	if err != nil {
		return done, err
	}
	response, err := client.Do(request)
	if err != nil {
		return done, busy
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(&done); err != nil {
		return done, fmt.Errorf("the running server: %w", err)
	}
	if done.Problem != "" {
		return done, errors.New(done.Problem)
	}
	return done, nil
}

// serveCommands takes commands on the socket in the data directory. Where the
// system has none, or the path is too long for one, the server runs without.
func (a *App) serveCommands(chan<- error) (*http.Server, error) {
	path := filepath.Join(a.Data, socketName)
	_ = os.Remove(path) // of a process that was killed: the directory's lock is ours
	listener, err := net.Listen("unix", path)
	if err == nil {
		err = os.Chmod(path, 0o600)
	}
	if err != nil {
		a.Log.Info("commands have to wait until the server is stopped", "socket", path, "error", err)
		return nil, nil
	}
	commands := &http.Server{Handler: http.HandlerFunc(a.takeCommand), ReadHeaderTimeout: headerWait, IdleTimeout: time.Second}
	go func() { _ = commands.Serve(listener) }() // ends with Close
	return commands, nil
}

func (a *App) takeCommand(w http.ResponseWriter, r *http.Request) {
	var c Command
	done, err := Outcome{}, json.NewDecoder(http.MaxBytesReader(w, r.Body, mostDocuments)).Decode(&c)
	if err == nil {
		done, err = a.perform(r.Context(), c)
	}
	if err != nil {
		done = Outcome{Problem: api.Explain(c.Language, sqldb.Classify(err))}
	}
	_ = json.NewEncoder(w).Encode(done) // a command that was interrupted reads nothing
}

// mostDocuments is the most bytes of one command.
const mostDocuments = 64 << 20
