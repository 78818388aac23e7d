package oceanengine_test

import (
	"net/url"
	"testing"

	"clew.dev/clew/internal/connector/oceanengine"
	"clew.dev/clew/internal/fault"
)

func TestVerify(t *testing.T) {
	body := []byte(`{"message_id":"1","data":"{}"}`)
	const good = "9783a1f1b4cbbcc129f944fdcc9261f4e29fb5517fc94040b552e4fb3df1296e"
	for _, c := range []struct {
		name, secret, body, header string
		want                       bool
	}{
		{"the vector", "secret", string(body), good, true},
		{"another secret", "Secret", string(body), good, false},
		{"another body", "secret", string(body) + " ", good, false},
		{"not hex", "secret", string(body), "zz", false},
		{"cut short", "secret", string(body), good[:32], false},
		{"absent", "secret", string(body), "", false},
		{"no secret set", "", string(body), good, false},
	} {
		if got := oceanengine.Verify(c.secret, []byte(c.body), c.header); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestChallengeKeepsItsType(t *testing.T) {
	for _, c := range []struct{ query, body, want string }{
		{"event=verify_webhook&challenge=12345", "", "12345"},
		{"event=verify_webhook&challenge=0123", "", `"0123"`},
		{"event=verify_webhook&challenge=ab%22c", "", `"ab\"c"`},
		{"", `{"event":"verify_webhook","challenge":9007199254740993}`, "9007199254740993"},
		{"", `{"event":"verify_webhook","challenge":"12"}`, `"12"`},
		{"", "event=verify_webhook&challenge=7", "7"},
		{"", `{"event":"verify_webhook"}`, ""},
		{"", `{"event":"verify_webhook","challenge":{"a":1}}`, ""},
		{"", `{"event":"other","challenge":1}`, ""},
		{"challenge=1", "", ""},
	} {
		q, err := url.ParseQuery(c.query)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := oceanengine.Challenge(q, []byte(c.body))
		if ok != (c.want != "") || (ok && string(got) != c.want) {
			t.Errorf("%q %q: %s %v, want %s", c.query, c.body, got, ok, c.want)
		}
	}
	if got := string(oceanengine.AnswerChallenge([]byte("5"))); got != `{"BaseResp":{"StatusCode":200,"StatusMessage":"ok"},"challenge":5}` {
		t.Error(got)
	}
}

func TestUnwrap(t *testing.T) {
	m, err := oceanengine.Unwrap([]byte(`{"message_id":7312345678901234567,"service_label":"clue","data":"{\"clue_id\":1}"}`))
	if err != nil || m.ID != "7312345678901234567" || string(m.Data) != `{"clue_id":1}` || m.Label != "clue" {
		t.Errorf("%+v %v", m, err)
	}
	for _, body := range []string{``, `[]`, `{"message_id":"1"}`, `{"message_id":"1","data":"[1]"}`,
		`{"message_id":"1","data":"{"}`, `{"data":"{}"}`, `{"message_id":{},"data":"{}"}`} {
		if _, err := oceanengine.Unwrap([]byte(body)); fault.KindOf(err) != fault.Malformed {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func FuzzUnwrap(f *testing.F) {
	f.Add([]byte(`{"message_id":"1","data":"{}"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if m, err := oceanengine.Unwrap(body); err == nil && (m.ID == "" || len(m.Data) < 2) {
			t.Errorf("%q gave %+v", body, m)
		}
		oceanengine.Challenge(nil, body)
	})
}
