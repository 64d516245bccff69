package awsapi

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// The canonical form of AWS Signature Version 4, as the IAM user guide describes it under
// "Create a signed AWS API request". No library checks signatures; the SDKs only make them.

// proves tells whether the signature is the one that the holder of secret makes for this
// request with this body. It takes the same time however much of a guess is right.
func (s *signature) proves(r *http.Request, body [sha256.Size]byte, secret string) bool {
	canonical, ok := s.canonical(r, body)
	if !ok {
		return false
	}
	sum := sha256.Sum256([]byte(canonical))
	text := algorithm + "\n" + s.date + "\n" + s.scope() + "\n" + hex.EncodeToString(sum[:])
	key := []byte("AWS4" + secret)
	for _, part := range []string{s.day, s.region, s.service, s.term, text} {
		key = mac(key, part)
	}
	return subtle.ConstantTimeCompare([]byte(hex.EncodeToString(key)), []byte(s.mac)) == 1
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

// canonical is the text that is signed: method, path, query, exactly the signed headers, and
// the digest of the body. There is none when a signed header is not in the request.
func (s *signature) canonical(r *http.Request, body [sha256.Size]byte) (string, bool) {
	query, ok := canonicalQuery(r.URL.RawQuery)
	if !ok {
		return "", false
	}
	path := r.URL.EscapedPath()
	if path == "" {
		path = "/"
	}
	var b strings.Builder
	b.WriteString(r.Method + "\n" + path + "\n" + query + "\n")
	for _, name := range s.headers {
		values, ok := headerValues(r, name)
		if !ok {
			return "", false
		}
		b.WriteString(name + ":")
		for i, v := range values {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(squeezed(v))
		}
		b.WriteByte('\n')
	}
	b.WriteString("\n" + s.signed + "\n" + hex.EncodeToString(body[:]))
	return b.String(), true
}

// headerValues are the values of a signed header, whose name must be in small letters. Some
// are not among the headers of a request any more when a handler sees it.
func headerValues(r *http.Request, name string) ([]string, bool) {
	if name == "" || name != strings.ToLower(name) {
		return nil, false
	}
	switch name {
	case "host":
		return []string{r.Host}, true
	case "content-length":
		if r.ContentLength < 0 {
			return nil, false
		}
		return []string{strconv.FormatInt(r.ContentLength, 10)}, true
	case "transfer-encoding":
		return r.TransferEncoding, len(r.TransferEncoding) > 0
	}
	values := r.Header.Values(name)
	return values, len(values) > 0
}

// squeezed is a value without spaces around it, and with one where there were several.
func squeezed(v string) string {
	v = strings.TrimSpace(v)
	if !strings.Contains(v, "  ") {
		return v
	}
	var b strings.Builder
	b.Grow(len(v))
	for i := range len(v) {
		if v[i] == ' ' && i > 0 && v[i-1] == ' ' {
			continue
		}
		b.WriteByte(v[i])
	}
	return b.String()
}

// canonicalQuery has the parameters sorted by name and value, each encoded anew.
func canonicalQuery(raw string) (string, bool) {
	if raw == "" {
		return "", true
	}
	q, err := url.ParseQuery(raw)
	if err != nil {
		return "", false
	}
	var pairs []string
	for name, values := range q {
		for _, v := range values {
			pairs = append(pairs, percent(name)+"="+percent(v))
		}
	}
	slices.Sort(pairs)
	return strings.Join(pairs, "&"), true
}

// percent encodes everything but the unreserved characters of RFC 3986.
func percent(text string) string {
	return strings.NewReplacer("+", "%20", "%7E", "~").Replace(url.QueryEscape(text))
}
