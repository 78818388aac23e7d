// Package help makes the guide's Markdown into the pages that people read in
// the app: the same text as in the repository, with links that lead within the
// help or to the screen that is spoken of.
package help

import (
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"slices"
	"strings"
)

const (
	index  = "README" // a language's contents
	suffix = ".md"
)

// Page is one page, rendered.
type Page struct {
	Name    string // as the address has it; "" is the contents
	Title   string
	Body    template.HTML
	Links   []string // of other pages of the guide, in the order of the text
	Anchors []string // of its headings
	Images  []string
	Screens []string // paths of the app that it names
	Strange []string // links that lead nowhere in the help
}

// Book is the guide in all its languages.
type Book struct {
	files     fs.FS
	languages []string
	pages     map[string]map[string]*Page
}

// Open renders all pages. Each folder is a language.
func Open(files fs.FS) (*Book, error) {
	folders, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil, err
	}
	b := &Book{files: files, pages: map[string]map[string]*Page{}}
	for _, folder := range folders {
		if err := b.read(folder.Name()); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func (b *Book) read(language string) error {
	names, err := fs.Glob(b.files, language+"/*"+suffix)
	if err != nil {
		return err
	}
	b.languages, b.pages[language] = append(b.languages, language), map[string]*Page{}
	for _, name := range names {
		text, err := fs.ReadFile(b.files, name)
		if err != nil {
			return err
		}
		page, err := b.render(language, strings.TrimSuffix(path.Base(name), suffix), text)
		if err != nil {
			return fmt.Errorf("help: %s: %w", name, err)
		}
		b.pages[language][page.Name] = page
	}
	if b.pages[language][""] == nil {
		return fmt.Errorf("help: %s has no %s%s", language, index, suffix)
	}
	return nil
}

// Languages are those that there is a guide in.
func (b *Book) Languages() []string { return b.languages }

// Page is a page in a language; "" is the contents.
func (b *Book) Page(language, name string) (*Page, bool) {
	page, ok := b.pages[language][name]
	return page, ok
}

// Names are all pages of a language but the contents, by name.
func (b *Book) Names(language string) []string {
	var names []string
	for name := range b.pages[language] {
		if name != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Contents are a language's pages as its contents list them, the first of
// them brought to the front.
func (b *Book) Contents(language, first string) []*Page {
	front, ok := b.Page(language, "")
	if !ok {
		return nil
	}
	pages := []*Page{front}
	for _, name := range front.Links {
		page, ok := b.Page(language, name)
		switch {
		case !ok || slices.Contains(pages, page):
		case name == first:
			pages = slices.Insert(pages, 1, page)
		default:
			pages = append(pages, page)
		}
	}
	return pages
}

// Image is a picture of a language's pages.
func (b *Book) Image(language, name string) ([]byte, bool) {
	raw, err := fs.ReadFile(b.files, language+"/images/"+name)
	return raw, err == nil
}
