package ledger

import "context"

// Tag is a label of a machine or an activity.
type Tag struct{ Key, Value string }

// Tags keeps labels. They go with the machine or the activity that has them.
type Tags interface {
	// SetTags adds tags to the machine or activity with this ARN; a key that it has gets the
	// new value. ErrNotFound without the resource; ErrTooMany when it would have more than
	// limit of them (0: no limit).
	SetTags(ctx context.Context, resourceARN string, tags []Tag, limit int) error
	// DropTags takes keys away; those that it does not have are no error. ErrNotFound without
	// the resource.
	DropTags(ctx context.Context, resourceARN string, keys []string) error
	// TagsOf lists tags in the order they came. ErrNotFound without the resource.
	TagsOf(ctx context.Context, resourceARN string) ([]Tag, error)
}
