package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
)

const (
	idempotencyLife = 24 * time.Hour   // how long an answer is kept
	idempotencyWait = 60 * time.Second // after which a call without effect is taken for dead
	keyMax          = 255              // bytes
)

// The states of a call under a key.
const (
	running   = "running"   // begun; no effect in the database
	committed = "committed" // the effect is in the database, the answer was not kept
	done      = "done"      // the answer is kept
)

// idempotentCall is one call under a key of its user.
type idempotentCall struct {
	user, key, request string
}

// kept is a call's row.
type kept struct {
	state, request string
	status         int64
	header, body   string
	created        time.Time
}

// answerOnce runs the handler unless this key has run before: then the first
// answer is given again. Only successes are kept, so that a mended input may come under the same key.
func (s *Server) answerOnce(c *Call) error {
	call, err := newIdempotentCall(c)
	if err != nil {
		return err
	}
	var before *kept
	err = s.DB.Write(c.R.Context(), func(tx *sqldb.Tx) error {
		var err error
		before, err = call.begin(tx)
		return err
	})
	if err != nil {
		return err
	}
	if before != nil {
		return c.repeat(*before)
	}
	c.idempotency = call
	held := &holder{header: c.W.Header().Clone()}
	outer := c.W
	c.W = held
	failure := c.Route.Handle(c)
	c.W = outer
	if err := s.DB.Write(c.R.Context(), func(tx *sqldb.Tx) error {
		return call.finish(tx, held, failure, c.Route.Secret)
	}); err != nil {
		s.Log.Error("answer under an Idempotency-Key was not kept", "request", c.RequestID, "error", err)
	}
	if failure != nil {
		return failure
	}
	held.release(c.W)
	return nil
}

// newIdempotentCall digests what is asked, so that a key cannot stand for two requests.
func newIdempotentCall(c *Call) (*idempotentCall, error) {
	key := c.R.Header.Get("Idempotency-Key")
	if len(key) > keyMax {
		return nil, fault.New(fault.Malformed, "idempotency_key_too_long").With("max", keyMax)
	}
	if !isText(key) { // a header may hold any byte, a database may not
		key = fmt.Sprintf("%x", key)
	}
	body, err := c.Body()
	if err != nil {
		return nil, err
	}
	c.R.Body = io.NopCloser(bytes.NewReader(body))
	sum := sha256.New()
	for _, part := range [][]byte{[]byte(c.R.URL.RequestURI()), {0}, body} {
		sum.Write(part)
	}
	return &idempotentCall{user: c.User.ID, key: key, request: hex.EncodeToString(sum.Sum(nil))}, nil
}

// begin claims the key, or gives what was kept under it.
func (i *idempotentCall) begin(tx *sqldb.Tx) (*kept, error) {
	now := tx.RealNow()
	if _, err := tx.Exec(`DELETE FROM idempotency WHERE created_at < $1`, sqldb.Micros(now.Add(-idempotencyLife))); err != nil {
		return nil, err
	}
	n, err := tx.Exec(`INSERT INTO idempotency (account_id, key, request, state, status, header, body, created_at)
		VALUES ($1, $2, $3, $4, 0, '', '', $5) ON CONFLICT (account_id, key) DO NOTHING`,
		i.user, i.key, i.request, running, sqldb.Micros(now))
	if err != nil || n == 1 {
		return nil, err
	}
	before, err := i.read(tx)
	if err != nil {
		return nil, err
	}
	switch {
	case before.request != i.request:
		return nil, fault.New(fault.Invalid, "idempotency_key_reused")
	case before.state == done:
		return &before, nil
	case before.state == committed:
		return nil, fault.New(fault.Conflict, "idempotency_answer_lost")
	case now.Sub(before.created) < idempotencyWait:
		return nil, fault.New(fault.Conflict, "idempotency_in_progress").With("retry_after", 1)
	}
	_, err = tx.Exec(`UPDATE idempotency SET created_at = $1 WHERE account_id = $2 AND key = $3`,
		sqldb.Micros(now), i.user, i.key)
	return nil, err
}

func (i *idempotentCall) read(tx *sqldb.Tx) (kept, error) {
	var k kept
	var created int64
	err := tx.QueryRow(`SELECT state, request, status, header, body, created_at FROM idempotency
		WHERE account_id = $1 AND key = $2`, i.user, i.key).
		Scan(&k.state, &k.request, &k.status, &k.header, &k.body, &created)
	k.created = sqldb.FromMicros(created)
	if errors.Is(err, sqldb.ErrNoRows) {
		return k, fault.New(fault.Conflict, "idempotency_in_progress").With("retry_after", 1)
	}
	return k, err
}

// commit notes, within the unit that makes it, that the effect is there. A nil call notes nothing.
func (i *idempotentCall) commit(tx *sqldb.Tx) error {
	if i == nil {
		return nil
	}
	_, err := tx.Exec(`UPDATE idempotency SET state = $1 WHERE account_id = $2 AND key = $3`, committed, i.user, i.key)
	return err
}

// finish keeps a success and forgets a refusal, which left no effect. After
// an internal failure nobody knows, so the key stays taken.
func (i *idempotentCall) finish(tx *sqldb.Tx, held *holder, failure error, secret bool) error {
	if failure != nil && fault.KindOf(failure) == fault.Internal {
		return i.commit(tx)
	}
	if failure != nil || held.status >= http.StatusBadRequest {
		_, err := tx.Exec(`DELETE FROM idempotency WHERE account_id = $1 AND key = $2 AND state = $3`, i.user, i.key, running)
		return err
	}
	if secret {
		return i.commit(tx)
	}
	header, err := json.Marshal(held.lasting())
	if err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE idempotency SET state = $1, status = $2, header = $3, body = $4
		WHERE account_id = $5 AND key = $6`, done, int64(held.status), string(header), held.body.String(), i.user, i.key)
	return err
}

// repeat gives a kept answer again.
func (c *Call) repeat(before kept) error {
	var header map[string]string
	if err := json.Unmarshal([]byte(before.header), &header); err != nil {
		return err
	}
	for name, value := range header {
		c.W.Header().Set(name, value)
	}
	c.W.Header().Set("Idempotent-Replayed", "true")
	c.W.WriteHeader(int(before.status))
	_, _ = io.WriteString(c.W, before.body) // a client that left cannot be told so
	return nil
}

// holder keeps an answer back until it is stored.
type holder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (h *holder) Header() http.Header { return h.header }

func (h *holder) WriteHeader(status int) {
	if h.status == 0 {
		h.status = status
	}
}

func (h *holder) Write(p []byte) (int, error) {
	h.WriteHeader(http.StatusOK)
	return h.body.Write(p)
}

// lasting is the headers that belong to the answer rather than to the connection.
func (h *holder) lasting() map[string]string {
	found := map[string]string{}
	for _, name := range []string{"Content-Type", "ETag", "Location", "Clew-Record"} {
		if value := h.header.Get(name); value != "" {
			found[name] = value
		}
	}
	return found
}

func (h *holder) release(w http.ResponseWriter) {
	for name, values := range h.header {
		w.Header()[name] = values
	}
	w.WriteHeader(max(h.status, http.StatusOK))
	_, _ = w.Write(h.body.Bytes()) // a client that left cannot be told so
}
