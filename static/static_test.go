package static

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

func get(t *testing.T, s *Set, address string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, address, nil))
	return w
}

func TestTheFingerprintDecidesHowLongAFileIsKept(t *testing.T) {
	t.Parallel()
	s := load(fstest.MapFS{
		"css/a.css":            {Data: []byte("a{}")},
		"js/chunk-ABCD1234.js": {Data: []byte("1")},
		"fonts/a.woff2":        {Data: []byte("f")},
	})
	for _, tt := range []struct{ address, want string }{
		{s.Path("css/a.css"), "public, max-age=31536000, immutable"},
		{"/static/css/a.css?v=old", "no-cache"},
		{"/static/css/a.css", "no-cache"},
		{"/static/js/chunk-ABCD1234.js", "public, max-age=31536000, immutable"},
		{"/static/fonts/a.woff2", "public, max-age=604800"},
	} {
		if w := get(t, s, tt.address); w.Code != http.StatusOK || w.Header().Get("Cache-Control") != tt.want {
			t.Errorf("%s: %d %q, want %q", tt.address, w.Code, w.Header().Get("Cache-Control"), tt.want)
		}
	}
	changed := load(fstest.MapFS{"css/a.css": {Data: []byte("b{}")}})
	if s.Path("css/a.css") == changed.Path("css/a.css") {
		t.Error("another content has the same address")
	}
	for _, address := range []string{"/static/", "/static/css", "/static/css/../static.go", "/static/.gitkeep", "/static/none"} {
		if w := get(t, s, address); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", address, w.Code)
		}
	}
}

func TestStylesFetchWhatIsThere(t *testing.T) {
	t.Parallel()
	address := regexp.MustCompile(`url\(["']?([^"')]+)`)
	for name, f := range Files.byName {
		for _, m := range address.FindAllStringSubmatch(string(f.body), -1) {
			if !strings.HasSuffix(name, ".css") || strings.HasPrefix(m[1], "data:") || strings.HasPrefix(m[1], "#") {
				continue
			}
			if to := filepath.ToSlash(filepath.Join(filepath.Dir(name), m[1])); !Files.Has(to) {
				t.Errorf("%s fetches %s, which is not there", name, to)
			}
		}
	}
}

// An icon that the sprite lacks is an empty space that nobody notices.
func TestEveryIconIsInTheSprite(t *testing.T) {
	t.Parallel()
	sprite := string(Files.byName["icons.svg"].body)
	use := regexp.MustCompile(`\b[iI]con(?:Button)?(?:\(|: )"([a-z][a-z0-9-]+)"`)
	for _, root := range []string{"../templates", "../web", "../engine/starter"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			switch filepath.Ext(path) {
			case ".templ", ".ts", ".go":
			default:
				return err
			}
			if err != nil || strings.Contains(path, "_test.go") || strings.Contains(path, ".test.ts") {
				return err
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for _, m := range use.FindAllStringSubmatch(string(text), -1) {
				if !strings.Contains(sprite, `id="`+m[1]+`"`) {
					t.Errorf("%s uses the icon %s, which is not in the sprite: add it to web/icons.mjs", path, m[1])
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}
