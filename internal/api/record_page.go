package api

import (
	"strconv"
	"strings"

	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
)

// cursorPurpose binds a cursor to the question that it belongs to, and to its reader.
func (c *Call) cursorPurpose(l record.Listing) string {
	return strings.Join([]string{"list", c.User.ID, l.Object, l.Sort, l.Filter, strconv.FormatBool(l.Deleted)}, "\x00")
}

func (s *Server) cursor(c *Call, next []any, l record.Listing) any {
	if next == nil {
		return nil
	}
	text, err := s.Seal.Cursor(next, c.cursorPurpose(l))
	if err != nil {
		return nil
	}
	return text
}

// named are the fields asked for, without those that only the order needs.
func named(fields []*schema.Field, names []string) []*schema.Field {
	var out []*schema.Field
	for _, f := range fields {
		for _, name := range names {
			if name == f.Name || name == "*" {
				out = append(out, f)
				break
			}
		}
	}
	return out
}
