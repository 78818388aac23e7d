// Package thread keeps the history of every record: one row per act, in a
// gapless order under the record's lock, written in the transaction of the
// act (decisions.md, "The thread"). Bodies are a kind plus parameters; the
// sentences are made when read, in the reader's language and with the
// reader's rights.
package thread

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
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
	User    ActorKind = "user"
	Channel ActorKind = "channel"
	Clock   ActorKind = "clock"
	System  ActorKind = "system"
)

// Actor is who did it: ID is a user's id, a channel's or a clock's name.
type Actor struct {
	Kind ActorKind `json:"kind"`
	ID   string    `json:"id,omitempty"`
}

// Entry is one act on one record. Params are JSON-ready; a field's value
// stands under the field's id in a map called "fields", "before" or "after",
// so that a reader without the field does not get it.
type Entry struct {
	Record string
	Object string
	Seq    int64
	At     time.Time
	Actor  Actor
	Kind   string
	Params map[string]any
}

// Head is where a record's thread stands: the last number and the last chain link.
type Head struct {
	Seq   int64
	Chain string
}

// Append numbers the entries after head and writes them in one statement. Only
// the last keeps its chain link: those before it are computed again when the
// thread is verified, as are the digests of bodies that are still there.
func Append(tx *sqldb.Tx, head Head, entries []Entry) (Head, error) {
	if len(entries) == 0 {
		return head, nil
	}
	salts := make([]byte, 9*len(entries))
	if _, err := rand.Read(salts); err != nil {
		return head, fmt.Errorf("thread salt: %w", err)
	}
	const columns = 11
	args, room := make([]any, 0, columns*len(entries)), make([]byte, 0, 1024)
	for i := range entries {
		e := &entries[i]
		head.Seq++
		e.Seq = head.Seq
		params, grown, err := marshal(room, e.Params)
		if err != nil {
			return head, fmt.Errorf("thread params of %s: %w", e.Kind, err)
		}
		room = grown
		salt := base64.RawStdEncoding.EncodeToString(salts[9*i : 9*i+9])
		head.Chain = link(head.Chain, *e, digestOf(salt, params))
		kept := ""
		if i == len(entries)-1 {
			kept = head.Chain
		}
		args = append(args, e.Record, e.Seq, e.Object, sqldb.Micros(e.At), string(e.Actor.Kind), e.Actor.ID, e.Kind, params, salt, "", kept)
	}
	return head, tx.Later("INSERT INTO thread_entry(record,seq,object,at,actor_kind,actor,kind,params,salt,digest,chain) VALUES "+
		tuples(len(entries), columns), args...)
}

// HeadOf reads where a record's thread stands; a record without entries is at zero.
func HeadOf(tx *sqldb.Tx, record string, seq int64) (Head, error) {
	if seq == 0 {
		return Head{}, nil
	}
	head := Head{Seq: seq}
	err := tx.QueryRow("SELECT chain FROM thread_entry WHERE record=$1 AND seq=$2", record, seq).Scan(&head.Chain)
	return head, err
}

// List reads a record's entries, newest first, those with a number below before (0 = from the end).
func List(tx *sqldb.Tx, record string, before int64, limit int) ([]Entry, error) {
	if before <= 0 {
		before = 1<<62 - 1
	}
	rows, err := tx.Query(`SELECT record,seq,object,at,actor_kind,actor,kind,params FROM thread_entry
		WHERE record=$1 AND seq<$2 ORDER BY seq DESC LIMIT $3`, record, before, int64(limit))
	if err != nil {
		return nil, err
	}
	return scan(rows)
}

// Since reads a record's entries of the kinds from that number on, oldest first.
func Since(tx *sqldb.Tx, record string, seq int64, kinds ...string) ([]Entry, error) {
	args := []any{record, seq}
	rows, err := tx.Query(`SELECT record,seq,object,at,actor_kind,actor,kind,params FROM thread_entry
		WHERE record=$1 AND seq>=$2 AND kind IN (`+places(&args, kinds)+`) ORDER BY seq`, args...)
	if err != nil {
		return nil, err
	}
	return scan(rows)
}

// LastOf reads the newest entry of one of the kinds for each record, in one
// statement; a record without one is absent.
func LastOf(tx *sqldb.Tx, records []string, kinds ...string) (map[string]Entry, error) {
	found := make(map[string]Entry, len(records))
	if len(records) == 0 || len(kinds) == 0 {
		return found, nil
	}
	var args []any
	rows, err := tx.Query(`SELECT e.record,e.seq,e.object,e.at,e.actor_kind,e.actor,e.kind,e.params
		FROM (SELECT record,MAX(seq) AS seq FROM thread_entry
			WHERE record IN (`+places(&args, records)+`) AND kind IN (`+places(&args, kinds)+`) GROUP BY record) newest
		JOIN thread_entry e ON e.record=newest.record AND e.seq=newest.seq`, args...)
	if err != nil {
		return nil, err
	}
	entries, err := scan(rows)
	for _, e := range entries {
		found[e.Record] = e
	}
	return found, err
}

// RecentOf reads the newest entries of the kinds for each record, at most n of
// each, in one statement: by record, the newest first.
func RecentOf(tx *sqldb.Tx, records []string, n int, kinds ...string) ([]Entry, error) {
	if len(records) == 0 || len(kinds) == 0 {
		return nil, nil
	}
	var args []any
	rows, err := tx.Query(`SELECT record,seq,object,at,actor_kind,actor,kind,params
		FROM (SELECT record,seq,object,at,actor_kind,actor,kind,params, ROW_NUMBER() OVER (PARTITION BY record ORDER BY seq DESC) AS place
			FROM thread_entry WHERE record IN (`+places(&args, records)+`) AND kind IN (`+places(&args, kinds)+`)) newest
		WHERE place<=`+strconv.Itoa(n)+` ORDER BY record, seq DESC`, args...)
	if err != nil {
		return nil, err
	}
	return scan(rows)
}

// places binds texts and gives their placeholders, "$1,$2".
func places(args *[]any, texts []string) string {
	out := make([]string, len(texts))
	for i, text := range texts {
		*args = append(*args, text)
		out[i] = "$" + strconv.Itoa(len(*args))
	}
	return strings.Join(out, ",")
}

// Verify walks a record's chain and names the first kept link that does not
// hold, which covers all entries since the link before it; 0 when all hold. An
// erased entry has no salt, and the digest that stands for its body.
func Verify(tx *sqldb.Tx, record string) (int64, error) {
	rows, err := tx.Query(`SELECT record,seq,object,at,actor_kind,actor,kind,params,salt,digest,chain
		FROM thread_entry WHERE record=$1 ORDER BY seq`, record)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	chain, stored, seq := "", "", int64(0)
	for rows.Next() {
		var e Entry
		var at int64
		var params, salt, digest string
		if err := rows.Scan(&e.Record, &e.Seq, &e.Object, &at, &e.Actor.Kind, &e.Actor.ID, &e.Kind, &params, &salt, &digest, &stored); err != nil {
			return 0, err
		}
		seq++
		e.At = sqldb.FromMicros(at)
		if salt != "" {
			digest = digestOf(salt, params)
		}
		chain = link(chain, e, digest)
		if e.Seq != seq || stored != "" && stored != chain {
			return seq, nil
		}
	}
	if stored != chain { // the last link has to be there
		return seq, nil
	}
	return 0, rows.Err()
}

func scan(rows *sqldb.Rows) ([]Entry, error) {
	defer rows.Close()
	var entries []Entry
	for rows.Next() {
		var e Entry
		var at int64
		var actorKind, params string
		if err := rows.Scan(&e.Record, &e.Seq, &e.Object, &at, &actorKind, &e.Actor.ID, &e.Kind, &params); err != nil {
			return nil, err
		}
		e.At = sqldb.FromMicros(at)
		e.Actor.Kind = ActorKind(actorKind)
		if err := unmarshal(params, &e.Params); err != nil {
			return nil, fmt.Errorf("thread entry %s/%d: %w", e.Record, e.Seq, err)
		}
		entries = append(entries, e)
	}
	return entries, rows.Err()
}

func digestOf(salt, params string) string {
	text := make([]byte, 0, 2048) // most bodies fit, and then nothing leaves the stack
	sum := sha256.Sum256(append(append(text, salt...), params...))
	return base64.RawStdEncoding.EncodeToString(sum[:])
}

// link covers everything of an entry but its body, for which the digest stands.
func link(previous string, e Entry, digest string) string {
	text := make([]byte, 0, 512)
	text = binary.BigEndian.AppendUint64(text, uint64(e.Seq))
	text = binary.BigEndian.AppendUint64(text, uint64(sqldb.Micros(e.At)))
	for _, part := range [...]string{previous, e.Record, string(e.Actor.Kind), e.Actor.ID, e.Kind, digest} {
		text = append(append(text, part...), 0)
	}
	sum := sha256.Sum256(text)
	return base64.RawStdEncoding.EncodeToString(sum[:])
}

// tuples are so many places for rows of so many columns: "($1,$2),($3,$4)".
func tuples(rows, columns int) string {
	text := make([]byte, 0, 5*rows*columns+2*rows)
	for n := range rows * columns {
		if n%columns > 0 {
			text = append(text, ',')
		} else if n == 0 {
			text = append(text, '(')
		} else {
			text = append(text, "),("...)
		}
		text = strconv.AppendInt(append(text, '$'), int64(n+1), 10)
	}
	return string(append(text, ')'))
}

func unmarshal(text string, params *map[string]any) error {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	return decoder.Decode(params)
}
