package schema

import (
	"net/url"
	"strings"

	"clew.dev/clew/internal/fault"
)

const urlLimit = 2000

type link struct{}

func (link) Name() string     { return "url" }
func (link) Storage() Storage { return Text }

// Parse accepts web addresses only, so that a link is always safe to show.
func (link) Parse(f *Field, raw any, in Input) (any, *fault.Field) {
	s, ok := scalar(raw)
	if !ok {
		return nil, wrong(f, "invalid_type")
	}
	if s == "" {
		return nil, nil
	}
	if !strings.Contains(s, "://") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil || !isPage(u) || len(u.String()) > urlLimit {
		if in.Person {
			return nil, wrong(f, "invalid_url")
		}
		in.flag(f, "invalid_url")
		return nil, nil
	}
	return u.String(), nil
}

// isPage says whether an address is a web page's; a name before the host would
// hide where it leads, and is what becomes of an e-mail's address.
func isPage(u *url.URL) bool {
	return (u.Scheme == "http" || u.Scheme == "https") && u.User == nil && strings.Contains(strings.Trim(u.Hostname(), "."), ".")
}

func (link) Encode(_ *Field, value any) any { return value }

func (link) Check(*Field) *fault.Field { return nil }
