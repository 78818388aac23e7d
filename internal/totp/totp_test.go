package totp_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"clew.dev/clew/internal/totp"
)

// The vectors of RFC 6238, appendix B, cut to six digits; the key is "12345678901234567890".
func TestVectorsOfTheStandard(t *testing.T) {
	const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
	for unix, want := range map[int64]string{
		59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924",
		2000000000: "279037", 20000000000: "353130",
	} {
		if got, err := totp.Code(secret, time.Unix(unix, 0)); err != nil || got != want {
			t.Errorf("%d: %s, want %s (%v)", unix, got, want, err)
		}
	}
}

func TestACodeIsGoodOnceAndForNeighboursOnly(t *testing.T) {
	secret, now := totp.NewSecret(), time.Unix(1_790_000_010, 0)
	code := func(at time.Time) string {
		c, err := totp.Code(secret, at)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	step, ok := totp.Check(secret, code(now), now, 0)
	if !ok {
		t.Fatal("the present code is refused")
	}
	if _, again := totp.Check(secret, code(now), now, step); again {
		t.Error("a used code is good again")
	}
	if _, ok := totp.Check(secret, code(now.Add(30*time.Second)), now, step); !ok {
		t.Error("a clock half a minute ahead is refused")
	}
	if _, ok := totp.Check(secret, code(now.Add(-30*time.Second)), now, step); ok {
		t.Error("an earlier code than the used one is good")
	}
	for _, off := range []time.Duration{-90 * time.Second, 90 * time.Second} {
		if _, ok := totp.Check(secret, code(now.Add(off)), now, 0); ok {
			t.Errorf("a code %s off is good", off)
		}
	}
	for _, bad := range []string{"", "12345", "1234567", "abcdef", "１２３４５６", code(now) + " "} {
		if _, ok := totp.Check(secret, bad, now, 0); ok {
			t.Errorf("%q is good", bad)
		}
	}
	if _, ok := totp.Check("not base32 !", code(now), now, 0); ok {
		t.Error("a broken secret takes codes")
	}
}

func TestEverySecretTakesItsOwnCodes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secret := totp.NewSecret()
		at := time.Unix(rapid.Int64Range(0, 1<<33).Draw(t, "at"), 0)
		code, err := totp.Code(secret, at)
		if err != nil || len(code) != 6 {
			t.Fatalf("code %q: %v", code, err)
		}
		if _, ok := totp.Check(strings.ToLower(secret), code, at, -5); !ok {
			t.Fatal("refused")
		}
	})
}

func TestURIIsReadByApps(t *testing.T) {
	u, err := url.Parse(totp.URI("ABC", "恒锐 CRM", "li+lei@example.com"))
	if err != nil || u.Scheme != "otpauth" || u.Host != "totp" || u.Path != "/恒锐 CRM:li+lei@example.com" {
		t.Fatalf("%v %v", u, err)
	}
	q := u.Query()
	if q.Get("secret") != "ABC" || q.Get("issuer") != "恒锐 CRM" || strings.Contains(u.RawQuery, "+") {
		t.Errorf("query %s", u.RawQuery)
	}
}
