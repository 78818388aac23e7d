package totp_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"clew.dev/clew/internal/totp"
)

// Property: walking through time second by second, a code is good from thirty
// seconds before its step until thirty after it, and at no other second.
func TestWhenACodeIsGood(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		secret := totp.NewSecret()
		step := rapid.Int64Range(10, 1<<32).Draw(r, "step")
		code, err := totp.Code(secret, time.Unix(step*30, 0))
		if err != nil {
			r.Fatal(err)
		}
		for _, second := range []int64{step*30 - 31, step*30 - 30, step*30 - 1, step * 30, step*30 + 29, step*30 + 30, step*30 + 59, step*30 + 60} {
			found, ok := totp.Check(secret, code, time.Unix(second, 0), 0)
			want := second >= step*30-30 && second < step*30+60
			if ok != want && !collides(secret, code, second) {
				r.Fatalf("%d seconds from its step: good %t", second-step*30, ok)
			}
			if ok && want && found != step && !collides(secret, code, second) {
				r.Fatalf("good for step %d, not %d", found, step)
			}
		}
	})
}

// collides says that another step near this second has the same code by chance.
func collides(secret, code string, second int64) bool {
	same := 0
	for n := second/30 - 2; n <= second/30+2; n++ {
		if c, err := totp.Code(secret, time.Unix(n*30, 0)); err == nil && c == code {
			same++
		}
	}
	return same > 1
}

// Property: whoever remembers the step is never let in twice by one code, in
// whatever order codes and moments come.
func TestNoStepIsGoodTwice(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		secret := totp.NewSecret()
		now, last := int64(1_790_000_000), int64(0)
		used := map[int64]bool{}
		for range rapid.IntRange(1, 40).Draw(r, "tries") {
			now += rapid.Int64Range(-60, 90).Draw(r, "clock") // also backwards
			code, err := totp.Code(secret, time.Unix(now+rapid.Int64Range(-90, 90).Draw(r, "phone"), 0))
			if err != nil {
				r.Fatal(err)
			}
			if step, ok := totp.Check(secret, code, time.Unix(now, 0), last); ok {
				if used[step] || step <= last {
					r.Fatalf("step %d again after %d", step, last)
				}
				used[step], last = true, step
			}
		}
	})
}

// TestSecretsAsPeopleTypeThem: in small letters and with blanks, as apps show them.
func TestSecretsAsPeopleTypeThem(t *testing.T) {
	at := time.Unix(1_790_000_010, 0)
	want, err := totp.Code("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", at)
	if err != nil {
		t.Fatal(err)
	}
	for _, typed := range []string{"gezdgnbvgy3tqojqgezdgnbvgy3tqojq", "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ", " gezd gnbvgy3tqojqgezdgnbvgy3tqojq "} {
		if got, err := totp.Code(typed, at); err != nil || got != want {
			t.Errorf("%q: %s, %v", typed, got, err)
		}
	}
	for _, typed := range []string{"0", "GEZD1", "GEZDGNBVGY3TQOJQ=", "ＧＥＺＤ", "GEZD-GNBV", "\x00", "张"} {
		if got, err := totp.Code(typed, at); err == nil {
			t.Errorf("%q gives %s", typed, got)
		}
		if _, ok := totp.Check(typed, "000000", at, 0); ok {
			t.Errorf("%q takes a code", typed)
		}
	}
}

// TestCodesAreSixDigits, leading zeros too, and nothing else is a code.
func TestCodesAreSixDigits(t *testing.T) {
	secret := "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
	zeros := 0
	for n := range int64(400) {
		code, err := totp.Code(secret, time.Unix(n*30, 0))
		if err != nil || len(code) != 6 || strings.Trim(code, "0123456789") != "" {
			t.Fatalf("%d: %q %v", n, code, err)
		}
		if code[0] != '0' {
			continue
		}
		zeros++
		at := time.Unix(n*30, 0)
		for _, short := range []string{strings.TrimLeft(code, "0"), code + "0", " " + code[1:], "+" + code[1:], code[:3] + " " + code[3:], fmt.Sprintf("%s\x00", code[:5])} {
			if _, ok := totp.Check(secret, short, at, -10); ok {
				t.Errorf("%q is taken for %s", short, code)
			}
		}
	}
	if zeros < 10 {
		t.Errorf("only %d codes began with a zero", zeros)
	}
}

func TestNoTwoSecretsAreAlike(t *testing.T) {
	seen := map[string]bool{}
	for range 200 {
		secret := totp.NewSecret()
		if seen[secret] || len(secret) != 32 {
			t.Fatalf("%q", secret)
		}
		seen[secret] = true
	}
}
