package api

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"net/http"
	"net/url"
	"slices"

	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/schema"
)

//go:embed form/page.html form/form.css form/form.js
var formFiles embed.FS

// formAssets is where the forms' style and script are; no form's name begins with a dash.
const formAssets = "/f/-/"

// formTemplate is the page and what it loads.
type formTemplate struct {
	page    *template.Template
	assets  map[string][]byte
	address map[string]string // with a digest, so that they may be kept for ever
}

// loadFormTemplate reads the embedded files; a broken one is a broken build.
func loadFormTemplate() *formTemplate {
	t := &formTemplate{
		page:   template.Must(template.ParseFS(formFiles, "form/page.html")),
		assets: map[string][]byte{}, address: map[string]string{},
	}
	for _, name := range []string{"form.css", "form.js"} {
		raw, err := formFiles.ReadFile("form/" + name)
		if err != nil {
			panic(err)
		}
		sum := sha256.Sum256(raw)
		t.assets[name], t.address[name] = raw, formAssets+name+"?v="+hex.EncodeToString(sum[:6])
	}
	return t
}

func (f *hostedForms) asset(name string) func(*Call) error {
	kind := map[string]string{"form.css": "text/css; charset=utf-8", "form.js": "text/javascript; charset=utf-8"}[name]
	return func(c *Call) error {
		c.W.Header().Set("Content-Type", kind)
		c.W.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		_, _ = c.W.Write(f.page.assets[name]) // a client that left cannot be told so
		return nil
	}
}

// formVisit is one visitor at one form.
type formVisit struct {
	forms  *hostedForms
	call   *Call
	form   *catalog.Form
	typed  url.Values        // nil on the first look
	source map[string]string // where he came from
	faults []ProblemField
	kept   string // the token of the page before, "" for a new one
}

func (f *hostedForms) visit(c *Call, form *catalog.Form) *formVisit {
	return &formVisit{forms: f, call: c, form: form}
}

// formPage is what the template shows.
type formPage struct {
	Language, Other, OtherName, OtherURL string
	Style, Script                        string
	Title, Intro, Submit, Consent        string
	Problem, Thanks                      string
	Action, Token, TrapLabel             string
	RequiredText, InvalidText            string
	Source                               []formSource
	Questions                            []question
}

type formSource struct{ Name, Value string }

// question is one field as the page asks for it.
type question struct {
	Name, Label, Placeholder string
	Control                  string // an input's type, or area, select, check, checks
	Mode, Fill               string // inputmode and autocomplete
	Value, Error             string
	Required                 bool
	Max                      int
	Options                  []formOption
}

type formOption struct {
	Value, Label string
	Chosen       bool
}

// ask shows the form, with what was typed and what is wrong with it.
func (v *formVisit) ask(status int, problem string) error {
	page := v.base()
	page.Intro, page.Consent = v.call.Label(v.form.Intro), v.call.Label(v.form.Consent)
	page.Submit = v.labelOr(v.form.Submit, "form_submit")
	page.TrapLabel, page.RequiredText, page.InvalidText = v.text("form_trap"), v.text("required"), v.text("form_invalid")
	if problem != "" {
		page.Problem = v.text(problem)
	}
	if page.Token = v.kept; page.Token == "" {
		token, err := v.token()
		if err != nil {
			return err
		}
		page.Token = token
	}
	for _, name := range sourceNames() {
		if value := v.source[name]; value != "" {
			page.Source = append(page.Source, formSource{name, value})
		}
	}
	for _, one := range asked(v.form) {
		page.Questions = append(page.Questions, v.question(one))
	}
	return v.write(status, page)
}

// thank is the same for everybody: nobody learns here whether he was known.
func (v *formVisit) thank() error {
	page := v.base()
	page.Thanks = v.labelOr(v.form.Thanks, "form_thanks")
	return v.write(http.StatusOK, page)
}

// redirect leads to the thanks, so that loading again sends nothing again.
func (v *formVisit) redirect() error {
	v.call.W.Header().Set("Location", v.address(v.call.Language, "thanks", "1"))
	v.call.W.WriteHeader(http.StatusSeeOther)
	return nil
}

func (v *formVisit) base() formPage {
	other, name := "en", "English"
	if v.call.Language == "en" {
		other, name = "zh-CN", "中文"
	}
	page := formPage{
		Language: v.call.Language, Other: other, OtherName: name,
		Style: v.forms.page.address["form.css"], Script: v.forms.page.address["form.js"],
		Title: v.call.Label(v.form.Title), Action: v.address(v.call.Language),
	}
	if page.Title == "" {
		page.Title = v.call.Label(v.form.Label)
	}
	var source []string
	for _, name := range sourceNames() {
		if value := v.source[name]; value != "" {
			source = append(source, name, value)
		}
	}
	if v.call.Query("thanks") != "" {
		source = append(source, "thanks", "1")
	}
	page.OtherURL = v.address(other, source...)
	return page
}

// address is the form's path in a language, with further parameters in pairs.
func (v *formVisit) address(language string, further ...string) string {
	query := url.Values{"lang": {language}}
	for i := 0; i+1 < len(further); i += 2 {
		query.Set(further[i], further[i+1])
	}
	return "/f/" + v.form.Name + "?" + query.Encode()
}

func (v *formVisit) text(code string) string {
	return v.forms.messages.text(v.call.Language, code, nil)
}

func (v *formVisit) labelOr(label schema.Label, code string) string {
	if text := v.call.Label(label); text != "" {
		return text
	}
	return v.text(code)
}

func (v *formVisit) write(status int, page formPage) error {
	var b bytes.Buffer
	if err := v.forms.page.page.Execute(&b, page); err != nil {
		return err
	}
	h := v.call.W.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", page.Language)
	v.call.W.WriteHeader(status)
	_, _ = v.call.W.Write(b.Bytes()) // a client that left cannot be told so
	return nil
}

// formText is the longest text where the field sets no limit.
const formText = 200

func (v *formVisit) question(one catalog.FormField) question {
	f := one.Field
	q := question{
		Name: f.Name, Label: v.call.Label(one.Label), Placeholder: v.call.Label(one.Placeholder), Control: "text",
		Required: one.Required, Max: f.Max, Value: v.typed.Get(f.Name),
	}
	if q.Max == 0 {
		q.Max = formText
	}
	q.setControl(f)
	if len(f.Choices) > 0 {
		q.Options = v.options(f)
	}
	if q.Control == "select" && q.Placeholder == "" {
		q.Placeholder = v.text("form_choose")
	}
	for _, wrong := range v.faults {
		if wrong.Path == f.Name {
			q.Error = wrong.Message
		}
	}
	return q
}

// setControl finds the input for a field's type.
func (q *question) setControl(f *schema.Field) {
	switch f.Type {
	case "long_text":
		q.Control = "area"
		if f.Max == 0 {
			q.Max = 5000
		}
	case "number", "percent", "currency":
		q.Mode = "decimal"
	case "boolean":
		q.Control = "check"
	case "date":
		q.Control = "date"
	case "datetime":
		q.Control = "datetime-local"
	case "choice":
		q.Control = "select"
	case "choices":
		q.Control = "checks"
	case "phone":
		q.Control, q.Mode, q.Fill = "tel", "tel", "tel"
	case "email":
		q.Control, q.Mode, q.Fill = "email", "email", "email"
	case "url":
		q.Control, q.Mode = "url", "url"
	}
}

func (v *formVisit) options(f *schema.Field) []formOption {
	var options []formOption
	for _, choice := range f.Choices {
		if choice.Retired {
			continue
		}
		label := v.call.Label(choice.Label)
		if label == "" {
			label = choice.Name
		}
		options = append(options, formOption{choice.Name, label, slices.Contains(v.typed[f.Name], choice.Name)})
	}
	return options
}
