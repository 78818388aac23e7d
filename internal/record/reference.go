package record

import (
	"maps"
	"slices"

	"clew.dev/clew/internal/account"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/thread"
)

// NameReferences reads the titles of the records that are values in the
// entries, those that the reader may see, so that Tell calls them by name.
func (v *Voice) NameReferences(r *Reader, entries []thread.Entry) error {
	if v.titles == nil {
		v.titles = map[string]string{}
	}
	for name, ids := range v.references(entries) {
		object, ok := v.Snapshot.Object(name)
		if !ok {
			continue
		}
		found, err := r.Readable(object, slices.Sorted(maps.Keys(ids)))
		if err != nil {
			return err
		}
		for id, row := range found {
			v.titles[id] = textOf(object, row, object.TitleField)
		}
	}
	return nil
}

// references are the ids of the records that are values, by object.
func (v *Voice) references(entries []thread.Entry) map[string]map[string]bool {
	wanted := map[string]map[string]bool{}
	for _, e := range entries {
		object, ok := v.Snapshot.ObjectByID(e.Object)
		if !ok {
			continue
		}
		for _, name := range valueMaps {
			values, _ := e.Params[name].(map[string]any)
			for field, value := range values {
				f, ok := object.FieldByID(field)
				if id := asString(value); ok && f.Type == "reference" && id != "" {
					if wanted[f.ObjectName] == nil {
						wanted[f.ObjectName] = map[string]bool{}
					}
					wanted[f.ObjectName][id] = true
				}
			}
		}
	}
	return wanted
}

// reference is what a record that is a value is called: its title where the
// reader may see it, else only what it is.
func (v *Voice) reference(object, id string) string {
	if title := v.titles[id]; title != "" {
		return title
	}
	if o, ok := v.Snapshot.Object(object); ok {
		return v.say("reference", "object", o.Label.Amid(v.Language))
	}
	return v.phrase("someone")
}

// Left tells whether a value is a person who has left: no act of taking
// something back hands a record to him again.
func Left(directory *account.Directory, f *schema.Field, value any) bool {
	id, ok := value.(string)
	if !ok || f.Type != "person" {
		return false
	}
	u, known := directory.User(id)
	return !known || !u.Active
}
