package thread

import (
	"strconv"

	"clew.dev/clew/internal/sqldb"
)

// Erase removes the bodies of a record's entries for good. Digests stand for
// them, so that the chain still verifies: that something was done, when and by
// whom stays, what it was does not.
func Erase(tx *sqldb.Tx, record string) error {
	return erase(tx, record, "")
}

// EraseEntries does so for some entries of a record, by their numbers.
func EraseEntries(tx *sqldb.Tx, record string, seqs ...int64) error {
	if len(seqs) == 0 {
		return nil
	}
	among := " AND seq IN ("
	for i, seq := range seqs {
		if i > 0 {
			among += ","
		}
		among += strconv.FormatInt(seq, 10)
	}
	return erase(tx, record, among+")")
}

func erase(tx *sqldb.Tx, record, among string) error {
	rows, err := tx.Query("SELECT seq, salt, params FROM thread_entry WHERE record=$1 AND salt<>''"+among+" ORDER BY seq", record)
	if err != nil {
		return err
	}
	digests := map[int64]string{}
	for rows.Next() {
		var seq int64
		var salt, params string
		if err := rows.Scan(&seq, &salt, &params); err != nil {
			_ = rows.Close()
			return err
		}
		digests[seq] = digestOf(salt, params)
	}
	if err := rows.Close(); err != nil {
		return err
	}
	for seq, digest := range digests {
		_, err := tx.Exec("UPDATE thread_entry SET params='{}', salt='', digest=$1 WHERE record=$2 AND seq=$3", digest, record, seq)
		if err != nil {
			return err
		}
	}
	return nil
}
