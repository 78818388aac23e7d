// Package account keeps the people of the company: users, their departments
// and leaders, leave and pool membership, and the secrets by which they are
// known: passwords, sessions and API tokens. What others read is the
// Directory, an immutable snapshot of all of it but the secrets.
package account

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"clew.dev/clew/internal/audit"
	"clew.dev/clew/internal/seal"
	"clew.dev/clew/internal/sqldb"
)

// AdministratorRole is the role of which one active user always remains.
const AdministratorRole = "administrator"

// User is a person of the company.
type User struct {
	ID         string
	Name       string
	Email      string
	Language   string   // "zh-CN" or "en"; "" is the company's
	Zone       string   // IANA name; "" is the company's
	Department string   // id, "" for none
	Roles      []string // names of role documents, in the given order
	Active     bool
	Capacity   *int // open records that the person can carry; nil is no limit
}

// Department is a node of the company's tree.
type Department struct {
	ID     string
	Name   string
	Parent string // id, "" at the root
	Leader string // user id, "" for none
}

// Leave is a time in which a person is away: From ≤ t < To.
type Leave struct {
	ID       string
	User     string
	From, To time.Time
	Reason   string
}

// PoolMember is a person's place in a pool.
type PoolMember struct {
	User     string
	Capacity *int // nil is the person's own
	Weight   int  // share in a weighted turn, at least 1
}

// Options are what a Store needs beside the database.
type Options struct {
	Now      func() time.Time  // real time, for sessions and lock-out; nil is the transaction's real time
	OnChange func()            // called after the directory was swapped; nil for nobody
	OnRevoke func(user string) // called after a session or token of a person was ended; nil for nobody
	Box      *seal.Box         // keeps second factors' secrets; nil where nobody has one
	Hashing  int               // password computations at once; 0 is 2
}

// Store keeps accounts in the database and the Directory in memory.
type Store struct {
	db        *sqldb.DB
	options   Options
	hasher    *hasher
	loading   sync.Mutex
	directory atomic.Pointer[Directory]
}

// New makes a store; Load must follow before Directory is read.
func New(db *sqldb.DB, options Options) *Store {
	if options.Hashing == 0 {
		options.Hashing = 2
	}
	s := &Store{db: db, options: options, hasher: newHasher(options.Hashing)}
	s.directory.Store(newDirectory(0, contents{rules: DefaultRules()}))
	return s
}

// Directory is the present snapshot; it never changes under the reader.
func (s *Store) Directory() *Directory { return s.directory.Load() }

// Load reads the directory from the database and swaps it in, unless a newer one is there.
func (s *Store) Load(ctx context.Context) error {
	s.loading.Lock()
	defer s.loading.Unlock()
	var version int64
	var all contents
	err := s.db.Read(ctx, func(tx *sqldb.Tx) error {
		var err error
		if version, err = readVersion(tx); err != nil {
			return err
		}
		all, err = readContents(tx)
		return err
	})
	if err != nil {
		return err
	}
	if version <= s.Directory().Version() {
		return nil
	}
	s.directory.Store(newDirectory(version, all))
	if s.options.OnChange != nil {
		s.options.OnChange()
	}
	return nil
}

// write runs a change of the directory's tables as one unit and swaps the new
// directory in. The version is raised first: its row makes such changes wait
// for each other, so that a check within one sees what the one before did.
func (s *Store) write(ctx context.Context, change func(*sqldb.Tx) error) error {
	err := s.db.Write(ctx, func(tx *sqldb.Tx) error {
		if _, err := tx.Exec(`UPDATE directory_version SET version = version + 1 WHERE id = 1`); err != nil {
			return err
		}
		return change(tx)
	})
	if err != nil {
		return err
	}
	return s.Load(ctx)
}

// realNow is the time by which secrets expire, never the business time.
func (s *Store) realNow(tx *sqldb.Tx) time.Time {
	if s.options.Now != nil {
		return s.options.Now()
	}
	return tx.RealNow()
}

// personTarget is a person as what an act was done to.
func personTarget(user string) audit.Target { return audit.Target{Kind: "person", ID: user} }

func readVersion(tx *sqldb.Tx) (int64, error) {
	var version int64
	err := tx.QueryRow(`SELECT version FROM directory_version WHERE id = 1`).Scan(&version)
	return version, err
}
