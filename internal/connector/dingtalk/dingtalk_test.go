package dingtalk_test

import (
	"net/url"
	"testing"

	"clew.dev/clew/internal/connector/dingtalk"
)

// The vector is derived from the documented algorithm (protocols: DingTalk robot sign).
func TestSignMatchesTheVector(t *testing.T) {
	sign := dingtalk.Sign("this is secret", 1583392434000)
	if sign != "nwC2wiqc/bDwGtcZesiUvn7BTGDqxD0lw5AIvokVqzo=" {
		t.Error(sign)
	}
	if q := url.QueryEscape(sign); q != "nwC2wiqc%2FbDwGtcZesiUvn7BTGDqxD0lw5AIvokVqzo%3D" {
		t.Error(q)
	}
}
