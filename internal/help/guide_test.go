package help

import (
	"bytes"
	"cmp"
	"image/png"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"clew.dev/clew/docs/guide"
)

const (
	mostPictures = 25      // of a language
	pictureLimit = 120_000 // bytes
	allPictures  = 3_000_000
	mostLines    = 150 // of a first day
)

func TestTheGuideIsWhole(t *testing.T) {
	book, err := Open(guide.Files())
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(book.Languages(), []string{"en", "zh-CN"}) {
		t.Fatalf("languages %q", book.Languages())
	}
	if english, chinese := book.Names("en"), book.Names("zh-CN"); !slices.Equal(english, chinese) {
		t.Errorf("pages differ: %q, %q", english, chinese)
	}
	for _, language := range book.Languages() {
		for _, name := range append([]string{""}, book.Names(language)...) {
			t.Run(language+"/"+name, func(t *testing.T) { checkPage(t, book, language, name) })
		}
		if listed := len(book.Contents(language, "")); listed != len(book.Names(language))+1 {
			t.Errorf("%s: the contents name %d of %d pages", language, listed-1, len(book.Names(language)))
		}
	}
	for _, name := range append([]string{""}, book.Names("en")...) {
		english, chinese := page(t, book, "en", name), page(t, book, "zh-CN", name)
		if !slices.Equal(english.Images, chinese.Images) || !slices.Equal(english.Screens, chinese.Screens) {
			t.Errorf("%q differs between the languages: pictures %q, %q; screens %q, %q", name, english.Images, chinese.Images, english.Screens, chinese.Screens)
		}
	}
}

func checkPage(t *testing.T, book *Book, language, name string) {
	one := page(t, book, language, name)
	if one.Title == "" {
		t.Error("no title")
	}
	if strings.Contains(string(one.Body), "<th></th>") {
		t.Error("a column of a table has no name")
	}
	for _, to := range one.Links {
		target, anchor, anchored := strings.Cut(to, "#")
		other, ok := book.Page(language, target)
		if !ok || anchored && !slices.Contains(other.Anchors, anchor) {
			t.Errorf("link to %s, which is not there", to)
		}
	}
	for _, image := range one.Images {
		if _, ok := book.Image(language, path.Base(image)); !ok || path.Dir(image) != "images" {
			t.Errorf("picture %s is not there", image)
		}
	}
	for _, file := range one.Strange {
		if _, err := os.Stat(path.Join("../../docs/guide", language, file)); err != nil {
			t.Errorf("link to %s, which is not there", file)
		}
	}
	raw, err := fs.ReadFile(guide.Files(), language+"/"+cmp.Or(name, index)+".md")
	if err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(string(raw), "\n"); strings.HasPrefix(name, "first-day") && lines > mostLines {
		t.Errorf("%d lines", lines)
	}
}

func TestThePicturesAreUsedAndSmall(t *testing.T) {
	book, err := Open(guide.Files())
	if err != nil {
		t.Fatal(err)
	}
	sum := 0
	for _, language := range book.Languages() {
		used := map[string]bool{}
		for _, name := range append([]string{""}, book.Names(language)...) {
			for _, image := range page(t, book, language, name).Images {
				used[image] = true
			}
		}
		files, err := fs.Glob(guide.Files(), language+"/images/*")
		if err != nil {
			t.Fatal(err)
		}
		if len(files) == 0 || len(files) > mostPictures {
			t.Errorf("%s has %d pictures, at most %d", language, len(files), mostPictures)
		}
		for _, file := range files {
			raw, err := fs.ReadFile(guide.Files(), file)
			if err != nil {
				t.Fatal(err)
			}
			sum += len(raw)
			if !used[strings.TrimPrefix(file, language+"/")] {
				t.Errorf("no page shows %s", file)
			}
			if len(raw) > pictureLimit {
				t.Errorf("%s has %d bytes, at most %d", file, len(raw), pictureLimit)
			}
			size, err := png.DecodeConfig(bytes.NewReader(raw))
			if err != nil || size.Width != 1280 && size.Width != 390 {
				t.Errorf("%s is %d px wide: %v", file, size.Width, err)
			}
		}
	}
	t.Logf("%d bytes of pictures", sum)
	if sum > allPictures {
		t.Errorf("%d bytes of pictures in the program, at most %d", sum, allPictures)
	}
}
