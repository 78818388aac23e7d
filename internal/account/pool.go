package account

import (
	"context"
	"fmt"

	"clew.dev/clew/internal/audit"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
)

// SetPoolMembers replaces a pool's members; their order is kept. Whether the
// pool exists is checked above.
func (s *Store) SetPoolMembers(ctx context.Context, pool string, members []PoolMember) error {
	if err := s.checkMembers(members); err != nil {
		return err
	}
	return s.write(ctx, func(tx *sqldb.Tx) error {
		if _, err := tx.Exec(`DELETE FROM pool_member WHERE pool = $1`, pool); err != nil {
			return err
		}
		for i, m := range members {
			_, err := tx.Exec(`INSERT INTO pool_member (pool, account_id, capacity, weight, position)
				VALUES ($1, $2, $3, $4, $5)`, pool, m.User, nullable(m.Capacity), int64(max(m.Weight, 1)), int64(i))
			if err != nil {
				return err
			}
		}
		users := make([]string, 0, len(members))
		for _, m := range members {
			users = append(users, m.User)
		}
		return audit.Write(tx, audit.Entry{
			Kind: "organisation.pool_changed", Target: audit.Target{Kind: "pool", ID: pool}, Params: map[string]any{"members": users},
		})
	})
}

func (s *Store) checkMembers(members []PoolMember) error {
	var faults fault.Collector
	seen := map[string]bool{}
	for i, m := range members {
		path := fmt.Sprintf("members.%d.", i)
		if _, ok := s.Directory().User(m.User); !ok {
			faults.Add(&fault.Field{Path: path + "user", Code: "unknown_user"})
		} else if seen[m.User] {
			faults.Add(&fault.Field{Path: path + "user", Code: "repeated"})
		}
		seen[m.User] = true
		if m.Capacity != nil && *m.Capacity < 0 {
			faults.Add(&fault.Field{Path: path + "capacity", Code: "negative"})
		}
		if m.Weight < 0 {
			faults.Add(&fault.Field{Path: path + "weight", Code: "negative"})
		}
	}
	return faults.Err()
}
