package schema

import (
	"regexp"

	"github.com/cockroachdb/apd/v3"
)

// amountPattern is a number, its unit, and the upper end of a range with its unit.
var amountPattern = regexp.MustCompile(`(\d[\d,]*(?:\.\d+)?)\s*([十百千万亿wWkK]{0,2})(?:\s*(?:-|~|—|–|至|到)\s*\d[\d,]*(?:\.\d+)?\s*([十百千万亿wWkK]{1,2}))?`)

// ParseAmount finds the first amount in a text as people write it: "30万",
// "1.2亿", "约 20-30 万元" (the lower end), "50000". It is for mappings; a
// person's own input is read strictly.
func ParseAmount(s string) (*apd.Decimal, bool) {
	m := amountPattern.FindStringSubmatch(Clean(s))
	if m == nil {
		return nil, false
	}
	unit := m[2]
	if unit == "" {
		unit = m[3]
	}
	d, code := ReadDecimal(m[1])
	if code != "" {
		return nil, false
	}
	for _, r := range unit {
		d.Exponent += amountZeros(r)
	}
	out, exact := quantize(d, MaxScale)
	if !exact {
		return d, true
	}
	out.Reduce(out)
	return out, true
}

// amountZeros is how many zeros a unit stands for.
func amountZeros(unit rune) int32 {
	switch unit {
	case '十':
		return 1
	case '百':
		return 2
	case '千', 'k', 'K':
		return 3
	case '万', 'w', 'W':
		return 4
	case '亿':
		return 8
	}
	return 0
}
