package signin_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/outbound"
	"clew.dev/clew/internal/seal"
	"clew.dev/clew/internal/signin"
	"clew.dev/clew/internal/sqldb"
)

const ourAddress = "https://crm.example.com/auth/oidc/callback"

// idp is an OpenID Connect provider that a test breaks at will. It signs with
// the newest of its keys, publishes those that it is told to, and keeps to PKCE.
type idp struct {
	*httptest.Server
	t *testing.T

	mu        sync.Mutex
	keys      []*rsa.PrivateKey
	published []int                        // which keys the key address shows
	claims    map[string]any               // over the usual ones; nil takes one away
	answers   map[string]http.HandlerFunc  // instead of what a path usually answers
	asked     map[string]int               // how often each path was asked
	forms     []url.Values                 // what the token address got
	auth      []string                     // how the client proved itself there
	nonce     map[string]string            // by code
	challenge map[string]string            // by code
	replies   map[string]map[string]string // extra members of the token's answer
}

func newIDP(t *testing.T) *idp {
	t.Helper()
	p := &idp{t: t, claims: map[string]any{}, answers: map[string]http.HandlerFunc{}, asked: map[string]int{}, nonce: map[string]string{}, challenge: map[string]string{}}
	p.rotate(true)
	p.Server = httptest.NewServer(http.HandlerFunc(p.serve))
	t.Cleanup(p.Close)
	return p
}

// rotate makes a new key to sign with, shown at once or not yet.
func (p *idp) rotate(shown bool) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		p.t.Fatal(err)
	}
	p.keys = append(p.keys, key)
	if shown {
		p.published = append(p.published, len(p.keys)-1)
	}
}

func (p *idp) serve(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked[r.URL.Path]++
	if answer := p.answers[r.URL.Path]; answer != nil {
		answer(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	switch r.URL.Path {
	case "/.well-known/openid-configuration":
		p.say(w, map[string]any{"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys"})
	case "/keys":
		var keys []any
		for _, n := range p.published {
			public := p.keys[n].PublicKey
			keys = append(keys, map[string]any{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": fmt.Sprint("key-", n),
				"n": base64.RawURLEncoding.EncodeToString(public.N.Bytes()), "e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(public.E)).Bytes())})
		}
		p.say(w, map[string]any{"keys": keys})
	case "/token":
		p.redeem(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (p *idp) say(w http.ResponseWriter, body any) { _ = json.NewEncoder(w).Encode(body) }

func (p *idp) redeem(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	p.forms = append(p.forms, r.PostForm)
	p.auth = append(p.auth, r.Header.Get("Authorization"))
	code := r.PostForm.Get("code")
	proof := sha256.Sum256([]byte(r.PostForm.Get("code_verifier")))
	if p.challenge[code] == "" || base64.RawURLEncoding.EncodeToString(proof[:]) != p.challenge[code] {
		w.WriteHeader(http.StatusBadRequest)
		p.say(w, map[string]string{"error": "invalid_grant"})
		return
	}
	delete(p.challenge, code)
	p.say(w, map[string]any{"access_token": "a", "token_type": "Bearer", "expires_in": 60, "id_token": p.token(p.nonce[code])})
}

func (p *idp) token(nonce string) string {
	now := time.Now()
	claims := map[string]any{"iss": p.URL, "aud": "clew", "sub": "sub-1", "nonce": nonce, "email": "anna@example.com", "email_verified": true, "name": "Anna",
		"iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix()}
	for name, value := range p.claims {
		if claims[name] = value; value == nil {
			delete(claims, name)
		}
	}
	newest := len(p.keys) - 1
	text := segment(p.t, map[string]any{"alg": "RS256", "kid": fmt.Sprint("key-", newest)}) + "." + segment(p.t, claims)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, p.keys[newest], crypto.SHA256, sum[:])
	if err != nil {
		p.t.Error(err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(signature)
}

func segment(t *testing.T, part map[string]any) string {
	raw, err := json.Marshal(part)
	if err != nil {
		t.Error(err)
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

// set changes the provider between two requests.
func (p *idp) set(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
}

// approve is what the provider does when its person agrees: a code for a log-in that was begun.
func (p *idp) approve(begun string) (state, code string) {
	p.t.Helper()
	u, err := url.Parse(begun)
	if err != nil {
		p.t.Fatal(err)
	}
	q := u.Query()
	code = rand.Text()
	p.set(func() { p.nonce[code], p.challenge[code] = q.Get("nonce"), q.Get("code_challenge") })
	return q.Get("state"), code
}

// house is a service with a person and the provider's settings.
type house struct {
	*signin.Service
	t        *testing.T
	db       *sqldb.DB
	idp      *idp
	anna     account.User
	settings signin.Settings
}

// houses runs a test on both databases.
func houses(t *testing.T, run func(h *house)) {
	t.Helper()
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) { run(newHouse(t, db)) })
}

func newHouse(t *testing.T, db *sqldb.DB) *house {
	t.Helper()
	box, err := seal.New(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	store := account.New(db, account.Options{Box: box})
	if err := store.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, db: db, idp: newIDP(t), Service: &signin.Service{
		DB: db, Box: box, Accounts: store, Log: slog.New(slog.DiscardHandler),
		Client: func(inside []string) *outbound.Client {
			return outbound.New(outbound.Options{Allow: inside, Total: time.Second})
		},
	}}
	if h.anna, err = store.CreateUser(t.Context(), account.NewUser{Name: "Anna", Email: "anna@example.com", Password: "correct horse"}); err != nil {
		t.Fatal(err)
	}
	h.settings = signin.Settings{Enabled: true, Label: "SSO", Issuer: h.idp.URL, ClientID: "clew", AllowPrivate: true}
	h.keep()
	return h
}

// keep writes the settings with the client's secret.
func (h *house) keep() {
	h.t.Helper()
	secret := "client secret"
	if err := h.Set(h.t.Context(), h.settings, &secret); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) begin() signin.Start {
	h.t.Helper()
	start, err := h.Begin(h.t.Context(), ourAddress, "/leads")
	if err != nil {
		h.t.Fatal(err)
	}
	return start
}

// logIn goes all the way and gives the person and the code of a failure.
func (h *house) logIn() (account.User, string) {
	h.t.Helper()
	start := h.begin()
	state, code := h.idp.approve(start.URL)
	user, _, err := h.Finish(h.t.Context(), ourAddress, signin.Answer{State: state, Code: code, Browser: start.Browser})
	return user, codeOf(err)
}

func codeOf(err error) string {
	if f, ok := fault.As(err); ok {
		return f.Code
	}
	if err != nil {
		return "not a fault: " + err.Error()
	}
	return ""
}

// count is how many rows a table holds.
func (h *house) count(table string) int {
	h.t.Helper()
	n := 0
	err := h.db.Read(h.t.Context(), func(tx *sqldb.Tx) error { return tx.QueryRow("SELECT COUNT(*) FROM " + table).Scan(&n) })
	if err != nil {
		h.t.Fatal(err)
	}
	return n
}

// run executes a statement as a crash or a careless hand would.
func (h *house) run(sql string) {
	h.t.Helper()
	err := h.db.Write(h.t.Context(), func(tx *sqldb.Tx) error { _, err := tx.Exec(sql); return err })
	if err != nil {
		h.t.Fatal(err)
	}
}

func text(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, body) }
}

func status(code int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code); _, _ = fmt.Fprint(w, body) }
}

func long(n int) string { return strings.Repeat("x", n) }
