package intake

import (
	"encoding/json"
	"slices"
	"sort"
	"strconv"
	"time"
	"unicode/utf8"

	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
)

// Counts are a channel's deliveries of the last 30 days by what became of them.
type Counts struct {
	Received, Accepted, Touched, Repeated, Failed, Rejected, Unsigned, Replayed int64
	LastAt                                                                      *time.Time
}

// countDays is how far back the counts of a channel go.
const countDays = 30

// Channels are the compiled channels by name.
func (s *Service) Channels() []*Channel {
	channels := catalog.All[*Channel](s.Snapshot(), "channel")
	sort.Slice(channels, func(i, j int) bool { return channels[i].Name < channels[j].Name })
	return channels
}

// Known refuses the name of a channel that is not there; one that was removed is
// known as long as a delivery of it is kept.
func (s *Service) Known(tx *sqldb.Tx, name string) error {
	if _, ok := s.Channel(name); ok {
		return nil
	}
	var kept int64
	if err := tx.QueryRow("SELECT COUNT(*) FROM (SELECT 1 FROM delivery WHERE channel=$1 LIMIT 1) AS one", name).Scan(&kept); err != nil {
		return err
	}
	if kept == 0 {
		return fault.New(fault.NotFound, "not_found")
	}
	return nil
}

// Counts reads the counts of every channel.
func (s *Service) Counts(tx *sqldb.Tx) (map[string]Counts, error) {
	since := tx.Now().In(s.Snapshot().Zone()).AddDate(0, 0, -countDays).Format(time.DateOnly)
	rows, err := tx.Query("SELECT channel,status,SUM(n),MAX(last_at) FROM channel_day WHERE day>$1 GROUP BY channel,status", since)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	counts := map[string]Counts{}
	for rows.Next() {
		var channel, status string
		var n, lastAt int64
		if err := rows.Scan(&channel, &status, &n, &lastAt); err != nil {
			return nil, err
		}
		c := counts[channel]
		c.add(status, n, sqldb.FromMicros(lastAt))
		counts[channel] = c
	}
	return counts, rows.Err()
}

func (c *Counts) add(status string, n int64, lastAt time.Time) {
	switch status {
	case Accepted:
		c.Accepted = n
	case Touched:
		c.Touched = n
	case Failed:
		c.Failed = n
	case Rejected:
		c.Rejected = n
	case "repeated":
		c.Repeated = n
	case "unsigned":
		c.Unsigned = n
	case "replayed":
		c.Replayed = n
		return
	}
	c.Received += n
	if c.LastAt == nil || lastAt.After(*c.LastAt) {
		c.LastAt = &lastAt
	}
}

// delaySample is over how many of a channel's latest deliveries its delay is told.
const delaySample = 200

// Delay is the median time between the source's own stamp and our receipt, of
// those of the channel's latest deliveries that carry one; nil when none does. A
// stamp of the future counts as no delay.
func (s *Service) Delay(tx *sqldb.Tx, channel string) (*int64, error) {
	rows, err := tx.Query(`SELECT at,source_at FROM (SELECT at,source_at FROM delivery WHERE channel=$1
		ORDER BY at DESC, id DESC LIMIT $2) AS latest WHERE source_at IS NOT NULL`, channel, int64(delaySample))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var delays []int64
	for rows.Next() {
		var at, sourceAt int64
		if err := rows.Scan(&at, &sourceAt); err != nil {
			return nil, err
		}
		delays = append(delays, max(0, (at-sourceAt)/int64(time.Second/time.Microsecond)))
	}
	if len(delays) == 0 {
		return nil, rows.Err()
	}
	slices.Sort(delays)
	return &delays[(len(delays)-1)/2], rows.Err()
}

// Delivery is a delivery as the person who keeps the channel sees it.
type Delivery struct {
	ID           string
	Channel      string
	At           time.Time
	Status       string
	ExternalID   string
	Object       string
	Record       string
	Repeats      int64
	DelaySeconds *int64
	Errors       []fault.Field
	Headers      map[string]string // with the whole delivery only
	Body         string            // the raw text, at most preview characters in a list
}

// previewLength is how much of a body a list shows, in characters.
const previewLength = 120

// Page is one page of deliveries, newest first.
type Page struct {
	Items []Delivery
	Next  []string // the cursor's parts, nil at the end
}

// List reads a channel's deliveries, newest first; status "" means all.
// after is a Page's Next.
func (s *Service) List(tx *sqldb.Tx, channel, status string, after []string, limit int) (Page, error) {
	before, id := int64(1<<62), ""
	if len(after) == 2 {
		at, err := strconv.ParseInt(after[0], 10, 64)
		if err != nil {
			return Page{}, fault.New(fault.Malformed, "invalid_cursor", fault.Field{Path: "cursor", Code: "invalid_cursor"})
		}
		before, id = at, after[1]
	}
	sql := "SELECT " + deliveryColumns + " FROM delivery WHERE channel=$1 AND (at<$2 OR (at=$2 AND id<$3))"
	args := []any{channel, before, id, int64(limit + 1)}
	if status != "" {
		sql += " AND status=$5"
		args = append(args, status)
	}
	if status != "" && status != Accepted {
		sql += " AND status<>'accepted'" // so that the partial index serves
	}
	rows, err := tx.Query(sql+" ORDER BY at DESC, id DESC LIMIT $4", args...)
	if err != nil {
		return Page{}, err
	}
	found, err := scanDeliveries(rows)
	if err != nil {
		return Page{}, err
	}
	return pageOf(found, limit)
}

func pageOf(found []deliveryRow, limit int) (Page, error) {
	var page Page
	if len(found) > limit {
		found = found[:limit]
		page.Next = cursorOf(found[limit-1])
	}
	for _, row := range found {
		d, err := row.delivery()
		if err != nil {
			return Page{}, err
		}
		d.Body, d.Headers = preview(d.Body), nil
		page.Items = append(page.Items, d)
	}
	return page, nil
}

// Get reads one delivery whole.
func (s *Service) Get(tx *sqldb.Tx, id string) (Delivery, error) {
	row, err := deliveryByID(tx, id)
	if err != nil {
		return Delivery{}, err
	}
	return row.delivery()
}

// Try maps a delivery's body by the channel's document as it is now, without writing anything.
func (s *Service) Try(d Delivery) (Mapped, error) {
	channel, ok := catalog.Compiled[*Channel](s.Snapshot(), "channel", d.Channel)
	if !ok {
		return Mapped{}, fault.New(fault.NotFound, "not_found")
	}
	return channel.Map([]byte(d.Body), s.input())
}

// FailedIDs lists a channel's failed deliveries, oldest first.
func (s *Service) FailedIDs(tx *sqldb.Tx, channel string, limit int) ([]string, error) {
	rows, err := tx.Query("SELECT id FROM delivery WHERE channel=$1 AND status='failed' AND status<>'accepted' ORDER BY at,id LIMIT $2", channel, int64(limit))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var ids []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

func (d deliveryRow) delivery() (Delivery, error) {
	body, err := unpack(d.body)
	if err != nil {
		return Delivery{}, err
	}
	out := Delivery{
		ID: d.ID, Channel: d.Channel, At: d.At, Status: d.Status, ExternalID: d.ExternalID, Object: d.Object,
		Record: d.Record, Repeats: d.Repeats, DelaySeconds: secondsBetween(d.SourceAt, d.At), Body: string(body),
	}
	var entries []struct{ Path, Code string }
	if err := json.Unmarshal([]byte(d.errors), &entries); err != nil {
		return Delivery{}, err
	}
	for _, e := range entries {
		out.Errors = append(out.Errors, fault.Field{Path: e.Path, Code: e.Code})
	}
	return out, json.Unmarshal([]byte(d.headers), &out.Headers)
}

func preview(body string) string {
	if utf8.RuneCountInString(body) <= previewLength {
		return body
	}
	return string([]rune(body)[:previewLength]) + "…"
}
