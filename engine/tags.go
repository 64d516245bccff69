package engine

import (
	"context"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"statehouse/engine/arn"
	"statehouse/engine/ledger"
)

// AWS's limits for tags.
const (
	maxTagKey   = 128
	maxTagValue = 256
)

// Tag adds tags to a machine or an activity; a key that it has gets the new value.
func (e *Engine) Tag(ctx context.Context, resourceARN string, tags []ledger.Tag) error {
	if err := checkTagged(resourceARN); err != nil {
		return err
	}
	if err := e.checkTags(resourceARN, tags); err != nil {
		return err
	}
	err := e.store.SetTags(ctx, resourceARN, tags, e.quotas.Tags)
	if errors.Is(err, ledger.ErrTooMany) {
		return e.tooManyTags(resourceARN, err)
	}
	return tagged("tag "+resourceARN, resourceARN, err)
}

// Untag takes tags away. Keys that the resource does not have are no error.
func (e *Engine) Untag(ctx context.Context, resourceARN string, keys []string) error {
	if err := checkTagged(resourceARN); err != nil {
		return err
	}
	return tagged("untag "+resourceARN, resourceARN, e.store.DropTags(ctx, resourceARN, keys))
}

// TagsOf lists the tags of a machine or an activity.
func (e *Engine) TagsOf(ctx context.Context, resourceARN string) ([]ledger.Tag, error) {
	if err := checkTagged(resourceARN); err != nil {
		return nil, err
	}
	tags, err := e.store.TagsOf(ctx, resourceARN)
	return tags, tagged("read tags of "+resourceARN, resourceARN, err)
}

func tagged(doing, resourceARN string, err error) error {
	if errors.Is(err, ledger.ErrNotFound) {
		return noResource(resourceARN, err)
	}
	return stored(doing, err)
}

// checkTagged refuses what cannot have tags: versions and aliases share those of their
// machine.
func checkTagged(resourceARN string) error {
	if err := checkARN(resourceARN, "resourceArn", arn.Machine, arn.Activity); err != nil {
		return err
	}
	if _, version, alias := qualified(resourceARN); version != 0 || alias != "" {
		return noResource(resourceARN, nil)
	}
	return nil
}

// checkTags applies AWS's rules for tags.
func (e *Engine) checkTags(resourceARN string, tags []ledger.Tag) error {
	if len(tags) > e.quotas.Tags {
		return e.tooManyTags(resourceARN, nil)
	}
	for _, t := range tags {
		n := utf8.RuneCountInString(t.Key)
		switch {
		case n == 0 || n > maxTagKey:
			return fault("ValidationException", "tags", "The tag key '%s' must have 1 to %d characters", clip(t.Key), maxTagKey)
		case utf8.RuneCountInString(t.Value) > maxTagValue:
			return fault("ValidationException", "tags", "The value of the tag '%s' must have at most %d characters", clip(t.Key), maxTagValue)
		case strings.HasPrefix(strings.ToLower(t.Key), "aws:"):
			return fault("ValidationException", "tags", "The tag key '%s' begins with 'aws:', which is reserved", t.Key)
		case strings.ContainsFunc(t.Key+t.Value, untaggable):
			return fault("ValidationException", "tags",
				"The tag '%s' may only contain letters, digits, white space and the characters _ . : / = + - @", t.Key)
		}
	}
	return nil
}

func untaggable(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && !unicode.IsSpace(r) && !strings.ContainsRune("_.:/=+-@", r)
}

func (e *Engine) tooManyTags(resourceARN string, cause error) *Fault {
	f := fault("TooManyTags", "tags", "A resource may have at most %d tags: '%s'", e.quotas.Tags, resourceARN)
	f.Resource, f.Cause = resourceARN, cause
	return f
}
