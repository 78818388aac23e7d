package sqldb

import "strconv"

// unnumbered writes ? for $1, $2 … where they come in order and once each:
// the embedded library finds a numbered parameter by a search through all
// names, for each parameter anew. Any other text is returned as it is.
func unnumbered(text string) string {
	out := make([]byte, 0, len(text))
	next := 1
	for i := 0; i < len(text); {
		switch c := text[i]; c {
		case '\'', '"':
			end := i + 1
			for end < len(text) && text[end] != c {
				end++
			}
			end = min(end+1, len(text))
			out = append(out, text[i:end]...)
			i = end
		case '$':
			number := strconv.Itoa(next)
			end := i + 1 + len(number)
			if end > len(text) || text[i+1:end] != number || end < len(text) && isDigit(text[end]) {
				return text
			}
			out, i, next = append(out, '?'), end, next+1
		case '?', '-', '/': // a parameter of another kind, or perhaps a comment
			if c == '?' || i+1 < len(text) && (text[i+1] == c || text[i+1] == '*') {
				return text
			}
			out, i = append(out, c), i+1
		default:
			out, i = append(out, c), i+1
		}
	}
	return string(out)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
