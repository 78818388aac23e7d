package record

import (
	"encoding/json"
	"slices"
	"time"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/sqldb"
	"clew.dev/clew/internal/thread"
)

// The kinds of entry that tell of comments.
const (
	Commented      = "comment"
	CommentEdited  = "comment_edited"
	CommentDeleted = "comment_deleted"
)

// Comment is what a person says to colleagues about a record, or what becomes
// of a comment of his own.
type Comment struct {
	Text     string
	Mentions []string // user ids of people who may read the record
	Of       int64    // the number of the comment that this takes the place of, 0 for a new one
	Gone     bool     // takes Of back

	fresh []string // who is mentioned now and was not before
}

// Fresh are the people whom the comment, once it is laid, mentions for the first time.
func (c *Comment) Fresh() []string { return c.fresh }

// layComment says a new comment, or something about an earlier one. The text of
// one that is taken back is erased with all that it ever said; that there was
// one, whose and when, stays.
func (w *Work) layComment() error {
	c := w.Change.Comment
	if c.Of == 0 {
		c.fresh = c.Mentions
		w.Say(Commented, map[string]any{"text": c.Text, "mentions": c.Mentions})
		return nil
	}
	wordings, err := w.wordings(c.Of)
	if err != nil {
		return err
	}
	last := wordings[len(wordings)-1]
	if c.Gone {
		w.Say(CommentDeleted, map[string]any{"of": c.Of})
		return thread.EraseEntries(w.Tx, w.After.ID, numbersOf(wordings)...)
	}
	before := stringsOf(last.Params["mentions"])
	c.fresh = slices.DeleteFunc(slices.Clone(c.Mentions), func(user string) bool { return slices.Contains(before, user) })
	if was := asString(last.Params["text"]); was != c.Text || !slices.Equal(before, c.Mentions) {
		w.Say(CommentEdited, map[string]any{"of": c.Of, "text": c.Text, "mentions": c.Mentions, "was": was})
	}
	return nil
}

// wordings are a comment of the actor's own and its edits, oldest first.
func (w *Work) wordings(of int64) ([]thread.Entry, error) {
	said, err := thread.Since(w.Tx, w.After.ID, of, Commented, CommentEdited)
	switch {
	case err != nil:
		return nil, err
	case len(said) == 0 || said[0].Seq != of || said[0].Kind != Commented:
		return nil, fault.New(fault.NotFound, "not_found")
	case said[0].Actor != w.Change.Actor:
		return nil, fault.New(fault.Forbidden, "comment_of_another")
	case said[0].Params["text"] == nil:
		return nil, fault.New(fault.Conflict, "comment_deleted")
	}
	return slices.DeleteFunc(said, func(e thread.Entry) bool { return e.Seq != of && editedBy(e) != of }), nil
}

func numbersOf(entries []thread.Entry) []int64 {
	numbers := make([]int64, len(entries))
	for i, e := range entries {
		numbers[i] = e.Seq
	}
	return numbers
}

// editedBy is the number of the comment that an entry edits, 0 for none.
func editedBy(e thread.Entry) int64 {
	if number, ok := e.Params["of"].(json.Number); ok && e.Kind == CommentEdited {
		of, _ := number.Int64()
		return of
	}
	return 0
}

// AmendComments gives comments among entries the words that they have now.
func AmendComments(tx *sqldb.Tx, entries []thread.Entry) error {
	first := map[string]int64{}
	for _, e := range entries {
		if seq, ok := first[e.Record]; e.Kind == Commented && (!ok || e.Seq < seq) {
			first[e.Record] = e.Seq
		}
	}
	latest := map[string]map[int64]thread.Entry{}
	for record, seq := range first {
		edits, err := thread.Since(tx, record, seq, CommentEdited)
		if err != nil {
			return err
		}
		latest[record] = map[int64]thread.Entry{}
		for _, e := range edits {
			latest[record][editedBy(e)] = e
		}
	}
	for _, e := range entries {
		edit, ok := latest[e.Record][e.Seq]
		if e.Kind != Commented || !ok || e.Params["text"] == nil {
			continue
		}
		e.Params["text"], e.Params["mentions"] = edit.Params["text"], edit.Params["mentions"]
		e.Params["edited_at"] = edit.At.UTC().Format(time.RFC3339)
	}
	return nil
}

// commented tells what somebody said, and what became of it.
func (s *sentence) commented() string {
	text := asString(s.params["text"])
	if text == "" {
		return s.say("comment.gone", "actor", s.actor())
	}
	said := s.say("comment", "actor", s.actor(), "text", text)
	if at, err := time.Parse(time.RFC3339, asString(s.params["edited_at"])); err == nil {
		said += s.say("comment.edited", "at", s.moment(at))
	}
	return said
}

func (s *sentence) commentEdited() string {
	if was := asString(s.params["was"]); was != "" {
		return s.say(CommentEdited, "actor", s.actor(), "was", was)
	}
	return s.say(CommentEdited+".gone", "actor", s.actor())
}
