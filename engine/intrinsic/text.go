package intrinsic

import (
	"crypto/md5"  //nolint:gosec // a function of the language
	"crypto/sha1" //nolint:gosec // a function of the language
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash"
	"strings"
	"unicode/utf8"

	"statehouse/engine/value"
)

// MaxText is how many characters States.Base64Encode, Base64Decode and Hash take.
const MaxText = 10_000

func tooLong(s string) string {
	if n := utf8.RuneCountInString(s); n > MaxText {
		return fmt.Sprintf("the text has %d characters, at most %d are allowed", n, MaxText)
	}
	return ""
}

// stringToJSON reads a text without content as null.
func stringToJSON(_ *Call, _ Env, args []value.Value) (value.Value, string) {
	if strings.TrimSpace(args[0].Text()) == "" {
		return value.Nil, ""
	}
	v, err := value.Parse(args[0].Text())
	if err != nil {
		return value.Value{}, "the text is not valid JSON: " + err.Error()
	}
	if v.Literal() == "-0" {
		return value.Int(0), ""
	}
	return v, ""
}

func jsonToString(_ *Call, _ Env, args []value.Value) (value.Value, string) {
	return value.String(args[0].JSON()), ""
}

// jsonMerge is shallow: members of the second object replace those of the first.
func jsonMerge(_ *Call, _ Env, args []value.Value) (value.Value, string) {
	if args[2].AsBool() {
		return value.Value{}, "only shallow merging is supported: the third argument must be false"
	}
	members := make([]value.Member, 0, args[0].Len()+args[1].Len())
	members = append(members, args[0].Members()...)
	members = append(members, args[1].Members()...)
	return value.Object(members...), ""
}

// stringSplit cuts at each of the delimiters' characters and drops empty parts.
func stringSplit(_ *Call, _ Env, args []value.Value) (value.Value, string) {
	delimiters := args[1].Text()
	parts := strings.FieldsFunc(args[0].Text(), func(r rune) bool { return strings.ContainsRune(delimiters, r) })
	items := make([]value.Value, len(parts))
	for i, part := range parts {
		items[i] = value.String(part)
	}
	return value.Array(items...), ""
}

func base64Encode(_ *Call, _ Env, args []value.Value) (value.Value, string) {
	s := args[0].Text()
	if problem := tooLong(s); problem != "" {
		return value.Value{}, problem
	}
	return value.String(base64.StdEncoding.EncodeToString([]byte(s))), ""
}

func base64Decode(_ *Call, _ Env, args []value.Value) (value.Value, string) {
	s := args[0].Text()
	if problem := tooLong(s); problem != "" {
		return value.Value{}, problem
	}
	b, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(s, "="))
	if err != nil {
		return value.Value{}, "the text is not valid base64"
	}
	return value.String(string(b)), ""
}

var algorithms = map[string]func() hash.Hash{
	"MD5":     md5.New,
	"SHA-1":   sha1.New,
	"SHA-256": sha256.New,
	"SHA-384": sha512.New384,
	"SHA-512": sha512.New,
}

// hashOf hashes a text, or the JSON of anything else.
func hashOf(_ *Call, _ Env, args []value.Value) (value.Value, string) {
	data := args[0].Text()
	if args[0].Kind() != value.KindString {
		data = args[0].JSON()
	}
	if problem := tooLong(data); problem != "" {
		return value.Value{}, problem
	}
	algorithm := algorithms[args[1].Text()]
	if algorithm == nil {
		return value.Value{}, "there is no algorithm " + args[1].Text() + "; use MD5, SHA-1, SHA-256, SHA-384 or SHA-512"
	}
	h := algorithm()
	h.Write([]byte(data))
	return value.String(hex.EncodeToString(h.Sum(nil))), ""
}
