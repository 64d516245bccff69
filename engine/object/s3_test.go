package object

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// NewFakeS3 is a store on a server of this test, which sends parts of some bytes.
func NewFakeS3(t *testing.T, part int) *S3 {
	t.Helper()
	return fakeS3(t, part, func(h http.Handler) http.Handler { return h })
}

func fakeS3(t *testing.T, part int, around func(http.Handler) http.Handler) *S3 {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("bucket"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(around(gofakes3.New(backend, gofakes3.WithLogger(gofakes3.DiscardLog())).Server()))
	t.Cleanup(server.Close)
	s, err := NewS3(t.Context(), S3Config{Endpoint: server.URL, Region: "us-east-1", AccessKey: "a", SecretKey: "b", PathStyle: true})
	if err != nil {
		t.Fatal(err)
	}
	s.part = part
	return s
}

// breaker cuts the connection of each answer to GET after some bytes of its body, as often as
// breaks says.
type breaker struct {
	http.ResponseWriter
	left int
}

func (b *breaker) Write(p []byte) (int, error) {
	if len(p) > b.left {
		b.ResponseWriter.Write(p[:b.left])      //nolint:errcheck // it is cut anyway
		b.ResponseWriter.(http.Flusher).Flush() //nolint:errcheck,forcetypeassert // net/http's is one
		panic(http.ErrAbortHandler)
	}
	b.left -= len(p)
	return b.ResponseWriter.Write(p)
}

func breaking(breaks *atomic.Int32, after int) func(http.Handler) http.Handler {
	return func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet && breaks.Add(-1) >= 0 {
				w = &breaker{w, after}
			}
			h.ServeHTTP(w, r)
		})
	}
}

func write(t *testing.T, s Store, key, body string) {
	t.Helper()
	w, err := s.Create(t.Context(), "bucket", key)
	if err == nil {
		_, err = io.WriteString(w, body)
		err = errors.Join(err, w.Commit())
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestABrokenConnectionIsTakenUpAgain(t *testing.T) {
	t.Parallel()
	want := strings.Repeat("0123456789", 20_000)
	for name, test := range map[string]struct {
		breaks int32
		after  int
		fails  bool
	}{
		"not broken":                   {0, 0, false},
		"often, with progress":         {15, 10_000, false},
		"a few times without progress": {maxResumes, 0, false},
		"for good":                     {1000, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var breaks atomic.Int32
			s := fakeS3(t, 1<<20, breaking(&breaks, test.after))
			write(t, s, "k", want)
			breaks.Store(test.breaks)
			r, _, err := s.Open(t.Context(), "bucket", "k", Get{})
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(r)
			if (err != nil) != test.fails || !test.fails && string(got) != want {
				t.Errorf("%d bytes, %v", len(got), err)
			}
			r.Close()
		})
	}
}

func TestAnObjectThatChangesIsNotMixed(t *testing.T) {
	t.Parallel()
	var breaks atomic.Int32
	s := fakeS3(t, 1<<20, breaking(&breaks, 50_000))
	write(t, s, "k", strings.Repeat("first", 20_000))
	breaks.Store(1)
	r, _, err := s.Open(t.Context(), "bucket", "k", Get{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := io.ReadFull(r, make([]byte, 10)); err != nil {
		t.Fatal(err)
	}
	write(t, s, "k", strings.Repeat("other", 20_000))
	if b, err := io.ReadAll(r); !errors.Is(err, ErrPrecondition) {
		t.Errorf("%d bytes, %v", len(b), err)
	}
}

func TestAServiceThatIsNotThere(t *testing.T) {
	t.Parallel()
	s, err := NewS3(t.Context(), S3Config{Endpoint: "http://127.0.0.1:1", Region: "us-east-1", AccessKey: "a", SecretKey: "b", PathStyle: true})
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = s.Open(t.Context(), "bucket", "k", Get{})
	if e := new(Error); !errors.As(err, &e) || e.Code != "ServiceUnavailable" || !strings.HasPrefix(e.Error(), "Unable to reach the object store: ") {
		t.Error(err)
	}
}
