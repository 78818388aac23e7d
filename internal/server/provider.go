package server

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"

	"clew.dev/clew/internal/demo"
	"clew.dev/clew/internal/sandbox"
)

// demoProvider plays a log-in provider that knows the demo company's people.
func demoProvider() *sandbox.Provider {
	p := &sandbox.Provider{}
	for _, l := range demo.Logins() {
		p.People = append(p.People, sandbox.Person{Subject: l.Email, Name: l.Name, Email: l.Email, Verified: true, Groups: []string{l.Role}})
	}
	return p
}

// ServeProvider plays a log-in provider on an address of its own until ctx
// ends, for trying out log-in by a provider without one.
func ServeProvider(ctx context.Context, listen string, out io.Writer) error {
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	address := "http://" + listener.Addr().String()
	provider := &sandbox.Provider{People: []sandbox.Person{
		{Subject: "1", Name: "Administrator", Email: "admin@example.com", Verified: true, Groups: []string{"it"}},
		{Subject: "2", Name: "Li Lei 李雷", Email: "lilei@example.com", Verified: true, Groups: []string{"sales"}},
		{Subject: "3", Name: "Han Meimei 韩梅梅", Email: "hanmeimei@example.com", Groups: []string{"sales"}},
	}}
	fmt.Fprintf(out, "issuer         %s%s\nclient id      %s\nclient secret  %s\nThis provider lets everybody in as anybody. Never use it for a company.\n",
		address, sandbox.ProviderPath, sandbox.ProviderClient, sandbox.ProviderSecret)
	web := &http.Server{Handler: provider, ReadHeaderTimeout: headerWait}
	stop := context.AfterFunc(ctx, func() { _ = web.Close() })
	defer stop()
	if err := web.Serve(listener); ctx.Err() == nil {
		return err
	}
	return nil
}
