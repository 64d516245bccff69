package object

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// A folder with more files than a window is listed in order all the same, each once.
func TestWindowsOfAListing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "bucket", "5"), 0o700); err != nil {
		t.Fatal(err)
	}
	want := []string{"5/x"}
	for i := range 100 {
		want = append(want, fmt.Sprint(i*7919%1000))
	}
	for _, key := range want {
		if err := os.WriteFile(filepath.Join(dir, "bucket", key), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f, err := NewFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	slices.Sort(want)
	for _, window := range []int{1, 2, 3, 50, 1000} {
		var got []string
		w := walk{folder: f, window: window, yield: func(i Info, err error) bool {
			got = append(got, i.Key)
			return err == nil
		}}
		if err := w.dir(t.Context(), "bucket", ""); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("window of %d: %s", window, diff)
		}
	}
}

// The names of keys on disk stand for these keys and no others.
func TestNamesAreOneToOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		part := rapid.StringOf(rapid.SampledFrom([]rune("%%%=.ab"))).Draw(t, "part")
		name := escape(part)
		if got := unescape(name); got != part {
			t.Errorf("%q is kept as %q, which is %q", part, name, got)
		}
		if got := unescape(besideName(name)); got != part {
			t.Errorf("%q is kept beside as %q, which is %q", part, besideName(name), got)
		}
		if name == "" || name == "." || name == ".." || strings.HasPrefix(name, beside) {
			t.Errorf("%q is kept as %q", part, name)
		}
	})
}

// On a file system that does not tell upper from lower case, keys that differ in nothing else
// are refused instead of mixed up.
func TestCaseIsKept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "bucket"), 0o700); err != nil {
		t.Fatal(err)
	}
	f, err := NewFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if !f.exact {
		t.Log("this file system folds case")
	}
	f.exact = false // what holds then must hold here too
	for _, key := range []string{"dir/File", "dir/file", "Dir/file"} {
		w, err := f.Create(t.Context(), "bucket", key)
		if err == nil {
			_, err = w.Write([]byte(key))
			err = errors.Join(err, w.Commit())
		}
		if err != nil {
			if !errors.Is(err, ErrKeyName) {
				t.Error(err)
			}
			continue
		}
		r, _, err := f.Open(context.Background(), "bucket", key, Get{})
		if err != nil {
			t.Fatal(err)
		}
		r.Close()
	}
	if f.same("bucket/dir/FILE") {
		t.Error("another case passed as the same")
	}
}
