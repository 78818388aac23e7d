package query

import (
	"slices"
	"strings"

	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/schema"
)

// Open holds for records that are not closed. It is written out, with the
// choices' ids as literals, because the partial indexes over open records are
// used only by a condition in their own words (ADR 17).
func Open(rule schema.ClosedColumn) string {
	ids := make([]string, len(rule.Choices))
	for i, id := range rule.Choices {
		ids[i] = "'" + strings.ReplaceAll(strings.ReplaceAll(id, "\x00", ""), "'", "''") + "'"
	}
	return "(" + Quote(rule.Column) + " IN (" + strings.Join(ids, ",") + ")) IS NOT TRUE"
}

// closing compares what an expression asks with the object's closing rule:
// open says that exactly the open records are meant, when the condition is
// denied; within, that only open ones can meet it.
func (e *expression) closing(n *expr.Node) (open, within bool) {
	rule := e.closedBy(n)
	if rule == nil {
		return false, false
	}
	var asked []string
	for _, a := range n.Args[1:] {
		if !a.Constant() {
			return false, false
		}
		v, err := e.program.Constant(a, e.input)
		id, ok := v.(string)
		if err != nil || !ok {
			return false, false
		}
		asked = append(asked, id)
	}
	closed := 0
	for _, id := range asked {
		if slices.Contains(rule.Choices, id) {
			closed++
		}
	}
	all := closed == len(asked)
	for _, id := range rule.Choices {
		all = all && slices.Contains(asked, id)
	}
	return all, closed == 0
}

// closedBy is the closing rule when the condition compares its field with
// constants: status = x, status IN (x, y).
func (e *expression) closedBy(n *expr.Node) *schema.ClosedColumn {
	if e.object == nil || n.Op != expr.OpMember && n.Op != expr.OpEqual || n.Args[0].Op != expr.OpField {
		return nil
	}
	rule, f := e.object.ClosedColumn(), n.Args[0].Column.Field
	if rule == nil || f == nil || f.Column != rule.Column {
		return nil
	}
	return rule
}

// opened adds to a condition that only open records meet that they are open.
func (e *expression) opened(n *expr.Node, sql string) string {
	if _, within := e.closing(n); within && sql != never {
		return "(" + sql + " AND " + Open(*e.object.ClosedColumn()) + ")"
	}
	return sql
}
