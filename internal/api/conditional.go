package api

import (
	"strings"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
)

// tagListed tells whether a list of entity tags (RFC 9110 §13.1) names this one;
// "*" names any. A weak tag counts only where weak ones do.
func tagListed(list, tag string, weak bool) bool {
	for _, one := range strings.Split(list, ",") {
		one = strings.TrimSpace(one)
		if weak {
			one = strings.TrimPrefix(one, "W/")
		}
		if one == tag || one == "*" {
			return true
		}
	}
	return false
}

// known tells whether the client has what it asks for already.
func (c *Call) known(tag string) bool {
	list := c.R.Header.Get("If-None-Match")
	return list != "" && tagListed(list, tag, true)
}

// ifMatch is the caller's condition on the record as he saw it; nil when he
// states none. Where it does not hold nothing is written.
func (c *Call) ifMatch(visible *schema.Object) func(query.Row) error {
	list := c.R.Header.Get("If-Match")
	if list == "" {
		return nil
	}
	return func(before query.Row) error {
		if !tagListed(list, etag(visible, before), false) {
			return fault.New(fault.Stale, "stale")
		}
		return nil
	}
}

// both are two conditions on a record; the first may be nil.
func both(first, second func(query.Row) error) func(query.Row) error {
	if first == nil {
		return second
	}
	return func(before query.Row) error {
		if err := first(before); err != nil {
			return err
		}
		return second(before)
	}
}

// mayTake refuses a claim that would write the owner by somebody who may not
// write that field; a claim of what has an owner writes none.
func (c *Call) mayTake(object *schema.Object) func(query.Row) error {
	return func(before query.Row) error {
		owner, ok := object.Field(object.OwnerField)
		if !ok || before.Values[owner.ID] != nil || c.Grants.Field(owner) >= access.Writable {
			return nil
		}
		return fault.New(fault.Forbidden, "read_only", fault.Field{Path: owner.Name, Code: "read_only"})
	}
}
