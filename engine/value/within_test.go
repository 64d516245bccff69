package value

import "testing"

func TestWithinStopsAtTheLimit(t *testing.T) {
	t.Parallel()
	for _, v := range []Value{Nil, String("a\"b"), Int(-12), Array(), Array(Int(1), String("x")), Object(Member{"a", Array(Nil)}, Member{"b", Bool(true)}), Raw(`{"a":[1,2]}`)} {
		if n := v.Size(); !v.Within(n) || v.Within(n-1) {
			t.Errorf("%s has %d bytes", v.JSON(), n)
		}
	}
	v := Int(1)
	for range 60 {
		v = Array(v, v) // nobody could print it
	}
	if v.Within(1 << 20) {
		t.Error("a text of 2^60 bytes is within a mebibyte")
	}
}
