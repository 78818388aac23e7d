package api

import (
	"context"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/fault"
)

// guarded is the call's context with the rule that nobody publishes a role
// which gives more than he has himself.
func (c *Call) guarded() context.Context {
	return catalog.WithGuard(c.R.Context(), c.guardRoles)
}

// guardRoles looks at every role that is new or written differently. What a
// role names is compared by permanent id, so that renaming hides nothing.
func (c *Call) guardRoles(before, after *catalog.Snapshot) error {
	for _, d := range after.Documents("role") {
		if was, err := before.Document("role", d.Name); err == nil && string(was.Body) == string(d.Body) {
			continue
		}
		role, ok := catalog.Compiled[*access.Role](after, "role", d.Name)
		if !ok {
			continue
		}
		if err := c.mayPublish(role); err != nil {
			return err
		}
	}
	return nil
}

func (c *Call) mayPublish(role *access.Role) error {
	if lacks, ok := c.Grants.MayGrant(role); !ok {
		return fault.New(fault.Forbidden, "beyond_own_rights", fault.Field{Path: lacks, Code: "beyond_own_rights",
			Params: map[string]any{"role": role.Name, "lacks": lacks}}).With("role", role.Name).With("lacks", lacks)
	}
	return nil
}

// mayWriteRole refuses a role already when it is laid into a draft, as far as
// it compiles by what is in force; publishing asks again.
func (c *Call) mayWriteRole(d config.Document) error {
	if d.Kind != "role" {
		return nil
	}
	role, err := access.Compile(d.Name, d.Body, c.Snapshot.Objects, c.Snapshot.Env)
	if err != nil {
		return nil //nolint:nilerr // a draft need not be right yet
	}
	return c.mayPublish(role)
}
