// Package object keeps objects in buckets, the way Amazon S3 does: a bucket has a name, an
// object a key, bytes, an ETag and a time. Two stores speak the same interface: Folder, the
// embedded default, keeps them as plain files that people can put there and look at; S3 speaks
// to any S3-compatible endpoint.
//
// Errors are S3's: the same code, message and HTTP status whichever store it was, because the
// causes of failed executions quote them.
package object

import (
	"context"
	"fmt"
	"io"
	"iter"
	"time"
)

// Info describes an object as a listing does.
type Info struct {
	Key          string
	Size         int64 // bytes
	ETag         string
	Modified     time.Time
	StorageClass string // "STANDARD" and so on
}

// Get says which state of an object is wanted.
type Get struct {
	Version string // VersionId, "" = the current one
	Owner   string // ExpectedBucketOwner, an account id; "" = anybody
	Offset  int64  // first byte wanted
}

// Store is where objects live. It may be used by many goroutines.
type Store interface {
	// Open reads an object from o.Offset to its end. Info.Size is the size of the whole object.
	Open(ctx context.Context, bucket, key string, o Get) (io.ReadCloser, Info, error)
	// OpenAt reads an object at any place; it stays the object that it was when it was opened,
	// or reading fails.
	OpenAt(ctx context.Context, bucket, key string, o Get) (ReaderAt, error)
	// List gives the objects whose key begins with prefix and is greater than after, ordered
	// by the bytes of their keys. It ends after the first error.
	List(ctx context.Context, bucket, prefix, after string) iter.Seq2[Info, error]
	// Create begins an object, which is there, whole, once Commit returned; it replaces the
	// one that had the key.
	// The context lasts until Commit or Abort.
	Create(ctx context.Context, bucket, key string) (Writer, error)
}

// ReaderAt reads one object at any place.
type ReaderAt interface {
	io.ReaderAt
	io.Closer
	Info() Info
}

// Writer takes the bytes of a new object. Exactly one of Commit and Abort ends it; Abort after
// Commit does nothing, so that it can be deferred.
type Writer interface {
	io.Writer
	Commit() error
	Abort()
}

// Error is a refusal in S3's words.
type Error struct {
	Code    string // "NoSuchKey"
	Message string // "The specified key does not exist."
	Status  int    // of HTTP; 0 when there was no answer
	Request string // id of the request, "" when there was none
	// Extended is what Amazon's support asks for besides the id, "" when there was none.
	Extended string
	Err      error // what was beneath
}

// The refusals that both stores know. errors.Is looks at the code only.
var (
	ErrNoBucket     = &Error{Code: "NoSuchBucket", Message: "The specified bucket does not exist", Status: 404}
	ErrNoKey        = &Error{Code: "NoSuchKey", Message: "The specified key does not exist.", Status: 404}
	ErrNoVersion    = &Error{Code: "NoSuchVersion", Message: "The specified version does not exist.", Status: 404}
	ErrDenied       = &Error{Code: "AccessDenied", Message: "Access Denied", Status: 403}
	ErrBucketName   = &Error{Code: "InvalidBucketName", Message: "The specified bucket is not valid.", Status: 400}
	ErrKeyTooLong   = &Error{Code: "KeyTooLongError", Message: "Your key is too long", Status: 400}
	ErrKeyName      = &Error{Code: "InvalidArgument", Message: "The key cannot be stored", Status: 400}
	ErrRange        = &Error{Code: "InvalidRange", Message: "The requested range is not satisfiable", Status: 416}
	ErrPrecondition = &Error{Code: "PreconditionFailed", Message: "At least one of the pre-conditions you specified did not hold", Status: 412}
)

// Error is the text that AWS puts into the cause of a failure.
func (e *Error) Error() string {
	if e.Status == 0 {
		return e.Message
	}
	text := fmt.Sprintf("%s (Service: S3, Status Code: %d", e.Message, e.Status)
	if e.Request != "" {
		text += ", Request ID: " + e.Request
	}
	if e.Extended != "" {
		text += ", Extended Request ID: " + e.Extended
	}
	return text + ")"
}

func (e *Error) Unwrap() error { return e.Err }

// Is compares codes, so that errors.Is(err, ErrNoKey) sees the answers of both stores.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error) //nolint:errorlint // errors.Is walks the chain, this compares one link
	return ok && t.Code == e.Code
}

// because is e with what was beneath it, which its message tells too when e is about a name.
func (e *Error) because(err error) *Error {
	with := *e
	with.Err = err
	if e == ErrKeyName {
		with.Message += ": " + err.Error()
	}
	return &with
}
