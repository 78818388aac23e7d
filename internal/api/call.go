package api

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-chi/chi/v5"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
)

// Call is one request on its way: who asks, in which language, under
// which grants. Configuration, directory and grants stay the same for the whole call.
type Call struct {
	W         http.ResponseWriter
	R         *http.Request
	Route     Route
	RequestID string
	Language  string // "zh-CN" or "en"
	Address   string // the client's IP

	User      account.User // zero when nobody is signed in
	Session   account.Session
	Pending   account.Session // of who gave a password and owes the second factor
	Snapshot  *catalog.Snapshot
	Directory *account.Directory
	Grants    *access.Grants

	server      *Server
	query       url.Values
	idempotency *idempotentCall // nil without an Idempotency-Key
}

// Param is a part of the path.
func (c *Call) Param(name string) string { return chi.URLParam(c.R, name) }

// Query is a query parameter, "" when absent.
func (c *Call) Query(name string) string { return c.query.Get(name) }

// isText tells whether a database takes a text: not every text that an
// address can carry is one.
func isText(text string) bool { return utf8.ValidString(text) && !strings.ContainsRune(text, 0) }

// checkPath refuses a path of which a part is no text: nothing is called so.
func (c *Call) checkPath() error {
	if parts := chi.RouteContext(c.R.Context()); parts != nil && !isText(strings.Join(parts.URLParams.Values, "")) {
		return fault.New(fault.NotFound, "not_found")
	}
	return nil
}

// readQuery reads the query parameters. One that cannot be read, or is no text,
// is refused: a filter that is left out would give, or change, everything. A
// page for people goes on without it.
func (c *Call) readQuery() error {
	query, err := url.ParseQuery(c.R.URL.RawQuery)
	for name, values := range query {
		if !isText(name + strings.Join(values, "")) {
			err = errors.New("no text")
			delete(query, name)
		}
	}
	if err != nil && strings.HasPrefix(c.Route.Path, Prefix) {
		return fault.New(fault.Malformed, "invalid_query")
	}
	c.query = query
	return nil
}

// Principal is on whose behalf the call acts.
func (c *Call) Principal() access.Principal { return access.Principal{UserID: c.User.ID} }

// roleDocuments is the roles of the configuration.
func (c *Call) roleDocuments() []*access.Role { return catalog.All[*access.Role](c.Snapshot, "role") }

// grant works out what the user may do.
func (c *Call) grant() {
	c.Directory = c.server.Accounts.Directory()
	policy := access.Policy{
		Version: c.Snapshot.Version, Objects: c.Snapshot.Objects, Roles: c.roleDocuments(), Zone: c.companyZone(),
	}
	c.Grants = c.server.Access.For(c.Principal(), policy, c.Directory)
}

// companyZone is UTC before there is a company.
func (c *Call) companyZone() *time.Location {
	if zone := c.Snapshot.Zone(); zone != nil {
		return zone
	}
	return time.UTC
}

// Label is a label in the caller's language.
func (c *Call) Label(l schema.Label) string { return l.In(c.Language) }

// JSON answers with the route's status for success.
func (c *Call) JSON(body any) error { return c.JSONStatus(c.Route.status(), body) }

// JSONStatus answers with a status.
func (c *Call) JSONStatus(status int, body any) error {
	raw, err := encode(body)
	if err != nil {
		return err
	}
	c.raw(status, raw)
	return nil
}

// raw answers with JSON that is written already.
func (c *Call) raw(status int, body []byte) {
	c.W.Header().Set("Content-Type", "application/json; charset=utf-8")
	c.W.WriteHeader(status)
	_, _ = c.W.Write(body) // a client that left cannot be told so
}

// NoContent answers 204.
func (c *Call) NoContent() error {
	c.W.WriteHeader(http.StatusNoContent)
	return nil
}

// Write runs a unit and, in the same transaction, notes under the call's
// Idempotency-Key that its effect is there, so that a repeat after a crash does not act again.
func (c *Call) Write(fn func(*sqldb.Tx) error) error {
	return c.server.DB.Write(c.R.Context(), func(tx *sqldb.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return c.idempotency.commit(tx)
	})
}

// Now is the business time.
func (c *Call) Now() (time.Time, error) {
	var now time.Time
	err := c.server.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		now = tx.Now()
		return nil
	})
	return now, err
}

// Reference is a person, department or record as answers name it.
type Reference struct {
	ID    string `json:"id"`
	Label string `json:"label,omitempty"`
}

// UserReference names a user by id; nil for none.
func (c *Call) UserReference(id string) *Reference {
	u, ok := c.Directory.User(id)
	if !ok {
		return nil
	}
	return &Reference{ID: u.ID, Label: u.Name}
}
