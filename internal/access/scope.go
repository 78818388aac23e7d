package access

import (
	"maps"

	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/schema"
)

// teamParameter is written TEAM() in a scope: the people of the reader's department.
const teamParameter = "TEAM"

// scopeEnv adds what a scope may name beside the object's fields.
func scopeEnv(env expr.Env) expr.Env {
	env.Parameters = maps.Clone(env.Parameters)
	if env.Parameters == nil {
		env.Parameters = map[string]expr.Type{}
	}
	env.Parameters[teamParameter] = expr.People
	return env
}

// ownedBy is the records that belong to one of these people; an object
// without an owner field belongs to who created it.
func ownedBy(object *schema.Object, people []string) query.Condition {
	values := make([]any, 0, len(people))
	for _, id := range people {
		values = append(values, id)
	}
	if owner, ok := object.Field(object.OwnerField); ok {
		return query.In{Field: owner, Values: values}
	}
	return query.In{System: "created_by", Values: values}
}

// either is the OR of conditions, Never of none.
func either(parts []query.Condition) query.Condition {
	switch len(parts) {
	case 0:
		return query.Never{}
	case 1:
		return parts[0]
	}
	return query.Or(parts)
}

// both is the AND of two conditions, shortened where one decides.
func both(a, b query.Condition) query.Condition {
	if _, ok := a.(query.Never); ok {
		return a
	}
	if _, ok := a.(query.Always); ok {
		return b
	}
	if _, ok := b.(query.Never); ok {
		return b
	}
	return query.And{a, b}
}
