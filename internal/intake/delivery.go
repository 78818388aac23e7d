package intake

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/klauspost/compress/zstd"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
)

// deliveryRow is one row of the table delivery.
type deliveryRow struct {
	ID, Channel, Status, ExternalID, Object, Record string
	At                                              time.Time
	SourceAt                                        *time.Time
	Repeats                                         int64
	headers, body, errors                           string
}

const deliveryColumns = "id,channel,at,source_at,status,external_id,object,record,headers,body,errors,repeats"

func (d deliveryRow) insert(tx *sqldb.Tx) error {
	if d.errors == "" {
		d.errors = "[]"
	}
	return tx.Later("INSERT INTO delivery("+deliveryColumns+") VALUES($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)",
		d.ID, d.Channel, sqldb.Micros(d.At), microsOrNil(d.SourceAt), d.Status, d.ExternalID, d.Object, d.Record,
		d.headers, d.body, d.errors, d.Repeats)
}

func (d deliveryRow) update(tx *sqldb.Tx) error {
	return tx.Later("UPDATE delivery SET status=$1, record=$2, errors=$3 WHERE id=$4", d.Status, d.Record, d.errors, d.ID)
}

func deliveryByID(tx *sqldb.Tx, id string) (deliveryRow, error) {
	rows, err := tx.Query("SELECT "+deliveryColumns+" FROM delivery WHERE id=$1", id)
	if err != nil {
		return deliveryRow{}, err
	}
	found, err := scanDeliveries(rows)
	if err == nil && len(found) == 0 {
		err = fault.New(fault.NotFound, "not_found")
	}
	if err != nil {
		return deliveryRow{}, err
	}
	return found[0], nil
}

func scanDeliveries(rows *sqldb.Rows) ([]deliveryRow, error) {
	defer rows.Close()
	var found []deliveryRow
	for rows.Next() {
		var d deliveryRow
		var at int64
		var sourceAt *int64
		if err := rows.Scan(&d.ID, &d.Channel, &at, &sourceAt, &d.Status, &d.ExternalID, &d.Object, &d.Record,
			&d.headers, &d.body, &d.errors, &d.Repeats); err != nil {
			return nil, err
		}
		d.At = sqldb.FromMicros(at)
		if sourceAt != nil {
			t := sqldb.FromMicros(*sourceAt)
			d.SourceAt = &t
		}
		found = append(found, d)
	}
	return found, rows.Err()
}

func microsOrNil(t *time.Time) any {
	if t == nil {
		return nil
	}
	return sqldb.Micros(*t)
}

// encoder and decoder hold no state between calls of EncodeAll and DecodeAll.
var (
	encoder = must(zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(2), zstd.WithWindowSize(128<<10), zstd.WithLowerEncoderMem(true)))
	decoder = must(zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(16<<20), zstd.WithDecoderLowmem(true)))
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err) // only wrong options, which are constants
	}
	return v
}

// pack compresses a raw body for its column.
func pack(body []byte) string {
	return base64.StdEncoding.EncodeToString(encoder.EncodeAll(body, nil))
}

func unpack(packed string) ([]byte, error) {
	if packed == "" { // purged
		return nil, nil
	}
	raw, err := base64.StdEncoding.DecodeString(packed)
	if err != nil {
		return nil, err
	}
	return decoder.DecodeAll(raw, nil)
}

// keptHeaders are the headers that matter for understanding a delivery later;
// none that carries a secret.
func keptHeaders(h http.Header) string {
	kept := map[string]string{}
	for _, name := range []string{"Content-Type", "User-Agent", "X-Forwarded-For", "Referer", "X-Request-Id"} {
		if v := h.Get(name); v != "" {
			kept[name] = v
		}
	}
	text, _ := json.Marshal(kept)
	return string(text)
}

// faultsOf writes what was wrong as field paths and codes.
func faultsOf(err error) string {
	type entry struct {
		Path string `json:"path"`
		Code string `json:"code"`
	}
	entries := []entry{}
	var f *fault.Error
	if errors.As(err, &f) {
		for _, field := range f.Fields {
			entries = append(entries, entry{field.Path, field.Code})
		}
		if len(entries) == 0 {
			entries = append(entries, entry{"", f.Code})
		}
	} else {
		entries = append(entries, entry{"", "internal"})
	}
	text, _ := json.Marshal(entries)
	return string(text)
}

// secondsBetween is the delay from a source's stamp, as text for JSON; nil when there is none.
func secondsBetween(from *time.Time, to time.Time) *int64 {
	if from == nil {
		return nil
	}
	seconds := int64(to.Sub(*from) / time.Second)
	return &seconds
}

// cursorOf is where a page of deliveries ends: its last row's time and id.
func cursorOf(d deliveryRow) []string {
	return []string{strconv.FormatInt(sqldb.Micros(d.At), 10), d.ID}
}
