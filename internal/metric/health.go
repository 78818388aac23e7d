package metric

import (
	"sort"
	"strconv"
	"time"

	"clew.dev/clew/internal/sqldb"
)

// Range is what the figures are asked for: company days, both included, and
// the owners who count; nil owners means everybody.
type Range struct {
	Object string // id
	From   string // "2006-01-02"
	To     string
	Source string   // choice id, "" for all
	Owners []string // nil: everybody
}

// Counts are the figures of a group of records by their day of arrival.
type Counts struct {
	Created, Touched, Within24h, Within30m int64
	Median                                 *time.Duration // of the touched; nil when none is
}

// Day is how many records a source gave on a day.
type Day struct {
	Day, Source string
	Created     int64
}

// Figures are the lead-health figures of a range.
type Figures struct {
	Total    Counts
	BySource map[string]Counts // by choice id, "" for none
	ByDay    []Day
}

// Read answers from the roll-ups; it never looks at a record.
func Read(tx *sqldb.Tx, r Range) (Figures, error) {
	figures := Figures{BySource: map[string]Counts{}}
	if err := figures.readCounts(tx, r); err != nil {
		return figures, err
	}
	if err := figures.readMedians(tx, r); err != nil {
		return figures, err
	}
	return figures, figures.readDays(tx, r)
}

// where is the common condition; its arguments come first. owner names the
// column of those who count.
func (r Range) where(owner string) (string, []any) {
	sql, args := " WHERE object=$1 AND day>=$2 AND day<=$3", []any{r.Object, r.From, r.To}
	if r.Source != "" {
		args = append(args, r.Source)
		sql += " AND source=$" + strconv.Itoa(len(args))
	}
	if r.Owners == nil {
		return sql, args
	}
	sql += " AND " + owner + " IN ("
	for i, one := range r.Owners {
		if i > 0 {
			sql += ","
		}
		args = append(args, one)
		sql += "$" + strconv.Itoa(len(args))
	}
	if len(r.Owners) == 0 {
		sql += "NULL"
	}
	return sql + ")", args
}

func (f *Figures) readCounts(tx *sqldb.Tx, r Range) error {
	where, args := r.where("owner")
	rows, err := tx.Query(`SELECT source,CAST(SUM(created) AS BIGINT),CAST(SUM(touched) AS BIGINT),
		CAST(SUM(within_24h) AS BIGINT),CAST(SUM(within_30m) AS BIGINT) FROM figure`+where+" GROUP BY source", args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var source string
		var c Counts
		if err := rows.Scan(&source, &c.Created, &c.Touched, &c.Within24h, &c.Within30m); err != nil {
			return err
		}
		if c.Created == 0 {
			continue
		}
		f.BySource[source] = c
		f.Total.Created += c.Created
		f.Total.Touched += c.Touched
		f.Total.Within24h += c.Within24h
		f.Total.Within30m += c.Within30m
	}
	return rows.Err()
}

func (f *Figures) readMedians(tx *sqldb.Tx, r Range) error {
	where, args := r.where("owner")
	rows, err := tx.Query("SELECT source,bucket,CAST(SUM(n) AS BIGINT) FROM response_time"+where+" GROUP BY source,bucket ORDER BY bucket", args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	all, bySource := histogram{}, map[string]histogram{}
	for rows.Next() {
		var source string
		var bucket, n int64
		if err := rows.Scan(&source, &bucket, &n); err != nil {
			return err
		}
		if bySource[source] == nil {
			bySource[source] = histogram{}
		}
		bySource[source][bucket] += n
		all[bucket] += n
	}
	f.Total.Median = all.median()
	for source, h := range bySource {
		if c, ok := f.BySource[source]; ok {
			c.Median = h.median()
			f.BySource[source] = c
		}
	}
	return rows.Err()
}

func (f *Figures) readDays(tx *sqldb.Tx, r Range) error {
	where, args := r.where("owner")
	rows, err := tx.Query("SELECT day,source,CAST(SUM(created) AS BIGINT) FROM figure"+where+" GROUP BY day,source ORDER BY day,source", args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var d Day
		if err := rows.Scan(&d.Day, &d.Source, &d.Created); err != nil {
			return err
		}
		if d.Created != 0 {
			f.ByDay = append(f.ByDay, d)
		}
	}
	return rows.Err()
}

// histogram counts response times by bucket.
type histogram map[int64]int64

// median is the middle of the bucket that holds the middle one; nil when empty.
func (h histogram) median() *time.Duration {
	var total int64
	buckets := make([]int64, 0, len(h))
	for b, n := range h {
		total += n
		if n > 0 {
			buckets = append(buckets, b)
		}
	}
	if total == 0 {
		return nil
	}
	sort.Slice(buckets, func(i, j int) bool { return buckets[i] < buckets[j] })
	var seen int64
	for _, b := range buckets {
		seen += h[b]
		if 2*seen >= total {
			d := bucketMiddle(b)
			return &d
		}
	}
	return nil
}

// OpenByOwner is how many open records each owner has.
func OpenByOwner(tx *sqldb.Tx, object string) (map[string]int64, error) {
	rows, err := tx.Query("SELECT owner,open FROM owner_load WHERE object=$1 AND open<>0", object)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	open := map[string]int64{}
	for rows.Next() {
		var owner string
		var n int64
		if err := rows.Scan(&owner, &n); err != nil {
			return nil, err
		}
		open[owner] = n
	}
	return open, rows.Err()
}
