package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"rsc.io/qr"

	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/intake"
	"clew.dev/clew/internal/schema"
)

// formLimit is the most bytes that a form sends.
const formLimit = 64 << 10

// hostedForms serves the public forms: pages that need no script, whose
// answers come in by a channel like everything else.
type hostedForms struct {
	*Server
	page   *formTemplate
	limits *postLimits
}

func (s *Server) formRoutes() []Route {
	f := &hostedForms{Server: s, page: loadFormTemplate(), limits: newPostLimits()}
	open := Public("a public form; posts are limited by address and guarded by a time token and a trap")
	const form = "/f/{form}"
	routes := []Route{
		{Method: http.MethodGet, Path: form, Tag: "forms", Summary: "A hosted form.", Policy: open, Handle: f.show,
			Query: []Parameter{{"lang", "zh-CN or en"}, {"person", "whose card the visitor scanned"}, {"page", "where the form was opened"}}},
		{Method: http.MethodPost, Path: form, Tag: "forms", Summary: "Send a hosted form (application/x-www-form-urlencoded).", Policy: open, Status: http.StatusSeeOther, Limit: formLimit, Handle: f.receive},
		{Method: http.MethodGet, Path: form + "/qr.svg", Tag: "forms", Summary: "The form's address as a QR code.", Policy: open, Handle: f.code,
			Query: []Parameter{{"person", "is kept with what the form sends"}}},
	}
	for name := range f.page.assets {
		routes = append(routes, Route{
			Method: http.MethodGet, Path: formAssets + name, Tag: "forms", Summary: "Part of every hosted form.",
			Policy: Public("the same for everybody"), Handle: f.asset(name),
		})
	}
	return routes
}

// find is the path's form with its channel; NotFound unless it is public and has one.
func (f *hostedForms) find(c *Call) (*catalog.Form, *intake.Channel, error) {
	form, ok := catalog.Compiled[*catalog.Form](c.Snapshot, "form", c.Param("form"))
	if !ok || !form.Public {
		return nil, nil, fault.New(fault.NotFound, "not_found")
	}
	channel, ok := catalog.Compiled[*intake.Channel](c.Snapshot, "channel", form.Channel)
	if !ok || channel.Kind != intake.Form {
		return nil, nil, fault.New(fault.NotFound, "not_found")
	}
	c.Language = formLanguage(c)
	f.embeddable(c)
	return form, channel, nil
}

// embeddable lets any site show the form in a frame: nobody is signed in
// there, so a click on it can do nothing that the visitor could not do anyway.
func (f *hostedForms) embeddable(c *Call) {
	h := c.W.Header()
	h.Del("X-Frame-Options")
	h.Set("Content-Security-Policy", strings.Replace(contentPolicy, "frame-ancestors 'none'", "frame-ancestors *", 1))
	h.Set("Cross-Origin-Opener-Policy", "unsafe-none")
}

// formLanguage is what the address asks for, else the browser, else the company's.
func formLanguage(c *Call) string {
	for _, asked := range []string{c.Query("lang"), c.R.Header.Get("Accept-Language")} {
		if language := acceptedLanguage(asked); language != "" {
			return language
		}
	}
	return c.Snapshot.Company.Language
}

func (f *hostedForms) show(c *Call) error {
	form, _, err := f.find(c)
	if err != nil {
		return err
	}
	visit := f.visit(c, form)
	if c.Query("thanks") != "" {
		return visit.thank()
	}
	visit.source = sourceOf(c.R.URL.Query(), "")
	if _, given := visit.source["referrer"]; !given && c.R.Referer() != "" {
		visit.source["referrer"] = cut(c.R.Referer())
	}
	return visit.ask(http.StatusOK, "")
}

// receive takes a form. Whatever is wrong, the visitor gets the page again
// with all that he typed.
func (f *hostedForms) receive(c *Call) error {
	form, channel, err := f.find(c)
	if err != nil {
		return err
	}
	typed, err := readForm(c)
	if err != nil {
		return err
	}
	visit := f.visit(c, form)
	visit.typed, visit.source = typed, sourceOf(typed, "_")
	if !f.limits.allow(channel, c.Address) {
		c.W.Header().Set("Retry-After", "60")
		return visit.ask(http.StatusTooManyRequests, "form_too_many")
	}
	if again := visit.suspicious(); again != "" {
		return visit.ask(http.StatusUnprocessableEntity, again)
	}
	values, faults := answersOf(c, form, typed)
	if len(faults) > 0 {
		visit.faults = f.Fields(c.Language, faults)
		return visit.ask(http.StatusUnprocessableEntity, "form_check")
	}
	if err := f.deliver(c, channel, values, visit.source); err != nil {
		return visit.failed(err)
	}
	return visit.redirect()
}

// readForm reads the body; anything but a form's own encoding is Malformed.
func readForm(c *Call) (url.Values, error) {
	kind, _, err := mime.ParseMediaType(c.R.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return nil, fault.New(fault.Malformed, "not_a_form")
	}
	raw, err := c.Body()
	if err != nil {
		return nil, err
	}
	typed, err := url.ParseQuery(string(raw))
	if err != nil {
		return nil, fault.Wrap(fault.Malformed, "not_a_form", err)
	}
	for _, values := range typed {
		for _, value := range values {
			if !utf8.ValidString(value) {
				return nil, fault.New(fault.Malformed, "invalid_utf8")
			}
		}
	}
	return typed, nil
}

// answersOf reads the form's own fields and no others.
func answersOf(c *Call, form *catalog.Form, typed url.Values) (map[string]any, []fault.Field) {
	values := map[string]any{}
	var faults fault.Collector
	for _, one := range asked(form) {
		raw := rawAnswer(one.Field, typed[one.Field.Name])
		if raw == nil {
			if one.Required {
				faults.Add(&fault.Field{Path: one.Field.Name, Code: "required"})
			}
			continue
		}
		_, bad := one.Field.Parse(raw, c.Snapshot.Input(true))
		faults.Add(bad)
		values[one.Field.Name] = raw
	}
	return values, faults.Fields
}

// asked are the questions of a form that a visitor can answer: people, records
// and the owner are ours to choose.
func asked(form *catalog.Form) []catalog.FormField {
	var fields []catalog.FormField
	for _, one := range form.Fields {
		switch {
		case one.Field.ReadOnly, one.Field.Name == form.Object.OwnerField:
		case one.Field.Type == "person", one.Field.Type == "reference", one.Field.Type == "auto_number":
		default:
			fields = append(fields, one)
		}
	}
	return fields
}

// rawAnswer is what was typed, cleaned; nil for nothing.
func rawAnswer(f *schema.Field, typed []string) any {
	var given []string
	for _, one := range typed {
		if one = schema.Clean(one); one != "" {
			given = append(given, one)
		}
	}
	switch {
	case len(given) == 0:
		return nil
	case f.Type == "choices":
		return given
	}
	return given[0]
}

// deliver hands the answers to the channel, as if a program had sent them.
func (f *hostedForms) deliver(c *Call, channel *intake.Channel, values map[string]any, source map[string]string) error {
	if len(source) > 0 {
		values["_source"] = source
	}
	body, err := json.Marshal(values)
	if err != nil {
		return fmt.Errorf("form %s: %w", channel.Form, err)
	}
	_, err = f.Intake.Receive(c.R.Context(), intake.Request{
		Channel: channel.Name, Header: c.R.Header, Body: body, Sender: c.Address, Hosted: true,
	})
	return err
}

// failed asks the visitor to send again when it is not his fault.
func (v *formVisit) failed(err error) error {
	var known *fault.Error
	if !errors.As(err, &known) || known.Kind != fault.Unavailable && known.Kind != fault.Full {
		return err
	}
	v.forms.Log.ErrorContext(v.call.R.Context(), "form could not be kept", "form", v.form.Name, "error", err)
	v.call.W.Header().Set("Retry-After", strconv.Itoa(unavailableRetry))
	return v.ask(http.StatusServiceUnavailable, "form_later")
}

// sourceNames are the parameters that say where a visitor came from.
func sourceNames() []string {
	return []string{"utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "page", "referrer", "person"}
}

// sourceMax is the most bytes of one of them.
const sourceMax = 500

func sourceOf(given url.Values, prefix string) map[string]string {
	source := map[string]string{}
	for _, name := range sourceNames() {
		if value := cut(given.Get(prefix + name)); value != "" {
			source[name] = value
		}
	}
	return source
}

func cut(text string) string {
	text = schema.Clean(text)
	if len(text) > sourceMax {
		text = strings.ToValidUTF8(text[:sourceMax], "")
	}
	return text
}

// code draws the form's address.
func (f *hostedForms) code(c *Call) error {
	form, _, err := f.find(c)
	if err != nil {
		return err
	}
	address := f.absolute(c, "/f/"+form.Name)
	if person := cut(c.Query("person")); person != "" {
		address += "?" + url.Values{"person": {person}}.Encode()
	}
	drawn, err := qr.Encode(address, qr.M)
	if err != nil {
		return fault.Wrap(fault.Invalid, "too_long", err)
	}
	h := c.W.Header()
	h.Set("Content-Type", "image/svg+xml")
	h.Set("Cache-Control", "public, max-age=300")
	_, _ = c.W.Write([]byte(codeSVG(drawn))) // a client that left cannot be told so
	return nil
}

// codeMargin is the white that a QR code needs round it, in squares.
const codeMargin = 4

func codeSVG(code *qr.Code) string {
	side := code.Size + 2*codeMargin
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%dv%dH0z"/><path d="`, side, side, side, side)
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			from := x
			for x < code.Size && code.Black(x, y) {
				x++
			}
			if x > from {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", from+codeMargin, y+codeMargin, x-from, x-from)
			}
		}
	}
	b.WriteString(`"/></svg>`)
	return b.String()
}
