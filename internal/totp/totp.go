// Package totp computes and checks the six-digit codes of authenticator apps
// (RFC 6238: HMAC-SHA1, 30 seconds). It keeps nothing: who checks a code has to
// remember the step that it was good for and to refuse that step from then on.
package totp

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// What every authenticator app understands.
const (
	period = 30 * time.Second
	digits = 6
	size   = 20 // bytes of a secret, as long as the digest
	skew   = 1  // steps that a phone's clock may be off
)

// NewSecret is a random secret in the form that people may type: base32, 32 characters.
func NewSecret() string {
	raw := make([]byte, size)
	_, _ = rand.Read(raw) // never fails: crypto/rand ends the process instead
	return encoding().EncodeToString(raw)
}

// URI is what the QR code holds.
func URI(secret, issuer, person string) string {
	label := url.PathEscape(issuer + ":" + person)
	values := url.Values{"secret": {secret}, "issuer": {issuer}, "algorithm": {"SHA1"}, "digits": {"6"}, "period": {"30"}}
	return "otpauth://totp/" + label + "?" + strings.ReplaceAll(values.Encode(), "+", "%20")
}

// Code is the code of a moment.
func Code(secret string, at time.Time) (string, error) {
	key, err := decode(secret)
	if err != nil {
		return "", err
	}
	return codeOf(key, step(at)), nil
}

// Check gives the step that a code is good for, if there is one after last:
// the step of the moment, or one of its neighbours.
func Check(secret, code string, at time.Time, last int64) (int64, bool) {
	key, err := decode(secret)
	if err != nil || len(code) != digits {
		return 0, false
	}
	good, found := int64(0), false
	for n := step(at) - skew; n <= step(at)+skew; n++ {
		if subtle.ConstantTimeCompare([]byte(codeOf(key, n)), []byte(code)) == 1 && n > last && !found {
			good, found = n, true
		}
	}
	return good, found
}

func step(at time.Time) int64 { return at.Unix() / int64(period/time.Second) }

func codeOf(key []byte, step int64) string {
	mac := hmac.New(sha1.New, key)
	_ = binary.Write(mac, binary.BigEndian, uint64(step)) // a hash takes everything
	sum := mac.Sum(nil)
	offset := sum[len(sum)-1] & 0x0f
	number := binary.BigEndian.Uint32(sum[offset:]) & 0x7fffffff
	return fmt.Sprintf("%06d", number%1_000_000)
}

func encoding() *base32.Encoding { return base32.StdEncoding.WithPadding(base32.NoPadding) }

func decode(secret string) ([]byte, error) {
	return encoding().DecodeString(strings.ToUpper(strings.ReplaceAll(secret, " ", "")))
}
