package access

import "slices"

// Apart lists the rights that "*" does not give where the company separates
// its administrators: who administers does not also judge what was done.
func Apart() []string { return []string{AuditRead} }

// Gives tells whether the role gives a right; separate is the company's wish
// to keep some rights apart, so that they have to be named.
func (r *Role) Gives(right string, separate bool) bool {
	if r.rights[right] {
		return true
	}
	return r.every && !(separate && slices.Contains(Apart(), right))
}

// GivesApart names the first right that stands apart and that the role names.
func (r *Role) GivesApart() (right string, ok bool) {
	for _, right := range Apart() {
		if r.rights[right] {
			return right, true
		}
	}
	return "", false
}
