package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"

	"clew.dev/clew/internal/server"
)

type doctorCommand struct {
	place
	Listen  string   `default:"127.0.0.1:8420" help:"Address that will be listened on."`
	TLSCert string   `name:"tls-cert" help:"Certificate to check." type:"path"`
	TLSKey  string   `name:"tls-key" help:"The certificate's key." type:"path"`
	Reach   []string `help:"Address (https://…) that must answer; may be repeated."`
	JSON    bool     `name:"json" help:"Print the checks as JSON."`
}

var errUnwell = errors.New("something is wrong; see above")

func (c doctorCommand) Run(ctx context.Context) error {
	o := c.options()
	o.TLS = server.TLSOptions{Cert: c.TLSCert, Key: c.TLSKey}
	checks := server.Doctor(ctx, o, language(), c.Reach)
	// A server at work has its address: that it is taken says nothing.
	if !slices.ContainsFunc(checks, func(one server.Check) bool { return one.Text == server.Runs }) {
		checks = append(checks, c.address())
	}
	bad := false
	for _, one := range checks {
		bad = bad || one.State == "bad"
	}
	if c.JSON {
		encoder := json.NewEncoder(os.Stdout)
		encoder.SetIndent("", " ")
		if err := encoder.Encode(map[string]any{"ok": !bad, "checks": checks}); err != nil {
			return err
		}
	} else {
		for _, one := range checks {
			fmt.Printf("%-4s %-18s %s\n", one.State, one.Name, one.Text)
			if one.Advice != "" {
				fmt.Printf("     %-18s → %s\n", "", one.Advice)
			}
		}
	}
	if bad {
		return errUnwell
	}
	return nil
}

// address tells whether the address can be listened on.
func (c doctorCommand) address() server.Check {
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return server.Check{Name: "address", State: "warn", Text: err.Error(), Advice: "another program listens there: end it, or choose another address with --listen"}
	}
	_ = listener.Close()
	return server.Check{Name: "address", State: "ok", Text: c.Listen + " is free"}
}
