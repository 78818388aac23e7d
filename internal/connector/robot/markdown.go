package robot

import "strings"

// inert maps the characters that mean something in a messenger's markdown to
// their full-width twins: what a stranger typed into a form can neither link,
// nor mention people, nor break the layout.
var inert = strings.NewReplacer(
	"<", "＜", ">", "＞", "[", "［", "]", "］", "*", "＊", "`", "｀", "#", "＃", "|", "｜", "~", "～",
	"\\", "＼", "\r\n", " ", "\n", " ", "\r", " ", "\u2028", " ", "\u2029", " ")

// Inert is s as plain words of one line for a vendor's markdown.
func Inert(s string) string { return inert.Replace(s) }

// Line is s as one line of a vendor that takes plain text.
func Line(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029'
	}), " ")
}

// WithKeyword is the title, with the group's keyword in front where it is missing.
func WithKeyword(title, keyword string) string {
	if keyword == "" || strings.Contains(title, keyword) {
		return title
	}
	return keyword + " · " + title
}
