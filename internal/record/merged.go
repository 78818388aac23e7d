package record

// sayMerged tells of a merge, or of its end, on both records.
func (w *Work) sayMerged() {
	if w.Change.Merge == "" {
		return
	}
	kind := "merged"
	switch {
	case w.Change.Unmerge:
		kind = "unmerged"
	case w.Act == Delete:
		kind = "merged_away"
	}
	w.Say(kind, map[string]any{"record": w.Change.Merge})
}
