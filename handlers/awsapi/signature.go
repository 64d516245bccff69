package awsapi

import (
	"net/http"
	"strings"
	"time"
)

// skew is how far a request's own time may be from ours, as on AWS.
const skew = 15 * time.Minute

const amzTime = "20060102T150405Z"

// checkSignature looks at the form of a request's signature. In local mode there are
// no accounts, so every well-formed and fresh signature is accepted; an unsigned or
// old request is refused like on AWS, because a client that sends one is set up wrongly.
func checkSignature(r *http.Request, now time.Time) error {
	auth := r.Header.Get("Authorization")
	if auth == "" {
		return fault("MissingAuthenticationTokenException", "Missing Authentication Token: sign the request (any access key is accepted in local mode)")
	}
	if !strings.HasPrefix(auth, "AWS4-") || !strings.Contains(auth, "Credential=") {
		return fault("IncompleteSignatureException", "The Authorization header must be an AWS Signature Version 4")
	}
	date := r.Header.Get("X-Amz-Date")
	if date == "" {
		return nil
	}
	at, err := time.Parse(amzTime, date)
	if err != nil {
		return fault("IncompleteSignatureException", "X-Amz-Date must be in the form 20060102T150405Z, not '%s'", date)
	}
	switch {
	case at.Before(now.Add(-skew)):
		return fault("InvalidSignatureException", "Signature expired: %s is now earlier than %s (%s - 15 min.)", date, now.Add(-skew).UTC().Format(amzTime), now.UTC().Format(amzTime))
	case at.After(now.Add(skew)):
		return fault("InvalidSignatureException", "Signature not yet current: %s is still later than %s (%s + 15 min.)", date, now.Add(skew).UTC().Format(amzTime), now.UTC().Format(amzTime))
	}
	return nil
}
