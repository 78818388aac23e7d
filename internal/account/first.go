package account

import (
	"context"

	"clew.dev/clew/internal/audit"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
)

// FirstAdministrator is the person that an empty database starts with.
type FirstAdministrator struct {
	User     User
	Password string // made here when none was given, to be shown once; else ""
	Created  bool   // false when there already was anybody
}

// EnsureAdministrator creates the first administrator in a database without
// accounts. An empty email is admin@localhost.localdomain, an empty password a random one. Of
// two processes that race, one creates.
func (s *Store) EnsureAdministrator(ctx context.Context, name, email, password string) (FirstAdministrator, error) {
	if len(s.Directory().Users()) > 0 {
		return FirstAdministrator{}, nil
	}
	first := FirstAdministrator{Created: true}
	if email == "" {
		email = "admin@localhost.localdomain"
	}
	if password == "" {
		password = secret()[:16]
		first.Password = password
	}
	first.User = User{ID: s.db.NewID(), Name: name, Email: email, Roles: []string{AdministratorRole}, Active: true}
	var faults fault.Collector
	s.check(&faults, &first.User)
	faults.Add(s.checkPassword("password", password, email))
	if err := faults.Err(); err != nil {
		return FirstAdministrator{}, err
	}
	hash, err := s.Hash(ctx, password)
	if err != nil {
		return FirstAdministrator{}, err
	}
	var others int64
	err = s.write(ctx, func(tx *sqldb.Tx) error {
		err := tx.QueryRow(`SELECT COUNT(*) FROM account`).Scan(&others)
		if err != nil || others > 0 {
			return err
		}
		if err := s.insertUser(tx, first.User, hash, false); err != nil {
			return err
		}
		return audit.Write(tx, audit.Entry{Kind: "person.created", Target: personTarget(first.User.ID), Params: described(first.User)})
	})
	if err != nil || others > 0 {
		return FirstAdministrator{}, err
	}
	return first, nil
}
