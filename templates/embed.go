// Package templates holds what a company starts from: folders of
// configuration documents, one YAML file each.
package templates

import (
	"embed"
	"io/fs"
)

//go:embed crm
var files embed.FS

// Folder is the files of a template; an error when there is none of the name.
func Folder(name string) (fs.FS, error) {
	if _, err := fs.Stat(files, name); err != nil {
		return nil, err
	}
	return fs.Sub(files, name)
}

// Names lists the templates.
func Names() []string { return []string{"crm"} }
