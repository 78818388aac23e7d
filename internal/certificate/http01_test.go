package certificate_test

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/certificate"
)

const ourName = "crm.example.com"

// door is a server as the program runs one: plain http with the challenges and
// the way to https, and https itself.
type door struct {
	*certificate.Authority
	plain  string // http://…
	secure string // host:port
	roots  *x509.CertPool
}

// opened starts a server of that data directory; the authority looks for proofs at it.
func opened(t *testing.T, s *strict, data string) *door {
	t.Helper()
	a := certificate.NewAuthority(certificate.AuthorityOptions{Domains: []string{ourName, "www.example.com"}, Email: "it@example.com", Directory: s.URL + "/directory", Data: data})
	d := &door{Authority: a, roots: x509.NewCertPool()}
	d.roots.AddCert(s.root)
	plain := httptest.NewServer(a.Challenges(certificate.Redirect("443")))
	t.Cleanup(plain.Close)
	d.plain = plain.URL
	s.set(func() { s.target = plain.URL })
	config := a.Config()
	config.NextProtos = []string{"h2", "http/1.1"} // without the TLS challenge: what is proved here is proved by HTTP
	d.secure = site(t, config)
	return d
}

func (d *door) visit(t *testing.T, name string) (time.Time, error) {
	t.Helper()
	_, end, err := visit(t, d.secure, name, d.roots)
	return end, err
}

// until waits for something that another goroutine does.
func until(t *testing.T, what string, reached func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !reached(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

func TestANameIsProvedByHTTP(t *testing.T) {
	s, data := newStrict(t), t.TempDir()
	s.set(func() { s.spoil = 2 }) // a client has to take a fresh nonce and go on
	d := opened(t, s, data)
	end, err := d.visit(t, ourName)
	if err != nil {
		t.Fatal(err)
	}
	if left := time.Until(end); left < 89*24*time.Hour || !d.End(ourName).Equal(end) {
		t.Errorf("holds for %s, told until %v", left, d.End(ourName))
	}
	orders, proofs := s.count()
	if orders != 1 || strings.Join(proofs, " ") != "proved" || len(s.refused) != 0 {
		t.Errorf("%d orders, proofs %v, refused %v", orders, proofs, s.refused)
	}
	if len(s.accounts) != 1 || s.accounts[0]["contact"].([]any)[0] != "mailto:it@example.com" {
		t.Errorf("accounts %v", s.accounts)
	}
	for range 3 { // and nobody is asked again
		if again, err := d.visit(t, ourName); err != nil || !again.Equal(end) {
			t.Errorf("%v %v", again, err)
		}
	}
	if orders, _ := s.count(); orders != 1 {
		t.Errorf("%d orders after more visits", orders)
	}
}

// TestEachNameHasItsOwnCertificate, and a name that is not ours has none, however
// a stranger calls: nobody orders for names that he makes up.
func TestEachNameHasItsOwnCertificate(t *testing.T) {
	s := newStrict(t)
	d := opened(t, s, t.TempDir())
	for _, name := range []string{ourName, "www.example.com"} {
		if _, err := d.visit(t, name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"evil.example", "x.crm.example.com", "example.com", "crm.example.com.evil.example", "127.0.0.1", "xn--crm-example.com", "*.example.com", "..", "a/b"} {
		if _, err := d.visit(t, name); err == nil {
			t.Errorf("%s has a certificate", name)
		}
	}
	conn, err := tls.Dial("tcp", d.secure, &tls.Config{InsecureSkipVerify: true}) //nolint:gosec // a scanner without a name
	if err == nil {
		_ = conn.Close()
		t.Error("a visitor who names nobody gets a certificate")
	}
	if orders, _ := s.count(); orders != 2 {
		t.Errorf("%d orders", orders)
	}
}

// TestACertificateIsRenewedBeforeItEnds: one that ends soon is replaced while it
// goes on being served, without a visit and without a restart.
func TestACertificateIsRenewedBeforeItEnds(t *testing.T) {
	s := newStrict(t)
	s.set(func() { s.from, s.until = 80*24*time.Hour, 10*24*time.Hour }) // the last ten of ninety days
	d := opened(t, s, t.TempDir())
	soon, err := d.visit(t, ourName)
	s.set(func() { s.from, s.until = time.Hour, 90*24*time.Hour })
	if err != nil || time.Until(soon) > 11*24*time.Hour {
		t.Fatalf("%v %v", soon, err)
	}
	until(t, "the renewal", func() bool { return time.Until(d.End(ourName)) > 80*24*time.Hour })
	until(t, "its service", func() bool {
		end, err := d.visit(t, ourName)
		if err != nil {
			t.Fatal(err)
		}
		return end.Equal(d.End(ourName))
	})
	if _, proofs := s.count(); len(proofs) < 2 || len(s.refused) != 0 {
		t.Errorf("proofs %v, refused %v", proofs, s.refused)
	}
	if len(s.accounts) != 1 {
		t.Errorf("%d accounts: the renewal took another", len(s.accounts))
	}
}

// TestARestartKeepsTheCertificate, the account and its key: nothing is asked for
// while the authority is away.
func TestARestartKeepsTheCertificate(t *testing.T) {
	s, data := newStrict(t), t.TempDir()
	first, err := opened(t, s, data).visit(t, ourName)
	if err != nil {
		t.Fatal(err)
	}
	s.set(func() { s.down = true })
	d := opened(t, s, data)
	if !d.End(ourName).Equal(first) {
		t.Errorf("told until %v before any visit", d.End(ourName))
	}
	if end, err := d.visit(t, ourName); err != nil || !end.Equal(first) {
		t.Errorf("%v %v", end, err)
	}
	s.set(func() { s.down = false })
	if _, err := opened(t, s, data).visit(t, "www.example.com"); err != nil {
		t.Errorf("another name by the kept account: %v", err)
	}
	if len(s.keys) != 1 {
		t.Errorf("%d account keys", len(s.keys))
	}
	err = filepath.WalkDir(data, func(path string, entry os.DirEntry, err error) error {
		if err != nil || path == data {
			return err
		}
		info, err := entry.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s can be read by others: %s", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestAKeptFileThatIsBrokenIsReplaced: a crash or a bad copy costs one order, not the site.
func TestAKeptFileThatIsBrokenIsReplaced(t *testing.T) {
	s, data := newStrict(t), t.TempDir()
	if _, err := opened(t, s, data).visit(t, ourName); err != nil {
		t.Fatal(err)
	}
	kept := filepath.Join(data, "certificates", ourName)
	text, err := os.ReadFile(kept)
	if err != nil || !strings.Contains(string(text), "EC PRIVATE KEY") {
		t.Fatalf("kept %q, %v", text, err)
	}
	for what, broken := range map[string][]byte{"cut off": text[:len(text)/2], "empty": nil, "something else": []byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")} {
		if err := os.WriteFile(kept, broken, 0o600); err != nil {
			t.Fatal(err)
		}
		d := opened(t, s, data)
		d.End(ourName) // the health page looks at it first, and must not fail
		if end, err := d.visit(t, ourName); err != nil || time.Until(end) < 80*24*time.Hour {
			t.Errorf("%s: %v %v", what, end, err)
		}
	}
	if orders, _ := s.count(); orders != 4 {
		t.Errorf("%d orders, want one for each broken file", orders)
	}
}

// TestAProofThatFailsIsNotTriedAtEachVisit: the authority would shut us out; the
// page says nothing of why, and the next start tries again.
func TestAProofThatFailsIsNotTriedAtEachVisit(t *testing.T) {
	s, data := newStrict(t), t.TempDir()
	elsewhere := httptest.NewServer(http.NotFoundHandler())
	defer elsewhere.Close()
	d := opened(t, s, data)
	s.set(func() { s.target = elsewhere.URL }) // the name leads to another machine
	for range 4 {
		if _, err := d.visit(t, ourName); err == nil {
			t.Fatal("a certificate without a proof")
		}
	}
	orders, proofs := s.count()
	if len(proofs) != 1 || proofs[0] != "404" || orders > 2 {
		t.Errorf("%d orders, proofs %v", orders, proofs)
	}
	if !d.End(ourName).IsZero() {
		t.Errorf("told until %v", d.End(ourName))
	}
	if _, err := opened(t, s, data).visit(t, ourName); err != nil {
		t.Errorf("after the name was mended and the program started again: %v", err)
	}
}

// TestOnlyItsOwnChallengesAreAnswered on plain http; all else leads to https or
// is refused, and a stranger learns nothing of what is under way.
func TestOnlyItsOwnChallengesAreAnswered(t *testing.T) {
	s, data := newStrict(t), t.TempDir()
	d := opened(t, s, data)
	if _, err := d.visit(t, ourName); err != nil {
		t.Fatal(err)
	}
	ask := func(method, host, path string) (int, string, string) {
		t.Helper()
		request, err := http.NewRequest(method, d.plain+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Host = host
		client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		answer, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = answer.Body.Close() }()
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer.StatusCode, answer.Header.Get("Location"), string(body)
	}
	const challenges = "/.well-known/acme-challenge/"
	used := s.orders[0].token
	for _, c := range []struct {
		method, host, path string
		status             int
		location           string
	}{
		{"GET", ourName, challenges + used, 404, ""}, // proved, and forgotten
		{"GET", ourName, challenges + "made-up", 404, ""},
		{"GET", ourName, challenges, 404, ""},
		{"GET", ourName, challenges + "../../../etc/passwd", 404, ""},
		{"GET", "evil.example", challenges + used, 403, ""},
		{"GET", ourName, "/", 301, "https://crm.example.com/"},
		{"GET", ourName + ":80", "/leads?x=%2F", 301, "https://crm.example.com/leads?x=%2F"},
		{"HEAD", ourName, "/", 301, "https://crm.example.com/"},
		{"POST", ourName, "/in/douyin", 400, ""},
		{"PUT", ourName, "/", 400, ""},
		{"GET", ourName, "/.well-known/acme-challenge", 301, "https://crm.example.com/.well-known/acme-challenge"},
	} {
		status, location, body := ask(c.method, c.host, c.path)
		if status != c.status || location != c.location || strings.Contains(body, thumbprintOf(s)) {
			t.Errorf("%s %s %s: %d %s %q, want %d %s", c.method, c.host, c.path, status, location, body, c.status, c.location)
		}
	}
}

// thumbprintOf is what a proof is made of besides its token.
func thumbprintOf(s *strict) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, key := range s.keys {
		return thumbprint(key)
	}
	return "none"
}
