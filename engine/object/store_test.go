package object_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"statehouse/engine/object"
)

// opener makes an empty store with the bucket "bucket".
type opener func(t *testing.T) object.Store

// suite is what every store does.
func suite(t *testing.T, open opener) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, object.Store){
		"what is written is read":       writtenIsRead,
		"unfinished objects are absent": unfinishedIsAbsent,
		"a listing is ordered by bytes": listingIsOrdered,
		"objects are read at any place": readAtAnyPlace,
		"refusals are S3's":             refusals,
		"unusual keys":                  unusualKeys,
		"an open object stays":          openObjectStays,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

func put(t testing.TB, s object.Store, key, body string) {
	t.Helper()
	w, err := s.Create(t.Context(), "bucket", key)
	if err != nil {
		t.Fatalf("create %q: %v", key, err)
	}
	defer w.Abort()
	for part := range slices.Chunk([]byte(body), 1000) {
		if n, err := w.Write(part); n != len(part) || err != nil {
			t.Fatal(n, err)
		}
	}
	if err := w.Commit(); err != nil {
		t.Fatalf("commit %q: %v", key, err)
	}
}

func get(t testing.TB, s object.Store, key string, o object.Get) (string, object.Info) {
	t.Helper()
	r, info, err := s.Open(t.Context(), "bucket", key, o)
	if err != nil {
		t.Fatalf("open %q: %v", key, err)
	}
	b, err := io.ReadAll(r)
	if err := errors.Join(err, r.Close()); err != nil {
		t.Fatalf("read %q: %v", key, err)
	}
	return string(b), info
}

func keys(t testing.TB, s object.Store, prefix, after string) (all []string) {
	t.Helper()
	for info, err := range s.List(t.Context(), "bucket", prefix, after) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, info.Key)
	}
	return all
}

func writtenIsRead(t *testing.T, s object.Store) {
	large := strings.Repeat("0123456789", 20_000)
	for key, body := range map[string]string{"a": "x", "empty": "", "f/o/l/d": "deep", "large": large} {
		put(t, s, key, body)
		got, info := get(t, s, key, object.Get{})
		if got != body || info.Key != key || info.Size != int64(len(body)) || info.Modified.IsZero() || info.StorageClass != "STANDARD" ||
			!strings.HasPrefix(info.ETag, `"`) || !strings.HasSuffix(info.ETag, `"`) {
			t.Errorf("%s: %d bytes, %+v", key, len(got), info)
		}
		for listed, err := range s.List(t.Context(), "bucket", key, "") {
			if err != nil || listed.ETag != info.ETag || listed.Size != info.Size {
				t.Errorf("listed as %+v, opened as %+v, %v", listed, info, err)
			}
		}
	}
	if got, info := get(t, s, "large", object.Get{Offset: 199_990}); got != "0123456789" || info.Size != 200_000 {
		t.Error(got, info)
	}
	put(t, s, "a", "again")
	if got, _ := get(t, s, "a", object.Get{}); got != "again" {
		t.Error(got)
	}
	if _, _, err := s.Open(t.Context(), "bucket", "a", object.Get{Offset: 5}); !errors.Is(err, object.ErrRange) {
		t.Error(err)
	}
}

func unfinishedIsAbsent(t *testing.T, s object.Store) {
	for _, size := range []int{10, 100_000} {
		w, err := s.Create(t.Context(), "bucket", "a/b")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(make([]byte, size)); err != nil {
			t.Fatal(err)
		}
		if got := keys(t, s, "", ""); len(got) != 0 {
			t.Error(got)
		}
		w.Abort()
		w.Abort()
		if err := w.Commit(); err == nil {
			t.Error("committed after it was given up")
		}
	}
	if got := keys(t, s, "", ""); len(got) != 0 {
		t.Error(got)
	}
}

func listingIsOrdered(t *testing.T, s object.Store) {
	all := []string{"a", "a!", "a-b", "a.b", "a/1", "a/2/3", "a0", "b", "b/c/d", "ä", "z/y"}
	for _, k := range all {
		put(t, s, k, k)
	}
	slices.Sort(all)
	if diff := cmp.Diff(all, keys(t, s, "", "")); diff != "" {
		t.Error(diff)
	}
	for i, after := range all {
		if diff := cmp.Diff(slices.Clip(all[i+1:]), keys(t, s, "", after)); diff != "" && i+1 < len(all) {
			t.Errorf("after %s: %s", after, diff)
		}
	}
	for prefix, want := range map[string][]string{
		"a/": {"a/1", "a/2/3"}, "a": {"a", "a!", "a-b", "a.b", "a/1", "a/2/3", "a0"}, "a/2/": {"a/2/3"}, "b/c/d": {"b/c/d"}, "none": nil, "a/2/3/": nil,
	} {
		if diff := cmp.Diff(want, keys(t, s, prefix, "")); diff != "" {
			t.Errorf("%s: %s", prefix, diff)
		}
	}
	if got := keys(t, s, "a/", "a/1"); !cmp.Equal(got, []string{"a/2/3"}) {
		t.Error(got)
	}
	for _, err := range s.List(t.Context(), "bucket", "", "") {
		if err != nil {
			t.Error(err)
		}
		break // a listing may be left
	}
}

func readAtAnyPlace(t *testing.T, s object.Store) {
	body := strings.Repeat("0123456789abcdef", 1000)
	put(t, s, "k", body)
	put(t, s, "empty", "")
	r, err := s.OpenAt(t.Context(), "bucket", "k", object.Get{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if r.Info().Size != int64(len(body)) || r.Info().Key != "k" {
		t.Error(r.Info())
	}
	for _, place := range []struct{ at, n int }{{0, 1}, {0, 16}, {5, 100}, {len(body) - 3, 3}, {len(body) - 3, 10}, {len(body), 1}, {0, len(body)}} {
		p := make([]byte, place.n)
		n, err := r.ReadAt(p, int64(place.at))
		want := body[place.at:min(len(body), place.at+place.n)]
		if string(p[:n]) != want || (err != nil) != (n < place.n) || err != nil && !errors.Is(err, io.EOF) {
			t.Errorf("%d bytes at %d: %d, %v", place.n, place.at, n, err)
		}
	}
	if err := iotest.TestReader(io.NewSectionReader(r, 0, 100), []byte(body[:100])); err != nil {
		t.Error(err)
	}
	e, err := s.OpenAt(t.Context(), "bucket", "empty", object.Get{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if n, err := e.ReadAt(make([]byte, 1), 0); n != 0 || !errors.Is(err, io.EOF) {
		t.Error(n, err)
	}
}

func refusals(t *testing.T, s object.Store) {
	ctx := t.Context()
	opened := func(bucket, key string) error {
		_, _, err := s.Open(ctx, bucket, key, object.Get{})
		return err
	}
	openedAt := func(bucket, key string) error {
		_, err := s.OpenAt(ctx, bucket, key, object.Get{})
		return err
	}
	listed := func(bucket string) (err error) {
		for _, err = range s.List(ctx, bucket, "", "") {
		}
		return err
	}
	created := func(bucket, key string) error {
		w, err := s.Create(ctx, bucket, key)
		if err != nil {
			return err
		}
		defer w.Abort()
		return w.Commit()
	}
	put(t, s, "a/b", "x")
	for name, test := range map[string]struct{ err, want error }{
		"no key":                  {opened("bucket", "none"), object.ErrNoKey},
		"no key at a place":       {openedAt("bucket", "none"), object.ErrNoKey},
		"a folder is no object":   {opened("bucket", "a"), object.ErrNoKey},
		"an object is no folder":  {opened("bucket", "a/b/c"), object.ErrNoKey},
		"no bucket":               {opened("nobody", "k"), object.ErrNoBucket},
		"no bucket at a place":    {openedAt("nobody", "k"), object.ErrNoBucket},
		"no bucket to list":       {listed("nobody"), object.ErrNoBucket},
		"no bucket to write into": {created("nobody", "k"), object.ErrNoBucket},
		"no key to write":         {created("bucket", ""), object.ErrKeyName},
		"a key too long":          {created("bucket", strings.Repeat("k/", 600)), object.ErrKeyTooLong},
	} {
		if !errors.Is(test.err, test.want) {
			t.Errorf("%s: %v", name, test.err)
		}
	}
	const words = "The specified key does not exist. (Service: S3, Status Code: 404"
	if err := opened("bucket", "none"); !strings.HasPrefix(err.Error(), words) {
		t.Error(err)
	}
	over, cancel := context.WithCancel(ctx)
	cancel()
	for _, err := range s.List(over, "bucket", "", "") {
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
}

func unusualKeys(t *testing.T, s object.Store) {
	all := []string{
		"folder/", "folder/file", "a//b", "/a", "a/./b", "a/../b", "..", ".", "%", "%%", "%.", "%..", "%=x", "%%=x", "%foo", "50%.csv",
		"with space", "ünï", "a\nb", "a\\b", "a:b", "x", "x/y", "x/y/z", "x/", "x//", "q?a=1&b=2#c", "+", "A", "é", strings.Repeat("l", 253),
	}
	for _, k := range all {
		put(t, s, k, "is "+k)
	}
	for _, k := range all {
		if got, info := get(t, s, k, object.Get{}); got != "is "+k || info.Key != k {
			t.Errorf("%q holds %q, %+v", k, got, info)
		}
	}
	slices.Sort(all)
	if diff := cmp.Diff(all, keys(t, s, "", "")); diff != "" {
		t.Error(diff)
	}
}

func openObjectStays(t *testing.T, s object.Store) {
	put(t, s, "k", "first")
	r, err := s.OpenAt(t.Context(), "bucket", "k", object.Get{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	put(t, s, "k", "other")
	p := make([]byte, 5)
	if _, err := r.ReadAt(p, 0); err == nil && string(p) != "first" || err != nil && !errors.Is(err, object.ErrPrecondition) {
		t.Errorf("read %q, %v", p, err)
	}
}

func newFolder(t *testing.T) (*object.Folder, string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "bucket"), 0o700); err != nil {
		t.Fatal(err)
	}
	f, err := object.NewFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f, dir
}

func TestFolder(t *testing.T) {
	t.Parallel()
	suite(t, func(t *testing.T) object.Store {
		f, _ := newFolder(t)
		return f
	})
}

func TestFilesPutByPeopleAreObjects(t *testing.T) {
	t.Parallel()
	f, dir := newFolder(t)
	write := func(name string) {
		file := filepath.Join(dir, "bucket", name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, []byte(name), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	write("data/in.csv")
	write("%20.txt")
	if got := keys(t, f, "", ""); !cmp.Equal(got, []string{"%20.txt", "data/in.csv"}) {
		t.Error(got)
	}
	if got, _ := get(t, f, "%20.txt", object.Get{}); got != "%20.txt" {
		t.Error(got)
	}
	put(t, f, "results/out.json", "[]")
	if b, err := os.ReadFile(filepath.Join(dir, "bucket", "results", "out.json")); string(b) != "[]" || err != nil {
		t.Error(b, err)
	}
	if _, _, err := f.Open(t.Context(), "bucket", "data/in.csv", object.Get{Version: "1"}); !errors.Is(err, object.ErrNoVersion) {
		t.Error(err)
	}
}

func TestNothingOutsideTheFolderIsReached(t *testing.T) {
	t.Parallel()
	f, dir := newFolder(t)
	secret := filepath.Join(t.TempDir(), "secret")
	if err := errors.Join(os.WriteFile(secret, []byte("s"), 0o600), os.Symlink(secret, filepath.Join(dir, "bucket", "link")),
		os.Symlink(filepath.Dir(secret), filepath.Join(dir, "bucket", "dir"))); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"link", "dir/secret", "../../secret", "../bucket/x", "..", "../.uploads/x"} {
		if r, _, err := f.Open(t.Context(), "bucket", key, object.Get{}); err == nil {
			b, _ := io.ReadAll(r)
			t.Errorf("%s: read %q", key, b)
		}
	}
	for _, name := range []string{"", ".", "..", "../x", "Bucket", "a", ".uploads", "a/b", "a..b", "-ab", strings.Repeat("b", 64)} {
		if _, _, err := f.Open(t.Context(), name, "k", object.Get{}); !errors.Is(err, object.ErrBucketName) {
			t.Errorf("bucket %q: %v", name, err)
		}
	}
}

func TestKeysThatFilesCannotHoldAreRefused(t *testing.T) {
	t.Parallel()
	f, _ := newFolder(t)
	for key, want := range map[string]error{
		strings.Repeat("x", 254): object.ErrKeyTooLong, "a\x00b": object.ErrKeyName, "a\xff": object.ErrKeyName,
	} {
		if _, err := f.Create(t.Context(), "bucket", key); !errors.Is(err, want) {
			t.Errorf("%q: %v", key, err)
		}
	}
}

func TestUnfinishedObjectsGoWithTheNextStart(t *testing.T) {
	t.Parallel()
	f, dir := newFolder(t)
	w, err := f.Create(t.Context(), "bucket", "k")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(w, bytes.NewReader(make([]byte, 100))); err != nil {
		t.Fatal(err)
	}
	again, err := object.NewFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	left, err := os.ReadDir(filepath.Join(dir, ".uploads"))
	if len(left) != 0 || err != nil {
		t.Error(left, err)
	}
	if err := w.Commit(); err == nil {
		t.Error("committed what was thrown away")
	}
}
