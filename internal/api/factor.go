package api

import (
	"encoding/base64"
	"net/http"
	"time"

	"rsc.io/qr"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/totp"
)

func (s *Server) factorRoutes() []Route {
	own := SignedIn("concerns only the caller, in a browser")
	path := Prefix + "/session/factor"
	return []Route{
		{
			Method: http.MethodPost, Path: path, Tag: "session", Summary: "The second step of a log-in: a code of the app, or a recovery code.",
			Policy: Halfway("who gave a password; codes are limited by person and address"), In: FactorCode{}, Out: LoggedIn{}, Secret: true, Handle: s.giveFactor,
		},
		{Method: http.MethodGet, Path: path, Tag: "session", Summary: "My second factor.", Policy: own, Duty: true, Out: FactorView{}, Handle: s.showFactor},
		{Method: http.MethodPost, Path: path + "/enrol", Tag: "session", Summary: "Begin to enrol an authenticator app.", Policy: own, Duty: true, Secret: true, Out: Enrolment{}, Handle: s.enrolFactor},
		{Method: http.MethodPost, Path: path + "/confirm", Tag: "session", Summary: "Finish by a code of the app; recovery codes come once.", Policy: own, Duty: true, Secret: true, In: FactorCode{}, Out: RecoveryCodes{}, Handle: s.confirmFactor},
		{Method: http.MethodPost, Path: path + "/recovery", Tag: "session", Summary: "Replace my recovery codes; needs a code.", Policy: own, Secret: true, In: FactorCode{}, Out: RecoveryCodes{}, Handle: s.renewRecovery},
		{Method: http.MethodPost, Path: path + "/remove", Tag: "session", Summary: "Take my second factor away; needs a code.", Policy: own, In: FactorCode{}, Status: http.StatusNoContent, Handle: s.removeFactor},
	}
}

// FactorCode is a code of the app, or a recovery code where one is accepted.
type FactorCode struct {
	Code string `json:"code"`
}

// FactorView is where a person stands with the second factor.
type FactorView struct {
	Enrolled bool       `json:"enrolled"`
	Recovery int64      `json:"recovery_left"`
	Due      *time.Time `json:"due_at"` // until when it has to be enrolled; null where nobody asks
}

// Enrolment is what an authenticator app needs.
type Enrolment struct {
	Secret string `json:"secret"`
	URI    string `json:"uri"`
	QR     string `json:"qr"` // an SVG as a data URL
}

// RecoveryCodes stand in for a lost phone, each once.
type RecoveryCodes struct {
	Codes []string `json:"codes"`
}

func (s *Server) giveFactor(c *Call) error {
	var in FactorCode
	if err := c.Decode(&in); err != nil {
		return err
	}
	user := c.Pending.User
	method, err := s.Accounts.CheckFactor(c.R.Context(), user.ID, in.Code, c.Address)
	if err != nil {
		return err
	}
	return s.answerEntered(c, user, c.arrival(method))
}

func (s *Server) showFactor(c *Call) error {
	left, err := s.Accounts.RecoveryLeft(c.R.Context(), c.User.ID)
	if err != nil {
		return err
	}
	view := FactorView{Enrolled: c.Directory.Standing(c.User.ID).HasFactor, Recovery: left}
	if due, needed := c.Directory.FactorDue(c.User); needed {
		view.Due = &due
	}
	return c.JSON(view)
}

// inBrowser refuses programs: a token must not change how its person proves himself.
func (c *Call) inBrowser() error {
	if c.Session.Secret == "" {
		return fault.New(fault.Forbidden, "needs_session")
	}
	return nil
}

func (s *Server) enrolFactor(c *Call) error {
	if err := c.inBrowser(); err != nil {
		return err
	}
	secret, err := s.Accounts.EnrolFactor(c.R.Context(), c.User.ID)
	if err != nil {
		return err
	}
	uri := totp.URI(secret, "Clew "+c.Label(c.Snapshot.Company.Name), c.User.Email)
	drawn, err := qr.Encode(uri, qr.M)
	if err != nil {
		return err
	}
	picture := "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString([]byte(codeSVG(drawn)))
	return c.JSON(Enrolment{Secret: secret, URI: uri, QR: picture})
}

func (s *Server) confirmFactor(c *Call) error {
	var in FactorCode
	if err := c.codeInBrowser(&in); err != nil {
		return err
	}
	codes, err := s.Accounts.ConfirmFactor(c.R.Context(), c.User.ID, in.Code, c.Address)
	if err != nil {
		return err
	}
	return c.JSON(RecoveryCodes{Codes: codes})
}

func (s *Server) renewRecovery(c *Call) error {
	if err := s.provenAgain(c); err != nil {
		return err
	}
	codes, err := s.Accounts.NewRecoveryCodes(c.R.Context(), c.User.ID)
	if err != nil {
		return err
	}
	return c.JSON(RecoveryCodes{Codes: codes})
}

func (s *Server) removeFactor(c *Call) error {
	if err := s.provenAgain(c); err != nil {
		return err
	}
	return c.done(s.Accounts.RemoveFactor(c.R.Context(), c.User.ID, false))
}

func (c *Call) codeInBrowser(in *FactorCode) error {
	if err := c.inBrowser(); err != nil {
		return err
	}
	return c.Decode(in)
}

// provenAgain demands a code for what weakens the account.
func (s *Server) provenAgain(c *Call) error {
	var in FactorCode
	if err := c.codeInBrowser(&in); err != nil {
		return err
	}
	_, err := s.Accounts.CheckFactor(c.R.Context(), c.User.ID, in.Code, c.Address)
	return err
}
