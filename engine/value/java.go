package value

// Plain writes v as the JVM behind AWS prints its collections: strings without quotes,
// {Arg1=1, Arg2=[]}. States.Format and some error causes show values that way.
func Plain(v Value) string {
	if v.kind == KindString {
		return v.text
	}
	return string(appendPlain(nil, v))
}

func appendPlain(dst []byte, v Value) []byte {
	switch v.kind {
	case KindAbsent, KindNull:
		return append(dst, "null"...)
	case KindBool, KindNumber, KindString:
		return append(dst, v.text...)
	case KindArray:
		dst = append(dst, '[')
		for i, item := range v.Items() {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = appendPlain(dst, item)
		}
		return append(dst, ']')
	case KindObject:
		dst = append(dst, '{')
		for i, m := range v.Members() {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = append(append(dst, m.Key...), '=')
			dst = appendPlain(dst, m.Value)
		}
		return append(dst, '}')
	}
	panic("unreachable: kind")
}
