package sqldb

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

type word string

// destinations are of every kind that programs scan into.
func destinations() []any {
	return []any{
		new(string), new(*string), new(word), new(*word), new([]byte), new(any),
		new(int64), new(*int64), new(int), new(*int), new(int32), new(uint16), new(float64), new(*float64), new(sql.NullString),
	}
}

func values() *rapid.Generator[any] {
	return rapid.OneOf(
		rapid.Just[any](nil),
		rapid.Map(rapid.Int64(), func(n int64) any { return n }),
		rapid.Map(rapid.Int64Range(-3, 300), func(n int64) any { return n }),
		rapid.Map(rapid.StringOf(rapid.SampledFrom([]rune("a恒\"'\\\n 0"))), func(s string) any { return s }),
		rapid.SampledFrom([]any{"17", "-4", "1.5", "true", "x", "", 1.25, -3.0, []byte("raw"), []byte("12")}),
	)
}

// Property: what is read straight from the driver is what the standard library
// reads, into every kind of destination, failures included.
func TestCursorReadsAsTheStandardLibraryDoes(t *testing.T) {
	dir := t.TempDir()
	db, err := Open(t.Context(), Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	other, err := sql.Open("sqlite", sqliteDSN(filepath.Join(dir, "clew.db")))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	rapid.Check(t, func(r *rapid.T) {
		value := values().Draw(r, "value")
		for i := range destinations() {
			fast, standard := destinations()[i], destinations()[i]
			fastErr := db.Read(context.Background(), func(tx *Tx) error { return tx.QueryRow("SELECT $1", value).Scan(fast) })
			standardErr := other.QueryRow("SELECT $1", value).Scan(standard)
			if (fastErr == nil) != (standardErr == nil) {
				r.Fatalf("%#v into %T: %v, by the standard library %v", value, fast, fastErr, standardErr)
			}
			if diff := cmp.Diff(reflect.ValueOf(standard).Elem().Interface(), reflect.ValueOf(fast).Elem().Interface()); standardErr == nil && diff != "" {
				r.Fatalf("%#v into %T: %s", value, fast, diff)
			}
		}
	})
}

// Contract: a row's columns come as they are; a wrong number of them is said.
func TestValuesAndTheirNumber(t *testing.T) {
	db := openEmbedded(t)
	err := db.Read(t.Context(), func(tx *Tx) error {
		rows, err := tx.Query("SELECT 1, 'a', NULL, x'01', 1.5")
		if err != nil {
			return err
		}
		defer rows.Close()
		if !rows.Next() {
			return fmt.Errorf("no row: %w", rows.Err())
		}
		columns := make([]any, 5)
		if err := rows.Values(columns); err != nil {
			return err
		}
		if diff := cmp.Diff([]any{int64(1), "a", nil, []byte{1}, 1.5}, columns); diff != "" {
			t.Error(diff)
		}
		if rows.Values(make([]any, 4)) == nil || rows.Scan(new(int)) == nil {
			t.Error("too few destinations are no error")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Contract: a snapshot whose caller has gone reads no further row.
func TestCursorEndsWithItsCaller(t *testing.T) {
	db := openEmbedded(t)
	ctx, cancel := context.WithCancel(t.Context())
	read := 0
	err := db.Read(ctx, func(tx *Tx) error {
		rows, err := tx.Query("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT i FROM n")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			if read++; read == 10 {
				cancel()
			}
		}
		return rows.Err()
	})
	if err == nil || read != 10 {
		t.Errorf("%d rows: %v", read, err)
	}
	if err := db.Ready(t.Context()); err != nil {
		t.Error(err)
	}
}
