// Package bundle installs a template, a whole set of configuration documents,
// into an empty company, and brings an older company what a template has gained.
package bundle

import (
	"context"
	"fmt"

	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/config"
	"clew.dev/clew/templates"
)

// Install publishes a template when the company has no configuration yet, and
// says whether it did.
func Install(ctx context.Context, c *catalog.Catalog, template string) (bool, error) {
	if c.Current().Version > 0 {
		return false, nil
	}
	documents, err := Template(template)
	if err != nil {
		return false, err
	}
	_, err = c.Apply(ctx, documents, config.Note{Label: "template " + template})
	return err == nil, err
}

// Template reads the documents of a template.
func Template(name string) ([]config.Document, error) {
	folder, err := templates.Folder(name)
	if err != nil {
		return nil, fmt.Errorf("template %q: %w", name, err)
	}
	return config.ReadFolder(folder)
}
