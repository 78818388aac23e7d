package api

import (
	"cmp"
	"slices"

	"clew.dev/clew/internal/expr"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/reaction"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/route"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/thread"
)

// whyOwner tells a routing: the row that decided as it was then, not as it is now.
func (s *Server) whyOwner(c *Call, tx *sqldb.Tx, voice *record.Voice, visible *schema.Object, e thread.Entry) (*WhyOwner, error) {
	told := voice.Tell(e)
	why := &WhyOwner{
		At: stamp(e.At), Table: paramText(told.Params, "table"), Version: paramNumber(told.Params, "version"), Row: paramText(told.Params, "row"),
		Pool: paramText(told.Params, "pool"), Strategy: paramText(told.Params, "strategy"),
		Chosen: c.UserReference(paramText(e.Params, "owner")), Text: told.Text, Candidates: []CandidateView{},
	}
	for _, candidate := range record.Candidates(e.Params) {
		why.Candidates = append(why.Candidates, CandidateView{
			User: c.UserReference(candidate.User), Load: candidate.Load, Capacity: candidate.Capacity,
			Eligible: candidate.Why == "", Reason: candidate.Why,
		})
	}
	if why.Row == "" {
		return why, nil
	}
	return why, s.whyRow(c, tx, voice, visible, why)
}

// whyRow fills in the row as it stood when it decided. Where it rested on a
// field that the caller may not see, he learns nothing of it.
func (s *Server) whyRow(c *Call, tx *sqldb.Tx, voice *record.Voice, visible *schema.Object, why *WhyOwner) error {
	now, _ := voice.Part("routing-table", why.Table, why.Row)
	row, known, err := s.rowThen(tx, why)
	if err != nil || !known {
		why.RowLabel = c.Label(now)
		return err
	}
	full, _ := s.Snapshot().ObjectByID(visible.ID)
	condition, seen := s.conditionText(c, visible, row.When)
	if _, holds := s.conditionText(c, full, row.When); !seen && holds {
		why.Row, why.Version = "", ""
		return nil
	}
	why.RowLabel, why.Condition = cmp.Or(c.Label(row.Label), c.Label(now)), condition
	today := reaction.Condition(s.Snapshot(), why.Table, why.Row)
	text, _ := s.conditionText(c, visible, today)
	why.RowChanged = text != condition || !reaction.HasRow(s.Snapshot(), why.Table, why.Row)
	return nil
}

// rowThen is the row of the version that decided; known is false for a pool that
// somebody named, which is no table's row.
func (s *Server) rowThen(tx *sqldb.Tx, why *WhyOwner) (row route.Row, known bool, err error) {
	version, err := why.Version.Int64()
	if err != nil {
		return row, false, nil
	}
	d, err := s.Catalog.DocumentAt(tx, "routing-table", why.Table, version)
	if err != nil && fault.KindOf(err) == fault.Internal {
		return row, false, err
	}
	// An expression that names what was removed since stays as it was stored; it is left out by the caller.
	var body route.Definition
	if d.Body == nil || d.Decode(&body) != nil {
		return row, false, nil
	}
	at := slices.IndexFunc(body.Rows, func(r route.Row) bool { return r.ID == why.Row })
	if at < 0 {
		return row, false, nil
	}
	return body.Rows[at], true, nil
}

// conditionText is a condition in the caller's words; not ok where it names what
// the object, as he may know it, does not have.
func (s *Server) conditionText(c *Call, object *schema.Object, condition string) (text string, ok bool) {
	if condition == "" {
		return "", true
	}
	program, err := expr.Compile(condition, s.Snapshot().Env(object), expr.Bool)
	if err != nil {
		return "", false
	}
	return program.Text(c.Language), true
}

// tell puts entries into words; decisions in those of the document that decided,
// which is read once, and only where it was changed since.
func (s *Server) tell(tx *sqldb.Tx, voice *record.Voice, entries []thread.Entry) ([]record.Told, error) {
	past := map[string]*record.Voice{}
	told := make([]record.Told, 0, len(entries))
	for _, e := range entries {
		voice := voice
		kind, param := decider(e)
		if name := paramText(e.Params, param); kind != "" && s.changedSince(kind, name, e) {
			key := kind + " " + name + " " + paramNumber(e.Params, "version").String()
			if past[key] == nil {
				then := *voice
				if err := s.asThen(tx, &then, kind, param, e); err != nil {
					return nil, err
				}
				past[key] = &then
			}
			voice = past[key]
		}
		if !voice.Silent(e) {
			told = append(told, voice.Tell(e))
		}
	}
	return told, nil
}

// decider is the kind of document that an entry's decision is of, and the
// parameter that names it.
func decider(e thread.Entry) (kind, param string) {
	switch e.Kind {
	case "routed":
		return "routing-table", "table"
	case "scored":
		return "scorecard", "card"
	}
	return "", ""
}

// changedSince tells whether a document is another now than when it decided.
func (s *Server) changedSince(kind, name string, e thread.Entry) bool {
	version, err := paramNumber(e.Params, "version").Int64()
	if err != nil || name == "" {
		return false
	}
	d, err := s.Snapshot().Document(kind, name)
	return err != nil || d.Version > version
}

// asThen lets a voice call the parts of the document that an entry names as they
// were called when it decided. Who may not see what a part rested on then, or
// rests on today, hears of neither.
func (s *Server) asThen(tx *sqldb.Tx, voice *record.Voice, kind, param string, e thread.Entry) error {
	name, version := paramText(e.Params, param), paramNumber(e.Params, "version")
	n, err := version.Int64()
	if err != nil || name == "" {
		return nil //nolint:nilerr // no document decided
	}
	d, err := s.Catalog.DocumentAt(tx, kind, name, n)
	if err != nil && fault.KindOf(err) == fault.Internal {
		return err
	}
	if d.Body == nil {
		return nil
	}
	then, now := reaction.PartsOf(voice.Snapshot, d), voice.Part
	voice.Part = func(k, n, part string) (schema.Label, []string) {
		label, reads := now(k, n, part)
		if was, ok := then[part]; ok && k == kind && n == name {
			reads = append(slices.Clone(reads), was.Reads...)
			if len(was.Label) > 0 {
				label = was.Label
			}
		}
		return label, reads
	}
	return nil
}
