package signin

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"

	"golang.org/x/oauth2"

	"clew.dev/clew/internal/fault"
	"clew.dev/clew/internal/outbound"
)

// Check is one thing that a test of the connection looked at.
type Check struct {
	Name   string `json:"name"` // discovery, keys or client
	OK     bool   `json:"ok"`
	Detail string `json:"detail,omitempty"` // a code of the messages, or what the provider says
}

// Test tries the provider as the settings describe it: its description, its
// keys, and whether it knows our client by the secret. An empty secret is the
// one that is kept.
func (s *Service) Test(ctx context.Context, settings Settings, secret, redirect string) ([]Check, error) {
	settings.tidy()
	settings.Enabled = false // what is missing shows in the checks
	if err := settings.check(); err != nil {
		return nil, err
	}
	if secret == "" {
		kept, sealed, err := s.load(ctx)
		if err != nil {
			return nil, err
		}
		if sealed != "" && host(kept.Issuer) == host(settings.Issuer) && kept.ClientID == settings.ClientID {
			if secret, err = s.Box.OpenText(sealed, sealedFor); err != nil {
				return nil, fault.New(fault.Invalid, "invalid_input", fault.Field{Path: "secret", Code: "provider_unreadable"})
			}
		}
	}
	provider, client, err := s.discover(ctx, settings)
	if err != nil {
		s.Log.Warn("test of the log-in provider", "error", err)
		return []Check{{Name: "discovery", Detail: reason(err)}}, nil
	}
	var said struct {
		Keys string `json:"jwks_uri"`
	}
	if err := provider.Claims(&said); err != nil {
		return nil, err
	}
	endpoint := provider.Endpoint()
	return []Check{{Name: "discovery", OK: true}, keys(ctx, client, said.Keys), knows(ctx, client, endpoint, settings.ClientID, secret, redirect)}, nil
}

// reason is the code of a refusal, or says that nobody answered.
func reason(err error) string {
	if f, ok := fault.As(err); ok {
		return f.Code
	}
	return "provider_unreachable"
}

func keys(ctx context.Context, client *outbound.Client, address string) Check {
	answer, err := client.Do(ctx, outbound.Request{URL: address})
	if err != nil {
		return Check{Name: "keys", Detail: reason(err)}
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if answer.Status != http.StatusOK || json.Unmarshal(answer.Body, &set) != nil || len(set.Keys) == 0 {
		return Check{Name: "keys", Detail: "provider_no_keys"}
	}
	return Check{Name: "keys", OK: true}
}

// knows asks for a token with a code that nobody gave out: a provider that
// knows the client refuses the code, another one the client.
func knows(ctx context.Context, client *outbound.Client, endpoint oauth2.Endpoint, id, secret, redirect string) Check {
	if id == "" || secret == "" {
		return Check{Name: "client", Detail: "provider_no_secret"}
	}
	form := url.Values{"grant_type": {"authorization_code"}, "code": {"test-of-the-connection"}, "redirect_uri": {redirect}, "code_verifier": {oauth2.GenerateVerifier()}}
	request := outbound.Request{
		Method: http.MethodPost, URL: endpoint.TokenURL, Header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"},
	}
	if endpoint.AuthStyle == oauth2.AuthStyleInParams {
		form.Set("client_id", id)
		form.Set("client_secret", secret)
	} else {
		pair := url.QueryEscape(id) + ":" + url.QueryEscape(secret)
		request.Header["Authorization"] = "Basic " + base64.StdEncoding.EncodeToString([]byte(pair))
	}
	request.Body = []byte(form.Encode())
	answer, err := client.Do(ctx, request)
	if err != nil {
		return Check{Name: "client", Detail: reason(err)}
	}
	var said struct {
		Error string `json:"error"`
	}
	_ = json.Unmarshal(answer.Body, &said) // an answer of another form is no known error
	if said.Error == "invalid_grant" {
		return Check{Name: "client", OK: true}
	}
	return Check{Name: "client", Detail: "provider_refuses_client"}
}
