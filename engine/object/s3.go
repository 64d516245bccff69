package object

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
)

// S3Config says which S3-compatible service keeps the objects.
type S3Config struct {
	Endpoint  string // URL, "" = Amazon's for the region
	Region    string // "" = what the environment says (AWS_REGION, the shared configuration)
	AccessKey string // "" = the SDK's usual chain: environment, shared files, roles
	SecretKey string
	PathStyle bool // http://host/bucket/key rather than http://bucket.host/key
	// DefaultRegion is the region when neither Region nor the environment names one.
	DefaultRegion string
}

// S3 is the Store that speaks to an S3-compatible service, through the AWS SDK for Go: its
// retries, credentials and signatures are those that operators know.
type S3 struct {
	client *s3.Client
	part   int // bytes of one part of an upload
}

// partSize is how much of an upload is in memory. With S3's 10,000 parts an object can have
// 80 GB, sixteen times what a file of results holds.
const partSize = 8 << 20

// NewS3 prepares a client. Whether the service is there shows at the first request.
func NewS3(ctx context.Context, c S3Config) (*S3, error) {
	load := []func(*config.LoadOptions) error{config.WithDefaultRegion(c.DefaultRegion)}
	if c.Region != "" {
		load = append(load, config.WithRegion(c.Region))
	}
	if c.AccessKey != "" {
		load = append(load, config.WithCredentialsProvider(credentials.NewStaticCredentialsProvider(c.AccessKey, c.SecretKey, "")))
	}
	cfg, err := config.LoadDefaultConfig(ctx, load...)
	if err != nil {
		return nil, fmt.Errorf("configure the object store: %w", err)
	}
	client := s3.NewFromConfig(cfg, func(o *s3.Options) {
		o.UsePathStyle = c.PathStyle
		if c.Endpoint != "" {
			o.BaseEndpoint = aws.String(c.Endpoint)
		}
		// Other services than Amazon's do not know the checksums that the SDK adds otherwise.
		o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
		o.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenRequired
	})
	return &S3{client: client, part: partSize}, nil
}

// Open implements Store. A connection that breaks is taken up again where it broke, as long
// as the object is still the same.
func (s *S3) Open(ctx context.Context, bucket, key string, o Get) (io.ReadCloser, Info, error) {
	b := &body{ctx: ctx, s: s, bucket: bucket, key: key, get: o}
	if err := b.open(); err != nil {
		return nil, Info{}, err
	}
	return b, b.info, nil
}

// get asks for an object from an offset on, or for the bytes up to last when that is not 0.
func (s *S3) get(ctx context.Context, bucket, key string, o Get, last int64, etag string) (*s3.GetObjectOutput, error) {
	in := &s3.GetObjectInput{Bucket: &bucket, Key: &key, VersionId: text(o.Version), ExpectedBucketOwner: text(o.Owner), IfMatch: text(etag)}
	switch {
	case last > 0:
		in.Range = aws.String(fmt.Sprintf("bytes=%d-%d", o.Offset, last))
	case o.Offset > 0:
		in.Range = aws.String(fmt.Sprintf("bytes=%d-", o.Offset))
	}
	out, err := s.client.GetObject(ctx, in)
	if err != nil {
		return nil, refused(err)
	}
	if etag != "" && aws.ToString(out.ETag) != etag { // a service that does not know IfMatch
		return nil, errors.Join(ErrPrecondition, out.Body.Close())
	}
	return out, nil
}

// text is nil for "", which is how the SDK is told nothing.
func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// maxResumes is how often in a row a connection may break without a byte coming through.
const maxResumes = 3

// body reads an object through as many connections as it takes.
type body struct {
	ctx    context.Context //nolint:containedctx // it lasts as long as the body, as in net/http
	s      *S3
	bucket string
	key    string
	get    Get
	info   Info
	from   io.ReadCloser
	broken int
}

func (b *body) open() error {
	out, err := b.s.get(b.ctx, b.bucket, b.key, b.get, 0, b.info.ETag)
	if err != nil {
		return err
	}
	b.from = out.Body
	if b.info.ETag == "" {
		b.info = Info{
			Key: b.key, Size: b.get.Offset + aws.ToInt64(out.ContentLength), ETag: aws.ToString(out.ETag),
			Modified: aws.ToTime(out.LastModified), StorageClass: class(string(out.StorageClass)),
		}
	}
	return nil
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.from.Read(p)
	b.get.Offset += int64(n)
	if n > 0 {
		b.broken = 0
	}
	if err == nil || errors.Is(err, io.EOF) && b.get.Offset >= b.info.Size {
		return n, err
	}
	if b.broken++; b.ctx.Err() != nil || b.broken > maxResumes || b.info.ETag == "" {
		return n, refused(err)
	}
	b.from.Close() //nolint:errcheck // it is broken
	return n, b.open()
}

func (b *body) Close() error { return b.from.Close() }

// OpenAt implements Store. Every read is a request of its own.
func (s *S3) OpenAt(ctx context.Context, bucket, key string, o Get) (ReaderAt, error) {
	head, err := s.client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &bucket, Key: &key, VersionId: text(o.Version), ExpectedBucketOwner: text(o.Owner)})
	if err != nil {
		if first := (*Error)(nil); errors.As(refused(err), &first) && first.Status == http.StatusNotFound {
			// The answer to HEAD has no words. Ask again for S3's.
			if out, err := s.get(ctx, bucket, key, o, 1, ""); err != nil {
				return nil, err
			} else if err := out.Body.Close(); err != nil {
				return nil, refused(err)
			}
		}
		return nil, refused(err)
	}
	return &bodyAt{ctx: ctx, s: s, bucket: bucket, get: o, info: Info{
		Key: key, Size: aws.ToInt64(head.ContentLength), ETag: aws.ToString(head.ETag),
		Modified: aws.ToTime(head.LastModified), StorageClass: class(string(head.StorageClass)),
	}}, nil
}

type bodyAt struct {
	ctx    context.Context //nolint:containedctx // io.ReaderAt has no place for one
	s      *S3
	bucket string
	get    Get
	info   Info
}

func (b *bodyAt) Info() Info { return b.info }

func (b *bodyAt) Close() error { return nil }

func (b *bodyAt) ReadAt(p []byte, at int64) (int, error) {
	if at >= b.info.Size {
		return 0, io.EOF
	}
	if len(p) == 0 {
		return 0, nil
	}
	o := b.get
	o.Offset = at
	last := min(at+int64(len(p)), b.info.Size) - 1
	if last == 0 { // one byte at the front, which get cannot say
		last = 1
	}
	out, err := b.s.get(b.ctx, b.bucket, b.info.Key, o, last, b.info.ETag)
	if err != nil {
		return 0, err
	}
	defer out.Body.Close() //nolint:errcheck // only read
	n, err := io.ReadFull(out.Body, p[:min(int64(len(p)), b.info.Size-at)])
	if err == nil && n < len(p) {
		return n, io.EOF // the object ends before p does
	}
	return n, refused(err)
}

// List implements Store, a thousand objects a request.
func (s *S3) List(ctx context.Context, bucket, prefix, after string) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		pages := s3.NewListObjectsV2Paginator(s.client, &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: text(prefix), StartAfter: text(after)})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				yield(Info{}, refused(err))
				return
			}
			for _, o := range page.Contents {
				if !yield(infoOf(o), nil) {
					return
				}
			}
		}
	}
}

func infoOf(o types.Object) Info {
	return Info{
		Key: aws.ToString(o.Key), Size: aws.ToInt64(o.Size), ETag: aws.ToString(o.ETag),
		Modified: aws.ToTime(o.LastModified).UTC(), StorageClass: class(string(o.StorageClass)),
	}
}

// class is the storage class, which services leave out when it is the usual one.
func class(c string) string {
	if c == "" {
		return "STANDARD"
	}
	return c
}

// refused is what the service answered, in its words.
func refused(err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || errors.As(err, new(*Error)) {
		return err
	}
	e := &Error{Code: "ServiceUnavailable", Message: "Unable to reach the object store: " + err.Error(), Err: err}
	var answer *awshttp.ResponseError
	if errors.As(err, &answer) {
		e.Status, e.Request = answer.HTTPStatusCode(), answer.ServiceRequestID()
	}
	var host s3.ResponseError
	if errors.As(err, &host) {
		e.Extended = host.ServiceHostID()
	}
	var api smithy.APIError
	if errors.As(err, &api) {
		e.Code, e.Message = api.ErrorCode(), api.ErrorMessage()
		for _, known := range []*Error{ErrNoBucket, ErrNoKey, ErrNoVersion, ErrDenied, ErrRange, ErrPrecondition} {
			if e.Message == "" && e.Code == known.Code {
				e.Message = known.Message
			}
		}
		if e.Message == "" {
			e.Message = http.StatusText(e.Status)
		}
	}
	return e
}
