// Package guide holds the guide's pages and pictures, so that the binary can show them.
package guide

import (
	"embed"
	"io/fs"
)

//go:embed en zh-CN
var files embed.FS

// Files are the pages, one folder for each language with the same pages in each.
func Files() fs.FS { return files }
