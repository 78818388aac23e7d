package schema

import (
	"fmt"
	"strings"
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
		{Kind: AddIndex, Table: "o_2", Index: &Index{Name: "o_2_deleted", Columns: []string{"deleted_at", "id"}, Filled: "deleted_at"}},
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

// A choice more that closes a record is another rule, and a planner uses an index
// over the open records by the words of its rule alone.
func TestAnotherClosingRuleMakesItsIndexesAnew(t *testing.T) {
	with := func(choices ...string) []*Object {
		return []*Object{{Table: "o_1", OwnerField: "owner", Closed: &ClosedWhen{Field: "status", Choices: choices}, Fields: []*Field{
			{Name: "owner", Type: "person", Column: "c_1"}, {Name: "status", Type: "choice", Column: "c_2"},
		}}}
	}
	got := Diff(with("won", "lost"), with("won", "lost", "parked"))
	var text []string
	for _, c := range got {
		text = append(text, fmt.Sprint(c.Kind == AddIndex, " ", c.Index.Name))
	}
	want := []string{"false o_1_open", "false o_1_c_1_open", "true o_1_open", "true o_1_c_1_open"}
	if diff := cmp.Diff(want, text); diff != "" {
		t.Error(diff)
	}
	if got := Diff(with("won", "lost"), with("won", "lost")); len(got) != 0 {
		t.Errorf("the same rule changes %v", got)
	}
}

// What the indexes are follows from the fields alone.
func TestIndexesOfAnObject(t *testing.T) {
	o := &Object{
		ID: "a", Name: "a", Table: "o_1", OwnerField: "owner", Closed: &ClosedWhen{Field: "status", Choices: []string{"won", "lost"}},
		Fields: []*Field{
			{Name: "owner", Type: "person", Column: "c_1", Indexed: true},
			{Name: "status", Type: "choice", Column: "c_2", Indexed: true},
			{Name: "source", Type: "choice", Column: "c_3"},
			{Name: "score", Type: "number", Column: "c_4", Indexed: true},
			{Name: "due", Type: "datetime", Column: "c_5", Ordered: true},
			{Name: "name", Type: "text", Column: "c_6", Ordered: true},
			{Name: "party", Type: "reference", Column: "c_7"},
			{Name: "code", Type: "number", Column: "c_8", Unique: true, Indexed: true},
		},
	}
	var got []string
	for _, i := range o.Indexes() {
		text := strings.TrimPrefix(i.Name, "o_1_") + ": " + strings.Join(i.Columns, " ")
		if i.Filled != "" {
			text += ", filled " + i.Filled
		}
		if i.Open != nil {
			text += ", open by " + i.Open.Column
		}
		got = append(got, text)
	}
	want := []string{
		"created: created_at id", "deleted: deleted_at id, filled deleted_at", "c_1_owner: c_1 created_at id", "open: created_at id, open by c_2", "c_1_open: c_1 created_at id, open by c_2",
		"c_2_at: c_2 created_at id", "c_4_at: c_4 created_at id", "c_4_mine: c_1 c_4 created_at id, filled c_4",
		"c_5_at: c_5 created_at id", "c_5_mine: c_1 c_5 created_at id, filled c_5", "c_6_at: c_6 created_at id", "c_7_held: c_7 created_at id, filled c_7",
		"c_8_unique: c_8", "c_2_by_c_4: c_2 c_4 created_at id, filled c_4", "c_2_by_c_5: c_2 c_5 created_at id, filled c_5",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := (&Object{Name: "a"}).Indexes(); got != nil {
		t.Errorf("an object without a table has %v", got)
	}
}
