package bundle

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"clew.dev/clew/internal/catalog"
	"clew.dev/clew/internal/clewtest"
	"clew.dev/clew/internal/config"
	"clew.dev/clew/internal/sqldb"
)

// earlier installs the template as an earlier release had it: without blocks,
// and without the fields that they need.
func earlier(t *testing.T, db *sqldb.DB, change func([]config.Document) []config.Document) *catalog.Catalog {
	t.Helper()
	c, err := catalog.New(db, config.New(db), nil)
	if err != nil {
		t.Fatal(err)
	}
	documents, err := Template("crm")
	if err != nil {
		t.Fatal(err)
	}
	var kept []config.Document
	for _, d := range documents {
		if d.Kind == "block" || d.Name == "competitors" {
			continue
		}
		if d.Kind == "object" && d.Name == "interaction" {
			d.Body = without(t, d.Body, "competitors")
			d.Source = ""
		}
		kept = append(kept, d)
	}
	if _, err := c.Apply(t.Context(), change(kept), config.Note{}); err != nil {
		t.Fatal(err)
	}
	return c
}

func same(d []config.Document) []config.Document { return d }

// without is an object's body less one field.
func without(t *testing.T, raw json.RawMessage, name string) json.RawMessage {
	t.Helper()
	body, err := decode(raw)
	if err != nil {
		t.Fatal(err)
	}
	body["fields"] = slices.DeleteFunc(body["fields"].([]any), func(f any) bool { return f.(map[string]any)["name"] == name })
	out, err := config.Canonical(body)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAnUpgradeBringsNewKindsWithTheirFields(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		c := earlier(t, db, same)
		added, err := Upgrade(t.Context(), db, c, "crm")
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(added, "block/sales.overdue") || !slices.Contains(added, "object/interaction") {
			t.Errorf("added %v", added)
		}
		object, _ := c.Current().Object("interaction")
		if _, ok := object.Field("competitors"); !ok {
			t.Error("the field that a block needs did not come")
		}
		if len(catalog.All[*catalog.Block](c.Current(), "block")) == 0 {
			t.Error("no block came")
		}
		version := c.Current().Version
		if again, err := Upgrade(t.Context(), db, c, "crm"); err != nil || len(again) > 0 || c.Current().Version != version {
			t.Errorf("a second time added %v, %v", again, err)
		}
	})
}

func TestAnUpgradeKeepsWhatTheCompanyMade(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		c := earlier(t, db, same)
		document, err := c.Current().Document("object", "interaction")
		if err != nil {
			t.Fatal(err)
		}
		document.Body = json.RawMessage(strings.Replace(string(without(t, document.Body, "promised_at")), `"Interaction"`, `"Our talk"`, 1))
		if _, err := c.Apply(t.Context(), []config.Document{document}, config.Note{}); err != nil {
			t.Fatal(err)
		}
		if _, err := Upgrade(t.Context(), db, c, "crm"); err != nil {
			t.Fatal(err)
		}
		object, _ := c.Current().Object("interaction")
		if _, ok := object.Field("promised_at"); ok {
			t.Error("a deleted field came back")
		}
		if object.Label.In("en") != "Our talk" {
			t.Errorf("the company's label became %q", object.Label.In("en"))
		}
	})
}

func TestAnUpgradeGoesAsFarAsTheCompanyLetsIt(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		c := earlier(t, db, func(d []config.Document) []config.Document {
			return slices.DeleteFunc(d, func(d config.Document) bool {
				return d.Name == "ticket" || strings.HasPrefix(d.Name, "ticket.") || d.Kind == "page" && d.Name == "company" // which lists tickets
			})
		})
		added, err := Upgrade(t.Context(), db, c, "crm")
		if err == nil {
			t.Error("nothing said that blocks about tickets could not come")
		}
		if !slices.Contains(added, "block/sales.overdue") || slices.Contains(added, "block/service.new") {
			t.Errorf("added %v", added)
		}
	})
}

func TestACompanyOfItsOwnIsLeftAlone(t *testing.T) {
	clewtest.Databases(t, func(t *testing.T, db *sqldb.DB) {
		c, err := catalog.New(db, config.New(db), nil)
		if err != nil {
			t.Fatal(err)
		}
		if added, err := Upgrade(t.Context(), db, c, "crm"); err != nil || added != nil {
			t.Errorf("an empty company got %v, %v", added, err)
		}
		thing := config.Document{Kind: "object", Name: "thing", ID: "own.thing", Body: json.RawMessage(`{"label":{"en":"Thing"},"plural":{"en":"Things"},"title":"name","fields":[{"id":"own.thing.name","name":"name","type":"text","label":{"en":"Name"}}]}`)}
		if _, err := c.Apply(t.Context(), []config.Document{thing}, config.Note{}); err != nil {
			t.Fatal(err)
		}
		if added, err := Upgrade(t.Context(), db, c, "crm"); err != nil || added != nil {
			t.Errorf("a company of its own got %v, %v", added, err)
		}
	})
}
