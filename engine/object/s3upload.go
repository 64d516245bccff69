package object

import (
	"bytes"
	"context"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// Create implements Store. A small object is one request; a larger one goes in parts, of
// which one is in memory. The bucket shows at the first request, so a missing one may show
// as late as Commit.
func (s *S3) Create(ctx context.Context, bucket, key string) (Writer, error) {
	switch {
	case key == "":
		return nil, ErrKeyName
	case len(key) > maxKey:
		return nil, ErrKeyTooLong
	}
	return &parts{ctx: ctx, s: s, bucket: bucket, key: key}, nil
}

// parts is an upload.
type parts struct {
	ctx    context.Context //nolint:containedctx // io.Writer has no place for one
	s      *S3
	bucket string
	key    string
	id     *string // of the multipart upload, nil as long as all fits into one part
	buffer []byte
	sent   []types.CompletedPart
	over   bool
}

func (p *parts) Write(b []byte) (int, error) {
	written := 0
	for len(b) > 0 {
		if len(p.buffer) == p.s.part {
			if err := p.send(); err != nil {
				return written, err
			}
		}
		n := min(len(b), p.s.part-len(p.buffer))
		p.buffer = append(p.buffer, b[:n]...)
		b = b[n:]
		written += n
	}
	return written, nil
}

// send uploads the part in memory.
func (p *parts) send() error {
	if p.id == nil {
		out, err := p.s.client.CreateMultipartUpload(p.ctx, &s3.CreateMultipartUploadInput{Bucket: &p.bucket, Key: &p.key})
		if err != nil {
			return refused(err)
		}
		p.id = out.UploadId
	}
	number := int32(len(p.sent) + 1)
	out, err := p.s.client.UploadPart(p.ctx, &s3.UploadPartInput{
		Bucket: &p.bucket, Key: &p.key, UploadId: p.id, PartNumber: &number, Body: bytes.NewReader(p.buffer),
	})
	if err != nil {
		return refused(err)
	}
	p.sent = append(p.sent, types.CompletedPart{ETag: out.ETag, PartNumber: &number})
	p.buffer = p.buffer[:0]
	return nil
}

func (p *parts) Commit() error {
	if p.over {
		return failed("write", p.key, os.ErrClosed)
	}
	if p.id == nil {
		p.over = true
		_, err := p.s.client.PutObject(p.ctx, &s3.PutObjectInput{Bucket: &p.bucket, Key: &p.key, Body: bytes.NewReader(p.buffer)})
		return refused(err)
	}
	err := p.send()
	if err == nil {
		_, err = p.s.client.CompleteMultipartUpload(p.ctx, &s3.CompleteMultipartUploadInput{
			Bucket: &p.bucket, Key: &p.key, UploadId: p.id,
			MultipartUpload: &types.CompletedMultipartUpload{Parts: p.sent},
		})
	}
	if err != nil {
		p.Abort()
		return refused(err)
	}
	p.over = true
	return nil
}

// Abort gives the parts up, also when the context of the upload has ended. If even that
// fails, the bucket's lifecycle rule for incomplete uploads has to remove them.
func (p *parts) Abort() {
	if p.over {
		return
	}
	p.over, p.buffer = true, nil
	if p.id != nil {
		p.s.client.AbortMultipartUpload(context.WithoutCancel(p.ctx), &s3.AbortMultipartUploadInput{ //nolint:errcheck // see above
			Bucket: aws.String(p.bucket), Key: aws.String(p.key), UploadId: p.id,
		})
	}
}
