package api

import (
	"net/http"
	"strconv"
	"time"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
)

// Limits of what a person keeps.
const (
	mostPins    = 50
	shownRecent = 20
	keptRecent  = 100
)

func (s *Server) pinRoutes() []Route {
	own := SignedIn("everybody has pins and recent records of his own; labels only of records that he may read")
	return []Route{
		{Method: http.MethodGet, Path: Prefix + "/pins", Tag: "search", Summary: "The records that you keep at hand.", Policy: own, Out: List[Kept]{}, Handle: s.listPins},
		{Method: http.MethodPut, Path: Prefix + "/pins/{object}/{id}", Tag: "search", Summary: "Keep a record at hand.", Policy: own, Status: http.StatusNoContent, Handle: s.pin},
		{Method: http.MethodDelete, Path: Prefix + "/pins/{object}/{id}", Tag: "search", Summary: "Keep it no longer.", Policy: own, Status: http.StatusNoContent, Handle: s.unpin},
		{Method: http.MethodGet, Path: Prefix + "/recent", Tag: "search", Summary: "The records that you opened last, the latest first.", Policy: own, Out: List[Kept]{}, Handle: s.listRecent},
		{Method: http.MethodPut, Path: Prefix + "/recent/{object}/{id}", Tag: "search", Summary: "Note that you opened a record.", Policy: own, Status: http.StatusNoContent, Handle: s.noteOpened},
	}
}

// Kept is a record that a person pinned or opened.
type Kept struct {
	Object string `json:"object"`
	ID     string `json:"id"`
	Label  string `json:"label"`
	At     string `json:"at"`
}

// keptRow is a row of the tables pin and recent.
type keptRow struct {
	object, record string
	at             int64
}

func (s *Server) listPins(c *Call) error {
	return s.listKept(c, `SELECT object, record, at FROM pin WHERE account_id = $1 ORDER BY at, record LIMIT `+strconv.Itoa(mostPins))
}

func (s *Server) listRecent(c *Call) error {
	return s.listKept(c, `SELECT object, record, at FROM recent WHERE account_id = $1 ORDER BY at DESC, record LIMIT `+strconv.Itoa(shownRecent))
}

// listKept answers with those of the rows that the caller may read today.
func (s *Server) listKept(c *Call, sql string) error {
	items := []Kept{}
	err := s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		kept, err := keptRows(tx, sql, c.User.ID)
		if err != nil {
			return err
		}
		byObject := map[string][]string{}
		for _, k := range kept {
			byObject[k.object] = append(byObject[k.object], k.record)
		}
		readable := map[string]query.Row{}
		for id, ids := range byObject {
			object, ok := c.Snapshot.ObjectByID(id)
			if !ok {
				continue
			}
			found, err := s.reader(c, tx).Readable(object, ids)
			if err != nil {
				return err
			}
			for id, row := range found {
				readable[id] = row
			}
		}
		for _, k := range kept {
			if row, ok := readable[k.record]; ok {
				items = append(items, c.kept(k, row))
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return c.JSON(map[string]any{"items": items, "next_cursor": nil})
}

func (c *Call) kept(k keptRow, row query.Row) Kept {
	object, _ := c.Snapshot.ObjectByID(k.object)
	return Kept{Object: object.Name, ID: k.record, Label: titleOf(c.Grants.Visible(object), row), At: stamp(time.UnixMicro(k.at))}
}

func keptRows(tx *sqldb.Tx, sql, account string) ([]keptRow, error) {
	rows, err := tx.Query(sql, account)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var kept []keptRow
	for rows.Next() {
		var k keptRow
		if err := rows.Scan(&k.object, &k.record, &k.at); err != nil {
			return nil, err
		}
		kept = append(kept, k)
	}
	return kept, rows.Err()
}

func (s *Server) pin(c *Call) error {
	return s.keep(c, func(tx *sqldb.Tx, object *schema.Object, id string) error {
		var n int64
		if err := tx.QueryRow(`SELECT count(*) FROM pin WHERE account_id = $1 AND record <> $2`, c.User.ID, id).Scan(&n); err != nil {
			return err
		}
		if n >= mostPins {
			return fault.New(fault.Conflict, "too_many_pins").With("max", mostPins)
		}
		_, err := tx.Exec(`INSERT INTO pin (account_id, record, object, at) VALUES ($1, $2, $3, $4) ON CONFLICT (account_id, record) DO NOTHING`,
			c.User.ID, id, object.ID, tx.Now().UnixMicro())
		return err
	})
}

func (s *Server) unpin(c *Call) error {
	err := c.Write(func(tx *sqldb.Tx) error {
		_, err := tx.Exec(`DELETE FROM pin WHERE account_id = $1 AND record = $2`, c.User.ID, c.Param("id"))
		return err
	})
	if err != nil {
		return err
	}
	return c.NoContent()
}

// noteOpened remembers a record as opened now, and forgets those long ago.
func (s *Server) noteOpened(c *Call) error {
	return s.keep(c, func(tx *sqldb.Tx, object *schema.Object, id string) error {
		if _, err := tx.Exec(`INSERT INTO recent (account_id, record, object, at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (account_id, record) DO UPDATE SET at = excluded.at`, c.User.ID, id, object.ID, tx.Now().UnixMicro()); err != nil {
			return err
		}
		_, err := tx.Exec(`DELETE FROM recent WHERE account_id = $1 AND at < (SELECT min(at) FROM (
			SELECT at FROM recent WHERE account_id = $2 ORDER BY at DESC LIMIT `+strconv.Itoa(keptRecent)+`) AS kept)`, c.User.ID, c.User.ID)
		return err
	})
}

// keep writes about a record that the caller may read; another one is not there.
func (s *Server) keep(c *Call, write func(*sqldb.Tx, *schema.Object, string) error) error {
	object, visible, err := s.seen(c, access.Read)
	if err != nil {
		return err
	}
	err = c.Write(func(tx *sqldb.Tx) error {
		row, err := s.reader(c, tx).Get(visible, c.Param("id"))
		if err != nil {
			return err
		}
		return write(tx, object, row.ID)
	})
	if err != nil {
		return err
	}
	return c.NoContent()
}
