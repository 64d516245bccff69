// Package static holds what a browser fetches besides pages: style sheets, fonts, icons and built scripts.
// Files live in the binary. A path made by Path carries the file's fingerprint, so that a browser may keep
// it for a year and still sees the next release at once.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"regexp"
	"strings"
	"sync"
	"time"
)

// Prefix is where the files are served.
const Prefix = "/static/"

//go:embed css fonts icons icons.svg js
var files embed.FS

// Files is every file by its path below Prefix.
var Files = load(files)

// Set is a group of files that never change while the program runs.
type Set struct {
	byName map[string]*file
}

type file struct {
	name    string
	body    []byte
	kind    string
	version string
	zipped  func() []byte // nil when it does not get smaller
}

// types are said explicitly: what the machine's mime table holds must not matter.
var types = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".json":  "application/json",
	".map":   "application/json",
	".svg":   "image/svg+xml",
	".txt":   "text/plain; charset=utf-8",
	".woff2": "font/woff2",
}

func load(from fs.FS) *Set {
	s := &Set{byName: map[string]*file{}}
	err := fs.WalkDir(from, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), ".") {
			return err
		}
		body, err := fs.ReadFile(from, name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(body)
		kind := types[path.Ext(name)]
		if kind == "" {
			kind = mime.TypeByExtension(path.Ext(name))
		}
		f := &file{name: name, body: body, kind: kind, version: base64.RawURLEncoding.EncodeToString(sum[:9])}
		f.zipped = sync.OnceValue(f.zip)
		s.byName[name] = f
		return nil
	})
	if err != nil {
		panic("static: the embedded files cannot be read: " + err.Error())
	}
	return s
}

func (f *file) zip() []byte {
	if f.kind == "font/woff2" || len(f.body) < 1024 {
		return nil
	}
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
	_, _ = w.Write(f.body)
	_ = w.Close()
	return out.Bytes()
}

// Path is the address of a file with its fingerprint. Unknown names keep their plain address.
func (s *Set) Path(name string) string {
	if f, ok := s.byName[name]; ok {
		return Prefix + name + "?v=" + f.version
	}
	return Prefix + name
}

// Has says whether there is such a file.
func (s *Set) Has(name string) bool {
	_, ok := s.byName[name]
	return ok
}

// chunk matches names that the bundler made from the file's content.
var chunk = regexp.MustCompile(`-[A-Z0-9]{8}\.js$`)

// ServeHTTP answers requests below Prefix.
func (s *Set) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, ok := s.byName[strings.TrimPrefix(r.URL.Path, Prefix)]
	if !ok {
		http.Error(w, "There is no such file.", http.StatusNotFound)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("X-Content-Type-Options", "nosniff")
	switch {
	case r.URL.Query().Get("v") == f.version, chunk.MatchString(f.name):
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	case f.kind == "font/woff2":
		h.Set("Cache-Control", "public, max-age=604800")
	default:
		h.Set("Cache-Control", "no-cache")
	}
	h.Add("Vary", "Accept-Encoding")
	body, tag := f.body, f.version
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		if z := f.zipped(); z != nil {
			body, tag = z, tag+"-gz"
			h.Set("Content-Encoding", "gzip")
		}
	}
	h.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}
