package signin

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"

	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/audit"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
)

// claims are what a token says of its person.
type claims map[string]any

func (c claims) text(name string) string {
	text, _ := c[name].(string)
	return strings.TrimSpace(text)
}

// verified says whether the provider vouches for the address; some send a text.
func (c claims) verified() bool {
	switch v := c["email_verified"].(type) {
	case bool:
		return v
	case string:
		return v == "true"
	}
	return false
}

// list is a claim that holds one text or several.
func (c claims) list(name string) []string {
	switch v := c[name].(type) {
	case string:
		return []string{v}
	case []any:
		var texts []string
		for _, item := range v {
			if text, ok := item.(string); ok {
				texts = append(texts, text)
			}
		}
		return texts
	}
	return nil
}

// person finds, or adds, the person whom a token names.
func (s *Service) person(ctx context.Context, settings Settings, token *oidc.IDToken) (account.User, error) {
	said := claims{}
	if err := token.Claims(&said); err != nil {
		return account.User{}, s.failed("claims", err)
	}
	user, err := s.linked(ctx, token)
	if err != nil {
		return account.User{}, err
	}
	if user.ID == "" {
		if user, err = s.meet(ctx, settings, said); err != nil {
			return account.User{}, err
		}
		if err := s.link(ctx, token, user.ID); err != nil {
			return account.User{}, err
		}
	}
	if !user.Active {
		return account.User{}, fault.New(fault.Unauthorized, "not_known")
	}
	return s.group(ctx, settings, said, user)
}

// linked is the person whom this provider's person came in as before.
func (s *Service) linked(ctx context.Context, token *oidc.IDToken) (account.User, error) {
	var id string
	err := s.DB.Read(ctx, func(tx *sqldb.Tx) error {
		err := tx.QueryRow(`SELECT account_id FROM login_link WHERE issuer = $1 AND subject = $2`, token.Issuer, token.Subject).Scan(&id)
		if errors.Is(err, sqldb.ErrNoRows) {
			return nil
		}
		return err
	})
	user, _ := s.Accounts.Directory().User(id)
	return user, err
}

// meet finds a person by a verified address, or adds him where that is wanted.
func (s *Service) meet(ctx context.Context, settings Settings, said claims) (account.User, error) {
	email := said.text(settings.EmailClaim)
	if email == "" || !settings.TrustEmail && !said.verified() {
		return account.User{}, fault.New(fault.Unauthorized, "email_unverified")
	}
	if user, ok := s.Accounts.Directory().ByEmail(email); ok {
		return user, nil
	}
	if !settings.Create {
		return account.User{}, fault.New(fault.Unauthorized, "not_known")
	}
	name := said.text("name")
	if name == "" {
		name, _, _ = strings.Cut(email, "@")
	}
	user, err := s.Accounts.CreateUser(ctx, account.NewUser{
		Name: name, Email: email, Department: settings.Department, Roles: settings.Roles,
	})
	if f, ok := fault.As(err); ok && f.Code == "email_taken" { // by another log-in at the same time
		user, _ = s.Accounts.Directory().ByEmail(email)
		return user, nil
	}
	return user, err
}

// link remembers who the provider's person is. A person of ours who is linked
// to another of the same provider is not taken over: an address may have passed
// to somebody new.
func (s *Service) link(ctx context.Context, token *oidc.IDToken, user string) error {
	return s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		var others int64
		err := tx.QueryRow(`SELECT COUNT(*) FROM login_link WHERE account_id = $1 AND issuer = $2 AND subject <> $3`,
			user, token.Issuer, token.Subject).Scan(&others)
		if err != nil {
			return err
		}
		if others > 0 {
			return fault.New(fault.Unauthorized, "linked_elsewhere")
		}
		_, err = tx.Exec(`INSERT INTO login_link (issuer, subject, account_id, created_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (issuer, subject) DO NOTHING`, token.Issuer, token.Subject, user, tx.RealNow())
		return err
	})
}

// Unlink forgets which person of the provider somebody is.
func (s *Service) Unlink(ctx context.Context, user string) error {
	return s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		if _, err := tx.Exec(`DELETE FROM login_link WHERE account_id = $1`, user); err != nil {
			return err
		}
		return audit.Write(tx, audit.Entry{Kind: "security.unlinked", Target: audit.Target{Kind: "person", ID: user}})
	})
}

// group gives the roles of the person's groups and takes those of groups that
// he is not in; roles that no group gives stay as they are.
func (s *Service) group(ctx context.Context, settings Settings, said claims, user account.User) (account.User, error) {
	if settings.GroupClaim == "" || len(settings.Groups) == 0 {
		return user, nil
	}
	in := said.list(settings.GroupClaim)
	roles := slices.DeleteFunc(slices.Clone(user.Roles), func(role string) bool {
		return slices.ContainsFunc(settings.Groups, func(g GroupRole) bool { return g.Role == role })
	})
	for _, g := range settings.Groups {
		if slices.Contains(in, g.Group) && !slices.Contains(roles, g.Role) {
			roles = append(roles, g.Role)
		}
	}
	if same(roles, user.Roles) {
		return user, nil
	}
	changed, err := s.Accounts.UpdateUser(ctx, user.ID, account.UserChange{Roles: &roles})
	if f, ok := fault.As(err); ok && f.Code == "last_administrator" {
		return user, nil // a company without administrators would be worse
	}
	return changed, err
}

func same(a, b []string) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(text string) bool { return !slices.Contains(b, text) })
}
