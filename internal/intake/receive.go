package intake

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/connector/oceanengine"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/thread"
)

// MaxBody is the largest body that a channel takes, in bytes. Up to MaxRead a
// body is still read, so that its signature can be checked and its beginning kept.
const (
	MaxBody = 1 << 20
	MaxRead = 8 << 20
)

// repeatWindow is how long the same body counts as the same delivery on a
// channel without a delivery key.
const repeatWindow = 10 * time.Minute

// The states of a delivery.
const (
	Accepted = "accepted" // became a record
	Touched  = "touched"  // met an open record
	Failed   = "failed"   // the mapping could not be satisfied; can be replayed
	Rejected = "rejected" // could not be read at all
)

// Request is what arrived at a channel.
type Request struct {
	Channel   string
	Query     url.Values
	Header    http.Header
	Body      []byte
	Truncated bool // the body was longer than MaxRead; Body holds the first part
	Sender    string
	Hosted    bool // it comes through our own form, which keeps spam out
}

// Answer is what the sender gets. Record is empty when the delivery failed.
type Answer struct {
	Status   int
	Body     []byte
	Record   string
	Delivery string
}

// Service receives deliveries. Its fields are set once, by the server.
type Service struct {
	DB       *sqldb.DB
	Snapshot func() *catalog.Snapshot
	Records  *record.Store
	Secrets  *Secrets
	Counted  func(channel, status string) // hears what became of each delivery; nil does not

	forged forgeries
}

// Channel is a live channel by its name.
func (s *Service) Channel(name string) (*Channel, bool) {
	return catalog.Compiled[*Channel](s.Snapshot(), "channel", name)
}

// Receive takes one request to a channel. Faults: NotFound for an unknown
// channel and for a form's channel without its form, Unauthorized for a wrong signature (counted, nothing kept),
// TooLarge and Malformed (the raw bytes are kept as rejected).
func (s *Service) Receive(ctx context.Context, r Request) (Answer, error) {
	channel, ok := s.Channel(r.Channel)
	if !ok || channel.Kind == Form && !r.Hosted {
		return Answer{}, fault.New(fault.NotFound, "not_found")
	}
	if channel.Kind == OceanEngineSPI {
		if challenge, ok := oceanengine.Challenge(r.Query, r.Body); ok {
			return Answer{Status: http.StatusOK, Body: oceanengine.AnswerChallenge(challenge)}, nil
		}
	}
	if r.Truncated {
		return Answer{}, s.tooLong(ctx, channel)
	}
	if channel.Signed() {
		if err := s.verify(ctx, channel, r); err != nil {
			return Answer{}, err
		}
	}
	return s.deliver(ctx, channel, r)
}

func (s *Service) verify(ctx context.Context, channel *Channel, r Request) error {
	secret, err := s.Secrets.Get(ctx, channel.Name)
	if err != nil {
		return err
	}
	if genuine(channel, secret, r) {
		return nil
	}
	if !s.forged.allow(channel.Name) {
		return fault.New(fault.TooMany, "too_many_deliveries").With("retry_after", RetryAfter)
	}
	if err := s.DB.Write(ctx, func(tx *sqldb.Tx) error { return s.count(tx, channel.Name, "unsigned") }); err != nil {
		return err
	}
	return fault.New(fault.Unauthorized, "bad_signature")
}

// tooLong counts a body that is too long to check; nothing of it is kept.
func (s *Service) tooLong(ctx context.Context, channel *Channel) error {
	if err := s.DB.Write(ctx, func(tx *sqldb.Tx) error { return s.count(tx, channel.Name, Rejected) }); err != nil {
		return err
	}
	return errTooLong()
}

func errTooLong() error { return fault.New(fault.TooLarge, "body_too_large").With("limit", MaxBody) }

// genuine fails closed: without a secret nothing is genuine.
func genuine(channel *Channel, secret string, r Request) bool {
	if secret == "" {
		return false
	}
	switch channel.Kind {
	case Bearer:
		scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		return strings.EqualFold(scheme, "Bearer") && subtle.ConstantTimeCompare([]byte(token), []byte(secret)) == 1
	case OceanEngineSPI:
		return oceanengine.Verify(secret, r.Body, r.Header.Get(oceanengine.SignatureHeader))
	case SignedHeaderHex:
		given, err := hex.DecodeString(strings.TrimPrefix(r.Header.Get(channel.SignatureHeader), "sha256="))
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write(r.Body)
		return err == nil && hmac.Equal(given, mac.Sum(nil))
	}
	return false
}

// arrival is one delivery on its way through its transaction.
type arrival struct {
	row     deliveryRow
	mapped  Mapped
	mapErr  error
	channel *Channel
	body    []byte
	first   *deliveryRow // the delivery that this one repeats
}

// deliver keeps the delivery and runs the pipeline in one unit of a batch.
func (s *Service) deliver(ctx context.Context, channel *Channel, r Request) (Answer, error) {
	a := s.read(channel, r)
	if kind := fault.KindOf(a.mapErr); a.mapErr != nil && (kind == fault.Malformed || kind == fault.TooLarge) {
		return Answer{}, s.reject(ctx, a)
	}
	err := s.DB.Write(ctx, func(tx *sqldb.Tx) error { return s.receive(tx, a) })
	if err != nil {
		return Answer{}, err
	}
	return a.answer(), nil
}

func (s *Service) read(channel *Channel, r Request) *arrival {
	a := &arrival{channel: channel, body: r.Body}
	a.row = deliveryRow{ID: s.DB.NewID(), Channel: channel.Name, Object: channel.object.Name, headers: keptHeaders(r.Header), body: pack(r.Body)}
	if len(r.Body) > MaxBody {
		a.body, a.row.body = r.Body[:MaxBody], pack(r.Body[:MaxBody])
		a.mapErr = errTooLong()
		return a
	}
	a.mapped, a.mapErr = channel.Map(r.Body, s.input())
	return a
}

// input is how a channel's values are read: national phones, company zone,
// doubtful values kept and flagged.
func (s *Service) input() schema.Input {
	snapshot := s.Snapshot()
	return schema.Input{Country: snapshot.Country(), Zone: snapshot.Zone()}
}

// reject keeps what could not be read, up to the limit, and changes nothing else.
func (s *Service) reject(ctx context.Context, a *arrival) error {
	a.row.Status, a.row.errors = Rejected, faultsOf(a.mapErr)
	err := s.DB.Write(ctx, func(tx *sqldb.Tx) error { return s.keep(tx, a) })
	if err != nil {
		return err
	}
	return a.mapErr
}

// receive is the unit: a repeat gets the first answer again, else the pipeline
// runs under a savepoint, and what became of it is kept with the delivery.
func (s *Service) receive(tx *sqldb.Tx, a *arrival) error {
	a.first = nil
	first, err := s.takeDeliveryKey(tx, a)
	if err != nil {
		return err
	}
	if first != "" {
		return s.repeat(tx, a, first)
	}
	if err := s.run(tx, a); err != nil {
		return err
	}
	return s.keep(tx, a)
}

// run is the pipeline under its savepoint. A fault of the content marks the
// delivery as failed; a fault of the database ends the unit.
func (s *Service) run(tx *sqldb.Tx, a *arrival) error {
	a.row.Status, a.row.Record, a.row.errors = Failed, "", "[]"
	err := a.mapErr
	if err == nil {
		err = tx.Savepoint(func() error { return unharmed(func() error { return s.apply(tx, a) }) })
	}
	if err == nil {
		return nil
	}
	if kind := fault.KindOf(sqldb.Classify(err)); kind == fault.Unavailable || kind == fault.Full || errors.Is(err, context.Canceled) {
		return err
	}
	a.row.Status, a.row.Record, a.row.errors = Failed, "", faultsOf(err)
	return nil
}

// unharmed turns a panic of the pipeline into an error, so that the delivery is kept.
func unharmed(fn func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("pipeline panicked: %v", p)
		}
	}()
	return fn()
}

func (s *Service) apply(tx *sqldb.Tx, a *arrival) error {
	result, err := s.Records.Apply(tx, record.Change{
		Act: record.Create, Actor: thread.Actor{Kind: thread.Channel, ID: a.channel.Name},
		Object: a.channel.object, Set: a.mapped.Values, TouchOpen: true,
		Delivery: &record.Delivery{
			ID: a.row.ID, Channel: a.channel.Name, Key: a.mapped.RecordKey,
			SourceAt: a.mapped.SourceAt, Flags: a.mapped.Flags,
		},
	})
	if err != nil {
		return err
	}
	a.row.Record, a.row.Status = result.ID, Accepted
	if !result.Created {
		a.row.Status = Touched
	}
	return nil
}

// takeDeliveryKey claims the delivery's key; it returns the first delivery
// that has it. Channels without keys go by the body, for ten minutes.
func (s *Service) takeDeliveryKey(tx *sqldb.Tx, a *arrival) (first string, err error) {
	key, until := "k:"+a.mapped.DeliveryKey, int64(0)
	if a.mapped.DeliveryKey == "" {
		sum := sha256.Sum256(a.body)
		key, until = "b:"+hex.EncodeToString(sum[:]), sqldb.Micros(tx.Now().Add(-repeatWindow))
	} else {
		until = -1
	}
	taken, err := tx.Presume(`INSERT INTO delivery_key(channel,key,delivery,at) VALUES($1,$2,$3,$4) ON CONFLICT (channel,key) DO NOTHING`,
		a.channel.Name, key, a.row.ID, sqldb.Micros(tx.Now()))
	if err != nil || taken {
		return "", err
	}
	var holder string
	err = tx.QueryRow(`INSERT INTO delivery_key(channel,key,delivery,at) VALUES($1,$2,$3,$4)
		ON CONFLICT (channel,key) DO UPDATE SET
			delivery=CASE WHEN delivery_key.at<$5 THEN excluded.delivery ELSE delivery_key.delivery END,
			at=CASE WHEN delivery_key.at<$5 THEN excluded.at ELSE delivery_key.at END
		RETURNING delivery`, a.channel.Name, key, a.row.ID, sqldb.Micros(tx.Now()), until).Scan(&holder)
	if err != nil || holder == a.row.ID {
		return "", err
	}
	return holder, nil
}

// repeat counts a redelivery and gives the first answer again.
func (s *Service) repeat(tx *sqldb.Tx, a *arrival, first string) error {
	row, err := deliveryByID(tx, first)
	if err != nil {
		return err
	}
	a.first = &row
	if _, err := tx.Exec("UPDATE delivery SET repeats=repeats+1 WHERE id=$1", first); err != nil {
		return err
	}
	return s.count(tx, a.channel.Name, "repeated")
}

// keep writes the delivery and counts it.
func (s *Service) keep(tx *sqldb.Tx, a *arrival) error {
	a.row.At = tx.Now()
	a.row.SourceAt = a.mapped.SourceAt
	a.row.ExternalID = a.mapped.DeliveryKey
	if err := a.row.insert(tx); err != nil {
		return err
	}
	return s.count(tx, a.channel.Name, a.row.Status)
}

func (s *Service) count(tx *sqldb.Tx, channel, status string) error {
	if s.Counted != nil {
		tx.AfterCommit(func() { s.Counted(channel, status) })
	}
	day := tx.Now().In(s.Snapshot().Zone()).Format(time.DateOnly)
	return tx.Later(`INSERT INTO channel_day(channel,day,status,n,last_at) VALUES($1,$2,$3,1,$4)
		ON CONFLICT (channel,day,status) DO UPDATE SET n=channel_day.n+1, last_at=excluded.last_at`,
		channel, day, status, sqldb.Micros(tx.Now()))
}

func (a *arrival) answer() Answer {
	row := a.row
	if a.first != nil {
		row = *a.first
	}
	answer := Answer{Status: http.StatusOK, Record: row.Record, Delivery: row.ID}
	if len(a.channel.Acknowledge) > 0 {
		answer.Body = a.channel.Acknowledge
		return answer
	}
	body := map[string]any{"delivery": row.ID}
	if row.Record != "" {
		body["record"] = row.Record
	}
	if row.Status == Failed {
		body["errors"] = json.RawMessage(row.errors)
	}
	answer.Body, _ = json.Marshal(body)
	return answer
}

// Replay runs a failed delivery through the channel's document as it is now.
// Conflict when the delivery did not fail.
func (s *Service) Replay(ctx context.Context, id string) (Answer, error) {
	var a *arrival
	err := s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		row, err := deliveryByID(tx, id)
		if err != nil {
			return err
		}
		if row.Status != Failed {
			return fault.New(fault.Conflict, "delivery_not_failed")
		}
		a, err = s.again(tx, row)
		return err
	})
	if err != nil {
		return Answer{}, err
	}
	return a.answer(), nil
}

func (s *Service) again(tx *sqldb.Tx, row deliveryRow) (*arrival, error) {
	channel, ok := catalog.Compiled[*Channel](s.Snapshot(), "channel", row.Channel)
	if !ok {
		return nil, fault.New(fault.Conflict, "channel_gone")
	}
	body, err := unpack(row.body)
	if err != nil {
		return nil, fmt.Errorf("delivery %s: %w", row.ID, err)
	}
	a := &arrival{row: row, channel: channel, body: body}
	a.mapped, a.mapErr = channel.Map(body, s.input())
	if err := s.run(tx, a); err != nil {
		return nil, err
	}
	if a.row.Status != Failed {
		if err := s.count(tx, channel.Name, "replayed"); err != nil {
			return nil, err
		}
	}
	return a, a.row.update(tx)
}
