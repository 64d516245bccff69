package items

import (
	"context"
	"errors"
	"io"
	"iter"
	"strings"

	"statehouse/engine/object"
	"statehouse/engine/value"
)

// maxManifest is the size of an inventory's manifest, which names some thousands of files.
const maxManifest = 64 << 20

// openManifest reads the items of the objects that a manifest names.
func openManifest(ctx context.Context, store object.Store, c settings) (rows, error) {
	a := address{c.bucket, c.key, c.version}
	body, err := openBody(ctx, store, c, a)
	if err != nil {
		return nil, err
	}
	switch c.manifest {
	case athenaData:
		return &athena{chain: newChainOf(store, c, athenaFiles(body, a)), manifest: body}, nil
	case s3Inventory:
		text, err := io.ReadAll(io.LimitReader(body, maxManifest))
		if err := errors.Join(err, body.Close()); err != nil {
			return nil, err
		}
		return openInventory(store, c, a, string(text))
	}
	return nil, errors.Join(unreadable("The ManifestType %s is not supported", c.manifest), body.Close())
}

// openInventory reads the lists of objects that an S3 inventory consists of: CSV files without
// a header, whose columns the manifest names. Each row is an item.
func openInventory(store object.Store, c settings, a address, text string) (rows, error) {
	v, err := value.Parse(text)
	if err != nil {
		return nil, unreadable("The manifest %s is not valid JSON: %v", a, err)
	}
	if format := v.Get("fileFormat").Text(); format != "CSV" {
		return nil, unreadable("The manifest %s has the file format %q: only CSV is supported", a, format)
	}
	bucket := v.Get("destinationBucket").Text()
	bucket = bucket[strings.LastIndexByte(bucket, ':')+1:] // arn:aws:s3:::bucket
	c.headers = nil
	for h := range strings.SplitSeq(v.Get("fileSchema").Text(), ",") {
		c.headers = append(c.headers, strings.TrimSpace(h))
	}
	if refused := checkHeaders(c.headers, c.limits.Header); refused != nil {
		return nil, refused
	}
	c.inputType, c.delimiter, c.version = typeCSV, ',', ""
	files := v.Get("files").Items()
	return newChainOf(store, c, func(yield func(address, error) bool) {
		for _, f := range files {
			if !yield(address{bucket: bucket, key: f.Get("key").Text()}, nil) {
				return
			}
		}
	}), nil
}

// athena reads the objects that an UNLOAD of Athena wrote.
type athena struct {
	*chain
	manifest io.Closer
}

func (r *athena) close() error { return errors.Join(r.chain.close(), r.manifest.Close()) }

// athenaFiles are the addresses in a manifest, s3://bucket/key, one in a line.
func athenaFiles(manifest io.Reader, a address) iter.Seq2[address, error] {
	in := newInput(manifest)
	in.skipMark()
	return func(yield func(address, error) bool) {
		for {
			line, err := in.line(nil, 4<<10)
			if errors.Is(err, io.EOF) {
				return
			}
			uri := strings.Trim(strings.TrimSpace(string(line)), `"`)
			if err == nil && uri == "" {
				continue
			}
			rest, s3 := strings.CutPrefix(uri, "s3://")
			bucket, key, whole := strings.Cut(rest, "/")
			if err == nil && (!s3 || !whole || key == "") || errors.Is(err, errTooLong) {
				err = unreadable("The manifest %s has a line that is no address of an object: %s", a, shorten(uri))
			}
			if !yield(address{bucket: bucket, key: key}, err) || err != nil {
				return
			}
		}
	}
}
