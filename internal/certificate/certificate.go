// Package certificate is where the server's TLS certificates come from: two
// files that may be replaced at any time, or an ACME authority that is asked by
// itself. Either way no restart is needed.
package certificate

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// lookEvery is how often, at most, the files are looked at.
const lookEvery = time.Second

// Files serves a certificate from two PEM files and takes up new ones when they change.
type Files struct {
	cert, key string
	now       func() time.Time
	log       *slog.Logger

	mu      sync.Mutex
	held    *tls.Certificate
	stamps  [2]time.Time
	looked  time.Time
	problem string
}

// NewFiles reads the files, which must be right at the start.
func NewFiles(cert, key string, now func() time.Time, log *slog.Logger) (*Files, error) {
	f := &Files{cert: cert, key: key, now: now, log: log}
	stamps, err := f.stampsOf()
	if err != nil {
		return nil, err
	}
	return f, f.load(stamps)
}

func (f *Files) stampsOf() (stamps [2]time.Time, err error) {
	for i, name := range []string{f.cert, f.key} {
		info, err := os.Stat(name)
		if err != nil {
			return stamps, err
		}
		stamps[i] = info.ModTime()
	}
	return stamps, nil
}

func (f *Files) load(stamps [2]time.Time) error {
	pair, err := tls.LoadX509KeyPair(f.cert, f.key)
	if err != nil {
		return fmt.Errorf("certificate %s: %w", f.cert, err)
	}
	if pair.Leaf == nil {
		if pair.Leaf, err = x509.ParseCertificate(pair.Certificate[0]); err != nil {
			return fmt.Errorf("certificate %s: %w", f.cert, err)
		}
	}
	f.held, f.stamps = &pair, stamps
	return nil
}

// GetCertificate is for tls.Config. While new files do not fit together, as in
// the moment between replacing the one and the other, the old pair goes on.
func (f *Files) GetCertificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := f.now(); now.Sub(f.looked) >= lookEvery {
		f.looked = now
		f.refresh()
	}
	return f.held, nil
}

func (f *Files) refresh() {
	stamps, err := f.stampsOf()
	if err == nil && stamps != f.stamps {
		if err = f.load(stamps); err == nil {
			f.log.Info("new certificate", "until", f.held.Leaf.NotAfter)
		}
	}
	problem := ""
	if err != nil {
		problem = err.Error()
	}
	if problem != "" && problem != f.problem {
		f.log.Error("the certificate cannot be renewed; the old one goes on", "error", err)
	}
	f.problem = problem
}

// Config is the TLS configuration of a server with these files.
func (f *Files) Config() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: f.GetCertificate}
}

// End is until when the served certificate holds.
func (f *Files) End() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.held.Leaf.NotAfter
}
