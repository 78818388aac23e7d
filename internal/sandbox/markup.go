package sandbox

import (
	"html"
	"html/template"
	"regexp"
	"strings"
)

var (
	linkMark = regexp.MustCompile(`\[([^\[\]]*)\]\((https?://[^\s()]+)\)`)
	boldMark = regexp.MustCompile(`\*\*([^*]+)\*\*`)
)

// markup shows a post as the messenger would: headings, quotes, list items,
// bold and links of http and https. Everything else is escaped first.
func markup(text string) template.HTML {
	var b strings.Builder
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimRight(line, " \r")
		switch {
		case line == "":
			continue
		case strings.HasPrefix(line, "#"):
			b.WriteString(`<p class="heading">` + inline(strings.TrimLeft(line, "# ")) + "</p>")
		case strings.HasPrefix(line, "> "):
			b.WriteString(`<p class="quote">` + inline(line[2:]) + "</p>")
		case strings.HasPrefix(line, "- "):
			b.WriteString(`<p class="point">` + inline(line[2:]) + "</p>")
		default:
			b.WriteString("<p>" + inline(line) + "</p>")
		}
	}
	return template.HTML(b.String()) //nolint:gosec // every piece went through inline, which escapes
}

func inline(line string) string {
	safe := html.EscapeString(line)
	safe = boldMark.ReplaceAllString(safe, "<strong>$1</strong>")
	return linkMark.ReplaceAllString(safe, `<a href="$2" rel="noreferrer" target="_blank">$1</a>`)
}

// richText shows plain pieces and links of http and https.
func richText(lines [][]piece) template.HTML {
	var b strings.Builder
	for _, line := range lines {
		b.WriteString("<p>")
		for _, p := range line {
			if strings.HasPrefix(p.href, "http://") || strings.HasPrefix(p.href, "https://") {
				b.WriteString(`<a href="` + html.EscapeString(p.href) + `" rel="noreferrer" target="_blank">` + html.EscapeString(p.text) + "</a>")
			} else {
				b.WriteString(html.EscapeString(p.text))
			}
		}
		b.WriteString("</p>")
	}
	return template.HTML(b.String()) //nolint:gosec // every piece is escaped above
}

// show is a post as the group sees it.
func show(r Received) template.HTML {
	if r.lines != nil {
		return richText(r.lines)
	}
	return markup(r.Text)
}
