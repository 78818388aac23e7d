package help

import (
	"bytes"
	"image"
	"image/png"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func picture(t *testing.T, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func shelf(t *testing.T, change func(files fstest.MapFS)) (*Book, error) {
	t.Helper()
	files := fstest.MapFS{
		"en/README.md":       {Data: []byte("# Guide\n[Two](two.md), [one](one.md), [two again](two.md#a-b)\n")},
		"en/one.md":          {Data: []byte("# One\nSee [two](two.md#a-b) and `/setup/form/expo`.\n\n![A list](images/list.png)\n")},
		"en/two.md":          {Data: []byte("# Two & more\n## A, B!\n## 第一步：打电话\n## A b\n[up](#a-b) [index](README.md)\n")},
		"en/images/list.png": {Data: picture(t, 40, 30)},
		"zh-CN/README.md":    {Data: []byte("# 指南\n")},
	}
	if change != nil {
		change(files)
	}
	return Open(files)
}

func open(t *testing.T, change func(files fstest.MapFS)) *Book {
	t.Helper()
	book, err := shelf(t, change)
	if err != nil {
		t.Fatal(err)
	}
	return book
}

func page(t *testing.T, book *Book, language, name string) *Page {
	t.Helper()
	found, ok := book.Page(language, name)
	if !ok {
		t.Fatalf("no page %q in %s", name, language)
	}
	return found
}

func TestPagesLeadWithinTheHelp(t *testing.T) {
	book := open(t, nil)
	one := page(t, book, "en", "one")
	for _, want := range []string{
		`href="/help/en/two#a-b"`, `<a href="/setup/form/expo"><code>/setup/form/expo</code></a>`,
		`src="/help/en/images/list.png"`, `alt="A list"`, `width="40"`, `height="30"`, `loading="lazy"`,
	} {
		if !strings.Contains(string(one.Body), want) {
			t.Errorf("no %s in %s", want, one.Body)
		}
	}
	if !slices.Equal(one.Screens, []string{"/setup/form/expo"}) || !slices.Equal(one.Images, []string{"images/list.png"}) || !slices.Equal(one.Links, []string{"two#a-b"}) {
		t.Errorf("screens %q, images %q, links %q", one.Screens, one.Images, one.Links)
	}
	two := page(t, book, "en", "two")
	if two.Title != "Two & more" {
		t.Errorf("title %q", two.Title)
	}
	if want := []string{"two-more", "a-b", "第一步-打电话", "a-b-1"}; !slices.Equal(two.Anchors, want) {
		t.Errorf("anchors %q, want %q", two.Anchors, want)
	}
	if !strings.Contains(string(two.Body), `href="#a-b"`) || !strings.Contains(string(two.Body), `href="/help/en"`) {
		t.Errorf("links of %s", two.Body)
	}
	if _, ok := book.Image("en", "list.png"); !ok {
		t.Error("the picture is not there")
	}
}

func TestWhatIsUnsafeOrElsewhereIsLeftOut(t *testing.T) {
	book := open(t, func(files fstest.MapFS) {
		files["en/one.md"].Data = []byte("# One\n<script>alert(1)</script> <b onclick=x>bold</b>\n\n[js](javascript:alert(1)) [**api**](../../api.md) [out](https://example.com/x)\n\n`/etc/passwd` `/homeless` `GET /leads` [`/leads`](two.md)\n")
	})
	one := page(t, book, "en", "one")
	body := string(one.Body)
	for _, bad := range []string{"<script", "onclick", "javascript:", "api.md", `href="/etc`, `href="/homeless`, `href="/leads"`} {
		if strings.Contains(body, bad) {
			t.Errorf("%s stands in %s", bad, body)
		}
	}
	if !strings.Contains(body, "<strong>api</strong>") || !strings.Contains(body, `<a href="https://example.com/x" rel="noopener noreferrer">`) {
		t.Errorf("body %s", body)
	}
	if !slices.Equal(one.Strange, []string{"../../api.md"}) || len(one.Screens) != 0 {
		t.Errorf("strange %q, screens %q", one.Strange, one.Screens)
	}
}

func TestTheReadersPageComesFirst(t *testing.T) {
	book := open(t, nil)
	for first, want := range map[string]string{"": "Guide Two & more One", "one": "Guide One Two & more", "two": "Guide Two & more One", "gone": "Guide Two & more One"} {
		var titles []string
		for _, one := range book.Contents("en", first) {
			titles = append(titles, one.Title)
		}
		if got := strings.Join(titles, " "); got != want {
			t.Errorf("first %q: %s, want %s", first, got, want)
		}
	}
	if got := book.Contents("fr", ""); got != nil {
		t.Errorf("a language that is not there has %d pages", len(got))
	}
	if !slices.Equal(book.Languages(), []string{"en", "zh-CN"}) || !slices.Equal(book.Names("en"), []string{"one", "two"}) {
		t.Errorf("languages %q, names %q", book.Languages(), book.Names("en"))
	}
}

func TestOutsideTheFolderIsNothing(t *testing.T) {
	book := open(t, nil)
	for _, name := range []string{"../README.md", "../../../etc/passwd", "", "nope.png"} {
		if _, ok := book.Image("en", name); ok {
			t.Errorf("%q is an image", name)
		}
	}
	if _, ok := book.Page("..", "one"); ok {
		t.Error("a page outside")
	}
}

func TestALanguageNeedsContents(t *testing.T) {
	if _, err := shelf(t, func(files fstest.MapFS) {
		files["zh-CN/lists.md"] = files["zh-CN/README.md"]
		delete(files, "zh-CN/README.md")
	}); err == nil || !strings.Contains(err.Error(), "zh-CN") {
		t.Errorf("got %v", err)
	}
}
