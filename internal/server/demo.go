package server

import (
	"context"
	"fmt"
	"io"
	"runtime/debug"
	"time"

	"clew.dev/clew/internal/api"
	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/demo"
	"clew.dev/clew/internal/sandbox"
)

// prepareDemo makes the demo company on the first start; later ones go on with it.
func (a *App) prepareDemo(ctx context.Context, out io.Writer) error {
	if err := a.nameDemo(ctx); err != nil {
		return err
	}
	began := time.Now()
	last := time.Time{}
	err := demo.Generate(ctx, demo.Company{
		DB: a.DB, Snapshot: a.Catalog.Current, Accounts: a.Accounts, Intake: a.Intake, Records: a.Records,
		Timer: a.Timer, Notify: a.Notify, Leads: a.DemoLeads, Seed: a.DemoSeed,
		Progress: func(done, total int) {
			if time.Since(last) > 2*time.Second || done == total {
				last = time.Now()
				fmt.Fprintf(out, "making the demo company: %d of %d leads (%.0f s)\n", done, total, time.Since(began).Seconds())
			}
		},
	})
	if err != nil {
		return err
	}
	defer debug.FreeOSMemory() // six months of making history leave much behind
	return a.DB.Trim(ctx)
}

// nameDemo gives the template's company the demo's name, once.
func (a *App) nameDemo(ctx context.Context) error {
	done, err := demo.Complete(ctx, a.DB)
	if err != nil || done {
		return err
	}
	document, err := a.Catalog.Current().Document("company", "company")
	if err != nil {
		return err
	}
	var body map[string]any
	if err := document.Decode(&body); err != nil {
		return err
	}
	body["label"] = map[string]any{"zh-CN": "恒锐智能装备", "en": "Hengrui Intelligent Equipment"}
	named, err := config.NewDocument("company", "company", body)
	if err != nil {
		return err
	}
	_, err = a.Catalog.Apply(ctx, []config.Document{named}, config.Note{Label: "demo company"})
	return err
}

func (a *App) greetDemo(out io.Writer) {
	for _, l := range demo.Logins() {
		fmt.Fprintf(out, "  %-14s %-24s %s\n", l.Role, l.Email, l.Password)
	}
	fmt.Fprintf(out, "  channel secrets: douyin %s, website-api Bearer %s\n", demo.DouyinSecret, demo.WebsiteSecret)
	fmt.Fprintf(out, "  messengers as the groups see them: http://%s/sandbox/\n", a.Listen)
}

func demoLogins() []api.DemoLogin {
	var logins []api.DemoLogin
	for _, l := range demo.Logins() {
		logins = append(logins, api.DemoLogin{Email: l.Email, Password: l.Password, Role: l.Role, Name: l.Name})
	}
	return logins
}

// newSandbox plays the vendors with the groups that the demo's robots post to.
func (a *App) newSandbox() (*sandbox.Sandbox, error) {
	groups, err := demo.Groups(a.Catalog.Current())
	if err != nil {
		return nil, err
	}
	options := sandbox.Options{
		Now:    a.Now,
		Douyin: sandbox.Douyin{Secret: demo.DouyinSecret, Phone: demo.SandboxPhone, Record: "/o/lead/{id}"},
	}
	for _, g := range groups {
		options.Groups = append(options.Groups, sandbox.Group{Vendor: g.Vendor, Key: g.Key, Secret: g.Secret, Name: g.Name})
	}
	return sandbox.New(options), nil
}
