package sqldb

import (
	"context"
	"errors"
	"strings"
	"testing"
)

// TestAnAddressWithAnUnescapedPasswordNamesTheFix: no host is looked up that is
// half a password, and nothing of the password is said.
func TestAnAddressWithAnUnescapedPasswordNamesTheFix(t *testing.T) {
	for _, one := range []struct {
		address string
		host    string // "" where it is refused
	}{
		{"postgres://u:se@cret@db.example/clew", ""},
		{"postgres://u:se@cret@db.example", ""},
		{"postgresql://u:s@e@cret@db.example:5433/clew?sslmode=disable", ""},
		{"postgres://me@firm.example:cret@db.example/clew", ""},
		{"postgres://u:12/cret@db.example/clew", ""},
		{"postgres://u:se/cret@db.example/clew", ""},
		{"postgres://u:se%cret@db.example/clew", ""},
		{"postgres://u:se cret@db.example/clew", ""},
		{"postgres://u:se%40cret@db.example/clew", "db.example"},
		{"postgres://u:se%2Fcret@db.example:5433/clew", "db.example"},
		{"postgres://u:p:q@db.example/clew", "db.example"},
		{"postgres://u@db.example/cl%40ew", "db.example"},
		{"postgres://db.example/clew?user=me@firm.example", "db.example"},
		{"host=db.example user=u password=se@cret", "db.example"},
		{"postgres:///clew?host=/run/postgresql", "/run/postgresql"},
	} {
		config, err := parseAddress(one.address)
		switch {
		case one.host == "" && !errors.Is(err, errUnescaped):
			t.Errorf("%s: %v", one.address, err)
		case one.host == "" && (strings.Contains(err.Error(), "cret") || !strings.Contains(err.Error(), "@ as %40")):
			t.Errorf("%s says %v", one.address, err)
		case one.host != "" && (err != nil || config.ConnConfig.Host != one.host):
			t.Errorf("%s: %v", one.address, err)
		}
	}
}

// TestEveryUseOfAnAddressNamesTheFix: opening a server, and what goes beside it.
func TestEveryUseOfAnAddressNamesTheFix(t *testing.T) {
	const address = "postgres://u:se@cret@db.example/clew"
	if _, err := openPostgres(context.Background(), Options{URL: address}, 1); !errors.Is(err, errUnescaped) {
		t.Errorf("open: %v", err)
	}
	if _, err := connectBeside(context.Background(), address); !errors.Is(err, errUnescaped) {
		t.Errorf("beside: %v", err)
	}
}
