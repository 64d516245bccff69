package awsapi

import (
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"time"

	"statehouse/engine/value"
)

// tokenLife is how long a page token is good for, as on AWS.
const tokenLife = 24 * time.Hour

// sealed puts into the page token of an answer when it was given and to which question:
// tokens grow old, and go on with the same list only.
func sealed(name string, ms members, in, out value.Value, now time.Time) value.Value {
	token := out.Get("nextToken")
	if token.IsAbsent() {
		return out
	}
	return out.With("nextToken", value.String(strconv.FormatInt(now.Unix(), 36)+"."+question(name, ms, in)+"."+token.Text()))
}

// opened takes both out of the page token of a request again. It refuses a token that is
// too old, that belongs to another question, or that was never given out.
func opened(name string, ms members, in value.Value, now time.Time) (value.Value, error) {
	token := in.Get("nextToken")
	if token.Kind() != value.KindString {
		return in, nil
	}
	part := strings.SplitN(token.Text(), ".", 3)
	seconds, err := strconv.ParseInt(part[0], 36, 64)
	age := now.Sub(time.Unix(seconds, 0))
	if len(part) != 3 || err != nil || age > tokenLife || age < -skew || part[1] != question(name, ms, in) || part[2] == "" {
		return value.Value{}, fault("InvalidToken", "Invalid Token: 'Invalid token'")
	}
	return in.With("nextToken", value.String(part[2])), nil
}

// paging are the arguments that may change from page to page.
var paging = []string{"nextToken", "maxResults", "limit"}

// question is a short name for what a list was asked for: the operation and all
// other arguments.
func question(name string, ms members, in value.Value) string {
	var o object
	for _, m := range ms {
		if v := in.Get(m.name); !slices.Contains(paging, m.name) && !v.IsNull() {
			o.add(m.name, v)
		}
	}
	sum := sha256.Sum256([]byte(name + value.Canonical(o.value())))
	return base64.RawURLEncoding.EncodeToString(sum[:6])
}
