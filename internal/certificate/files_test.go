package certificate_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/x509"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/certificate"
	"clew.dev/clew/internal/clewtest"
)

// pair writes a certificate and its key, both with a time of their own.
func pair(t *testing.T, dir string, a *acmeServer, key *ecdsa.PrivateKey, age time.Duration, stamp time.Time) (cert, private string) {
	t.Helper()
	raw, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	cert, private = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for name, text := range map[string][]byte{cert: pemOf("CERTIFICATE", a.sign(&key.PublicKey, []string{"crm.example.com"}, age)), private: pemOf("EC PRIVATE KEY", raw)} {
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(name, stamp, stamp); err != nil {
			t.Fatal(err)
		}
	}
	return cert, private
}

func TestReplacedFilesAreTakenUpWithoutARestart(t *testing.T) {
	authority, dir := newACMEServer(t), t.TempDir()
	roots := x509.NewCertPool()
	roots.AddCert(authority.root)
	clock := clewtest.NewClock(time.Now())
	cert, key := pair(t, dir, authority, newKey(t), time.Hour, time.Unix(1000, 0))
	var log bytes.Buffer
	files, err := certificate.NewFiles(cert, key, clock.Now, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	address := site(t, files.Config())
	ends := func() time.Time {
		t.Helper()
		clock.Advance(2 * time.Second)
		protocol, end, err := visit(t, address, "crm.example.com", roots)
		if err != nil || protocol != "HTTP/2.0" {
			t.Fatalf("%s %v", protocol, err)
		}
		return end
	}
	first := ends()
	pair(t, dir, authority, newKey(t), 48*time.Hour, time.Unix(2000, 0))
	second := ends()
	if !second.After(first) || !files.End().Equal(second) {
		t.Errorf("first %v, then %v, told %v", first, second, files.End())
	}
	if err := os.WriteFile(cert, []byte("half a file"), 0o600); err != nil {
		t.Fatal(err)
	}
	if third := ends(); !third.Equal(second) {
		t.Errorf("with a broken file: %v", third)
	}
	ends()
	if n := strings.Count(log.String(), "cannot be renewed"); n != 1 {
		t.Errorf("the log tells it %d times: %s", n, &log)
	}
}

func TestWrongFilesAreRefusedAtTheStart(t *testing.T) {
	authority, dir := newACMEServer(t), t.TempDir()
	cert, _ := pair(t, dir, authority, newKey(t), time.Hour, time.Unix(1000, 0))
	other := filepath.Join(dir, "other")
	if err := os.Mkdir(other, 0o700); err != nil {
		t.Fatal(err)
	}
	_, key := pair(t, other, authority, newKey(t), time.Hour, time.Unix(1000, 0))
	for _, files := range [][2]string{{cert, key}, {cert, filepath.Join(dir, "absent")}} {
		if _, err := certificate.NewFiles(files[0], files[1], time.Now, slog.New(slog.DiscardHandler)); err == nil {
			t.Errorf("%v were taken", files)
		}
	}
}
