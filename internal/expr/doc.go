// Package expr is the one expression language: formula fields, filters,
// conditions, permission rules and routing rows. A text is lexed, parsed (Pratt),
// resolved and type-checked against an object into a tree; the tree becomes Go
// closures here, and SQL in package query. README.md explains the language to
// those who write expressions.
//
// Values are the canonical ones of package schema. A currency field is its
// amount. Blank is nil. Logic is two-valued: a comparison with blank is false,
// NOT is the complement; any other function of blank is blank.
package expr
