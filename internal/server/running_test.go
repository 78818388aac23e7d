package server_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/server"
)

// buffer may be written by many and read when it is quiet.
type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// running is the whole program in this process, until the test ends.
func running(t *testing.T, o server.Options) (client *http.Client, out *buffer) {
	t.Helper()
	out = &buffer{}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	o.Template, o.Version, o.AdminEmail, o.AdminPassword, o.AdminName = "crm", "test", "admin@example.com", password, "Admin"
	go func() { ended <- server.Run(ctx, o, out) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	client = &http.Client{
		Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: true},
	}
	scheme := "http"
	if o.TLS.Cert != "" {
		scheme = "https"
	}
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if answer, err := client.Get(scheme + "://" + o.Listen + "/readyz"); err == nil {
			_ = answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return client, out
			}
		}
	}
	t.Fatalf("not ready: %s", out)
	return nil, nil
}

func get(t *testing.T, client *http.Client, address string, header ...string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	answer, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(body)
}

func TestMetricsAreForOperatorsAlone(t *testing.T) {
	place, listen, admin := clewtest.Embedded(t), freeAddress(t), freeAddress(t)
	client, _ := running(t, server.Options{Data: place.Dir, Listen: listen, AdminListen: admin})
	get(t, client, "http://"+listen+"/api/v1/session")
	if answer, text := get(t, client, "http://"+admin+"/metrics"); answer.StatusCode != 200 ||
		!strings.Contains(text, `clew_http_request_seconds_count{method="GET",route="/api/v1/session",status=`) ||
		!strings.Contains(text, "clew_up 1") || !strings.Contains(text, "clew_commit_units_count") {
		t.Errorf("%d %s", answer.StatusCode, text)
	}
	if answer, _ := get(t, client, "http://"+admin+"/debug/pprof/"); answer.StatusCode != 200 {
		t.Errorf("pprof: %d", answer.StatusCode)
	}
	for _, path := range []string{"/metrics", "/debug/pprof/"} {
		if _, text := get(t, client, "http://"+listen+path); strings.Contains(text, "clew_up") || strings.Contains(text, "goroutine") {
			t.Errorf("%s is shown to everybody", path)
		}
	}
}

func TestRequestsHaveIDs(t *testing.T) {
	place, listen := clewtest.Embedded(t), freeAddress(t)
	client, _ := running(t, server.Options{Data: place.Dir, Listen: listen})
	id := func(given string) string {
		answer, _ := get(t, client, "http://"+listen+"/healthz", "X-Request-Id", given)
		return answer.Header.Get("X-Request-Id")
	}
	if got := id("trace-4711.a_B"); got != "trace-4711.a_B" {
		t.Errorf("a sane id became %q", got)
	}
	for _, bad := range []string{"", "a b", "<script>", strings.Repeat("x", 65), "数"} {
		if got := id(bad); got == bad || len(got) < 16 {
			t.Errorf("%q became %q", bad, got)
		}
	}
}

// TestNoSecretIsLogged plants secrets in every place where one comes in and
// looks for them in the whole log.
func TestNoSecretIsLogged(t *testing.T) {
	log := &buffer{}
	place := clewtest.Embedded(t)
	c := &company{T: t, ids: map[string]string{}, options: server.Options{
		Data: place.Dir, Listen: "127.0.0.1:0", Template: "crm", Version: "test", AdminName: "Admin", AdminEmail: "admin@example.com",
		AdminPassword: "canary-password-1", Log: slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}}
	c.begin()
	defer c.end()
	c.people()
	admin := c.with("admin")
	c.send("POST", "/api/v1/session", map[string]any{"email": "admin@example.com", "password": "canary-password-1"}, nil).want(t, "log in", 200)
	c.send("POST", "/api/v1/session", map[string]any{"email": "admin@example.com", "password": "canary-wrong"}, nil).want(t, "log in wrongly", 401)
	admin("PUT", "/api/v1/channels/douyin/secret", map[string]any{"secret": "canary-channel-secret"}, nil).want(t, "secret", 204)
	c.send("POST", "/in/website-api", map[string]any{"phone": "13700009999"}, map[string]string{"Authorization": "Bearer canary-bearer"})
	c.send("GET", "/api/v1/records/lead?filter=canary-query", nil, map[string]string{"Authorization": "Bearer canary-token", "Cookie": "clew=canary-cookie"})
	admin("GET", "/api/v1/records/lead?filter=phone%3D%22canary-phone%22", nil, nil)
	admin("POST", leads, map[string]any{"company": "canary-company", "phone": "bad"}, nil)
	token := admin("POST", "/api/v1/tokens", map[string]any{"name": "x"}, nil).json(t)["token"]
	text := log.String()
	if !strings.Contains(text, `"msg":"request"`) || !strings.Contains(text, `"route":"/api/v1/records/{object}"`) {
		t.Fatalf("requests are not logged: %.500s", text)
	}
	for _, planted := range []string{"canary", "correct-horse", token.(string), websiteToken} {
		if at := strings.Index(text, planted); at >= 0 {
			t.Errorf("%q is in the log: …%s…", planted, text[max(0, at-200):at+50])
		}
	}
}

// selfSigned writes a certificate for the local address.
func selfSigned(t *testing.T) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(72 * time.Hour)}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	rawKey, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for name, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: raw}, key: {Type: "PRIVATE KEY", Bytes: rawKey}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

func TestTheSiteIsServedByHTTPS(t *testing.T) {
	place, listen, plain := clewtest.Embedded(t), freeAddress(t), freeAddress(t)
	cert, key := selfSigned(t)
	client, out := running(t, server.Options{Data: place.Dir, Listen: listen, TLS: server.TLSOptions{Cert: cert, Key: key, RedirectListen: plain}})
	answer, _ := get(t, client, "https://"+listen+"/healthz")
	if answer.Proto != "HTTP/2.0" || !strings.HasPrefix(answer.Header.Get("Strict-Transport-Security"), "max-age=") {
		t.Errorf("%s %v", answer.Proto, answer.Header)
	}
	moved, _ := get(t, client, "http://"+plain+"/leads?x=1")
	if want := "https://" + listen + "/leads?x=1"; moved.StatusCode != 301 || moved.Header.Get("Location") != want {
		t.Errorf("plain http: %d %s, want %s", moved.StatusCode, moved.Header.Get("Location"), want)
	}
	if !strings.Contains(out.String(), "https://"+listen) {
		t.Errorf("said: %s", out)
	}
	body := strings.NewReader(`{"email":"admin@example.com","password":"` + password + `"}`)
	logged, err := client.Post("https://"+listen+"/api/v1/session", "application/json", body)
	if err != nil {
		t.Fatal(err)
	}
	_ = logged.Body.Close()
	if cookie := logged.Header.Get("Set-Cookie"); !strings.HasPrefix(cookie, "__Host-clew=") || !strings.Contains(cookie, "Secure") {
		t.Errorf("cookie: %s", cookie)
	}
}

// TestWhatTheWebServerNotesIsALogLineToo: a visitor who does not trust the
// certificate is noted in the form of all other lines, for whoever reads them by program.
func TestWhatTheWebServerNotesIsALogLineToo(t *testing.T) {
	log, listen := &buffer{}, freeAddress(t)
	cert, key := selfSigned(t)
	running(t, server.Options{Data: clewtest.Embedded(t).Dir, Listen: listen, TLS: server.TLSOptions{Cert: cert, Key: key}, Log: slog.New(slog.NewJSONHandler(log, nil))})
	if _, err := tls.Dial("tcp", listen, &tls.Config{ServerName: "localhost"}); err == nil {
		t.Fatal("a certificate that nobody vouches for was trusted")
	}
	for deadline := time.Now().Add(time.Minute); !strings.Contains(log.String(), "TLS handshake error"); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the refusal is not in the log: %s", log)
		}
	}
	for line := range strings.Lines(log.String()) {
		if !json.Valid([]byte(line)) {
			t.Errorf("no line of JSON: %s", line)
		}
	}
}

func TestHalfACertificateIsRefused(t *testing.T) {
	cert, _ := selfSigned(t)
	for _, o := range []server.TLSOptions{{Cert: cert}, {Cert: cert, Key: cert, Domains: []string{"crm.example.com"}}, {Cert: cert, Key: cert}} {
		app, err := server.Open(t.Context(), server.Options{Data: clewtest.Embedded(t).Dir, TLS: o})
		if err == nil {
			_ = app.Close(t.Context())
			t.Errorf("%+v was taken", o)
		}
	}
}
