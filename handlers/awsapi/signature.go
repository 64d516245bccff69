package awsapi

import (
	"net/http"
	"strings"
	"time"
)

// How far a request's own time may be from ours: as AWS's services have it where
// signatures are verified, and more where any is accepted.
const (
	skew      = 5 * time.Minute
	localSkew = 15 * time.Minute
)

const (
	algorithm  = "AWS4-HMAC-SHA256"
	terminator = "aws4_request"
	amzTime    = "20060102T150405Z"
	amzDay     = "20060102"
)

// checkForm looks at the form of a request's signature. In local mode there are no
// accounts, so every well-formed and fresh signature is accepted; an unsigned or old
// request is refused like on AWS, because a client that sends one is set up wrongly.
func checkForm(r *http.Request, now time.Time) error {
	auth := r.Header.Get("Authorization")
	if auth == "" {
		return fault(missingToken, "Missing Authentication Token: sign the request (any access key is accepted in local mode)")
	}
	if !strings.HasPrefix(auth, "AWS4-") || !strings.Contains(auth, "Credential=") {
		return fault(incomplete, "The Authorization header must be an AWS Signature Version 4")
	}
	date := r.Header.Get("X-Amz-Date")
	if date == "" {
		return nil
	}
	at, err := time.Parse(amzTime, date)
	if err != nil {
		return fault(incomplete, "X-Amz-Date must be in the form 20060102T150405Z, not '%s'", shown(date))
	}
	return checkTime(date, at, now, localSkew)
}

// checkTime refuses what was signed too long ago, or in the future.
func checkTime(date string, at, now time.Time, skew time.Duration) error {
	text := func(t time.Time) string { return t.UTC().Format(amzTime) }
	earliest, latest := now.Add(-skew), now.Add(skew)
	switch {
	case at.Before(earliest.Truncate(time.Second)):
		return fault(invalidSignature, "Signature expired: %s is now earlier than %s (%s - %d min.)", date, text(earliest), text(now), skew/time.Minute)
	case at.After(latest):
		return fault(invalidSignature, "Signature not yet current: %s is still later than %s (%s + %d min.)", date, text(latest), text(now), skew/time.Minute)
	}
	return nil
}

// signature is what the Authorization header of a request says. All of it comes from
// outside; the value of mac is what proves the rest.
type signature struct {
	key                  string // id of the access key
	day, region, service string // the scope it is good for
	term                 string
	headers              []string // names of the signed headers, as they came
	signed               string   // the same as one text
	mac                  string   // hexadecimal

	at   time.Time // when it was signed
	date string    // the same, as it came
}

// scope is what a signing key is derived for.
func (s *signature) scope() string {
	return s.day + "/" + s.region + "/" + s.service + "/" + s.term
}

// readSignature takes the Authorization header apart. Only the header form is accepted.
func readSignature(r *http.Request) (*signature, error) {
	if q := r.URL.RawQuery; strings.Contains(strings.ToLower(q), "x-amz-") {
		return nil, fault(incomplete, "Presigned requests are not accepted: sign by the Authorization header, without parameters in the address")
	}
	all := r.Header.Values("Authorization")
	switch {
	case len(all) == 0 || all[0] == "":
		return nil, fault(missingToken, "Missing Authentication Token")
	case len(all) > 1:
		return nil, fault(incomplete, "There must be one Authorization header, not %d", len(all))
	}
	name, rest, _ := strings.Cut(all[0], " ")
	if name != algorithm {
		return nil, fault(incomplete, "Unsupported AWS 'algorithm': '%s', use %s", clip(name), algorithm)
	}
	parts := map[string]string{}
	for part := range strings.SplitSeq(rest, ",") {
		part = strings.Trim(part, " ")
		k, v, ok := strings.Cut(part, "=")
		if !ok {
			return nil, fault(incomplete, "'%s' not a valid key=value pair (missing equal-sign) in Authorization header", clip(part))
		}
		if _, twice := parts[k]; twice {
			return nil, fault(incomplete, "'%s' is twice in the Authorization header", clip(k))
		}
		parts[k] = v
	}
	s := &signature{signed: parts["SignedHeaders"], mac: parts["Signature"]}
	if err := s.complete(parts, r.Header); err != nil {
		return nil, err
	}
	scope := strings.Split(parts["Credential"], "/")
	if len(scope) != 5 {
		return nil, fault(incomplete, "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '%s'", clip(parts["Credential"]))
	}
	s.key, s.day, s.region, s.service, s.term = scope[0], scope[1], scope[2], scope[3], scope[4]
	s.headers = strings.Split(s.signed, ";")
	return s, s.readTime(r.Header)
}

// complete says what is missing, all of it in one message as on AWS, and refuses what
// does not belong there.
func (s *signature) complete(parts map[string]string, h http.Header) error {
	var missing []string
	for _, k := range []string{"Credential", "Signature", "SignedHeaders"} {
		if parts[k] == "" {
			missing = append(missing, "Authorization header requires '"+k+"' parameter.")
		}
	}
	if h.Get("X-Amz-Date") == "" && h.Get("Date") == "" {
		missing = append(missing, "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
	}
	if len(missing) > 0 {
		return fault(incomplete, "%s", strings.Join(missing, " "))
	}
	if len(parts) > 3 {
		return fault(incomplete, "The Authorization header has parameters other than Credential, SignedHeaders and Signature")
	}
	return nil
}

// readTime is when the request was signed: X-Amz-Date, or else Date.
func (s *signature) readTime(h http.Header) (err error) {
	name := s.dateHeader(h)
	if len(h.Values(name)) > 1 {
		return fault(incomplete, "There must be one %s header", name)
	}
	text := h.Get(name)
	s.at, err = time.Parse(amzTime, text)
	if err != nil && name == "Date" {
		s.at, err = http.ParseTime(text)
	}
	if err != nil {
		return fault(incomplete, "Date must be in ISO-8601 'basic format'. Got '%s'. See http://en.wikipedia.org/wiki/ISO_8601", clip(text))
	}
	s.at = s.at.UTC()
	s.date = s.at.Format(amzTime)
	return nil
}

func (*signature) dateHeader(h http.Header) string {
	if h.Get("X-Amz-Date") != "" {
		return "X-Amz-Date"
	}
	return "Date"
}

// clip keeps what a caller sent from filling a message.
func clip(text string) string {
	const most = 200
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "…"
	}
	return text
}
