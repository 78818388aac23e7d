package bundle

import (
	"testing"

	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/sqldb"
)

func TestTheTemplateInstallsOnceAndComesBackFromItsExport(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		c, err := catalog.New(db, config.New(db), nil)
		if err != nil {
			t.Fatal(err)
		}
		if did, err := Install(t.Context(), c, "crm"); err != nil || !did {
			t.Fatalf("installed: %v, %v", did, err)
		}
		if did, err := Install(t.Context(), c, "crm"); err != nil || did {
			t.Fatalf("installed again: %v, %v", did, err)
		}
		dir := t.TempDir()
		if err := config.WriteFolder(dir, c.Current().AllDocuments()); err != nil {
			t.Fatal(err)
		}
		exported, err := config.ReadPath(dir)
		if err != nil {
			t.Fatal(err)
		}
		version, err := c.Apply(t.Context(), exported, config.Note{})
		if err != nil {
			t.Fatal(err)
		}
		if version != 1 {
			t.Errorf("applying the export made version %d", version)
		}
		documents, err := Template("crm")
		if err != nil {
			t.Fatal(err)
		}
		if version, err = c.Apply(t.Context(), documents, config.Note{}); err != nil || version != 1 {
			t.Errorf("applying the template again made version %d, %v", version, err)
		}
	})
}
