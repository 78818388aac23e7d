package oceanengine_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"clew.dev/clew/internal/connector/oceanengine"
	"clew.dev/clew/internal/fault"
)

// sign is the vendor's side, written from its page.
func sign(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// Property: a body verifies with its own signature, and with no bit of body,
// secret or signature changed.
func TestOnlyTheBodyThatWasSignedVerifies(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		body := rapid.SliceOfN(rapid.Byte(), 1, 300).Draw(r, "body")
		secret := rapid.StringN(1, 40, -1).Draw(r, "secret")
		good := sign(secret, body)
		if !oceanengine.Verify(secret, body, good) || !oceanengine.Verify(secret, body, strings.ToUpper(good)) {
			r.Fatal("its own signature is refused")
		}
		changed := append([]byte(nil), body...)
		changed[rapid.IntRange(0, len(body)-1).Draw(r, "at")] ^= 1 << rapid.IntRange(0, 7).Draw(r, "bit")
		raw, err := hex.DecodeString(good)
		if err != nil {
			r.Fatal(err)
		}
		raw[rapid.IntRange(0, len(raw)-1).Draw(r, "in the signature")] ^= 1
		for name, ok := range map[string]bool{
			"another body":      oceanengine.Verify(secret, changed, good),
			"a longer body":     oceanengine.Verify(secret, append(body, '\n'), good),
			"another signature": oceanengine.Verify(secret, body, hex.EncodeToString(raw)),
			"another secret":    oceanengine.Verify(secret+"x", body, good),
		} {
			if ok {
				r.Fatalf("%s verifies", name)
			}
		}
	})
}

// TestSignaturesThatAreNone: what a prober sends in the header.
func TestSignaturesThatAreNone(t *testing.T) {
	body := []byte(`{"message_id":"1","data":"{}"}`)
	good := sign("secret", body)
	for name, header := range map[string]string{
		"doubled":                good + good,
		"a byte longer":          good + "00",
		"a digit longer":         good + "0",
		"a byte shorter":         good[:62],
		"with a prefix":          "sha256=" + good,
		"in two parts":           good[:32] + " " + good[32:],
		"a list":                 good + "," + good,
		"zeros":                  strings.Repeat("0", 64),
		"full-width digits":      strings.ReplaceAll(good, "9", "９"),
		"an empty digest":        hex.EncodeToString(nil),
		"the digest of nothing":  sign("", body),
		"a signature of nothing": sign("secret", nil),
		"very long":              strings.Repeat("ab", 1<<20),
		"a null byte":            good + "\x00",
	} {
		if oceanengine.Verify("secret", body, header) {
			t.Errorf("%s verifies", name)
		}
	}
	if !oceanengine.Verify("secret", body, " "+good+"\r\n") {
		t.Error("blanks around the signature, as proxies leave them, spoil it")
	}
	if oceanengine.Verify("", body, sign("", body)) {
		t.Error("a channel without a secret lets anything in that is signed with nothing")
	}
}

// TestABodyThatWasWrittenAnewDoesNotVerify: the same JSON in other bytes is
// another message; the signature is over what was sent.
func TestABodyThatWasWrittenAnewDoesNotVerify(t *testing.T) {
	sent := []byte(`{"message_id": "1", "data": "{\"name\":\"\u5f20\u4e09\"}"}`)
	good := sign("secret", sent)
	var read any
	if err := json.Unmarshal(sent, &read); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(read)
	if err != nil {
		t.Fatal(err)
	}
	if oceanengine.Verify("secret", again, good) {
		t.Error("verifies")
	}
}

// TestWhatIsAURLCheck: it is answered without a signature, so it must be that
// and nothing else, and its answer must be one JSON value that cannot break out.
func TestWhatIsAURLCheck(t *testing.T) {
	for _, c := range []struct{ name, query, body, want string }{
		{"a word", "event=verify_webhook&challenge=abc", "", `"abc"`},
		{"a number with zeros before", "event=verify_webhook&challenge=007", "", `"007"`},
		{"a negative number", "event=verify_webhook&challenge=-7", "", "-7"},
		{"minus zero", "event=verify_webhook&challenge=-0", "", `"-0"`},
		{"a plus sign", "event=verify_webhook&challenge=%2B7", "", `"+7"`},
		{"larger than any number", "event=verify_webhook&challenge=99999999999999999999", "", `"99999999999999999999"`},
		{"a fraction", "event=verify_webhook&challenge=1.5", "", `"1.5"`},
		{"markup", "event=verify_webhook&challenge=%3Cscript%3E", "", `"\u003cscript\u003e"`},
		{"a quotation mark", "event=verify_webhook&challenge=%22%7D%2C%22x%22%3A%7B", "", `"\"},\"x\":{"`},
		{"twice", "event=verify_webhook&challenge=1&challenge=2", "", "1"},
		{"the query goes before the body", "event=verify_webhook&challenge=1", `{"event":"verify_webhook","challenge":2}`, "1"},
		{"in capitals", "event=VERIFY_WEBHOOK&challenge=1", "", ""},
		{"an empty challenge", "event=verify_webhook&challenge=", "", ""},
		{"a text", "", `{"event":"verify_webhook","challenge":"a<b"}`, `"a<b"`},
		{"a truth", "", `{"event":"verify_webhook","challenge":true}`, "true"},
		{"a large number", "", `{"event":"verify_webhook","challenge":1e400}`, "1e400"},
		{"null", "", `{"event":"verify_webhook","challenge":null}`, ""},
		{"a list", "", `{"event":"verify_webhook","challenge":[1]}`, ""},
		{"an event of another kind", "", `{"event":["verify_webhook"],"challenge":1}`, ""},
		{"a real push that calls itself one", "", `{"event":"verify_webhook","message_id":"1","data":"{}"}`, ""},
		{"nothing", "", "", ""},
		{"two bodies", "", `{"event":"verify_webhook","challenge":1} {}`, ""},
		{"a form", "", "challenge=9&event=verify_webhook", "9"},
		{"a form with a broken escape", "", "event=verify_webhook&challenge=%zz", ""},
	} {
		q, err := url.ParseQuery(c.query)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := oceanengine.Challenge(q, []byte(c.body))
		if ok != (c.want != "") || ok && string(got) != c.want {
			t.Errorf("%s: %s %v, want %q", c.name, got, ok, c.want)
		}
		if answer := oceanengine.AnswerChallenge(got); ok && !json.Valid(answer) {
			t.Errorf("%s: the answer is no JSON: %s", c.name, answer)
		}
	}
}

// TestWhatIsInAnEnvelope: what senders vary – the id as a number, the clue as
// text or as an object – is one message; what is none names its path.
func TestWhatIsInAnEnvelope(t *testing.T) {
	const clue = `{"clue_id":"7312345678901234567"}`
	quoted, _ := json.Marshal(clue)
	for _, c := range []struct {
		name, body, id, data, path string
	}{
		{name: "as documented", body: `{"message_id":"m-1","data":` + string(quoted) + `}`, id: "m-1", data: clue},
		{name: "the id as a number beyond 2^53", body: `{"message_id":9223372036854775808,"data":` + string(quoted) + `}`, id: "9223372036854775808", data: clue},
		{name: "the clue as an object", body: `{"message_id":"m","data":` + clue + `}`, id: "m", data: clue},
		{name: "blanks around the clue", body: `{"message_id":"m","data":"\n {\"a\":1}\t "}`, id: "m", data: `{"a":1}`},
		{name: "members that nobody knows", body: `{"zzz":[{}],"message_id":"m","data":"{}","message_id_2":1}`, id: "m", data: `{}`},
		{name: "the last of two ids", body: `{"message_id":"a","message_id":"b","data":"{}"}`, id: "b", data: `{}`},
		{name: "no id", body: `{"data":"{}"}`, path: "message_id"},
		{name: "an empty id", body: `{"message_id":"","data":"{}"}`, path: "message_id"},
		{name: "null for an id", body: `{"message_id":null,"data":"{}"}`, path: "message_id"},
		{name: "a truth for an id", body: `{"message_id":true,"data":"{}"}`, path: "message_id"},
		{name: "a list for an id", body: `{"message_id":["m"],"data":"{}"}`, path: "message_id"},
		{name: "no clue", body: `{"message_id":"m"}`, path: "data"},
		{name: "an empty clue", body: `{"message_id":"m","data":""}`, path: "data"},
		{name: "a clue that is a list", body: `{"message_id":"m","data":[{}]}`, path: "data"},
		{name: "a clue that is a number", body: `{"message_id":"m","data":7}`, path: "data"},
		{name: "a clue wrapped twice", body: `{"message_id":"m","data":"\"{}\""}`, path: "data"},
		{name: "half a clue", body: `{"message_id":"m","data":"{\"a\":"}`, path: "data"},
		{name: "something after the clue", body: `{"message_id":"m","data":"{} {}"}`, path: "data"},
		{name: "a label that is none", body: `{"message_id":"m","data":"{}","service_label":7}`, path: ""},
		{name: "a list", body: `[{"message_id":"m","data":"{}"}]`, path: ""},
		{name: "a form", body: `message_id=m&data={}`, path: ""},
		{name: "nothing", body: "", path: ""},
		{name: "too deep", body: strings.Repeat(`{"data":`, 20_000) + "1" + strings.Repeat("}", 20_000), path: ""},
	} {
		m, err := oceanengine.Unwrap([]byte(c.body))
		if c.id != "" {
			if err != nil || m.ID != c.id || string(m.Data) != c.data {
				t.Errorf("%s: %+v %v", c.name, m, err)
			}
			continue
		}
		f, ok := fault.As(err)
		if !ok || f.Kind != fault.Malformed || f.Code != "malformed_body" || len(f.Fields) != 1 || f.Fields[0].Path != c.path {
			t.Errorf("%s: %+v, want the path %q", c.name, err, c.path)
		}
	}
}

// FuzzChallenge: whatever is asked without a signature, the answer is one JSON
// object with the challenge as it was asked.
func FuzzChallenge(f *testing.F) {
	f.Add("event=verify_webhook&challenge=12345", `{"event":"verify_webhook","challenge":"x"}`)
	f.Add("", `{"event":"verify_webhook","challenge":1}`)
	f.Add("", "event=verify_webhook&challenge=%22")
	f.Fuzz(func(t *testing.T, query, body string) {
		q, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		challenge, ok := oceanengine.Challenge(q, []byte(body))
		if !ok {
			return
		}
		var answer struct {
			BaseResp  struct{ StatusCode int }
			Challenge any `json:"challenge"`
		}
		decoder := json.NewDecoder(strings.NewReader(string(oceanengine.AnswerChallenge(challenge))))
		decoder.UseNumber()
		if err := decoder.Decode(&answer); err != nil || answer.BaseResp.StatusCode != 200 || decoder.More() {
			t.Fatalf("%q %q is answered %s: %v", query, body, oceanengine.AnswerChallenge(challenge), err)
		}
		switch answer.Challenge.(type) {
		case string, json.Number, bool:
		default:
			t.Fatalf("%q %q is answered with %v", query, body, answer.Challenge)
		}
	})
}
