// Package bundle moves whole sets of configuration documents: it installs a
// template into an empty company, applies files, and exports what is live.
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

// Apply publishes the documents of a YAML file, or of all below a folder.
func Apply(ctx context.Context, c *catalog.Catalog, path string, note config.Note) (int64, error) {
	documents, err := config.ReadPath(path)
	if err != nil {
		return 0, err
	}
	return c.Apply(ctx, documents, note)
}

// Export writes every live document into a folder, KIND/NAME.yaml.
func Export(c *catalog.Catalog, dir string) error {
	return config.WriteFolder(dir, c.Current().AllDocuments())
}
