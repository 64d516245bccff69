// Package arn names things the way AWS does: it parses, prints and invents resource names.
package arn

import (
	"errors"
	"fmt"
	"strings"
)

// ARN is one resource name, split at its first five colons.
type ARN struct {
	Partition string
	Service   string
	Region    string
	Account   string
	Resource  string // everything after the fifth colon
}

// ErrInvalid is what Parse wraps when a text is no resource name.
var ErrInvalid = errors.New("invalid resource name")

// Parse splits a resource name. Region and account may be empty, as in arn:aws:states:::http:invoke.
func Parse(text string) (ARN, error) {
	part := strings.SplitN(text, ":", 6)
	switch {
	case part[0] != "arn":
		return ARN{}, fmt.Errorf("%w: it must start with arn: %q", ErrInvalid, text)
	case len(part) < 6:
		return ARN{}, fmt.Errorf("%w: it must have six parts: %q", ErrInvalid, text)
	case part[1] == "" || part[2] == "" || part[5] == "":
		return ARN{}, fmt.Errorf("%w: partition, service and resource must not be empty: %q", ErrInvalid, text)
	}
	return ARN{Partition: part[1], Service: part[2], Region: part[3], Account: part[4], Resource: part[5]}, nil
}

// String prints the name.
func (a ARN) String() string {
	return "arn:" + a.Partition + ":" + a.Service + ":" + a.Region + ":" + a.Account + ":" + a.Resource
}
