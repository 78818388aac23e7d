package sandbox

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestAPostIsShownAsAMessengerWould: the little markup that messengers know, and
// nothing of HTML.
func TestAPostIsShownAsAMessengerWould(t *testing.T) {
	for text, want := range map[string]string{
		"":                               "",
		"words":                          "<p>words</p>",
		"one\ntwo":                       "<p>one</p><p>two</p>",
		"one\n\n\ntwo\n":                 "<p>one</p><p>two</p>",
		"### 新线索":                        `<p class="heading">新线索</p>`,
		"#":                              `<p class="heading"></p>`,
		"> quoted":                       `<p class="quote">quoted</p>`,
		">not quoted":                    "<p>&gt;not quoted</p>",
		"- point":                        `<p class="point">point</p>`,
		"-5 degrees":                     "<p>-5 degrees</p>",
		"**bold** and not":               "<p><strong>bold</strong> and not</p>",
		"**not closed":                   "<p>**not closed</p>",
		"[here](https://a.example/?q=1)": `<p><a href="https://a.example/?q=1" rel="noreferrer" target="_blank">here</a></p>`,
		"[a](http://x) [b](http://y)":    `<p><a href="http://x" rel="noreferrer" target="_blank">a</a> <a href="http://y" rel="noreferrer" target="_blank">b</a></p>`,
		"[here](javascript:alert(1))":    "<p>[here](javascript:alert(1))</p>",
		"[here](data:text/html,x)":       "<p>[here](data:text/html,x)</p>",
		"[here](//a.example)":            "<p>[here](//a.example)</p>",
		`[x](https://a"onclick="b)`:      `<p><a href="https://a&#34;onclick=&#34;b" rel="noreferrer" target="_blank">x</a></p>`,
		"<script>alert(1)</script>":      "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
		"# <b>":                          `<p class="heading">&lt;b&gt;</p>`,
		"> & <i>":                        `<p class="quote">&amp; &lt;i&gt;</p>`,
		"trailing \r\nline":              "<p>trailing</p><p>line</p>",
		"[**bold**](http://x)":           `<p><a href="http://x" rel="noreferrer" target="_blank"><strong>bold</strong></a></p>`,
	} {
		if got := string(markup(text)); got != want {
			t.Errorf("%q is shown as\n%s, want\n%s", text, got, want)
		}
	}
}

// ours are the tags that a shown post has; all else is text.
var ours = regexp.MustCompile(`</?(p|strong)>|<p class="(heading|quote|point)">|<a href="https?://[^"<>]*" rel="noreferrer" target="_blank">|</a>`)

// Property: whatever is posted, as markup or as rich text, the page gets no tag and
// no attribute but ours, and each that is opened is closed.
func TestNoPostIsMoreThanItsMarkup(t *testing.T) {
	parts := []string{"<", ">", "\"", "'", "&", "[", "]", "(", ")", "*", "**", "#", "> ", "- ", "\n", " ", "http://x", "https://y/?a=b&c", "javascript:", "data:", "script", "onload=", "&lt;", "\x00", "线索", "😀"}
	rapid.Check(t, func(r *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(parts), 0, 25).Draw(r, "text"), "")
		href := strings.Join(rapid.SliceOfN(rapid.SampledFrom(parts), 0, 4).Draw(r, "address"), "")
		for _, shown := range []string{string(markup(text)), string(richText([][]piece{{{text, href}, {text, ""}}, {{href, text}}}))} {
			rest := ours.ReplaceAllString(shown, "")
			if strings.ContainsAny(rest, "<>\"'") {
				r.Fatalf("%q and %q are shown as %s", text, href, shown)
			}
			for _, tag := range []string{"p", "a", "strong"} {
				if opened, closed := strings.Count(shown, "<"+tag+" ")+strings.Count(shown, "<"+tag+">"), strings.Count(shown, "</"+tag+">"); opened != closed {
					r.Fatalf("%d <%s> and %d </%s> in %s", opened, tag, closed, tag, shown)
				}
			}
		}
	})
}

// TestAGroupForgetsWhatItMay: a message id is known for long enough, and the list
// of them does not grow for ever.
func TestAGroupForgetsWhatItMay(t *testing.T) {
	g := &group{seen: map[string]bool{}}
	if g.repeat("") || g.repeat("") {
		t.Error("a post without an id is none that came before")
	}
	if g.repeat("a") || !g.repeat("a") {
		t.Error("the second of the same id is a repeat, the first is not")
	}
	for i := range 4*kept + 10 {
		g.repeat(strings.Repeat("x", i+1))
		g.keep(Received{Seq: int64(i)})
	}
	if len(g.seen) != len(g.order) || len(g.order) > 4*kept || len(g.received) > kept {
		t.Errorf("%d ids, %d in order, %d posts are kept", len(g.seen), len(g.order), len(g.received))
	}
	if last := g.received[len(g.received)-1].Seq; last != 4*kept+9 {
		t.Errorf("the last post kept is %d", last)
	}
	if !g.repeat(strings.Repeat("x", 4*kept+10)) {
		t.Error("the latest id is forgotten")
	}
}
