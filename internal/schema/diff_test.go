package schema

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDiffOnlyAdds(t *testing.T) {
	name := &Field{ID: "a.name", Name: "name", Type: "text", Column: "c_1"}
	price := &Field{ID: "a.price", Name: "price", Type: "currency", Column: "c_2", Scale: 2}
	owner := &Field{ID: "a.owner", Name: "owner", Type: "person", Column: "c_3"}
	code := &Field{ID: "a.code", Name: "code", Type: "text", Column: "c_4", Unique: true}
	before := &Object{ID: "a", Name: "a", Table: "o_1", OwnerField: "owner", Fields: []*Field{name, owner}}
	renamed := *name
	renamed.Name = "title"
	after := &Object{ID: "a", Name: "b", Table: "o_1", OwnerField: "owner", Fields: []*Field{&renamed, owner, price, code}}
	other := &Object{ID: "c", Name: "c", Table: "o_2", Fields: []*Field{{Name: "n", Type: "number", Column: "c_5", Scale: 4, Indexed: true}}}

	got := Diff([]*Object{before}, []*Object{other, after})
	want := []Change{
		{Kind: AddTable, Table: "o_2", Columns: append(SystemColumns(), Column{Name: "c_5", Storage: Scaled, Scale: 4})},
		{Kind: AddColumn, Table: "o_1", Columns: []Column{{Name: "c_2", Storage: Scaled, Scale: 2}}},
		{Kind: AddColumn, Table: "o_1", Columns: []Column{{Name: "c_2_u", Storage: Text}}},
		{Kind: AddColumn, Table: "o_1", Columns: []Column{{Name: "c_4", Storage: Text}}},
		{Kind: AddIndex, Table: "o_1", Index: &Index{Name: "o_1_c_4_unique", Columns: []string{"c_4"}, Unique: true, Live: true}},
		{Kind: AddIndex, Table: "o_2", Index: &Index{Name: "o_2_created", Columns: []string{"created_at", "id"}, Live: true}},
		{Kind: AddIndex, Table: "o_2", Index: &Index{Name: "o_2_c_5_at", Columns: []string{"c_5", "created_at", "id"}, Live: true}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := Diff([]*Object{after}, []*Object{after}); got != nil {
		t.Errorf("nothing changed, yet %v", got)
	}
}

func TestAnIndexThatIsNoLongerWantedIsDropped(t *testing.T) {
	unique := &Field{Name: "code", Type: "text", Column: "c_1", Unique: true}
	plain := &Field{Name: "code", Type: "text", Column: "c_1"}
	got := Diff([]*Object{{Table: "o_1", Fields: []*Field{unique}}}, []*Object{{Table: "o_1", Fields: []*Field{plain}}})
	if len(got) != 1 || got[0].Kind != DropIndex || got[0].Index.Name != "o_1_c_1_unique" {
		t.Error(got)
	}
}
