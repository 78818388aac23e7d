package match

// Outcome is what an arrival is.
type Outcome string

// The outcomes.
const (
	New       Outcome = "new"        // nobody that we know
	Touch     Outcome = "touch"      // another touch on a record that is there
	SameParty Outcome = "same_party" // a new record of a known party
)

// Holder is what the key table says about one key.
type Holder struct {
	Key          Key    `json:"key"`
	Record       string `json:"record,omitempty"`       // id of the record that holds the key
	Open         bool   `json:"open,omitempty"`         // that record is open
	Party        string `json:"party,omitempty"`        // id of the contact that holds the key
	Organisation string `json:"organisation,omitempty"` // id of the company that holds the key
}

// Decision is the outcome with its reasons.
type Decision struct {
	Outcome      Outcome  `json:"outcome"`
	Record       string   `json:"record,omitempty"`       // Touch: the record
	Party        string   `json:"party,omitempty"`        // Touch, SameParty: the contact, if one is known
	Organisation string   `json:"organisation,omitempty"` // the company that the name hints at
	Because      []Key    `json:"because,omitempty"`      // the keys that led there
	Against      []Holder `json:"against,omitempty"`      // holders that say otherwise: candidates for a merge
}

// Decide says what an arrival with these keys is. The keys stand in order of
// strength, as Keys gives them; found holds what is known of them, in any
// order. The source's own record id finds its record even when it is closed;
// every other key finds open records only. The strongest key decides.
func Decide(keys []Key, found []Holder) Decision {
	d := Decision{Outcome: New}
	ordered := byStrength(keys, found)
	for _, h := range ordered {
		if d.Record == "" && h.Record != "" && (h.Open || h.Key.Kind == External) && h.Key.Kind != Company {
			d.Outcome, d.Record = Touch, h.Record
		}
		if d.Party == "" && h.Key.Kind != Company {
			d.Party = h.Party
		}
		if d.Organisation == "" {
			d.Organisation = h.Organisation
		}
	}
	if d.Outcome == New && d.Party != "" {
		d.Outcome = SameParty
	}
	for _, h := range ordered {
		d.weigh(h)
	}
	return d
}

// weigh files a holder under the reasons for or against.
func (d *Decision) weigh(h Holder) {
	other := h.Party != "" && d.Party != "" && h.Party != d.Party ||
		h.Record != "" && h.Open && d.Record != "" && h.Record != d.Record
	speaks := d.Record != "" && h.Record == d.Record || d.Outcome == SameParty && h.Party == d.Party
	switch {
	case other && h.Key.Kind != Company:
		d.Against = append(d.Against, h)
	case speaks:
		d.Because = append(d.Because, h.Key)
	}
}

// byStrength orders the holders as the keys are, External first.
func byStrength(keys []Key, found []Holder) []Holder {
	ordered := make([]Holder, 0, len(found))
	for _, external := range []bool{true, false} {
		for _, key := range keys {
			for _, h := range found {
				same := h.Key.Kind == key.Kind && h.Key.Value == key.Value
				if same && (key.Kind == External) == external {
					ordered = append(ordered, h)
				}
			}
		}
	}
	return ordered
}
