// Package backup writes a company's data into one file while the server runs,
// and makes a data directory of such a file again. The file is a tar archive of
// a manifest, the database and the attachments, compressed with zstd and, with
// a passphrase, encrypted in age's format: tar, zstd and age open it without us.
//
// The key that secrets are sealed with goes into encrypted files alone.
package backup

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/seal"
	"clew.dev/clew/internal/sqldb"
)

const (
	format       = 1
	manifestName = "manifest.json"
	databaseName = "database" // the copy of the database, as sqldb.Dump wrote it
	attachments  = "blobs"    // folder of a data directory that belongs to the database's rows
	manifestMost = 16 << 20
)

// Manifest says what a backup holds.
type Manifest struct {
	Format  int           `json:"format"`
	Program string        `json:"program"` // version that wrote it
	At      time.Time     `json:"at"`
	Content sqldb.Content `json:"content"`
	Key     string        `json:"key,omitempty"` // fingerprint of the key that secrets are sealed with
	Files   []File        `json:"files"`
}

// File is one file of a backup.
type File struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// HasKey tells whether the key itself is in the backup.
func (m Manifest) HasKey() bool {
	for _, f := range m.Files {
		if f.Name == seal.KeyFile {
			return true
		}
	}
	return false
}

// Attachments counts the files beside the database and the key.
func (m Manifest) Attachments() (n int) {
	for _, f := range m.Files {
		if f.Name != seal.KeyFile && f.Name != databaseName {
			n++
		}
	}
	return n
}

// check refuses a manifest whose files are not those of a backup: the database,
// the key and attachments, each once, and nothing that leads elsewhere.
func (m Manifest) check() error {
	seen := map[string]bool{}
	for _, f := range m.Files {
		known := f.Name == databaseName || f.Name == seal.KeyFile || strings.HasPrefix(f.Name, attachments+"/")
		if !known || seen[f.Name] || !fs.ValidPath(f.Name) || strings.ContainsAny(f.Name, "\\:\x00") {
			return damaged(f.Name)
		}
		seen[f.Name] = true
	}
	if !seen[databaseName] {
		return damaged(databaseName)
	}
	return nil
}

func readManifest(r io.Reader) (m Manifest, err error) {
	if err := json.NewDecoder(io.LimitReader(r, manifestMost)).Decode(&m); err != nil {
		return m, fmt.Errorf("manifest: %w", err)
	}
	if m.Format != format {
		return m, fault.New(fault.Conflict, "backup_format_unknown").With("format", m.Format)
	}
	newest, err := sqldb.NewestSchema()
	if err == nil && m.Content.Schema > newest {
		err = fault.New(fault.Conflict, "schema_too_new").With("database", m.Content.Schema).With("program", newest)
	}
	return m, err
}
