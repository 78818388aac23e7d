package api

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"net/http"
	"path"
	"slices"
	"time"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/help"
)

//go:embed help/page.html help/help.css
var helpFiles embed.FS

const helpKept = "public, max-age=31536000, immutable"

// helpPages serves the guide to everybody: it says how the product is used and
// holds nothing of the company.
type helpPages struct {
	*Server
	page    *template.Template
	style   []byte
	address string // of the style, with a digest
}

func (s *Server) helpRoutes() []Route {
	style, err := helpFiles.ReadFile("help/help.css")
	if err != nil {
		panic(err) // a broken build
	}
	sum := sha256.Sum256(style)
	h := &helpPages{Server: s, style: style, address: help.Root + "/-/help.css?v=" + hex.EncodeToString(sum[:6]),
		page: template.Must(template.ParseFS(helpFiles, "help/page.html"))}
	open := Public("the guide, the same for everybody, without a word about the company")
	route := func(path, summary string, handle func(*Call) error) Route {
		return Route{Method: http.MethodGet, Path: help.Root + path, Tag: "help", Summary: summary, Policy: open, Handle: handle}
	}
	return []Route{
		route("", "The guide in the caller's language.", h.start),
		route("/first-day", "The guide's page for the caller's role.", h.firstDay),
		route("/-/help.css", "Part of every page of the guide.", h.sheet),
		route("/{language}", "The guide's contents.", h.show),
		route("/{language}/{page}", "A page of the guide.", h.show),
		route("/{language}/images/{image}", "A picture of the guide.", h.picture),
	}
}

// helpView is what the template shows.
type helpView struct {
	Language, Style, Title string
	Body                   template.HTML
	Product, Back, Menu    string
	Skip, Previous, Next   string
	Others                 []helpEntry
	Entries                []helpEntry
	Before, After          *helpEntry
}

type helpEntry struct {
	Address, Title, Language string
	Here, Yours              bool
}

// firstDayPage is the page for whoever has this home.
func firstDayPage(home string) string {
	return map[string]string{
		"sales": "first-day-sales", "manager": "first-day-manager", "marketing": "first-day-marketing",
		"service": "first-day-service", "administrator": "first-day-it",
	}[home]
}

// yours is the page for the caller's role, "" for who is not signed in.
func (h *helpPages) yours(c *Call) string {
	if c.User.ID == "" || c.Grants == nil {
		return ""
	}
	return firstDayPage(c.Grants.Home())
}

func (h *helpPages) start(c *Call) error { return h.lead(c, "") }

func (h *helpPages) firstDay(c *Call) error { return h.lead(c, h.yours(c)) }

func (h *helpPages) lead(c *Call, name string) error {
	language := c.Language
	if asked := acceptedLanguage(c.Query("lang")); asked != "" {
		language = asked
	}
	c.W.Header().Set("Location", helpAddress(language, name))
	c.W.WriteHeader(http.StatusSeeOther)
	return nil
}

func helpAddress(language, name string) string {
	return path.Join(help.Root, language, name)
}

func (h *helpPages) sheet(c *Call) error {
	c.W.Header().Set("Content-Type", "text/css; charset=utf-8")
	c.W.Header().Set("Cache-Control", helpKept)
	_, _ = c.W.Write(h.style) // a client that left cannot be told so
	return nil
}

// show is one page. Who asks for one that is not there gets the contents, and the status says so.
func (h *helpPages) show(c *Call) error {
	if h.Guide == nil {
		return fault.New(fault.NotFound, "not_found")
	}
	status, language := http.StatusOK, c.Param("language")
	page, ok := h.Guide.Page(language, c.Param("page"))
	if !ok {
		status = http.StatusNotFound
		if !slices.Contains(h.Guide.Languages(), language) {
			language = c.Language
		}
		if page, ok = h.Guide.Page(language, ""); !ok {
			return fault.New(fault.NotFound, "not_found")
		}
	}
	var b bytes.Buffer
	if err := h.page.Execute(&b, h.view(c, language, page)); err != nil {
		return err
	}
	c.W.Header().Set("Content-Type", "text/html; charset=utf-8")
	c.W.Header().Set("Content-Language", language)
	c.W.WriteHeader(status)
	_, _ = c.W.Write(b.Bytes()) // a client that left cannot be told so
	return nil
}

func (h *helpPages) view(c *Call, language string, page *help.Page) helpView {
	text := func(code string) string { return h.messages.text(language, code, nil) }
	view := helpView{
		Language: language, Style: h.address, Title: page.Title, Body: page.Body, Product: text("help_title"), Back: text("help_back"),
		Menu: text("help_menu"), Skip: text("help_skip"), Previous: text("help_previous"), Next: text("help_next"),
	}
	for _, other := range h.Guide.Languages() {
		if other != language {
			view.Others = append(view.Others, helpEntry{Address: helpAddress(other, page.Name), Title: h.messages.text(other, "help_language", nil), Language: other})
		}
	}
	yours := h.yours(c)
	contents := h.Guide.Contents(language, yours)
	for i, one := range contents {
		entry := helpEntry{Address: helpAddress(language, one.Name), Title: one.Title, Here: one == page, Yours: yours != "" && one.Name == yours}
		view.Entries = append(view.Entries, entry)
		if i+1 < len(contents) && contents[i+1] == page {
			view.Before = &entry
		}
		if i > 0 && contents[i-1] == page {
			view.After = &entry
		}
	}
	return view
}

func (h *helpPages) picture(c *Call) error {
	if h.Guide == nil {
		return fault.New(fault.NotFound, "not_found")
	}
	raw, ok := h.Guide.Image(c.Param("language"), c.Param("image"))
	if !ok {
		return fault.New(fault.NotFound, "not_found")
	}
	sum := sha256.Sum256(raw)
	c.W.Header().Set("ETag", `"`+hex.EncodeToString(sum[:8])+`"`)
	c.W.Header().Set("Content-Type", "image/png")
	c.W.Header().Set("Cache-Control", "no-cache")
	http.ServeContent(c.W, c.R, c.Param("image"), time.Time{}, bytes.NewReader(raw))
	return nil
}
