package robot_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"clew.dev/clew/internal/connector/dingtalk"
	"clew.dev/clew/internal/connector/feishu"
	"clew.dev/clew/internal/connector/robot"
	"clew.dev/clew/internal/connector/wecom"
	"clew.dev/clew/internal/outbound"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write what is sent now into the golden files")

// noon is when all posts of these tests are signed.
var noon = time.Date(2026, 3, 3, 4, 0, 0, 0, time.UTC)

var vendors = []string{"dingtalk", "feishu", "wecom"}

// robotOf is a vendor's robot with this configuration.
func robotOf(vendor string, c robot.Config) robot.Robot {
	switch vendor {
	case "dingtalk":
		return dingtalk.New(c)
	case "feishu":
		return feishu.New(c)
	}
	return wecom.New(c)
}

// ear is a server that keeps the last request that it heard.
type ear struct {
	*httptest.Server
	address string
	body    []byte
}

func listen(t *testing.T) *ear {
	t.Helper()
	e := &ear{}
	e.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e.address = r.Method + " " + r.URL.RequestURI()
		e.body, _ = io.ReadAll(r.Body)
		_, _ = io.WriteString(w, `{"errcode":0,"code":0}`)
	}))
	t.Cleanup(e.Close)
	return e
}

// config lets a robot reach the ear and nothing else.
func (e *ear) config() robot.Config {
	return robot.Config{
		Base: e.URL, Now: func() time.Time { return noon },
		Client: outbound.New(outbound.Options{Allow: []string{strings.TrimPrefix(e.URL, "http://")}}),
	}
}

// TestPosts plays testdata/posts.txt; see testdata/README.
func TestPosts(t *testing.T) {
	const file = "testdata/posts.txt"
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	e := listen(t)
	config, message := e.config(), robot.Message{Key: "key-of-the-post"}
	want := strings.Split(strings.TrimSuffix(string(raw), "\n"), "\n")
	var got []string
	for _, line := range want {
		if strings.HasPrefix(line, "  ") {
			continue
		}
		got = append(got, line)
		if line == "post" {
			for _, vendor := range vendors {
				got = append(got, e.take(t, vendor, config, message)...)
			}
			message.Items = nil
			continue
		}
		set(&config, &message, line)
	}
	if *update {
		if err := os.WriteFile(file, []byte(strings.Join(got, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-as written +as sent)\n%s", file, diff)
	}
}

func set(config *robot.Config, m *robot.Message, line string) {
	what, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimSpace(rest)
	if len(m.Items) == 0 && (what == "line:" || what == "link:") {
		m.Items = append(m.Items, robot.Item{})
	}
	last := len(m.Items) - 1
	switch what {
	case "key":
		config.Key = rest
	case "secret":
		config.Secret = rest
	case "keyword":
		config.Keyword = rest
	case "title:":
		m.Title = rest
	case "item:":
		m.Items = append(m.Items, robot.Item{Text: rest})
	case "line:":
		m.Items[last].Lines = append(m.Items[last].Lines, strings.ReplaceAll(rest, `\n`, "\n"))
	case "link:":
		m.Items[last].Link, m.Items[last].Label, _ = strings.Cut(rest, " ")
	}
}

// take posts and tells what the vendor's server heard.
func (e *ear) take(t *testing.T, vendor string, config robot.Config, m robot.Message) []string {
	t.Helper()
	r := robotOf(vendor, config)
	if err := r.Post(t.Context(), m); err != nil {
		t.Fatalf("%s: %v", vendor, err)
	}
	lines := []string{fmt.Sprintf("  %s weighs %d of %d: %s", vendor, r.Size(m), r.Limit(), e.address)}
	var body any
	if err := json.Unmarshal(e.body, &body); err != nil {
		t.Fatalf("%s: %v", vendor, err)
	}
	var shown strings.Builder
	encoder := json.NewEncoder(&shown)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(body); err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(strings.TrimSpace(shown.String()), "\n") {
		lines = append(lines, "    "+line)
	}
	return lines
}

// texts are what strangers type: words among characters that mean something to
// a messenger.
func texts() *rapid.Generator[string] {
	return rapid.StringOfN(rapid.SampledFrom([]rune("恒锐a1 <>[]()*`#|~!@_\\\r\n\u2028\"'&{}😀:/")), 0, 30, -1)
}

func messages() *rapid.Generator[robot.Message] {
	return rapid.Custom(func(r *rapid.T) robot.Message {
		m := robot.Message{Key: "k", Title: texts().Draw(r, "title")}
		for range rapid.IntRange(0, 4).Draw(r, "items") {
			item := robot.Item{Text: texts().Draw(r, "text"), Lines: rapid.SliceOfN(texts(), 0, 3).Draw(r, "lines")}
			if rapid.Bool().Draw(r, "linked") {
				item.Link, item.Label = "https://crm.example.com/o/lead/1", texts().Draw(r, "label")
			}
			m.Items = append(m.Items, item)
		}
		return m
	})
}

// markdown is the markdown of a post of a vendor that reads it.
func markdown(t *rapid.T, body []byte) string {
	var post struct {
		Markdown struct{ Text, Content string }
	}
	if err := json.Unmarshal(body, &post); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return post.Markdown.Text + post.Markdown.Content
}

// Property: whatever is told, a post's only links are the program's own, nobody
// is mentioned, no heading but the title's begins, and it is whole UTF-8.
func TestNobodyElsesMarkupIsPosted(t *testing.T) {
	e := listen(t)
	rapid.Check(t, func(r *rapid.T) {
		m := messages().Draw(r, "message")
		links := 0
		for _, item := range m.Items {
			if item.Link != "" {
				links++
			}
		}
		for _, vendor := range []string{"dingtalk", "wecom"} {
			if err := robotOf(vendor, e.config()).Post(t.Context(), m); err != nil {
				r.Fatal(err)
			}
			text := markdown(r, e.body)
			if n := strings.Count(text, "]("); n != links {
				r.Fatalf("%s: %d links, want %d: %s", vendor, n, links, text)
			}
			if strings.ContainsAny(text, "<`~") || strings.Count(text, "#")%4 != 0 || !utf8.ValidString(text) {
				r.Fatalf("%s: %s", vendor, text)
			}
		}
	})
}

// Property: the size that a robot tells is what it sends, so that what is held
// against the vendor's limit is true.
func TestASizeIsWhatIsSent(t *testing.T) {
	e := listen(t)
	rapid.Check(t, func(r *rapid.T) {
		m := messages().Draw(r, "message")
		config := e.config()
		config.Keyword = rapid.SampledFrom([]string{"", "Clew", "恒锐"}).Draw(r, "keyword")
		for _, vendor := range vendors {
			made := robotOf(vendor, config)
			if err := made.Post(t.Context(), m); err != nil {
				r.Fatal(err)
			}
			sent := len(e.body)
			if vendor == "wecom" {
				sent = len(markdown(r, e.body)) // its limit is one of the markdown alone
			}
			if got := made.Size(m); got != sent {
				r.Fatalf("%s: weighs %d, sent %d", vendor, got, sent)
			}
			if config.Keyword != "" && !strings.Contains(string(e.body), config.Keyword) {
				r.Fatalf("%s: the group's keyword is missing: %s", vendor, e.body)
			}
		}
	})
}

// Property: a secret is signed with, never sent; a key is in the address alone.
func TestSecretsStayOutOfBodies(t *testing.T) {
	e := listen(t)
	rapid.Check(t, func(r *rapid.T) {
		config := e.config()
		config.Key = rapid.StringMatching(`KEY[a-z0-9/?&=% ]{4,20}`).Draw(r, "key")
		config.Secret = rapid.StringMatching(`SECRET[a-z0-9]{8,20}`).Draw(r, "secret")
		for _, vendor := range vendors {
			if err := robotOf(vendor, config).Post(t.Context(), robot.Message{Title: "x"}); err != nil {
				r.Fatal(err)
			}
			if strings.Contains(string(e.body)+e.address, config.Secret) || strings.Contains(string(e.body), config.Key) {
				r.Fatalf("%s: %s %s", vendor, e.address, e.body)
			}
		}
	})
}

// A signature is of its time and secret: another of either gives another.
func TestSignaturesDiffer(t *testing.T) {
	for name, sign := range map[string]func(string, int64) string{"dingtalk": dingtalk.Sign, "feishu": feishu.Sign} {
		seen := map[string]string{}
		for _, secret := range []string{"", "a", "b", "密钥"} {
			for _, at := range []int64{0, 1, 1583392434000, 1583392434001} {
				what := fmt.Sprint(secret, " at ", at)
				got := sign(secret, at)
				if other, known := seen[got]; known {
					t.Errorf("%s: %s and %s sign alike", name, what, other)
				}
				seen[got] = what
			}
		}
	}
}
