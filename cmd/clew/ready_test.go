package main

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A health check follows the settings by which the server was started.
func TestReadyAsksTheServerOfTheseSettings(t *testing.T) {
	status := http.StatusOK
	answer := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/readyz" {
			t.Errorf("asked for %s", r.URL.Path)
		}
		w.WriteHeader(status)
	})
	plain, secure := httptest.NewServer(answer), httptest.NewTLSServer(answer)
	t.Cleanup(plain.Close)
	t.Cleanup(secure.Close)
	port := func(s *httptest.Server) string {
		_, port, err := net.SplitHostPort(s.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		return port
	}
	for _, c := range []struct {
		name string
		args []string
		code int
	}{
		{"on all addresses", []string{"--listen", ":" + port(plain)}, 0},
		{"on all of both kinds", []string{"--listen", "[::]:" + port(plain)}, 0},
		{"on one", []string{"--listen", "127.0.0.1:" + port(plain)}, 0},
		{"with a certificate", []string{"--listen", ":" + port(secure), "--tls-cert", "/etc/clew.pem"}, 0},
		{"with an authority", []string{"--listen", ":" + port(secure), "--acme-domain", "crm.example.com"}, 0},
		{"the site's address alone", []string{plain.URL}, 0},
		{"the site's address with its slash", []string{plain.URL + "/"}, 0},
		{"no address", []string{"http://[::1"}, 1},
		{"an address goes first", []string{"--listen", ":1", plain.URL + "/readyz"}, 0},
		{"a certificate that is not the machine's", []string{secure.URL + "/readyz"}, 1},
		{"plain where the server is secure", []string{"--listen", ":" + port(secure)}, 1},
		{"no port", []string{"--listen", "127.0.0.1"}, 1},
	} {
		if got := clew(t, "en_US.UTF-8", append([]string{"ready"}, c.args...)...); got.code != c.code {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
	status = http.StatusServiceUnavailable
	if got := clew(t, "en_US.UTF-8", "ready", "--listen", ":"+port(plain)); got.code != 1 || !strings.Contains(got.complaint, "503") {
		t.Errorf("not ready: %+v", got)
	}
}
