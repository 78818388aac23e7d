package api

import (
	"net/http"
	"time"

	"clew.dev/clew/internal/account"
)

func (s *Server) tokenRoutes() []Route {
	return []Route{
		{
			Method: http.MethodGet, Path: Prefix + "/tokens", Tag: "session", Summary: "My API tokens, without their texts.",
			Policy: SignedIn("lists only the caller's"), Out: List[TokenView]{}, Handle: s.listTokens,
		},
		{
			Method: http.MethodPost, Path: Prefix + "/tokens", Tag: "session", Summary: "Make an API token with my rights; its text is shown once.",
			Policy: SignedIn("gives nothing that the caller does not have"), In: NewToken{}, Out: TokenOnce{},
			Status: http.StatusCreated, Secret: true, Handle: s.createToken,
		},
		{
			Method: http.MethodDelete, Path: Prefix + "/tokens/{id}", Tag: "session", Summary: "End one of my API tokens.",
			Policy: SignedIn("ends only the caller's"), Status: http.StatusNoContent, Handle: s.deleteToken,
		},
	}
}

// List is a page of items.
type List[T any] struct {
	Items []T     `json:"items"`
	Next  *string `json:"next_cursor"` // null on the last page
}

// NewToken names a token.
type NewToken struct {
	Name string `json:"name"`
}

// TokenOnce is a token with its text.
type TokenOnce struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Token string `json:"token"`
}

// TokenView is a token without its text.
type TokenView struct {
	ID      string     `json:"id"`
	Name    string     `json:"name"`
	Created time.Time  `json:"created_at"`
	Seen    *time.Time `json:"seen_at"` // last use, to the hour; null for never
}

func (s *Server) listTokens(c *Call) error {
	tokens, err := s.Accounts.Tokens(c.R.Context(), c.User.ID)
	if err != nil {
		return err
	}
	list := List[TokenView]{Items: []TokenView{}}
	for _, t := range tokens {
		list.Items = append(list.Items, tokenView(t))
	}
	return c.JSON(list)
}

func tokenView(t account.Token) TokenView {
	view := TokenView{ID: t.ID, Name: t.Name, Created: t.Created}
	if !t.Seen.IsZero() {
		view.Seen = &t.Seen
	}
	return view
}

func (s *Server) createToken(c *Call) error {
	var in NewToken
	if err := c.Decode(&in); err != nil {
		return err
	}
	token, text, err := s.Accounts.CreateToken(c.R.Context(), c.User.ID, in.Name)
	if err != nil {
		return err
	}
	return c.JSON(TokenOnce{ID: token.ID, Name: token.Name, Token: text})
}

func (s *Server) deleteToken(c *Call) error {
	if err := s.Accounts.DeleteToken(c.R.Context(), c.User.ID, c.Param("id")); err != nil {
		return err
	}
	return c.NoContent()
}
