package feishu_test

import (
	"testing"

	"clew.dev/clew/internal/connector/feishu"
)

// The vector is derived from the documented algorithm (protocols: Feishu custom bot sign).
func TestSignMatchesTheVector(t *testing.T) {
	if sign := feishu.Sign("demo", 1599360473); sign != "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=" {
		t.Error(sign)
	}
}
