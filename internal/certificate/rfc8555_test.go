package certificate_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// strict is an authority that keeps to RFC 8555 and proves names by HTTP alone:
// every request is signed by its account's key over a nonce that is good once
// and over the very address; orders go pending, ready, valid; a name is proved by
// asking for the token where it leads to.
type strict struct {
	*httptest.Server
	t      *testing.T
	key    *ecdsa.PrivateKey
	root   *x509.Certificate
	target string // where every name leads to

	mu       sync.Mutex
	from     time.Duration   // before now, of the next certificate
	until    time.Duration   // after now
	spoil    int             // so many nonces are called bad
	down     bool            // everything is answered with 503
	nonces   map[string]bool // given out and not used
	accounts []map[string]any
	keys     map[string]*ecdsa.PublicKey
	proofs   []string // how each attempt to prove a name went
	orders   []*order
	refused  []string // requests that no honest client makes
}

type order struct {
	names         []string
	token, proved string // "pending", "valid", "invalid"
	chain         []byte
}

func newStrict(t *testing.T) *strict {
	t.Helper()
	s := &strict{t: t, key: newKey(t), nonces: map[string]bool{}, keys: map[string]*ecdsa.PublicKey{}, from: time.Hour, until: 90 * 24 * time.Hour}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "strict authority"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: time.Now().Add(-100 * 24 * time.Hour), NotAfter: time.Now().Add(365 * 24 * time.Hour),
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, &s.key.PublicKey, s.key)
	if err == nil {
		s.root, err = x509.ParseCertificate(raw)
	}
	if err != nil {
		t.Fatal(err)
	}
	s.Server = httptest.NewServer(http.HandlerFunc(s.answer))
	t.Cleanup(s.Close)
	return s
}

// set changes what the authority does from now on.
func (s *strict) set(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

func (s *strict) count() (orders int, proofs []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.orders), slices.Clone(s.proofs)
}

func (s *strict) problem(w http.ResponseWriter, status int, kind, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"type": "urn:ietf:params:acme:error:" + kind, "detail": detail})
}

func (s *strict) say(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func (s *strict) answer(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	nonce := rand.Text()
	s.nonces[nonce] = true
	w.Header().Set("Replay-Nonce", nonce)
	if s.down {
		s.problem(w, http.StatusForbidden, "unauthorized", "closed today")
		return
	}
	switch r.Method + " " + r.URL.Path {
	case "GET /directory":
		s.say(w, 200, map[string]any{"newNonce": s.URL + "/nonce", "newAccount": s.URL + "/account", "newOrder": s.URL + "/order",
			"revokeCert": s.URL + "/revoke", "keyChange": s.URL + "/change", "meta": map[string]any{"termsOfService": s.URL + "/terms"}})
		return
	case "HEAD /nonce", "GET /nonce":
		w.WriteHeader(http.StatusOK)
		return
	}
	if s.spoil > 0 && r.Method == "POST" {
		s.spoil--
		s.problem(w, http.StatusBadRequest, "badNonce", "that nonce was not ours")
		return
	}
	payload, signer, fault := s.open(r)
	if fault != "" {
		s.refused = append(s.refused, r.URL.Path+": "+fault)
		s.problem(w, http.StatusBadRequest, "malformed", fault)
		return
	}
	s.serve(w, r, payload, signer)
}

// open checks a request's signature; signer is its account, "" for a new one.
func (s *strict) open(r *http.Request) (payload []byte, signer string, fault string) {
	var jws struct{ Protected, Payload, Signature string }
	raw, _ := io.ReadAll(r.Body)
	if json.Unmarshal(raw, &jws) != nil || r.Header.Get("Content-Type") != "application/jose+json" {
		return nil, "", "no JWS"
	}
	head, _ := base64.RawURLEncoding.DecodeString(jws.Protected)
	payload, err := base64.RawURLEncoding.DecodeString(jws.Payload)
	var protected struct {
		Alg, Nonce, URL, Kid string
		JWK                  map[string]string
	}
	if json.Unmarshal(head, &protected) != nil || err != nil || protected.Alg != "ES256" {
		return nil, "", "no ES256"
	}
	if !s.nonces[protected.Nonce] {
		return nil, "", "a nonce that is not good"
	}
	delete(s.nonces, protected.Nonce)
	if protected.URL != s.URL+r.URL.Path {
		return nil, "", "signed for " + protected.URL
	}
	public := s.keys[protected.Kid]
	if protected.JWK != nil {
		public = publicOf(protected.JWK)
	}
	signature, _ := base64.RawURLEncoding.DecodeString(jws.Signature)
	digest := sha256.Sum256([]byte(jws.Protected + "." + jws.Payload))
	if public == nil || len(signature) != 64 || !ecdsa.Verify(public, digest[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])) {
		return nil, "", "the signature is not good"
	}
	if protected.JWK != nil {
		s.keys[s.URL+"/account/"+thumbprint(public)] = public
		return payload, "", ""
	}
	return payload, protected.Kid, ""
}

func publicOf(jwk map[string]string) *ecdsa.PublicKey {
	x, _ := base64.RawURLEncoding.DecodeString(jwk["x"])
	y, _ := base64.RawURLEncoding.DecodeString(jwk["y"])
	if jwk["kty"] != "EC" || jwk["crv"] != "P-256" {
		return nil
	}
	return &ecdsa.PublicKey{Curve: elliptic.P256(), X: new(big.Int).SetBytes(x), Y: new(big.Int).SetBytes(y)}
}

// thumbprint is RFC 7638's: the digest of the key's members in their order.
func thumbprint(key *ecdsa.PublicKey) string {
	x, y := key.X.FillBytes(make([]byte, 32)), key.Y.FillBytes(make([]byte, 32))
	sum := sha256.Sum256(fmt.Appendf(nil, `{"crv":"P-256","kty":"EC","x":"%s","y":"%s"}`,
		base64.RawURLEncoding.EncodeToString(x), base64.RawURLEncoding.EncodeToString(y)))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func (s *strict) serve(w http.ResponseWriter, r *http.Request, payload []byte, signer string) {
	what, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if what == "account" && rest == "" {
		s.account(w, payload)
		return
	}
	if what == "order" && rest == "" {
		s.order(w, payload)
		return
	}
	var n int
	if _, err := fmt.Sscan(rest, &n); err != nil || n >= len(s.orders) || signer == "" {
		s.problem(w, http.StatusNotFound, "malformed", "no such thing")
		return
	}
	o := s.orders[n]
	switch what {
	case "order":
		s.say(w, 200, s.orderBody(n))
	case "authz":
		if bytes.Contains(payload, []byte(`"deactivated"`)) && o.proved == "pending" {
			o.proved = "deactivated"
		}
		s.say(w, 200, map[string]any{"status": o.proved, "identifier": map[string]string{"type": "dns", "value": o.names[0]}, "challenges": []any{s.challengeBody(n)}})
	case "challenge":
		s.prove(o, thumbprint(s.keys[signer]))
		s.say(w, 200, s.challengeBody(n))
	case "finalize":
		s.finalize(w, n, payload)
	case "certificate":
		w.Header().Set("Content-Type", "application/pem-certificate-chain")
		_, _ = w.Write(o.chain)
	}
}

func (s *strict) account(w http.ResponseWriter, payload []byte) {
	var body map[string]any
	_ = json.Unmarshal(payload, &body)
	for address := range s.keys {
		w.Header().Set("Location", address)
	}
	if body["onlyReturnExisting"] != true {
		if body["termsOfServiceAgreed"] != true {
			s.problem(w, http.StatusForbidden, "userActionRequired", "agree to the terms first")
			return
		}
		s.accounts = append(s.accounts, body)
	}
	s.say(w, 201, map[string]any{"status": "valid", "contact": body["contact"]})
}

func (s *strict) order(w http.ResponseWriter, payload []byte) {
	var body struct {
		Identifiers []struct{ Type, Value string }
	}
	_ = json.Unmarshal(payload, &body)
	o := &order{token: rand.Text(), proved: "pending"}
	for _, one := range body.Identifiers {
		o.names = append(o.names, one.Value)
	}
	s.orders = append(s.orders, o)
	w.Header().Set("Location", fmt.Sprintf("%s/order/%d", s.URL, len(s.orders)-1))
	s.say(w, 201, s.orderBody(len(s.orders)-1))
}

func (s *strict) orderBody(n int) map[string]any {
	o := s.orders[n]
	status := map[string]string{"pending": "pending", "valid": "ready"}[o.proved]
	if status == "" {
		status = "invalid"
	}
	body := map[string]any{"identifiers": []any{map[string]string{"type": "dns", "value": o.names[0]}},
		"authorizations": []string{fmt.Sprintf("%s/authz/%d", s.URL, n)}, "finalize": fmt.Sprintf("%s/finalize/%d", s.URL, n)}
	if o.chain != nil {
		status, body["certificate"] = "valid", fmt.Sprintf("%s/certificate/%d", s.URL, n)
	}
	body["status"] = status
	return body
}

func (s *strict) challengeBody(n int) map[string]any {
	status := s.orders[n].proved
	if status == "deactivated" {
		status = "invalid"
	}
	return map[string]any{"type": "http-01", "url": fmt.Sprintf("%s/challenge/%d", s.URL, n), "token": s.orders[n].token, "status": status}
}

// prove asks where the name leads to, on plain http, as RFC 8555 8.3 says:
// redirects are followed only in its own name, and the answer is the token and
// the account's thumbprint.
func (s *strict) prove(o *order, thumb string) {
	request, err := http.NewRequest("GET", s.target+"/.well-known/acme-challenge/"+o.token, nil)
	if err != nil {
		s.t.Error(err)
		return
	}
	request.Host = o.names[0]
	client := &http.Client{Timeout: 5 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	o.proved = "invalid"
	answer, err := client.Do(request)
	if err != nil {
		s.proofs = append(s.proofs, "nobody there")
		return
	}
	defer func() { _ = answer.Body.Close() }()
	body, _ := io.ReadAll(answer.Body)
	if answer.StatusCode != 200 || strings.TrimSpace(string(body)) != o.token+"."+thumb {
		s.proofs = append(s.proofs, fmt.Sprintf("%d", answer.StatusCode))
		return
	}
	o.proved = "valid"
	s.proofs = append(s.proofs, "proved")
}

func (s *strict) finalize(w http.ResponseWriter, n int, payload []byte) {
	o := s.orders[n]
	var body struct{ CSR string }
	_ = json.Unmarshal(payload, &body)
	raw, _ := base64.RawURLEncoding.DecodeString(body.CSR)
	request, err := x509.ParseCertificateRequest(raw)
	if err != nil || request.CheckSignature() != nil || !slices.Equal(request.DNSNames, o.names) || o.proved != "valid" {
		s.refused = append(s.refused, fmt.Sprintf("a request for %v under an order of %v that is %s", request.DNSNames, o.names, o.proved))
		s.problem(w, http.StatusForbidden, "badCSR", "not for these names")
		return
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), DNSNames: o.names, NotBefore: time.Now().Add(-s.from), NotAfter: time.Now().Add(s.until)}
	leaf, err := x509.CreateCertificate(rand.Reader, template, s.root, request.PublicKey, s.key)
	if err != nil {
		s.t.Error(err)
	}
	o.chain = append(pemOf("CERTIFICATE", leaf), pemOf("CERTIFICATE", s.root.Raw)...)
	w.Header().Set("Location", fmt.Sprintf("%s/order/%d", s.URL, n))
	s.say(w, 200, s.orderBody(n))
}
