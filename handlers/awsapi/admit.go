package awsapi

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"statehouse/engine"
	"statehouse/engine/access"
	"statehouse/engine/arn"
	"statehouse/engine/value"
)

// The names of AWS's errors about who calls.
const (
	missingToken     = "MissingAuthenticationTokenException"
	incomplete       = "IncompleteSignatureException"
	invalidSignature = "InvalidSignatureException"
	unrecognized     = "UnrecognizedClientException"
	accessDenied     = "AccessDeniedException"
)

// throttled is AWS's error for a call that comes too soon: clients wait and send it again.
const throttled = "ThrottlingException"

// doors are the errors that AWS answers before a request reaches the service. They are of
// another family (the SDKs look at the last part of the name only).
var doors = map[string]bool{missingToken: true, incomplete: true, invalidSignature: true, unrecognized: true, accessDenied: true, throttled: true}

// Keys knows the access keys that calls are signed with.
type Keys interface {
	// Credential is what checks signatures of a key; ok is false when there is no such key.
	Credential(ctx context.Context, id string) (c engine.Credential, ok bool, err error)
	// AccessKeyUsed notes that a call was signed with a key.
	AccessKeyUsed(id string)
}

// caller is who a call says it is, until the body is there and proves it.
type caller struct {
	who    access.Principal
	sig    *signature // nil in local mode: whatever was signed is accepted
	secret string
}

// meet looks at what a request says about itself before its body is read: strangers do not
// get that far.
func (h *Handler) meet(r *http.Request, s service) (*caller, error) {
	now := h.clock()
	if h.keys == nil {
		return &caller{who: h.who}, checkForm(r, now)
	}
	sig, err := readSignature(r)
	if err != nil {
		return nil, err
	}
	if err := h.checkScope(sig, s); err != nil {
		return nil, err
	}
	if err := checkTime(sig.date, sig.at, now, skew); err != nil {
		return nil, err
	}
	if err := sig.checkSigned(r.Header); err != nil {
		return nil, err
	}
	if r.Header.Get("X-Amz-Security-Token") != "" {
		return nil, fault(unrecognized, "The security token included in the request is invalid. Session tokens are not known here: sign with an access key alone, and unset AWS_SESSION_TOKEN")
	}
	c, ok, err := h.keys.Credential(r.Context(), sig.key)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fault(unrecognized, "The security token included in the request is invalid.")
	}
	return &caller{who: c.Who, sig: sig, secret: c.Secret}, nil
}

// checkScope refuses a signature that was made for another day, region or service.
func (h *Handler) checkScope(s *signature, svc service) error {
	switch {
	case s.term != terminator:
		return fault(invalidSignature, "Credential should be scoped with a valid terminator: '%s', not '%s'.", terminator, clip(s.term))
	case s.region != h.region:
		return fault(invalidSignature, "Credential should be scoped to a valid region, not '%s'.", clip(s.region))
	case s.service != svc.name:
		return fault(invalidSignature, "Credential should be scoped to correct service: '%s'.", svc.name)
	case s.day != s.at.Format(amzDay):
		return fault(invalidSignature, "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '%s' != '%s', from '%s'.",
			clip(s.day), s.at.Format(amzDay), s.date)
	}
	return nil
}

// checkSigned demands that what a call means is signed: where it goes, when, and what it asks.
func (s *signature) checkSigned(h http.Header) error {
	signed := func(name string) bool { return slices.Contains(s.headers, name) }
	const must = "%s must be a 'SignedHeader' in the AWS Authorization."
	date := "x-amz-date"
	if s.dateHeader(h) == "Date" {
		date = "date"
	}
	switch {
	case !signed("host"):
		return fault(invalidSignature, must, "'Host' or ':authority'")
	case !signed(date):
		return fault(invalidSignature, must, "'"+s.dateHeader(h)+"'")
	case !signed("x-amz-target"):
		return fault(invalidSignature, must, "'X-Amz-Target'")
	}
	return nil
}

// prove holds the signature against the whole request.
func (h *Handler) prove(r *http.Request, c *caller, body []byte) error {
	if c.sig == nil {
		return nil
	}
	sum := sha256.Sum256(body)
	if said := r.Header.Values("X-Amz-Content-Sha256"); len(said) > 0 {
		if len(said) > 1 || subtle.ConstantTimeCompare([]byte(said[0]), []byte(hex.EncodeToString(sum[:]))) != 1 {
			return fault(invalidSignature, "The body must be signed whole: x-amz-content-sha256 is '%s', which is not the SHA-256 digest of the body that came", clip(said[0]))
		}
	}
	if !c.sig.proves(r, sum, c.secret) {
		h.log.InfoContext(r.Context(), "signature of a known access key refused", "key", c.sig.key, "address", r.RemoteAddr)
		return fault(invalidSignature, "The request signature we calculated does not match the signature you provided. "+
			"Check your AWS Secret Access Key and signing method. Consult the service documentation for details.")
	}
	h.keys.AccessKeyUsed(c.sig.key)
	return nil
}

// denied says in AWS's sentence who may not do what.
func (h *Handler) denied(c *caller, s service, name string, op operation, in value.Value) error {
	if c.sig == nil {
		return fault(accessDenied, "User: %s is not authorized to perform: %s:%s", c.who.Name, s.name, name)
	}
	action := s.name + ":" + name
	user := fmt.Sprintf("arn:%s:iam::%s:user/%s", arn.PartitionOf(h.region), h.account, c.who.Name)
	return fault(accessDenied, "User: %s is not authorized to perform: %s on resource: %s because no identity-based policy allows the %s action",
		user, action, op.resource(in), action)
}

// resource is the ARN that a request is about, "*" when it is about none.
func (op operation) resource(in value.Value) string {
	for _, m := range op.members {
		if v := in.Get(m.name); strings.HasSuffix(m.name, "Arn") && m.name != "roleArn" && v.Kind() == value.KindString {
			return clip(v.Text())
		}
	}
	return "*"
}
