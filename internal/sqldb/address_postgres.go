package sqldb

import (
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"
)

// errUnescaped says how a password with special characters is written. It
// repeats nothing of the address: what was taken for its host is half a password.
var errUnescaped = errors.New("the database's address cannot be read: in its user name and password " +
	"special characters are written by their codes, @ as %40, / as %2F, : as %3A, # as %23, ? as %3F, % as %25")

// parseAddress reads the address of a server, which may carry a pool's parameters.
func parseAddress(address string) (*pgxpool.Config, error) {
	if unescaped(address) {
		return nil, errUnescaped
	}
	config, err := pgxpool.ParseConfig(address)
	if err != nil && strings.Contains(address, "@") {
		return nil, fmt.Errorf("%w (%w)", errUnescaped, err)
	}
	return config, err
}

// unescaped tells whether an address has an @ where none can be: a second one
// before its path, or one in the path, so that the host would be part of a password.
func unescaped(address string) bool {
	scheme, rest, found := strings.Cut(address, "://")
	if !found || scheme != "postgres" && scheme != "postgresql" {
		return false // keywords and values
	}
	rest, _, _ = strings.Cut(rest, "?")
	authority, path, _ := strings.Cut(rest, "/")
	return strings.Count(authority, "@") > 1 || strings.Contains(path, "@")
}
