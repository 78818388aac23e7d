package sandbox

import (
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// request is a log-in as a client asks for it, with some of it changed.
func request(change map[string]string) string {
	q := url.Values{
		"client_id": {ProviderClient}, "redirect_uri": {"https://crm.example/auth/oidc/callback"}, "response_type": {"code"},
		"scope": {"openid email"}, "state": {`s"><b>`}, "nonce": {"n"}, "code_challenge_method": {"S256"}, "code_challenge": {strings.Repeat("a", 43)},
	}
	for name, value := range change {
		q.Set(name, value)
	}
	return q.Encode()
}

func TestTheProvidersPageLeadsBackWithTheWholeRequest(t *testing.T) {
	web := httptest.NewServer(&Provider{People: []Person{{Subject: "1", Name: "<i>Li</i>", Email: "li@example.com"}}})
	defer web.Close()
	response, err := http.Get(web.URL + ProviderPath + "/authorize?" + request(nil))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	raw, _ := io.ReadAll(response.Body)
	text := string(raw)
	if strings.Contains(text, "<i>") || strings.Contains(text, "<b>") {
		t.Error("the page takes texts for markup")
	}
	action := regexp.MustCompile(`action="([^"]+)"`).FindStringSubmatch(text)
	if action == nil {
		t.Fatal(text)
	}
	u, err := url.Parse(html.UnescapeString(action[1]))
	if err != nil || u.Query().Encode() != request(nil) {
		t.Errorf("action %s: %v", action[1], err)
	}
}

func TestTheProviderRefusesWhatARealOneWould(t *testing.T) {
	web := httptest.NewServer(&Provider{})
	defer web.Close()
	for name, change := range map[string]map[string]string{
		"another client":     {"client_id": "other"},
		"another way back":   {"redirect_uri": "https://crm.example/elsewhere"},
		"a way with a query": {"redirect_uri": "https://crm.example/auth/oidc/callback?x=1"},
		"a way with a user":  {"redirect_uri": "https://a@crm.example/auth/oidc/callback"},
		"implicit":           {"response_type": "token"},
		"no openid":          {"scope": "email"},
		"no proof key":       {"code_challenge": ""},
		"a plain proof key":  {"code_challenge_method": "plain"},
		"no state":           {"state": ""},
		"no nonce":           {"nonce": ""},
	} {
		response, err := http.Get(web.URL + ProviderPath + "/authorize?" + request(change))
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %d", name, response.StatusCode)
		}
	}
	for name, form := range map[string]url.Values{
		"invalid_client": {"client_id": {ProviderClient}, "client_secret": {"wrong"}, "grant_type": {"authorization_code"}},
		"invalid_grant":  {"client_id": {ProviderClient}, "client_secret": {ProviderSecret}, "grant_type": {"authorization_code"}, "code": {"x"}},
	} {
		response, err := http.PostForm(web.URL+ProviderPath+"/token", form)
		if err != nil {
			t.Fatal(err)
		}
		raw, _ := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if !strings.Contains(string(raw), name) {
			t.Errorf("%s: %s", name, raw)
		}
	}
}
