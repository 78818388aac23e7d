package help

import (
	"bytes"
	"html/template"
	"image/png"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// Root is where the help lives.
const Root = "/help"

// screenPath is an address of the app that the guide may name.
var screenPath = regexp.MustCompile(`^/(home|leads|o|tasks|calendar|inbox|search|channels|dash|people|operations|setup|security|audit|health|me|f|sandbox|help)(/[a-z0-9./-]*)?$`)

// noWords lie between the words of a heading.
var noWords = regexp.MustCompile(`[^\p{L}\p{N}]+`)

// render makes a page of its text. Raw HTML and unsafe links are left out, for
// the renderer is not told otherwise.
func (b *Book) render(language, name string, raw []byte) (*Page, error) {
	markdown := goldmark.New(goldmark.WithExtensions(extension.Table), goldmark.WithParserOptions(parser.WithAutoHeadingID()))
	context := parser.NewContext(parser.WithIDs(&anchors{}))
	tree := markdown.Parser().Parse(text.NewReader(raw), parser.WithContext(context))
	page := &Page{Name: strings.TrimPrefix(name, index)}
	w := &walk{book: b, language: language, page: page, raw: raw}
	w.all(tree)
	var out bytes.Buffer
	if err := markdown.Renderer().Render(&out, raw, tree); err != nil {
		return nil, err
	}
	page.Body = template.HTML(out.String()) //nolint:gosec // our own text, rendered without raw HTML
	return page, nil
}

// anchors names headings by their words, Chinese ones too.
type anchors struct{ taken []string }

func (a *anchors) Generate(heading []byte, _ ast.NodeKind) []byte {
	plain := noWords.ReplaceAllString(strings.ToLower(string(heading)), "-")
	base := strings.Trim(plain, "-")
	name := base
	for i := 1; slices.Contains(a.taken, name); i++ {
		name = base + "-" + strconv.Itoa(i)
	}
	a.Put([]byte(name))
	return []byte(name)
}

func (a *anchors) Put(name []byte) { a.taken = append(a.taken, string(name)) }

// walk turns a page's links and pictures to where they are served.
type walk struct {
	book     *Book
	language string
	page     *Page
	raw      []byte
}

// all visits every node; what a link replaces is collected first, for the tree
// must not change under a walk.
func (w *walk) all(tree ast.Node) {
	var spans []*ast.CodeSpan
	var dead []*ast.Link
	_ = ast.Walk(tree, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			w.heading(n)
		case *ast.Link:
			if !w.link(n) {
				dead = append(dead, n)
			}
		case *ast.Image:
			w.image(n)
		case *ast.CodeSpan:
			spans = append(spans, n)
		}
		return ast.WalkContinue, nil
	})
	for _, n := range spans {
		w.screen(n)
	}
	for _, n := range dead {
		unwrap(n)
	}
}

func (w *walk) heading(n *ast.Heading) {
	if id, ok := n.AttributeString("id"); ok {
		if raw, ok := id.([]byte); ok {
			w.page.Anchors = append(w.page.Anchors, string(raw))
		}
	}
	if n.Level == 1 && w.page.Title == "" {
		w.page.Title = w.text(n)
	}
}

// link leads to another page of the help, or out; false where it leads
// nowhere that a reader of the help can follow.
func (w *walk) link(n *ast.Link) bool {
	to, err := url.Parse(string(n.Destination))
	if err != nil {
		return false
	}
	if to.Scheme != "" {
		n.SetAttributeString("rel", []byte("noopener noreferrer"))
		return true
	}
	if to.Path == "" {
		w.page.Links = append(w.page.Links, w.page.Name+"#"+to.Fragment)
		return true
	}
	name, isPage := strings.CutSuffix(to.Path, suffix)
	if !isPage || path.Base(name) != name {
		w.page.Strange = append(w.page.Strange, string(n.Destination))
		return false
	}
	name = strings.TrimPrefix(name, index)
	address := w.address(name)
	if to.Fragment != "" {
		name += "#" + to.Fragment
		address += "#" + to.Fragment
	}
	w.page.Links = append(w.page.Links, name)
	n.Destination = []byte(address)
	return true
}

func (w *walk) address(name string) string {
	return strings.TrimSuffix(Root+"/"+w.language+"/"+name, "/")
}

// image is loaded when it comes into sight, into a place of its size.
func (w *walk) image(n *ast.Image) {
	name := string(n.Destination)
	w.page.Images = append(w.page.Images, name)
	if raw, ok := w.book.Image(w.language, path.Base(name)); ok {
		if size, err := png.DecodeConfig(bytes.NewReader(raw)); err == nil {
			n.SetAttributeString("width", []byte(strconv.Itoa(size.Width)))
			n.SetAttributeString("height", []byte(strconv.Itoa(size.Height)))
		}
	}
	n.SetAttributeString("loading", []byte("lazy"))
	n.Destination = []byte(w.address(name))
}

// screen makes a path of the app a link to it.
func (w *walk) screen(n *ast.CodeSpan) {
	named := w.text(n)
	if _, inLink := n.Parent().(*ast.Link); inLink || !screenPath.MatchString(named) {
		return
	}
	w.page.Screens = append(w.page.Screens, named)
	link := ast.NewLink()
	link.Destination = []byte(named)
	n.Parent().ReplaceChild(n.Parent(), n, link)
	link.AppendChild(link, n)
}

// unwrap leaves a link's words where it stood.
func unwrap(n *ast.Link) {
	for child := n.FirstChild(); child != nil; child = n.FirstChild() {
		n.Parent().InsertBefore(n.Parent(), n, child)
	}
	n.Parent().RemoveChild(n.Parent(), n)
}

// text is what a node says, without its marks.
func (w *walk) text(n ast.Node) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := n.(*ast.Text); ok && entering {
			b.Write(t.Segment.Value(w.raw))
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}
