package catalog

import (
	"bytes"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
)

// checkLists refuses a view whose order or groups no list gives. Views that the
// proposal leaves as they are, are left alone: an earlier release let them be.
func (b *builder) checkLists(before, after *Snapshot) {
	for _, v := range All[*View](after, "view") {
		d, err := after.Document("view", v.Name)
		if err != nil {
			continue
		}
		if was, err := before.Document("view", v.Name); err == nil && bytes.Equal(was.Body, d.Body) {
			continue
		}
		var problems []fault.Field
		if _, bad := query.ParseSort(v.Object, v.Sort); bad != nil {
			problems = append(problems, *bad)
		}
		if v.groupText != "" {
			if _, bad := query.ParseGroup(v.Object, v.groupText); bad != nil {
				problems = append(problems, *bad)
			}
		}
		b.report.add(d, problems...)
	}
}
