package server_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"clew.dev/clew/docs/guide"
	"clew.dev/clew/internal/help"
)

// headings are the first heading of a page of the help and those of its contents.
func headings(a answer) (title string, contents []string) {
	if found := regexp.MustCompile(`(?s)<h1[^>]*>(.*?)</h1>`).FindSubmatch(a.body); found != nil {
		title = string(found[1])
	}
	side := regexp.MustCompile(`(?s)<div class="side">(.*?)</div>`).Find(a.body)
	for _, found := range regexp.MustCompile(`<li><a href="[^"]*"[^>]*>(.*?)</a>`).FindAllSubmatch(side, -1) {
		contents = append(contents, string(found[1]))
	}
	return title, contents
}

// visit opens a page as somebody who is logged in in a browser.
func (c *company) visit(short, path string, header map[string]string) answer {
	c.Helper()
	session := c.send("POST", "/api/v1/session", map[string]string{"email": short + "@example.com", "password": password}, nil)
	cookie, _, _ := strings.Cut(session.header.Get("Set-Cookie"), ";")
	if cookie == "" {
		c.Fatalf("%s: %d %s", short, session.status, session.body)
	}
	all := map[string]string{"Cookie": cookie}
	for name, value := range header {
		all[name] = value
	}
	return c.send("GET", path, nil, all)
}

func TestHelpBeginsWithTheReadersOwnPage(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		chinese := map[string]string{"Accept-Language": "zh-CN"}
		for short, want := range map[string]string{
			"s1": "First day: sales", "leader": "First day: sales manager", "marketing": "First day: marketing", "service": "First day: service", "admin": "First day: IT",
		} {
			page := c.visit(short, "/help/first-day?lang=en", chinese)
			title, contents := headings(page)
			if page.status != http.StatusOK || title != want || contents[1] != want {
				t.Errorf("%s gets %d %q, contents begin with %q", short, page.status, title, contents[:2])
			}
			if !strings.Contains(string(page.body), `class="yours"`) {
				t.Errorf("%s: his page is not marked", short)
			}
		}
		title, _ := headings(c.visit("service", "/help/first-day", chinese))
		if title != "客服的第一天" {
			t.Errorf("in Chinese it is %q", title)
		}
		for path, want := range map[string]string{"/help": "一线使用指南", "/help/first-day": "一线使用指南", "/help?lang=en": "Clew guide", "/help/first-day?lang=xx": "一线使用指南"} {
			page := c.send("GET", path, nil, chinese)
			title, contents := headings(page)
			if title != want || strings.Contains(string(page.body), "yours") || len(contents) < 10 {
				t.Errorf("%s: a stranger gets %q", path, title)
			}
		}
	})
}

func TestEveryPageOfTheHelpIsServed(t *testing.T) {
	book, err := help.Open(guide.Files())
	if err != nil {
		t.Fatal(err)
	}
	onBoth(t, func(t *testing.T, c *company) {
		for _, language := range book.Languages() {
			for _, one := range book.Contents(language, "") {
				address := strings.TrimSuffix("/help/"+language+"/"+one.Name, "/")
				page := c.send("GET", address, nil, nil)
				if title, _ := headings(page); page.status != http.StatusOK || title == "" || page.header.Get("Content-Language") != language {
					t.Errorf("%s: %d %q", address, page.status, title)
				}
				c.selfContained(address, page)
				for _, found := range regexp.MustCompile(`(?:href|src)="(/help/[^"#]*)`).FindAllSubmatch(page.body, -1) {
					if part := c.send("HEAD", string(found[1]), nil, nil); part.status != http.StatusOK {
						t.Errorf("%s loads or leads to %s: %d", address, found[1], part.status)
					}
				}
			}
		}
	})
}

// selfContained checks that a page runs no script and loads nothing from elsewhere.
func (c *company) selfContained(address string, page answer) {
	c.Helper()
	if regexp.MustCompile(`(?i)<script|<iframe|src="(https?:)?//|style="`).Match(page.body) {
		c.Errorf("%s loads from elsewhere or runs a script", address)
	}
	if policy := page.header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'self'") || !strings.Contains(policy, "frame-ancestors 'none'") {
		c.Errorf("%s: policy %q", address, policy)
	}
}

func TestHelpThatIsNotThere(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		for path, want := range map[string]string{
			"/help/en/nope": "Clew guide", "/help/zh-CN/nope": "一线使用指南", "/help/fr": "一线使用指南", "/help/fr/lists": "一线使用指南", "/help/en/README": "Clew guide",
			"/help/en/<script>": "Clew guide", "/help/en/..%2f..%2fgo.mod": "Clew guide",
		} {
			page := c.send("GET", strings.ReplaceAll(strings.ReplaceAll(path, "<", "%3C"), ">", "%3E"), nil, map[string]string{"Accept-Language": "zh-CN"})
			title, _ := headings(page)
			if page.status != http.StatusNotFound || title != want || strings.Contains(string(page.body), "<script") {
				t.Errorf("%s: %d %q", path, page.status, title)
			}
		}
		for _, path := range []string{"/help/en/images/nope.png", "/help/en/images/..%2f..%2fguide.go", "/help/en/images/%2e%2e"} {
			if a := c.send("GET", path, nil, nil); a.status == http.StatusOK && !strings.Contains(string(a.body), "<!doctype") || strings.Contains(string(a.body), "package ") {
				t.Errorf("%s: %d %.80s", path, a.status, a.body)
			}
		}
		if a := c.send("POST", "/help/en/lists", nil, nil); a.status != http.StatusMethodNotAllowed {
			t.Errorf("POST: %d", a.status)
		}
	})
}

func TestPicturesOfTheHelpAreAskedForOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, c *company) {
		const picture = "/help/en/images/it-health.png"
		first := c.send("GET", picture, nil, nil)
		if first.status != http.StatusOK || first.header.Get("Content-Type") != "image/png" || !strings.HasPrefix(string(first.body), "\x89PNG") {
			t.Fatalf("%d %s", first.status, first.header.Get("Content-Type"))
		}
		again := c.send("GET", picture, nil, map[string]string{"If-None-Match": first.header.Get("ETag")})
		if again.status != http.StatusNotModified || len(again.body) != 0 {
			t.Errorf("again: %d with %d bytes", again.status, len(again.body))
		}
		style := regexp.MustCompile(`/help/-/help\.css\?v=[0-9a-f]+`).FindString(string(c.send("GET", "/help/en", nil, nil).body))
		if sheet := c.send("GET", style, nil, nil); sheet.status != http.StatusOK || !strings.Contains(sheet.header.Get("Cache-Control"), "immutable") || sheet.header.Get("Content-Type") != "text/css; charset=utf-8" {
			t.Errorf("%s: %d %v", style, sheet.status, sheet.header)
		}
	})
}
