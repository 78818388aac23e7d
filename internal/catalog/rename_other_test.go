package catalog

import (
	"encoding/json"
	"testing"

	"clew.dev/clew/internal/config"
	"github.com/google/go-cmp/cmp"
)

// What a document names of other objects follows their new names too.
func TestPartsAboutOtherObjectsFollow(t *testing.T) {
	r := renames{
		objects: map[string]string{"payment": "receipt"},
		fields:  map[string]map[string]string{"payment": {"amount": "sum", "contract": "deal"}, "lead": {"amount": "never"}},
	}
	for _, one := range []struct{ kind, was, want string }{
		{
			"page", `{"object":"contract","related":[{"object":"payment","by":"contract","columns":["amount","due_on"],"sum":"amount","of":"amount"}]}`,
			`{"object":"contract","related":[{"object":"receipt","by":"deal","columns":["sum","due_on"],"sum":"sum","of":"amount"}]}`,
		},
		{
			"conversion", `{"object":"lead","targets":[{"object":"payment","link":"payment","copy":[{"to":"amount","from":"amount"}],"refer":[{"to":"contract","target":"payment"}]}]}`,
			`{"object":"lead","targets":[{"object":"receipt","link":"payment","copy":[{"to":"sum","from":"never"}],"refer":[{"to":"deal","target":"receipt"}]}]}`,
		},
		{
			"cycle", `{"object":"lead","steps":[{"until":"paid_on"},{"until":"paid_on","of":{"object":"payment","at":"amount","through":["contract"]}}]}`,
			`{"object":"lead","steps":[{"until":"paid_on"},{"until":"paid_on","of":{"object":"receipt","at":"sum","through":["deal"]}}]}`,
		},
	} {
		got, err := r.rewrite(config.Document{Kind: one.kind, Name: "x", Body: json.RawMessage(one.was)})
		if err != nil {
			t.Fatal(err)
		}
		var is, want any
		if err := json.Unmarshal(got.Body, &is); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(one.want), &want); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, is); diff != "" {
			t.Errorf("%s:\n%s", one.kind, diff)
		}
	}
}
