package reaction_test

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/sqldb"
	diff "github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write what happens now into the story files")

// place is where a record is: its object and its id.
type place struct{ object, id string }

func (p place) path() string { return "/api/v1/records/" + p.object + "/" + p.id }

// story is a company with what has been told of it so far.
type story struct {
	*company
	language string
	records  map[string]place  // by the names of the story
	names    map[string]string // of records, by id
	told     map[string]bool   // the entries of threads that are told, by id
	heard    map[string]string // messages by person and id
	last     string            // the last operation over many records
	lines    []string          // what came of the step
	kinds    map[string]int    // how many records of an object have no name of the story
}

// TestStories plays the files of testdata/stories on both databases; see
// testdata/README. A change of what the product says is written into them with
// `go test ./internal/reaction -run TestStories/embedded -update`.
func TestStories(t *testing.T) {
	files, err := filepath.Glob("testdata/stories/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	clewtest.EachDatabase(t, func(t *testing.T, o sqldb.Options) {
		ids := found(t, o)
		for _, file := range files {
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) { play(t, file, copyOf(t, o, ids)) })
		}
	})
}

// play tells the file again as it happens and compares the two.
func play(t *testing.T, file string, c *company) {
	raw, err := os.ReadFile(file)
	c.must(err)
	s := &story{
		company: c, language: "zh-CN", records: map[string]place{}, names: map[string]string{},
		told: map[string]bool{}, heard: map[string]string{}, kinds: map[string]int{},
	}
	want := strings.Split(strings.TrimSuffix(string(raw), "\n"), "\n")
	var got []string
	for i, line := range want {
		switch {
		case strings.HasPrefix(line, "  "):
			continue
		case line == "", strings.HasPrefix(line, "#"):
			got = append(got, line)
			continue
		}
		s.lines = nil
		if s.reads(line) {
			got = append(got, line)
			continue
		}
		if !s.step(line) {
			t.Fatalf("%s:%d: %s?", file, i+1, line)
		}
		s.consequences()
		got = append(append(got, line), s.lines...)
	}
	if *update {
		c.must(os.WriteFile(file, []byte(strings.Join(got, "\n")+"\n"), 0o600))
		return
	}
	if d := diff.Diff(want, got); d != "" {
		t.Errorf("%s (-as told +as it happens)\n%s", file, d)
	}
}

// reads changes the language in which all is told from here on, for `in English`.
func (s *story) reads(line string) bool {
	language, ok := map[string]string{"in English": "en", "in Chinese": "zh-CN"}[line]
	if ok {
		s.language = language
		s.consequences() // what is known reads otherwise now
	}
	return ok
}

func (s *story) say(format string, args ...any) {
	for line := range strings.SplitSeq(s.known(fmt.Sprintf(format, args...)), "\n") {
		s.lines = append(s.lines, "  "+strings.TrimRight(line, " "))
	}
}

var uuid = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// known puts the names of the story in the place of ids.
func (s *story) known(text string) string {
	return uuid.ReplaceAllStringFunc(text, func(id string) string { return cmp.Or(s.names[id], s.person(id), "(somebody)") })
}

func (s *story) person(id string) string {
	for name, one := range s.ids {
		if one == id {
			return name
		}
	}
	return ""
}

// name gives a record its name in the story.
func (s *story) name(name, object, id string) {
	s.records[name], s.names[id] = place{object, id}, name
}

// consequences tells what threads say more than before, and what people hear.
func (s *story) consequences() {
	s.Helper()
	for _, id := range s.column("SELECT DISTINCT record FROM thread_entry") {
		if s.names[id] == "" {
			s.strangers()
			break
		}
	}
	for _, name := range sorted(s.records) {
		s.thread(name)
	}
	for _, person := range append([]string{administrator}, sorted(s.ids)...) {
		s.inbox(person)
	}
}

// strangers names the records that came along, such as a lead's contact.
func (s *story) strangers() {
	s.Helper()
	object := map[string]string{}
	var ids []string
	for _, line := range s.column("SELECT DISTINCT record || ' ' || object FROM thread_entry") {
		id, o, _ := strings.Cut(line, " ")
		if s.names[id] == "" {
			object[id], ids = strings.TrimPrefix(o, "crm."), append(ids, id)
		}
	}
	slices.Sort(ids) // by time
	for _, id := range ids {
		s.kinds[object[id]]++
		s.name(fmt.Sprint(object[id], s.kinds[object[id]]), object[id], id)
	}
}

func (s *story) thread(name string) {
	s.Helper()
	where := s.records[name]
	entries := s.ask(administrator, s.language, "GET", where.path()+"/thread?limit=500", nil).items()
	slices.Reverse(entries)
	for _, entry := range entries {
		if id := fmt.Sprint(entry["id"]); !s.told[id] {
			s.told[id] = true
			s.say("%s: %s", name, entry["text"])
		}
	}
}

func (s *story) inbox(person string) {
	s.Helper()
	items := s.ask(person, s.language, "GET", "/api/v1/inbox?limit=500", nil).items()
	var heard []string // sorted: clocks that are due at once fire in any order
	for _, item := range items {
		key, text := person+fmt.Sprint(item["id"]), fmt.Sprint(item["text"])
		if known := s.heard[key]; known == text || known != "" && (item["kind"] != "record_changed" || item["record_label"] == nil) {
			continue // or only its record is called otherwise now
		}
		s.heard[key] = text
		urgent := ""
		if item["urgent"] == true {
			urgent = " (urgent)"
		}
		heard = append(heard, fmt.Sprintf("%s hears%s: %s", person, urgent, text))
	}
	slices.Sort(heard)
	for _, line := range heard {
		s.say("%s", line)
	}
}

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Or(cmp.Compare(len([]rune(a)), len([]rune(b))), cmp.Compare(a, b)) })
	return keys
}

// moment reads a date and a time of Shanghai.
func moment(text string) (time.Time, bool) {
	at, err := time.ParseInLocation("2006-01-02 15:04", text, shanghai)
	return at, err == nil
}

// inShanghai puts a time of the API into the story's form; another text stays.
func inShanghai(text string) string {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return text
	}
	return at.In(shanghai).Format("2006-01-02 15:04")
}
