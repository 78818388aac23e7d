package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"time"

	"clew.dev/clew/internal/api"
	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/server"
)

// cli is the commands and their flags; each flag has an environment variable CLEW_….
type cli struct {
	Serve    serveCommand    `cmd:"" help:"Serve a company."`
	Demo     demoCommand     `cmd:"" help:"Serve the demo company, made on the first start."`
	Apply    applyCommand    `cmd:"" help:"Publish configuration documents from a YAML file or a folder."`
	Export   exportCommand   `cmd:"" help:"Write the live configuration documents into a folder."`
	Token    tokenCommand    `cmd:"" help:"API tokens."`
	Password passwordCommand `cmd:"" help:"Print a link by which a person sets a new password, for who cannot log in any more."`
	OpenAPI  openapiCommand  `cmd:"" name:"openapi" help:"Print the API's description."`
	Backup   backupCommand   `cmd:"" help:"Write the company's data to one file; the server may be running."`
	Restore  restoreCommand  `cmd:"" help:"Make an empty data directory of a backup."`
	Doctor   doctorCommand   `cmd:"" help:"Check a data directory and what it needs."`
	Ready    readyCommand    `cmd:"" help:"Ask a running server whether it is ready."`
	Version  versionCommand  `cmd:"" help:"Print the version."`

	SandboxOIDC sandboxOIDCCommand `cmd:"" name:"sandbox-oidc" help:"Play a log-in provider, to try out log-in by OpenID Connect."`
}

// place is where a company's data are.
type place struct {
	Data     string `default:"clew-data" help:"Data directory." type:"path"`
	Database string `help:"postgres://… instead of the embedded database."`
}

// site is how a company is served.
type site struct {
	place
	Listen               string        `default:"127.0.0.1:8420" help:"Address to listen on."`
	AdminListen          string        `help:"Address of metrics and pprof, for operators alone; none if empty."`
	Template             string        `default:"crm" help:"Template for an empty database."`
	PublicURL            string        `name:"public-url" help:"Address as people reach it."`
	AdminEmail           string        `help:"E-mail address of the first administrator."`
	AdminPassword        string        `help:"Password of the first administrator."`
	TLSCert              string        `name:"tls-cert" help:"Certificate (PEM, with its chain); a replaced file is taken up without a restart." type:"path"`
	TLSKey               string        `name:"tls-key" help:"The certificate's key." type:"path"`
	ACMEDomain           []string      `name:"acme-domain" help:"Name of this site for which Let's Encrypt is asked for a certificate; may be repeated."`
	ACMEEmail            string        `name:"acme-email" help:"Address that the certificate authority may write to."`
	ACMEDirectory        string        `name:"acme-directory" help:"Another certificate authority's ACME directory."`
	RedirectListen       string        `help:"Address (usually :80) of plain http that leads to https."`
	BackupDir            string        `help:"Folder of the daily backup; none if empty." type:"path"`
	BackupKeep           int           `default:"14" help:"Backups kept in the folder."`
	BackupAt             time.Duration `default:"3h" help:"Time of the daily backup since midnight."`
	BackupPassphraseFile string        `help:"File with the passphrase that encrypts the daily backup." type:"path"`
	KeepMessages         int           `default:"90" help:"Days that sent group messages are kept; 0 for ever."`
	KeepDeliveries       int           `default:"180" help:"Days that the raw bodies of deliveries are kept; 0 for ever."`
	LogFormat            string        `default:"json" enum:"json,text" help:"Form of log lines: json or text."`
	LogLevel             string        `default:"info" enum:"debug,info,warn,error" help:"Least level of log lines."`
}

// Validate refuses settings that no company can be served with.
func (s site) Validate() error {
	address, err := url.Parse(s.PublicURL)
	switch {
	case s.PublicURL != "" && (err != nil || address.Scheme != "http" && address.Scheme != "https" || address.Host == "" || address.RawQuery != "" || address.Fragment != ""):
		return fmt.Errorf("--public-url: %q is no address: write https://crm.example.com", s.PublicURL)
	case s.BackupAt < 0 || s.BackupAt >= 24*time.Hour:
		return fmt.Errorf("--backup-at: %s is no time of a day: write 3h or 22h30m", s.BackupAt)
	case s.BackupKeep < 1:
		return errors.New("--backup-keep: at least 1 backup is kept")
	case s.KeepMessages < 0 || s.KeepDeliveries < 0:
		return errors.New("--keep-messages and --keep-deliveries are days, or 0 for ever")
	}
	return nil
}

func (s site) serverOptions() server.Options {
	var level slog.Level
	_ = level.UnmarshalText([]byte(s.LogLevel)) // the flag's enum holds nothing else
	settings := &slog.HandlerOptions{Level: level, ReplaceAttr: spansInWords}
	handler := slog.Handler(slog.NewJSONHandler(os.Stderr, settings))
	if s.LogFormat == "text" {
		handler = slog.NewTextHandler(os.Stderr, settings)
	}
	return server.Options{
		Data: s.Data, Database: s.Database, Listen: s.Listen, AdminListen: s.AdminListen, PublicURL: s.PublicURL, Template: s.Template, Version: version,
		AdminName: "Administrator", AdminEmail: s.AdminEmail, AdminPassword: s.AdminPassword,
		TLS: server.TLSOptions{
			Cert: s.TLSCert, Key: s.TLSKey, Domains: s.ACMEDomain, Email: s.ACMEEmail, Directory: s.ACMEDirectory, RedirectListen: s.RedirectListen,
		},
		Keep:   server.Keeping(s.KeepMessages, s.KeepDeliveries),
		Backup: server.BackupOptions{Dir: s.BackupDir, Keep: s.BackupKeep, At: s.BackupAt, PassphraseFile: s.BackupPassphraseFile},
		Log:    slog.New(handler),
	}
}

// spansInWords logs a span of time as 58.8ms: a bare count says no unit.
func spansInWords(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() != slog.KindDuration {
		return a
	}
	span := a.Value.Duration()
	if span > time.Millisecond || span < -time.Millisecond {
		span = span.Round(100 * time.Microsecond)
	}
	return slog.String(a.Key, span.String())
}

type serveCommand struct{ site }

func (c serveCommand) Run(ctx context.Context) error {
	return server.Run(ctx, c.serverOptions(), os.Stdout)
}

type demoCommand struct {
	site
	Leads int    `default:"5000" help:"How many leads the company starts with."`
	Seed  uint64 `default:"1" help:"Seed of the generator."`
}

func (c demoCommand) Run(ctx context.Context) error {
	options := c.serverOptions()
	options.Demo, options.DemoLeads, options.DemoSeed = true, c.Leads, c.Seed
	options.Template = "crm"
	return server.Run(ctx, options, os.Stdout)
}

// perform carries a command out on the company, through its server where one is running.
func (p place) perform(ctx context.Context, c server.Command) (server.Outcome, error) {
	c.Language = language()
	return server.Perform(ctx, server.Options{
		Data: p.Data, Database: p.Database, Version: version,
		Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
	}, c)
}

type applyCommand struct {
	place
	Path string `arg:"" help:"YAML file or folder." type:"existingpath"`
}

func (c applyCommand) Run(ctx context.Context) error {
	documents, err := server.ReadDocuments(c.Path)
	if err != nil {
		return err
	}
	done, err := c.perform(ctx, server.Command{Name: "apply", Documents: documents})
	if err != nil {
		return err
	}
	fmt.Println("published as version", done.Version)
	return nil
}

type exportCommand struct {
	place
	Dir string `arg:"" help:"Folder to write to." type:"path"`
}

func (c exportCommand) Run(ctx context.Context) error {
	done, err := c.perform(ctx, server.Command{Name: "export"})
	if err != nil {
		return err
	}
	return config.WriteFolder(c.Dir, done.Documents)
}

type tokenCommand struct {
	Create tokenCreateCommand `cmd:"" help:"Create a token and print it once."`
}

type tokenCreateCommand struct {
	place
	User string `required:"" help:"E-mail address of the user."`
	Name string `required:"" help:"What the token is for."`
}

func (c tokenCreateCommand) Run(ctx context.Context) error {
	done, err := c.perform(ctx, server.Command{Name: "token", Email: c.User, Label: c.Name})
	if err != nil {
		return err
	}
	fmt.Println(done.Token)
	return nil
}

type passwordCommand struct {
	place
	User   string `required:"" help:"E-mail address of the user."`
	Factor bool   `help:"Take a lost second factor away as well; all sessions end."`
}

func (c passwordCommand) Run(ctx context.Context) error {
	done, err := c.perform(ctx, server.Command{Name: "password", Email: c.User, Factor: c.Factor})
	if err != nil {
		return err
	}
	if strings.HasPrefix(done.Link, "/") {
		fmt.Fprintln(os.Stderr, "open this under the address of your Clew:")
	}
	fmt.Println(done.Link)
	fmt.Fprintln(os.Stderr, "good once, until", done.Expires.Local().Format("15:04"))
	return nil
}

type openapiCommand struct {
	Static bool `help:"Without any company's objects." default:"true"`
}

func (openapiCommand) Run() error {
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", " ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(api.Static(version))
}

type versionCommand struct{}

func (versionCommand) Run() error {
	fmt.Println("clew", version)
	return nil
}

type sandboxOIDCCommand struct {
	Listen string `default:"127.0.0.1:8421" help:"Address to listen on."`
}

func (c sandboxOIDCCommand) Run(ctx context.Context) error {
	return server.ServeProvider(ctx, c.Listen, os.Stdout)
}
