package api

import (
	"slices"

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

// guardedAsSeen also refuses, by If-Match, what somebody else published while
// this was on its way.
func (c *Call) guardedAsSeen(kind, name string) context.Context {
	return catalog.WithGuard(c.R.Context(), func(before, after *catalog.Snapshot) error {
		if err := c.matches(before.Document(kind, name)); err != nil {
			return err
		}
		return c.guardRoles(before, after)
	})
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
	return c.keepsAdministration(before, after)
}

// keepsAdministration refuses what would leave nobody who could take it back:
// a role that goes, is called otherwise or loses a right, and nobody else has one that gives it.
func (c *Call) keepsAdministration(before, after *catalog.Snapshot) error {
	for _, right := range []string{access.ConfigWrite, access.UsersWrite} {
		if c.anybodyHas(before, right) && !c.anybodyHas(after, right) {
			return fault.New(fault.Conflict, "last_administrator").With("lacks", right)
		}
	}
	return nil
}

func (c *Call) anybodyHas(s *catalog.Snapshot, right string) bool {
	return slices.ContainsFunc(s.Documents("role"), func(d config.Document) bool {
		role, ok := catalog.Compiled[*access.Role](s, "role", d.Name)
		return ok && role.Gives(right, false) && len(c.Directory.WithRole(d.Name)) > 0
	})
}

func (c *Call) mayPublish(role *access.Role) error {
	lacks, ok := c.Grants.MayPass(role)
	if ok && slices.Contains(c.User.Roles, role.Name) {
		lacks, ok = c.keepsApart(role)
	}
	if !ok {
		return fault.New(fault.Forbidden, "beyond_own_rights", fault.Field{Path: lacks, Code: "beyond_own_rights",
			Params: map[string]any{"role": role.Name, "lacks": lacks}}).With("role", role.Name).With("lacks", lacks)
	}
	return nil
}

// keepsApart refuses somebody to give himself a right that stands apart from
// his others: another person has to.
func (c *Call) keepsApart(role *access.Role) (lacks string, ok bool) {
	if right, named := role.GivesApart(); named && !c.Grants.Has(right) {
		return "rights." + right, false
	}
	return "", true
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
