package schema

import (
	"net/mail"
	"strings"

	"clew.dev/clew/internal/fault"
)

const emailLimit = 254

type email struct{}

func (email) Name() string     { return "email" }
func (email) Storage() Storage { return Text }

// Parse gives a bare address in lower case; a channel's that is none is kept and flagged.
func (email) Parse(f *Field, raw any, in Input) (any, *fault.Field) {
	s, ok := scalar(raw)
	if !ok {
		return nil, wrong(f, "invalid_type")
	}
	if s = strings.ToLower(s); s == "" {
		return nil, nil
	}
	if isEmail(s) {
		return s, nil
	}
	if in.Person {
		return nil, wrong(f, "invalid_email")
	}
	in.flag(f, "invalid_email")
	return limited(f, s, emailLimit, in)
}

func isEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || len(s) > emailLimit {
		return false
	}
	domain := s[strings.LastIndex(s, "@")+1:]
	return strings.Contains(domain, ".") && !strings.ContainsAny(domain, "[]")
}

func (email) Encode(_ *Field, value any) any { return value }

func (email) Check(*Field) *fault.Field { return nil }
