package sqldb

import (
	"os"
	"strings"
	"testing"

	"clew.dev/clew/internal/schema"
	"github.com/google/go-cmp/cmp"
)

// TestStatements compares the rendered changes with the golden files;
// CLEW_GOLDEN=write writes them.
func TestStatements(t *testing.T) {
	changes := []schema.Change{
		{Kind: schema.AddTable, Table: "o_1", Columns: append(schema.SystemColumns(),
			schema.Column{Name: "c_1", Storage: schema.Text}, schema.Column{Name: "c_2", Storage: schema.Scaled, Scale: 2},
			schema.Column{Name: "c_2_u", Storage: schema.Text}, schema.Column{Name: "c_3", Storage: schema.TextList},
			schema.Column{Name: "c_4", Storage: schema.Boolean}, schema.Column{Name: "c_5", Storage: schema.Micros})},
		{Kind: schema.AddColumn, Table: "o_2", Columns: []schema.Column{{Name: "c_6", Storage: schema.Integer}}},
		{Kind: schema.AddIndex, Table: "o_1", Index: &schema.Index{Name: "o_1_created", Columns: []string{"created_at", "id"}, Live: true}},
		{Kind: schema.AddIndex, Table: "o_2", Index: &schema.Index{Name: "o_2_c_6_unique", Columns: []string{"c_6"}, Unique: true, Live: true}},
		{Kind: schema.DropIndex, Table: "o_2", Index: &schema.Index{Name: "o_2_c_6"}},
	}
	for name, columns := range map[string]columnTypes{"embedded": embeddedColumns(), "server": serverColumns()} {
		file := "testdata/ddl_" + name + ".sql"
		got := strings.Join(columns.statements(changes), ";\n") + ";\n"
		if os.Getenv("CLEW_GOLDEN") == "write" {
			if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
