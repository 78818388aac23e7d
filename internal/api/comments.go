package api

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"clew.dev/clew/internal/access"
	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/query"
	"clew.dev/clew/internal/reaction"
	"clew.dev/clew/internal/record"
	"clew.dev/clew/internal/schema"
	"clew.dev/clew/internal/sqldb"
)

// The limits of a comment.
const (
	commentMax  = 4000 // characters
	mentionsMax = 20
)

func (s *Server) commentRoutes() []Route {
	const one = Prefix + "/records/{object}/{id}"
	own := SignedIn("acts only on a record that the caller may read")
	return []Route{
		{Method: http.MethodPost, Path: one + "/comments", Tag: "records", Summary: "Say something to colleagues about a record; who is mentioned gets a message.", Policy: own, In: NewComment{}, Status: http.StatusNoContent, Handle: s.comment},
		{Method: http.MethodPatch, Path: one + "/comments/{entry}", Tag: "records", Summary: "Say a comment of one's own in other words; who is mentioned for the first time gets a message.", Policy: own, In: NewComment{}, Status: http.StatusNoContent, Handle: s.editComment},
		{Method: http.MethodDelete, Path: one + "/comments/{entry}", Tag: "records", Summary: "Take a comment of one's own back: its words are erased, that there was one stays.", Policy: own, Status: http.StatusNoContent, Handle: s.deleteComment},
		{Method: http.MethodGet, Path: one + "/follow", Tag: "records", Summary: "Do I follow this record?", Policy: own, Out: FollowView{}, Handle: s.showFollow},
		{Method: http.MethodPut, Path: one + "/follow", Tag: "records", Summary: "Follow a record: changes of fields that I may read are told to me.", Policy: own, Out: FollowView{}, Handle: s.follow},
		{Method: http.MethodDelete, Path: one + "/follow", Tag: "records", Summary: "Follow a record no longer.", Policy: own, Out: FollowView{}, Handle: s.unfollow},
	}
}

// NewComment is what a person says; mentions are user ids.
type NewComment struct {
	Text     string   `json:"text"`
	Mentions []string `json:"mentions,omitempty"`
}

// FollowView says what the caller hears of a record: every change, or, by a
// role of his, those of some fields; because is owner or role where he did not
// ask for it.
type FollowView struct {
	Following bool     `json:"following"`
	Because   string   `json:"because,omitempty"`
	Fields    []string `json:"fields,omitempty"` // labels
}

func (s *Server) comment(c *Call) error { return s.sayComment(c, 0) }

func (s *Server) editComment(c *Call) error {
	number, err := c.commentNumber()
	if err != nil {
		return err
	}
	return s.sayComment(c, number)
}

func (s *Server) deleteComment(c *Call) error {
	object, _, err := s.seen(c, access.Read)
	if err != nil {
		return err
	}
	number, err := c.commentNumber()
	if err != nil {
		return err
	}
	return c.done(s.remark(c, object, &record.Comment{Of: number, Gone: true}))
}

// commentNumber is the number of the entry in the address, which names it as the thread does.
func (c *Call) commentNumber() (int64, error) {
	record, text, _ := strings.Cut(c.Param("entry"), ".")
	number, err := strconv.ParseInt(text, 10, 64)
	if err != nil || number < 1 || record != c.Param("id") {
		return 0, fault.New(fault.NotFound, "not_found")
	}
	return number, nil
}

// sayComment takes the caller's words, for a new comment or in place of an earlier one.
func (s *Server) sayComment(c *Call, of int64) error {
	object, _, err := s.seen(c, access.Read)
	if err != nil {
		return err
	}
	var in NewComment
	if err := c.Decode(&in); err != nil {
		return err
	}
	if err := in.check(); err != nil {
		return err
	}
	if err := s.mentionable(c, object, in.Mentions); err != nil {
		return err
	}
	slices.Sort(in.Mentions)
	return c.done(s.remark(c, object, &record.Comment{Text: in.Text, Mentions: slices.Compact(in.Mentions), Of: of}))
}

func (s *Server) remark(c *Call, object *schema.Object, comment *record.Comment) error {
	return s.write(c, access.Read, record.Change{Act: record.Remark, Object: object, ID: c.Param("id"), Comment: comment}, nil)
}

// check trims a comment and refuses an empty or long one.
func (n *NewComment) check() error {
	n.Text = schema.Clean(n.Text)
	var faults fault.Collector
	switch {
	case n.Text == "":
		faults.Add(&fault.Field{Path: "text", Code: "required"})
	case utf8.RuneCountInString(n.Text) > commentMax:
		faults.Add(&fault.Field{Path: "text", Code: "too_long", Params: map[string]any{"max": commentMax}})
	}
	if len(n.Mentions) > mentionsMax {
		faults.Add(&fault.Field{Path: "mentions", Code: "too_many"})
	}
	return faults.Err()
}

// mentionable refuses people who do not exist, and those who may not read the
// record: a message would tell them of it. That the caller may read it comes first.
func (s *Server) mentionable(c *Call, object *schema.Object, users []string) error {
	return s.DB.Read(c.R.Context(), func(tx *sqldb.Tx) error {
		if err := s.holds(c, tx, object, c.Grants); err != nil {
			return err
		}
		var faults fault.Collector
		policy := access.Policy{Version: c.Snapshot.Version, Objects: c.Snapshot.Objects, Roles: c.roleDocuments(), Zone: c.companyZone()}
		for i, id := range users {
			path := "mentions." + strconv.Itoa(i)
			user, ok := c.Directory.User(id)
			if !ok || !user.Active {
				faults.Add(&fault.Field{Path: path, Code: "unknown_user"})
				continue
			}
			err := s.holds(c, tx, object, s.Access.For(access.Principal{UserID: id}, policy, c.Directory))
			switch {
			case fault.KindOf(err) == fault.NotFound:
				faults.Add(&fault.Field{Path: path, Code: "mention_cannot_read", Params: map[string]any{"name": user.Name}})
			case err != nil:
				return err
			}
		}
		return faults.Err()
	})
}

// holds is NotFound for a record that may not be read under the grants.
func (s *Server) holds(c *Call, tx *sqldb.Tx, object *schema.Object, grants *access.Grants) error {
	visible := grants.Visible(object)
	if visible == nil || !grants.Can(object, access.Read) {
		return fault.New(fault.NotFound, "not_found")
	}
	reader := &record.Reader{Tx: tx, Snapshot: c.Snapshot, Directory: c.Directory, Grants: grants}
	found, err := reader.Readable(visible, []string{c.Param("id")})
	if err == nil && len(found) == 0 {
		return fault.New(fault.NotFound, "not_found")
	}
	return err
}

func (s *Server) showFollow(c *Call) error {
	var view FollowView
	err := s.readable(c, func(r *record.Reader, visible *schema.Object, row query.Row) error {
		heard, err := reaction.HearingOf(r.Tx, visible, row, c.User)
		view = FollowView{Following: heard.Following, Because: heard.Because}
		for _, f := range heard.Fields {
			view.Fields = append(view.Fields, c.Label(f.Label))
		}
		return err
	})
	if err != nil {
		return err
	}
	return c.JSON(view)
}

func (s *Server) follow(c *Call) error { return s.setFollow(c, true, reaction.Follow) }

func (s *Server) unfollow(c *Call) error { return s.setFollow(c, false, reaction.Unfollow) }

func (s *Server) setFollow(c *Call, following bool, set func(tx *sqldb.Tx, record, user string) error) error {
	object, _, err := s.seen(c, access.Read)
	if err != nil {
		return err
	}
	err = c.Write(func(tx *sqldb.Tx) error {
		if err := s.holds(c, tx, object, c.Grants); err != nil {
			return err
		}
		return set(tx, c.Param("id"), c.User.ID)
	})
	if err != nil {
		return err
	}
	return c.JSON(FollowView{Following: following})
}
