package signin

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"

	"clew.dev/clew/internal/audit"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
)

// Settings are what an administrator says of the provider.
type Settings struct {
	Enabled      bool        `json:"enabled"`
	Label        string      `json:"label"` // on the button of the log-in page
	Issuer       string      `json:"issuer"`
	ClientID     string      `json:"client_id"`
	AllowPrivate bool        `json:"allow_private"` // the issuer is inside: its host may be reached, and by http
	EmailClaim   string      `json:"email_claim"`   // "" is "email"
	TrustEmail   bool        `json:"trust_email"`   // the provider sends no email_verified, but checks addresses itself
	Create       bool        `json:"create"`        // unknown people are added
	Department   string      `json:"department"`    // of people who are added
	Roles        []string    `json:"roles"`         // of people who are added
	GroupClaim   string      `json:"group_claim"`   // "" for none
	Groups       []GroupRole `json:"groups"`
}

// GroupRole gives a role to the people of a group.
type GroupRole struct {
	Group string `json:"group"`
	Role  string `json:"role"`
}

const (
	entry      = "provider"
	sealedFor  = "signin/provider"
	lengthMost = 300
)

// Read gives the settings, and whether a secret is kept.
func (s *Service) Read(ctx context.Context) (Settings, bool, error) {
	settings, sealed, err := s.load(ctx)
	return settings, sealed != "", err
}

// Set replaces the settings; a nil secret stays, unless the issuer's host or
// the client changes: it was given for those. Whether roles and department
// exist, and may be given, is checked above.
func (s *Service) Set(ctx context.Context, settings Settings, secret *string) error {
	settings.tidy()
	if err := settings.check(); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		before, sealed, err := read(tx)
		if err != nil {
			return err
		}
		if host(before.Issuer) != host(settings.Issuer) || before.ClientID != settings.ClientID {
			sealed = ""
		}
		if secret != nil {
			if sealed = ""; *secret != "" {
				sealed = s.Box.SealText(*secret, sealedFor)
			}
		}
		if settings.Enabled && sealed == "" {
			return fault.New(fault.Invalid, "invalid_input", fault.Field{Path: "secret", Code: "required"})
		}
		body, err := json.Marshal(settings)
		if err != nil {
			return err
		}
		_, err = tx.Exec(`INSERT INTO security_setting (name, body, sealed, at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (name) DO UPDATE SET body = excluded.body, sealed = excluded.sealed, at = excluded.at`,
			entry, string(body), sealed, tx.RealNow())
		if err != nil {
			return err
		}
		return audit.Write(tx, audit.Entry{Kind: "security.provider_changed", Params: map[string]any{
			"before": before, "after": settings, "secret_changed": secret != nil,
		}})
	})
}

func (s *Service) load(ctx context.Context) (settings Settings, sealed string, err error) {
	err = s.DB.Read(ctx, func(tx *sqldb.Tx) error {
		settings, sealed, err = read(tx)
		return err
	})
	return settings, sealed, err
}

func read(tx *sqldb.Tx) (Settings, string, error) {
	settings := Settings{EmailClaim: "email", Roles: []string{}, Groups: []GroupRole{}}
	var body, sealed string
	err := tx.QueryRow(`SELECT body, sealed FROM security_setting WHERE name = $1`, entry).Scan(&body, &sealed)
	if errors.Is(err, sqldb.ErrNoRows) {
		return settings, "", nil
	}
	if err != nil {
		return settings, "", err
	}
	return settings, sealed, json.Unmarshal([]byte(body), &settings)
}

func (s *Settings) tidy() {
	for _, text := range []*string{&s.Label, &s.Issuer, &s.ClientID, &s.EmailClaim, &s.GroupClaim} {
		*text = strings.TrimSpace(*text)
	}
	if s.EmailClaim == "" {
		s.EmailClaim = "email"
	}
	if s.Roles == nil {
		s.Roles = []string{}
	}
	if s.Groups == nil {
		s.Groups = []GroupRole{}
	}
}

func (s Settings) check() error {
	var faults fault.Collector
	for path, text := range map[string]string{"label": s.Label, "issuer": s.Issuer, "client_id": s.ClientID} {
		switch {
		case text == "" && s.Enabled:
			faults.Add(&fault.Field{Path: path, Code: "required"})
		case len(text) > lengthMost:
			faults.Add(&fault.Field{Path: path, Code: "too_long", Params: map[string]any{"max": lengthMost}})
		}
	}
	if s.Issuer != "" {
		faults.Add(s.checkIssuer())
	}
	return faults.Err()
}

// checkIssuer demands a plain https address; inside the company http will do.
func (s Settings) checkIssuer() *fault.Field {
	u, err := url.Parse(s.Issuer)
	if err != nil || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" ||
		!slices.Contains([]string{"http", "https"}, u.Scheme) {
		return &fault.Field{Path: "issuer", Code: "invalid_url"}
	}
	if u.Scheme == "http" && !s.AllowPrivate {
		return &fault.Field{Path: "issuer", Code: "needs_https"}
	}
	return nil
}

// host is where an address is served, with its port.
func host(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return ""
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return strings.ToLower(u.Hostname() + ":" + port)
}

// inside are the hosts that may be dialled though they are not public.
func (s Settings) inside() []string {
	if !s.AllowPrivate {
		return nil
	}
	return []string{host(s.Issuer)}
}
