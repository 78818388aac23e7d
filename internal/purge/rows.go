package purge

import (
	"context"
	"encoding/binary"
	"errors"
	"time"

	"github.com/google/uuid"

	"clew.dev/clew/internal/sqldb"
)

// before is the id below which all ids of rows lie that were made before t.
func before(t time.Time) string {
	var id uuid.UUID
	binary.BigEndian.PutUint64(id[:8], uint64(max(t.UnixMilli(), 0))<<16)
	return id.String()
}

// messages removes what was sent to groups. Ids grow with time, so the oldest
// rows are found without an index of their own.
func (s *Sweeper) messages(ctx context.Context) (n int64, err error) {
	if s.Keep.Messages == 0 {
		return 0, nil
	}
	for more := true; more; {
		removed := int64(0)
		err := s.DB.Write(ctx, func(tx *sqldb.Tx) (err error) {
			removed, err = tx.Exec(`DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE id < $1 AND state = 'sent' AND sent_at < $2
				ORDER BY id LIMIT $3)`, before(tx.Now().Add(-s.Keep.Messages)), tx.Now().Add(-s.Keep.Messages), rowsOne)
			more = removed == rowsOne
			return err
		})
		if n += removed; err != nil {
			return n, err
		}
	}
	return n, nil
}

// bodiesDone names the setting with the last delivery whose body was removed.
const bodiesDone = "purged_deliveries"

// bodies empties old deliveries; the rows stay, for the counts and against redeliveries.
func (s *Sweeper) bodies(ctx context.Context) (n int64, err error) {
	if s.Keep.Deliveries == 0 {
		return 0, nil
	}
	for more := true; more; {
		emptied := int64(0)
		err := s.DB.Write(ctx, func(tx *sqldb.Tx) (err error) {
			emptied, more, err = emptyBodies(tx, before(tx.Now().Add(-s.Keep.Deliveries)))
			return err
		})
		if n += emptied; err != nil {
			return n, err
		}
	}
	return n, nil
}

// emptyBodies goes on from where the last sweep ended, up to a limit of rows.
func emptyBodies(tx *sqldb.Tx, until string) (emptied int64, more bool, err error) {
	from := ""
	err = tx.QueryRow("SELECT value FROM setting WHERE name=$1", bodiesDone).Scan(&from)
	if err != nil && !errors.Is(err, sqldb.ErrNoRows) {
		return 0, false, err
	}
	var last *string
	var rows int64
	err = tx.QueryRow("SELECT MAX(id), COUNT(*) FROM (SELECT id FROM delivery WHERE id > $1 AND id < $2 ORDER BY id LIMIT $3) part", from, until, rowsOne).Scan(&last, &rows)
	if err != nil || last == nil {
		return 0, false, err
	}
	emptied, err = tx.Exec("UPDATE delivery SET body='', headers='{}' WHERE id > $1 AND id <= $2 AND body<>''", from, *last)
	if err != nil {
		return 0, false, err
	}
	_, err = tx.Exec("INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value", bodiesDone, *last)
	return emptied, rows == rowsOne, err
}
