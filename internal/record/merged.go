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
	params := map[string]any{"record": w.Change.Merge}
	if len(w.Change.Kept) > 0 {
		params["kept"] = w.Change.Kept
	}
	w.Say(kind, params)
}
