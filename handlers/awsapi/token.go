package awsapi

import (
	"strconv"
	"strings"
	"time"

	"statehouse/engine/value"
)

// tokenLife is how long a page token is good for, as on AWS.
const tokenLife = 24 * time.Hour

// sealed puts the time into the page token of an answer: tokens grow old.
func sealed(out value.Value, now time.Time) value.Value {
	token := out.Get("nextToken")
	if token.IsAbsent() {
		return out
	}
	return out.With("nextToken", value.String(strconv.FormatInt(now.Unix(), 36)+"."+token.Text()))
}

// opened takes the time out of the page token of a request, and refuses one that is too old
// or was never given out.
func opened(in value.Value, now time.Time) (value.Value, error) {
	token := in.Get("nextToken")
	if token.Kind() != value.KindString {
		return in, nil
	}
	at, rest, ok := strings.Cut(token.Text(), ".")
	seconds, err := strconv.ParseInt(at, 36, 64)
	age := now.Sub(time.Unix(seconds, 0))
	if !ok || err != nil || age > tokenLife || age < -localSkew {
		return value.Value{}, fault("InvalidToken", "Invalid Token: 'Invalid token'")
	}
	return in.With("nextToken", value.String(rest)), nil
}
