// Package sandbox plays the vendors, so that the demo and the tests run the
// real connectors over real HTTP: group robots of WeCom, DingTalk and Feishu
// under /sandbox/{vendor}/…, and Douyin, which pushes clues.
//
// It refuses what the vendor would refuse, with the vendor's error codes and
// limits, from the vendors' public documents. Signatures are computed here a
// second time, from the protocol; no code is shared with package connector.
// Times are real time. State is in memory and bounded.
package sandbox

import (
	"embed"
	"io/fs"
	"net/http"
	"sort"
	"sync"
	"time"
)

//go:embed pages
var pages embed.FS

const (
	bodyLimit = 2 << 20 // bytes that a vendor reads at all
	kept      = 400     // posts kept per group
)

// Group is a chat group with a robot, as the vendor knows it.
type Group struct {
	Vendor   string   `json:"vendor"` // wecom, dingtalk, feishu
	Key      string   `json:"key"`    // webhook key, access token or hook id
	Secret   string   `json:"secret"` // "" = unsigned
	Keywords []string `json:"keywords"`
	Name     string   `json:"name"`
	Disabled bool     `json:"disabled"`
}

// Douyin says what the sender page knows about our intake.
type Douyin struct {
	Path   string // where clues are pushed, "" = /in/douyin
	Secret string // offered in the form
	Phone  string // beginning of made-up phone numbers, "" = 1990000
	Record string // page of a record, with {id}, "" = none
}

// Options configure a sandbox.
type Options struct {
	Now    func() time.Time // real time, nil = time.Now
	Groups []Group
	Douyin Douyin
}

// Sandbox holds the groups and what they received; safe for concurrent use.
type Sandbox struct {
	now    func() time.Time
	douyin Douyin
	mux    *http.ServeMux

	mu       sync.Mutex
	groups   map[string]*group
	troubles []*Trouble
	seq      int64
}

// New makes a sandbox; it answers paths that begin with /sandbox/.
func New(o Options) *Sandbox {
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Sandbox{now: o.Now, douyin: o.Douyin.filled(), groups: map[string]*group{}}
	for _, g := range o.Groups {
		s.Put(g)
	}
	s.mux = s.routes()
	return s
}

func (d Douyin) filled() Douyin {
	if d.Path == "" {
		d.Path = "/in/douyin"
	}
	if d.Phone == "" {
		d.Phone = "1990000"
	}
	return d
}

func (s *Sandbox) routes() *http.ServeMux {
	m := http.NewServeMux()
	m.HandleFunc("/sandbox/wecom/cgi-bin/webhook/send", s.vendor(wecom{}))
	m.HandleFunc("/sandbox/dingtalk/robot/send", s.vendor(dingtalk{}))
	m.HandleFunc("/sandbox/feishu/open-apis/bot/v2/hook/{key}", s.vendor(feishu{}))

	guard := http.NewCrossOriginProtection()
	own := func(pattern string, h http.HandlerFunc) { m.Handle(pattern, guard.Handler(h)) }
	own("GET /sandbox/_ctl/received", s.listReceived)
	own("DELETE /sandbox/_ctl/received", s.clearReceived)
	own("GET /sandbox/_ctl/seq", s.showSeq)
	own("GET /sandbox/_ctl/groups", s.listGroups)
	own("PUT /sandbox/_ctl/groups", s.putGroup)
	own("GET /sandbox/_ctl/faults", s.listTroubles)
	own("POST /sandbox/_ctl/faults", s.addTrouble)
	own("DELETE /sandbox/_ctl/faults", s.clearTroubles)
	own("POST /sandbox/douyin/sign", s.signClue)

	m.HandleFunc("GET /sandbox/{$}", s.showIndex)
	m.HandleFunc("GET /sandbox/g/{vendor}/{key}", s.showGroup)
	m.HandleFunc("GET /sandbox/g/{vendor}/{key}/chat", s.showChat)
	m.HandleFunc("GET /sandbox/douyin", s.showDouyin)
	files, err := fs.Sub(pages, "pages")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	m.Handle("GET /sandbox/static/", http.StripPrefix("/sandbox/static/", http.FileServerFS(files)))
	return m
}

// ServeHTTP answers as the vendors and the sandbox's own pages.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Put adds a group or replaces the one of the same vendor and key.
func (s *Sandbox) Put(g Group) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := g.Vendor + "/" + g.Key
	if old := s.groups[id]; old != nil {
		old.Group = g
		return
	}
	s.groups[id] = &group{Group: g, seen: map[string]bool{}}
}

// Received are the posts that reached one group, oldest first, refused ones too.
func (s *Sandbox) Received(vendor, key string) []Received {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.groups[vendor+"/"+key]
	if g == nil {
		return nil
	}
	return append([]Received(nil), g.received...)
}

// Groups are the groups there are, by vendor and name.
func (s *Sandbox) Groups() []Group {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Group, 0, len(s.groups))
	for _, g := range s.groups {
		out = append(out, g.Group)
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].Vendor != out[j].Vendor {
			return out[i].Vendor < out[j].Vendor
		}
		return out[i].Name+out[i].Key < out[j].Name+out[j].Key
	})
	return out
}
