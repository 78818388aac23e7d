// Package signin lets people come in by the company's OpenID Connect provider:
// authorization code with PKCE, state and nonce. Each log-in under way is a row
// that is used once, by the browser that began it. A provider's person is found
// by the link that his first log-in made, and before that by an e-mail address
// which the provider vouches for.
//
// Every call goes through the guarded client; an issuer inside the company has
// to be allowed in the settings, and then its own host alone is.
package signin

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"log/slog"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/outbound"
	"clew.dev/clew/internal/seal"
	"clew.dev/clew/internal/sqldb"
)

// stateLife is how long a person may take at the provider.
const stateLife = 10 * time.Minute

// subjectMost is how long, in bytes, a provider's name for a person may be; the
// standard allows 255 characters.
const subjectMost = 1000

// Service runs log-ins by the provider.
type Service struct {
	DB       *sqldb.DB
	Box      *seal.Box
	Accounts *account.Store
	// Client makes the client that may dial these hosts though they are not public.
	Client func(inside []string) *outbound.Client
	Log    *slog.Logger
}

// Start is a log-in that was begun.
type Start struct {
	URL     string // where the browser goes
	Browser string // what the browser keeps in a cookie until it is back
}

// Answer is what the provider sent the browser back with.
type Answer struct {
	State, Code, Issuer, Error string
	Browser                    string // the cookie of Start
}

// algorithms are the signatures that are believed: never none, never a shared secret.
func algorithms() []string {
	return []string{
		oidc.RS256, oidc.RS384, oidc.RS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.EdDSA,
	}
}

// Begin starts a log-in; redirect is our address that the provider comes back
// to, next the page that the person wanted.
func (s *Service) Begin(ctx context.Context, redirect, next string) (Start, error) {
	settings, _, err := s.load(ctx)
	if err != nil {
		return Start{}, err
	}
	if !settings.Enabled {
		return Start{}, fault.New(fault.NotFound, "not_found")
	}
	provider, _, err := s.discover(ctx, settings)
	if err != nil {
		return Start{}, s.unreachable(err)
	}
	state, browser, nonce, verifier := rand.Text(), rand.Text(), rand.Text(), oauth2.GenerateVerifier()
	err = s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		if _, err := tx.Exec(`DELETE FROM login_state WHERE expires_at < $1`, tx.RealNow()); err != nil {
			return err
		}
		_, err := tx.Exec(`INSERT INTO login_state (digest, browser, nonce, verifier, next, expires_at)
			VALUES ($1, $2, $3, $4, $5, $6)`,
			digest(state), digest(browser), nonce, verifier, next, tx.RealNow().Add(stateLife))
		return err
	})
	if err != nil {
		return Start{}, err
	}
	client := s.client(settings, provider, redirect, "")
	return Start{URL: client.AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier)), Browser: browser}, nil
}

// underWay is a log-in that was begun and not yet finished.
type underWay struct {
	nonce, verifier, next string
}

// Finish ends a log-in: it gives the person and the page that he wanted.
// Failures carry codes that the log-in page knows: provider_state,
// provider_refused, provider_failed, email_unverified, not_known, linked_elsewhere.
func (s *Service) Finish(ctx context.Context, redirect string, answer Answer) (account.User, string, error) {
	begun, err := s.take(ctx, answer)
	if err != nil {
		return account.User{}, "", err
	}
	settings, sealed, err := s.load(ctx)
	if err != nil {
		return account.User{}, "", err
	}
	if !settings.Enabled {
		return account.User{}, "", fault.New(fault.NotFound, "not_found")
	}
	if answer.Issuer != "" && answer.Issuer != settings.Issuer { // another provider's answer, mixed in
		return account.User{}, "", fault.New(fault.Unauthorized, "provider_state")
	}
	if answer.Error != "" || answer.Code == "" {
		return account.User{}, "", fault.New(fault.Unauthorized, "provider_refused")
	}
	token, err := s.exchange(ctx, settings, sealed, redirect, answer.Code, begun)
	if err != nil {
		return account.User{}, "", err
	}
	user, err := s.person(ctx, settings, token)
	return user, begun.next, err
}

// take uses a state up: it is gone afterwards, whatever becomes of the log-in.
func (s *Service) take(ctx context.Context, answer Answer) (underWay, error) {
	var begun underWay
	var browser string
	var expires time.Time
	fresh := false
	err := s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		err := tx.QueryRow(`DELETE FROM login_state WHERE digest = $1 RETURNING browser, nonce, verifier, next, expires_at`,
			digest(answer.State)).Scan(&browser, &begun.nonce, &begun.verifier, &begun.next, &expires)
		if errors.Is(err, sqldb.ErrNoRows) {
			return nil
		}
		fresh = tx.RealNow().Before(expires)
		return err
	})
	if err != nil {
		return begun, err
	}
	if !fresh || subtle.ConstantTimeCompare([]byte(digest(answer.Browser)), []byte(browser)) != 1 {
		return begun, fault.New(fault.Unauthorized, "provider_state")
	}
	return begun, nil
}

// exchange redeems the code and checks the token that comes for it.
func (s *Service) exchange(ctx context.Context, settings Settings, sealed, redirect, code string, begun underWay) (*oidc.IDToken, error) {
	provider, client, err := s.discover(ctx, settings)
	if err != nil {
		return nil, s.unreachable(err)
	}
	secret, err := s.Box.OpenText(sealed, sealedFor)
	if err != nil {
		s.Log.Error("the log-in provider's secret cannot be opened", "error", err)
		return nil, fault.New(fault.Unavailable, "provider_unreadable")
	}
	ctx = oidc.ClientContext(ctx, client.HTTP())
	tokens, err := s.client(settings, provider, redirect, secret).Exchange(ctx, code, oauth2.VerifierOption(begun.verifier))
	if err != nil {
		return nil, s.failed("exchange", err)
	}
	raw, ok := tokens.Extra("id_token").(string)
	if !ok {
		return nil, s.failed("exchange", errors.New("no id_token"))
	}
	var now time.Time
	if err := s.DB.Read(ctx, func(tx *sqldb.Tx) error { now = tx.RealNow(); return nil }); err != nil {
		return nil, err
	}
	verifier := provider.VerifierContext(ctx, &oidc.Config{
		ClientID: settings.ClientID, SupportedSigningAlgs: algorithms(), Now: func() time.Time { return now },
	})
	token, err := verifier.Verify(ctx, raw)
	if err != nil {
		return nil, s.failed("verify", err)
	}
	if err := checkToken(token, settings.ClientID, begun.nonce); err != nil {
		return nil, s.failed("verify", err)
	}
	return token, nil
}

// checkToken is what the library leaves to its users.
func checkToken(token *oidc.IDToken, client, nonce string) error {
	if subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(nonce)) != 1 {
		return errors.New("the nonce is another log-in's")
	}
	var claims struct {
		Party string `json:"azp"`
	}
	if err := token.Claims(&claims); err != nil {
		return err
	}
	if len(token.Audience) > 1 && claims.Party == "" || claims.Party != "" && claims.Party != client {
		return errors.New("the token was made for another party")
	}
	if token.Subject == "" || len(token.Subject) > subjectMost || strings.ContainsRune(token.Subject, 0) {
		return errors.New("the token names nobody")
	}
	return nil
}

func (s *Service) discover(ctx context.Context, settings Settings) (*oidc.Provider, *outbound.Client, error) {
	client := s.Client(settings.inside())
	provider, err := oidc.NewProvider(oidc.ClientContext(ctx, client.HTTP()), settings.Issuer)
	return provider, client, err
}

func (s *Service) client(settings Settings, provider *oidc.Provider, redirect, secret string) *oauth2.Config {
	return &oauth2.Config{
		ClientID: settings.ClientID, ClientSecret: secret, Endpoint: provider.Endpoint(), RedirectURL: redirect,
		Scopes: []string{oidc.ScopeOpenID, "email", "profile"},
	}
}

// unreachable and failed keep the cause for the log: it may name inner addresses.
func (s *Service) unreachable(err error) error {
	s.Log.Warn("log-in provider cannot be reached", "error", err)
	return fault.New(fault.Unavailable, "provider_unreachable")
}

func (s *Service) failed(step string, err error) error {
	s.Log.Warn("log-in by the provider failed", "step", step, "error", err)
	return fault.New(fault.Unauthorized, "provider_failed")
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
