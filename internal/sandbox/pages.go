package sandbox

import (
	"bytes"
	"html/template"
	"net/http"
	"time"

	"golang.org/x/text/language"
)

var templates = template.Must(template.New("").ParseFS(pages, "pages/*.html"))

var languages = language.NewMatcher([]language.Tag{language.SimplifiedChinese, language.English})

const policy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'self'"

// page is what every template gets.
type page struct {
	Language string
	Seq      int64
	Phones   []phone
	Douyin   Douyin
	Clue     clueForm
}

// T is a text of the page's language.
func (p page) T(key string) string {
	if p.Language == "en" {
		return texts[key][1]
	}
	return texts[key][0]
}

// phone is one group as a member sees it on the phone.
type phone struct {
	page
	Group   Group
	Bubbles []bubble
	Refused []Received
}

type bubble struct {
	Received
	HTML  template.HTML
	Clock string
	Day   string // set where a new day begins
}

func languageOf(r *http.Request) string {
	_, index := language.MatchStrings(languages, r.URL.Query().Get("lang"), r.Header.Get("Accept-Language"))
	return [...]string{"zh-CN", "en"}[index]
}

func (s *Sandbox) newPage(r *http.Request) page {
	s.mu.Lock()
	defer s.mu.Unlock()
	return page{Language: languageOf(r), Seq: s.seq, Douyin: s.douyin}
}

// shanghai is the zone of the phones' clocks.
var shanghai = time.FixedZone("CST", 8*60*60)

const shown = 60 // bubbles per phone

func (s *Sandbox) newPhone(p page, g Group) phone {
	out := phone{page: p, Group: g}
	for _, r := range s.Received(g.Vendor, g.Key) {
		switch {
		case r.Code != 0:
			out.Refused = append(out.Refused, r)
		case !r.Repeated:
			out.Bubbles = append(out.Bubbles, bubble{Received: r, HTML: show(r), Clock: r.At.In(shanghai).Format("15:04:05")})
		}
	}
	out.Bubbles = out.Bubbles[max(0, len(out.Bubbles)-shown):]
	out.Refused = out.Refused[max(0, len(out.Refused)-10):]
	day := ""
	for i := range out.Bubbles {
		if d := out.Bubbles[i].At.In(shanghai).Format("2006-01-02"); d != day {
			out.Bubbles[i].Day, day = d, d
		}
	}
	return out
}

func render(w http.ResponseWriter, name string, data any) {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, name, data); err != nil {
		http.Error(w, "sandbox page failed", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", policy)
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(b.Bytes()) // the reader went away: nobody to tell
}

func (s *Sandbox) showIndex(w http.ResponseWriter, r *http.Request) {
	p := s.newPage(r)
	for _, g := range s.Groups() {
		p.Phones = append(p.Phones, s.newPhone(page{Language: p.Language}, g))
	}
	render(w, "index.html", p)
}

func (s *Sandbox) find(r *http.Request) (Group, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.groups[r.PathValue("vendor")+"/"+r.PathValue("key")]
	if g == nil {
		return Group{}, false
	}
	return g.Group, true
}

func (s *Sandbox) showGroup(w http.ResponseWriter, r *http.Request) {
	g, ok := s.find(r)
	if !ok {
		http.NotFound(w, r)
		return
	}
	p := s.newPage(r)
	p.Phones = []phone{s.newPhone(page{Language: p.Language}, g)}
	render(w, "index.html", p)
}

func (s *Sandbox) showChat(w http.ResponseWriter, r *http.Request) {
	g, ok := s.find(r)
	if !ok {
		http.NotFound(w, r)
		return
	}
	render(w, "chat", s.newPhone(page{Language: languageOf(r)}, g))
}
