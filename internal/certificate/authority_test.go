package certificate_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"clew.dev/clew/internal/certificate"
)

// acmeServer is as much of RFC 8555 as one order needs. It proves a name by
// TLS-ALPN-01, as a real authority does, at the address of the test's server.
type acmeServer struct {
	*testing.T
	*httptest.Server
	key    *ecdsa.PrivateKey
	root   *x509.Certificate
	target string // where the name leads to

	mu     sync.Mutex
	valid  bool
	chain  []byte
	orders int
}

func newACMEServer(t *testing.T) *acmeServer {
	a := &acmeServer{T: t, key: newKey(t)}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test authority"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, &a.key.PublicKey, a.key)
	if err == nil {
		a.root, err = x509.ParseCertificate(raw)
	}
	if err != nil {
		t.Fatal(err)
	}
	a.Server = httptest.NewServer(http.HandlerFunc(a.answer))
	t.Cleanup(a.Close)
	return a
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func (a *acmeServer) answer(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	w.Header().Set("Replay-Nonce", rand.Text())
	var jws struct{ Payload string }
	_ = json.NewDecoder(r.Body).Decode(&jws)
	payload, _ := base64.RawURLEncoding.DecodeString(jws.Payload)
	say := func(status int, body any) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(body)
	}
	state := "pending"
	if a.valid {
		state = "valid"
	}
	challenge := map[string]any{"type": "tls-alpn-01", "url": a.URL + "/challenge", "token": "token", "status": state}
	order := map[string]any{"status": "ready", "identifiers": []any{map[string]string{"type": "dns", "value": "crm.example.com"}},
		"authorizations": []string{a.URL + "/authz"}, "finalize": a.URL + "/finalize"}
	switch r.URL.Path {
	case "/directory":
		say(200, map[string]any{"newNonce": a.URL + "/nonce", "newAccount": a.URL + "/account", "newOrder": a.URL + "/order"})
	case "/nonce":
	case "/account":
		w.Header().Set("Location", a.URL+"/account/1")
		say(201, map[string]any{"status": "valid"})
	case "/order", "/order/1":
		if r.URL.Path == "/order" {
			a.orders++
		}
		w.Header().Set("Location", a.URL+"/order/1")
		if !a.valid {
			order["status"] = "pending"
		}
		if a.chain != nil {
			order["status"], order["certificate"] = "valid", a.URL+"/certificate"
		}
		say(201-min(len(r.URL.Path)-6, 1), order)
	case "/authz":
		say(200, map[string]any{"status": state, "identifier": map[string]string{"type": "dns", "value": "crm.example.com"}, "challenges": []any{challenge}})
	case "/challenge":
		a.valid = a.proved()
		say(200, challenge)
	case "/finalize":
		a.issue(payload)
		w.Header().Set("Location", a.URL+"/order/1")
		order["status"], order["certificate"] = "valid", a.URL+"/certificate"
		say(200, order)
	case "/certificate":
		w.Header().Set("Content-Type", "application/pem-certificate-chain")
		_, _ = w.Write(a.chain)
	default:
		say(404, nil)
	}
}

// proved looks for the challenge's certificate where the name leads to.
func (a *acmeServer) proved() bool {
	conn, err := tls.Dial("tcp", a.target, &tls.Config{ServerName: "crm.example.com", NextProtos: []string{"acme-tls/1"}, InsecureSkipVerify: true})
	if err != nil {
		a.Errorf("the challenge: %v", err)
		return false
	}
	defer conn.Close()
	for _, extension := range conn.ConnectionState().PeerCertificates[0].Extensions {
		if extension.Id.String() == "1.3.6.1.5.5.7.1.31" {
			return true
		}
	}
	return false
}

func (a *acmeServer) issue(payload []byte) {
	var body struct{ CSR string }
	_ = json.Unmarshal(payload, &body)
	raw, _ := base64.RawURLEncoding.DecodeString(body.CSR)
	request, err := x509.ParseCertificateRequest(raw)
	if err != nil {
		a.Errorf("request: %v", err)
		return
	}
	leaf := a.sign(request.PublicKey, request.DNSNames, 90*24*time.Hour)
	a.chain = append(pemOf("CERTIFICATE", leaf), pemOf("CERTIFICATE", a.root.Raw)...)
}

func (a *acmeServer) sign(key crypto.PublicKey, names []string, age time.Duration) []byte {
	template := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), DNSNames: names, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(age)}
	raw, err := x509.CreateCertificate(rand.Reader, template, a.root, key, a.key)
	if err != nil {
		a.Error(err)
	}
	return raw
}

func pemOf(kind string, raw []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: raw})
}

// site serves with a TLS configuration and gives its address.
func site(t *testing.T, config *tls.Config) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{TLSConfig: config, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Proto) })}
	go func() { _ = server.ServeTLS(listener, "", "") }()
	t.Cleanup(func() { _ = server.Close() })
	return listener.Addr().String()
}

// visit asks for the page under a name and gives the protocol and the certificate's end.
func visit(t *testing.T, address, name string, roots *x509.CertPool) (string, time.Time, error) {
	t.Helper()
	client := &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{
		ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{ServerName: name, RootCAs: roots}, DisableKeepAlives: true,
	}}
	answer, err := client.Get("https://" + address + "/")
	if err != nil {
		return "", time.Time{}, err
	}
	defer answer.Body.Close()
	return answer.Proto, answer.TLS.PeerCertificates[0].NotAfter, nil
}

func TestAnAuthorityIsAskedOnceAndItsCertificateKept(t *testing.T) {
	authority := newACMEServer(t)
	data := t.TempDir()
	o := certificate.AuthorityOptions{Domains: []string{"crm.example.com"}, Directory: authority.URL + "/directory", Data: data}
	a := certificate.NewAuthority(o)
	if !a.End("crm.example.com").IsZero() {
		t.Error("a certificate before any was asked for")
	}
	address := site(t, a.Config())
	authority.target = address
	roots := x509.NewCertPool()
	roots.AddCert(authority.root)
	protocol, end, err := visit(t, address, "crm.example.com", roots)
	if err != nil || protocol != "HTTP/2.0" {
		t.Fatalf("%s %v", protocol, err)
	}
	if !a.End("crm.example.com").Equal(end) {
		t.Errorf("ends %v, told %v", end, a.End("crm.example.com"))
	}
	if _, _, err := visit(t, address, "other.example.com", roots); err == nil {
		t.Error("a certificate for a name that is not ours")
	}
	again := site(t, certificate.NewAuthority(o).Config()) // after a restart
	if _, _, err := visit(t, again, "crm.example.com", roots); err != nil || authority.orders != 1 {
		t.Errorf("after a restart: %d orders, %v", authority.orders, err)
	}
}

func TestRedirectLeadsToHTTPS(t *testing.T) {
	for _, test := range []struct{ host, port, path, want string }{
		{"crm.example.com", "443", "/leads?x=1", "https://crm.example.com/leads?x=1"},
		{"crm.example.com:80", "8443", "/", "https://crm.example.com:8443/"},
		{"[::1]:80", "443", "/", "https://[::1]/"},
	} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", test.path, nil)
		r.Host = test.host
		certificate.Redirect(test.port).ServeHTTP(w, r)
		if w.Code != 301 || w.Header().Get("Location") != test.want {
			t.Errorf("%d %s, want %s", w.Code, w.Header().Get("Location"), test.want)
		}
	}
	w := httptest.NewRecorder()
	certificate.Redirect("443").ServeHTTP(w, httptest.NewRequest("POST", "/in/douyin", strings.NewReader("{}")))
	if w.Code != 400 {
		t.Errorf("POST: %d", w.Code)
	}
}
