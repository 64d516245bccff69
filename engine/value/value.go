package value

import "strings"

// Kind says what a value is. The constructors own the short names, so kinds carry a prefix.
type Kind uint8

// The kinds of values. KindAbsent is the kind of the zero Value: nothing, not even null.
const (
	KindAbsent Kind = iota
	KindNull
	KindBool
	KindNumber
	KindString
	KindArray
	KindObject
)

// String names the kind in lower case, as a sentence needs it.
func (k Kind) String() string {
	switch k {
	case KindAbsent:
		return "absent"
	case KindNull:
		return "null"
	case KindBool:
		return "boolean"
	case KindNumber:
		return "number"
	case KindString:
		return "string"
	case KindArray:
		return "array"
	case KindObject:
		return "object"
	}
	panic("unreachable: kind")
}

// Value is one immutable JSON value. The zero Value is Absent.
type Value struct {
	text string // content of a string, literal of a number, "true" or "false"
	node *node  // items or members
	kind Kind
}

// Member is one key of an object with its value.
type Member struct {
	Key   string
	Value Value
}

// Nil is JSON null.
var Nil = Value{kind: KindNull}

// Bool makes true or false.
func Bool(b bool) Value {
	if b {
		return Value{kind: KindBool, text: "true"}
	}
	return Value{kind: KindBool, text: "false"}
}

// String makes a string; bytes that are not UTF-8 become U+FFFD.
func String(s string) Value {
	return Value{kind: KindString, text: strings.ToValidUTF8(s, "\uFFFD")}
}

// Array makes an array. It keeps the slice: the caller must not change it afterwards.
// Absent items become null.
func Array(items ...Value) Value {
	for i := range items {
		if items[i].kind == KindAbsent {
			items[i] = Nil
		}
	}
	return Value{kind: KindArray, node: &node{items: items}}
}

// Object makes an object. It keeps the slice: the caller must not change it afterwards.
// A repeated key keeps its first place and its last value; members without a value are left out.
// As in String, what is not UTF-8 in a key becomes U+FFFD.
func Object(members ...Member) Value {
	return Value{kind: KindObject, node: &node{members: distinct(members)}}
}

// Record is Object for members that are known to have values and different keys in UTF-8.
func Record(members []Member) Value { return Value{kind: KindObject, node: &node{members: members}} }

// Kind says what v is.
func (v Value) Kind() Kind { return v.kind }

// IsAbsent reports whether v is the zero Value.
func (v Value) IsAbsent() bool { return v.kind == KindAbsent }

// IsZero is IsAbsent for the "omitzero" option of encoding/json.
func (v Value) IsZero() bool { return v.kind == KindAbsent }

// IsNull reports whether v is JSON null.
func (v Value) IsNull() bool { return v.kind == KindNull }

// AsBool reports whether v is true.
func (v Value) AsBool() bool { return v.kind == KindBool && v.text == "true" }

// Text is the content of a string, and empty for every other kind.
func (v Value) Text() string {
	if v.kind != KindString {
		return ""
	}
	return v.text
}

// Len counts items or members; it is 0 for every other kind.
func (v Value) Len() int {
	switch v.kind {
	case KindArray:
		return len(v.node.load().items)
	case KindObject:
		return len(v.node.load().members)
	default:
		return 0
	}
}

// At is item i of an array, Absent when there is none.
func (v Value) At(i int) Value {
	if v.kind != KindArray {
		return Value{}
	}
	items := v.node.load().items
	if i < 0 || i >= len(items) {
		return Value{}
	}
	return items[i]
}

// Items are the items of an array. They are shared: do not change them.
func (v Value) Items() []Value {
	if v.kind != KindArray {
		return nil
	}
	items := v.node.load().items
	return items[:len(items):len(items)]
}

// Members are the members of an object in their order. They are shared: do not change them.
func (v Value) Members() []Member {
	if v.kind != KindObject {
		return nil
	}
	members := v.node.load().members
	return members[:len(members):len(members)]
}

// Get is the value of key in an object, Absent when there is none.
func (v Value) Get(key string) Value {
	if v.kind != KindObject {
		return Value{}
	}
	if v.node.asleep() {
		if found, sure := v.node.glance(key); sure {
			return found
		}
	}
	n := v.node.load()
	if i := n.find(key); i >= 0 {
		return n.members[i].Value
	}
	return Value{}
}

// With is the object v with key set to val. A known key keeps its place, a new one goes last.
// Anything but an object counts as an empty object; an Absent val removes the key.
func (v Value) With(key string, val Value) Value {
	if val.kind == KindAbsent {
		return v.Without(key)
	}
	if v.kind != KindObject {
		return Object(Member{key, val})
	}
	n := v.node.load()
	i := n.find(key)
	members := make([]Member, len(n.members), len(n.members)+1)
	copy(members, n.members)
	if i >= 0 {
		members[i].Value = val
	} else {
		members = append(members, Member{key, val})
	}
	return Value{kind: KindObject, node: &node{members: members}}
}

// Without is the object v without key; anything but an object comes back as it is.
func (v Value) Without(key string) Value {
	if v.kind != KindObject {
		return v
	}
	n := v.node.load()
	i := n.find(key)
	if i < 0 {
		return v
	}
	members := make([]Member, 0, len(n.members)-1)
	members = append(members, n.members[:i]...)
	members = append(members, n.members[i+1:]...)
	return Value{kind: KindObject, node: &node{members: members}}
}
