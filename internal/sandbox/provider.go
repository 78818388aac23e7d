package sandbox

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"html/template"
	"math/big"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// ProviderPath is where a Provider answers.
const ProviderPath = "/sandbox/oidc"

// The client that a Provider knows.
const (
	ProviderClient = "clew"
	ProviderSecret = "clew-sandbox-secret"
)

// Person is somebody whom a Provider can let in.
type Person struct {
	Subject  string
	Name     string
	Email    string
	Verified bool
	Groups   []string
}

// Provider plays an OpenID Connect provider: description, keys, authorization
// code with PKCE, RS256. Whoever opens its page chooses who he is. It is for
// trying things out and for tests, never for a company.
type Provider struct {
	Issuer string // as browsers and the client reach it, with ProviderPath; "" follows the request
	People []Person
	Now    func() time.Time // real time, nil = time.Now
	// Tamper changes a token before it is signed, for tests of what a client refuses.
	Tamper func(token *ForgedToken)

	once  sync.Once
	key   *rsa.PrivateKey
	mux   *http.ServeMux
	mu    sync.Mutex
	codes map[string]grant
}

// ForgedToken is an ID token that a test may change; Key nil signs with the published one.
type ForgedToken struct {
	Header, Claims map[string]any
	Key            *rsa.PrivateKey
	Unsigned       bool
}

// grant is a code that was given out and not yet redeemed.
type grant struct {
	person                     Person
	redirect, nonce, challenge string
	expires                    time.Time
}

// codeLife is how long a code waits to be redeemed.
const codeLife = time.Minute

func (p *Provider) prepare() {
	p.once.Do(func() {
		var err error
		if p.key, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
			panic(err) // no randomness, no program
		}
		if p.Now == nil {
			p.Now = time.Now
		}
		p.codes = map[string]grant{}
		p.mux = http.NewServeMux()
		p.mux.HandleFunc("GET "+ProviderPath+"/.well-known/openid-configuration", p.describe)
		p.mux.HandleFunc("GET "+ProviderPath+"/keys", p.showKeys)
		p.mux.HandleFunc("GET "+ProviderPath+"/authorize", p.choose)
		p.mux.HandleFunc("POST "+ProviderPath+"/authorize", p.grant)
		p.mux.HandleFunc("POST "+ProviderPath+"/token", p.redeem)
		p.mux.HandleFunc("GET "+ProviderPath+"/provider.css", func(w http.ResponseWriter, r *http.Request) {
			http.ServeFileFS(w, r, pages, "pages/provider.css")
		})
	})
}

// ServeHTTP answers below ProviderPath.
func (p *Provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.prepare()
	w.Header().Set("Cache-Control", "no-store")
	p.mux.ServeHTTP(w, r)
}

func (p *Provider) issuer(r *http.Request) string {
	if p.Issuer != "" {
		return p.Issuer
	}
	return "http://" + r.Host + ProviderPath
}

func (p *Provider) describe(w http.ResponseWriter, r *http.Request) {
	issuer := p.issuer(r)
	writeJSON(w, http.StatusOK, map[string]any{
		"issuer": issuer, "authorization_endpoint": issuer + "/authorize", "token_endpoint": issuer + "/token",
		"jwks_uri": issuer + "/keys", "response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"},
		"id_token_signing_alg_values_supported": []string{"RS256"}, "code_challenge_methods_supported": []string{"S256"},
		"token_endpoint_auth_methods_supported":          []string{"client_secret_basic", "client_secret_post"},
		"authorization_response_iss_parameter_supported": true,
	})
}

func (p *Provider) showKeys(w http.ResponseWriter, _ *http.Request) {
	public := p.key.PublicKey
	writeJSON(w, http.StatusOK, map[string]any{"keys": []any{map[string]any{
		"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "sandbox",
		"n": base64.RawURLEncoding.EncodeToString(public.N.Bytes()),
		"e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(public.E)).Bytes()),
	}}})
}

// refuseRequest says what is wrong with a request to log in, "" for nothing. A
// wrong client or address back is told here, never sent there.
func refuseRequest(q url.Values) string {
	redirect, err := url.Parse(q.Get("redirect_uri"))
	switch {
	case q.Get("client_id") != ProviderClient:
		return "unknown client_id: it has to be " + ProviderClient
	case err != nil || redirect.Path != "/auth/oidc/callback" || redirect.RawQuery != "" || redirect.User != nil:
		return "redirect_uri has to be https://YOUR-ADDRESS/auth/oidc/callback"
	case q.Get("response_type") != "code" || !slices.Contains(strings.Fields(q.Get("scope")), "openid"):
		return "response_type has to be code and scope has to contain openid"
	case q.Get("code_challenge_method") != "S256" || len(q.Get("code_challenge")) != 43:
		return "code_challenge with method S256 is required"
	case q.Get("state") == "" || q.Get("nonce") == "":
		return "state and nonce are required"
	}
	return ""
}

func (p *Provider) choose(w http.ResponseWriter, r *http.Request) {
	if wrong := refuseRequest(r.URL.Query()); wrong != "" {
		http.Error(w, wrong, http.StatusBadRequest)
		return
	}
	// Without form-action: browsers would apply it to the way back to the client, too.
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = templates.ExecuteTemplate(w, "provider.html", map[string]any{ // a browser that left cannot be told so
		"Page": page{Language: languageOf(r)}, "People": p.People,
		"Action": template.URL(ProviderPath + "/authorize?" + r.URL.Query().Encode()), //nolint:gosec // encoded anew
	})
}

// grant sends the browser back with a code for the chosen person.
func (p *Provider) grant(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if wrong := refuseRequest(q); wrong != "" {
		http.Error(w, wrong, http.StatusBadRequest)
		return
	}
	back := url.Values{"state": {q.Get("state")}, "iss": {p.issuer(r)}}
	if r.FormValue("refuse") != "" {
		back.Set("error", "access_denied")
	} else {
		code := rand.Text()
		p.mu.Lock()
		p.codes[code] = grant{
			person: p.chosen(r), redirect: q.Get("redirect_uri"), nonce: q.Get("nonce"), challenge: q.Get("code_challenge"),
			expires: p.Now().Add(codeLife),
		}
		p.mu.Unlock()
		back.Set("code", code)
	}
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+back.Encode(), http.StatusSeeOther)
}

// chosen is one of the people, or whoever the form describes.
func (p *Provider) chosen(r *http.Request) Person {
	for _, known := range p.People {
		if known.Subject == r.FormValue("subject") {
			return known
		}
	}
	email := strings.TrimSpace(r.FormValue("email"))
	return Person{
		Subject: "typed:" + strings.ToLower(email), Name: r.FormValue("name"), Email: email, Verified: r.FormValue("verified") != "",
		Groups: strings.FieldsFunc(r.FormValue("groups"), func(c rune) bool { return c == ',' || c == '，' || c == ' ' }),
	}
}

// redeem gives an ID token for a code, once, to the client that proves itself.
func (p *Provider) redeem(w http.ResponseWriter, r *http.Request) {
	id, secret, basic := r.BasicAuth()
	if basic {
		id, _ = url.QueryUnescape(id)
		secret, _ = url.QueryUnescape(secret)
	} else {
		id, secret = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	}
	if id != ProviderClient || secret != ProviderSecret {
		writeJSON(w, http.StatusUnauthorized, map[string]any{"error": "invalid_client"})
		return
	}
	code := r.PostFormValue("code")
	p.mu.Lock()
	g, ok := p.codes[code]
	delete(p.codes, code)
	p.mu.Unlock()
	proof := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if !ok || r.PostFormValue("grant_type") != "authorization_code" || r.PostFormValue("redirect_uri") != g.redirect ||
		base64.RawURLEncoding.EncodeToString(proof[:]) != g.challenge || p.Now().After(g.expires) {
		writeJSON(w, http.StatusBadRequest, map[string]any{"error": "invalid_grant"})
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"access_token": rand.Text(), "token_type": "Bearer", "expires_in": 300, "id_token": p.token(p.issuer(r), g),
	})
}

// token is the ID token of a grant.
func (p *Provider) token(issuer string, g grant) string {
	now := p.Now()
	t := &ForgedToken{
		Header: map[string]any{"alg": "RS256", "typ": "JWT", "kid": "sandbox"},
		Claims: map[string]any{
			"iss": issuer, "aud": ProviderClient, "sub": g.person.Subject, "nonce": g.nonce, "name": g.person.Name,
			"email": g.person.Email, "email_verified": g.person.Verified, "groups": g.person.Groups,
			"iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(),
		},
	}
	if p.Tamper != nil {
		p.Tamper(t)
	}
	text := segment(t.Header) + "." + segment(t.Claims)
	if t.Unsigned {
		return text + "."
	}
	key := p.key
	if t.Key != nil {
		key = t.Key
	}
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		panic(err) // a key of 2048 bits signs every digest
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(signature)
}

func segment(part map[string]any) string {
	raw, err := json.Marshal(part)
	if err != nil {
		panic(err) // texts, numbers and lists of them
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}
