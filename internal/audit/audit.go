// Package audit keeps who did what in administration and security: log-ins
// and their failures, people and rights, published configuration, tokens,
// secrets, exports, backups. What happens to records stands in their threads.
//
// An entry is written in the transaction of its act:
//
//	audit.Write(tx, audit.Entry{
//		Kind:   "export.made",
//		Target: audit.Target{Kind: "object", ID: "lead"},
//		Params: map[string]any{"records": 1200, "format": "xlsx"},
//	})
//
// Who did it comes from the context of the unit (As); the edges put it there,
// so that no caller has to pass it along. A kind is an area, a dot and a past
// participle; the areas are listed by Areas, and each kind needs a sentence in
// internal/api/messages_*.json, "audit." and the kind. Params never hold secrets.
//
// Entries are numbered without gaps and chained like those of a thread: a
// changed, missing or added one is found by Verify. Nothing here changes or
// deletes one.
package audit

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"clew.dev/clew/internal/sqldb"
)

// ActorKind says what sort of actor it was.
type ActorKind string

// The kinds of actor.
const (
	Person  ActorKind = "person"  // somebody at the browser
	Token   ActorKind = "token"   // a program with a person's token
	Program ActorKind = "program" // this program itself: a job, a command of the operator
	Nobody  ActorKind = "nobody"  // somebody who has not proved who he is
)

// Actor is who acts, and from where.
type Actor struct {
	Kind    ActorKind
	ID      string // user id, "" for the program and for nobody
	Address string // IP address, "" for the program
}

// Target is what an act was done to.
type Target struct {
	Kind string // person, role, document, channel, object …
	ID   string
}

// Entry is one act.
type Entry struct {
	Seq    int64     // set by Write
	At     time.Time // real time, set by Write
	Actor  Actor     // set by Write from the context
	Kind   string    // "session.started"
	Failed bool      // it was tried and refused
	Target Target
	Params map[string]any // JSON-ready: names, before and after, counts
}

// Areas lists the areas, the part of a kind before its dot, in the order in which they are shown.
func Areas() []string {
	return []string{"session", "factor", "person", "organisation", "token", "config", "secret", "security", "export", "bulk", "backup", "operation"}
}

type actorKey struct{}

// As lets everything that is written under the context be the actor's.
func As(ctx context.Context, actor Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, actor)
}

// Of is the context's actor, the program where none was named.
func Of(ctx context.Context) Actor {
	if actor, ok := ctx.Value(actorKey{}).(Actor); ok {
		return actor
	}
	return Actor{Kind: Program}
}

// Write adds an entry to the unit. It holds the head of the chain until the
// commit, so it should be among the last statements of the unit.
func Write(tx *sqldb.Tx, e Entry) error {
	area, _, ok := strings.Cut(e.Kind, ".")
	if !ok {
		return fmt.Errorf("audit: %q has no area", e.Kind)
	}
	e.Actor, e.At = Of(tx.Context()), tx.RealNow()
	params, err := marshal(e.Params)
	if err != nil {
		return fmt.Errorf("audit: params of %s: %w", e.Kind, err)
	}
	previous := ""
	err = tx.QueryRow(`UPDATE audit_head SET seq = seq + 1 WHERE id = 1 RETURNING seq, chain`).Scan(&e.Seq, &previous)
	if err != nil {
		return err
	}
	salt := rand.Text()
	chain := link(previous, e, digestOf(salt, params))
	_, err = tx.Exec(`INSERT INTO audit_entry (seq, at, area, kind, failed, actor_kind, actor, address, target_kind,
		target, params, salt, digest, chain) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '', $13)`,
		e.Seq, e.At, area, e.Kind, e.Failed, string(e.Actor.Kind), e.Actor.ID, e.Actor.Address, e.Target.Kind,
		e.Target.ID, params, salt, chain)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE audit_head SET chain = $1 WHERE id = 1`, chain)
	return err
}

// marshal writes params with sorted keys; encoding/json sorts those of maps.
func marshal(params map[string]any) (string, error) {
	if len(params) == 0 {
		return "{}", nil
	}
	raw, err := json.Marshal(params)
	return string(raw), err
}

func digestOf(salt, params string) string {
	sum := sha256.Sum256([]byte(salt + params))
	return base64.RawStdEncoding.EncodeToString(sum[:])
}

// link covers everything of an entry but its params, for which the digest stands.
func link(previous string, e Entry, digest string) string {
	hash := sha256.New()
	for _, part := range []string{
		previous, strconv.FormatInt(e.Seq, 10), strconv.FormatInt(sqldb.Micros(e.At), 10), e.Kind,
		strconv.FormatBool(e.Failed), string(e.Actor.Kind), e.Actor.ID, e.Actor.Address, e.Target.Kind, e.Target.ID, digest,
	} {
		hash.Write([]byte(part))
		hash.Write([]byte{0})
	}
	return base64.RawStdEncoding.EncodeToString(hash.Sum(nil))
}
