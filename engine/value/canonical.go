package value

import (
	"slices"
	"strconv"
	"strings"
)

// Canonical is a text that two values share exactly when they are Equal: keys sorted, numbers
// in one form. It serves as a map key.
func Canonical(v Value) string { return string(appendCanonical(nil, v)) }

func appendCanonical(dst []byte, v Value) []byte {
	switch v.kind {
	case KindAbsent, KindNull, KindBool, KindString:
		return v.AppendJSON(dst)
	case KindNumber:
		d := decimalOf(v.text)
		if d.negative {
			dst = append(dst, '-')
		}
		dst = append(append(dst, "0."...), d.digits...)
		return strconv.AppendInt(append(dst, 'E'), int64(d.point), 10)
	case KindArray:
		dst = append(dst, '[')
		for _, item := range v.Items() {
			dst = append(appendCanonical(dst, item), ',')
		}
		return append(dst, ']')
	case KindObject:
		members := slices.Clone(v.Members())
		slices.SortFunc(members, func(a, b Member) int { return strings.Compare(a.Key, b.Key) })
		dst = append(dst, '{')
		for _, m := range members {
			dst = append(appendQuoted(dst, m.Key), ':')
			dst = append(appendCanonical(dst, m.Value), ',')
		}
		return append(dst, '}')
	}
	panic("unreachable: kind")
}
