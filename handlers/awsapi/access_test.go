package awsapi

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"statehouse/engine/access"
)

// TestEveryOperationAsksTheTable calls every operation as every role, and as nobody. The
// body is wrong on purpose: whoever may call gets as far as that.
func TestEveryOperationAsksTheTable(t *testing.T) {
	t.Parallel()
	for _, svc := range services {
		everyOperationAsks(t, svc)
	}
}

func everyOperationAsks(t *testing.T, svc service) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(svc.operations)) {
		row, ok := access.API(name)
		if !ok || !slices.Contains(access.Operations(), row) {
			t.Errorf("%s has no row in the access table", name)
			continue
		}
		for _, role := range append(access.Roles(), "", "root") {
			h, err := New(Config{Engine: fake{}, Who: access.Principal{Name: "somebody", Roles: []access.Role{role}}, Clock: func() time.Time { return now }})
			if err != nil {
				t.Fatal(err)
			}
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader("[]"))
			r.Header.Set("X-Amz-Target", svc.prefix+name)
			r.Header.Set("X-Amz-Date", now.Format(amzTime))
			r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=local/20260301/us-east-1/states/aws4_request, SignedHeaders=host, Signature=00")
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			want := "AccessDeniedException"
			if access.May(role, row) {
				want = "SerializationException"
			}
			if got := w.Header().Get("X-Amzn-Errortype"); got != want {
				t.Errorf("%s as %q: got %s, want %s", name, role, got, want)
			}
		}
	}
}
