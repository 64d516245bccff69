package handlers

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"statehouse/engine/access"
)

// address is a route's path with something in the place of its parameters.
func address(path string) string {
	return strings.NewReplacer(":machine", "Order-review", ":name", "Order-review", ":id", "t1", ":number", "2", ":alias", "live", "*", "css/base.css").Replace(path)
}

func (s *site) request(method, target string) *http.Request {
	return httptest.NewRequestWithContext(s.Context(), method, target, http.NoBody)
}

// TestEveryRouteAsksTheTable walks all routes as every role, and as nobody.
func TestEveryRouteAsksTheTable(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, r := range s.server.Routes() {
		if r.Operation == "" {
			continue
		}
		for _, role := range append(access.Roles(), "", "root") {
			if access.May(role, r.Operation) {
				continue
			}
			s.server.who = access.Principal{Name: "somebody", Roles: []access.Role{role}}
			if a := s.do(s.request(r.Method, address(r.Path))); a.Code != http.StatusForbidden {
				t.Errorf("%s %s as %q: got %d, want 403", r.Method, r.Path, role, a.Code)
			}
		}
	}
	if s.deleted != "" || s.stopped != "" {
		t.Errorf("deleted %q, stopped %q", s.deleted, s.stopped)
	}
}

func TestARouteWithoutARowIsRefusedToTheOwner(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.server.echo.GET("/secret", s.server.allowed(Route{Method: http.MethodGet, Path: "/secret", Operation: "read secrets", handle: s.server.healthz}))
	if a := s.do(s.request(http.MethodGet, "/secret")); a.Code != http.StatusForbidden {
		t.Errorf("got %d, want 403", a.Code)
	}
}

// TestTheTableIsNotWalkedAround tries other spellings of every address, as nobody.
func TestTheTableIsNotWalkedAround(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.server.who = access.Principal{Name: "nobody"}
	for _, r := range s.server.Routes() {
		if r.Operation == "" || r.Path == "/" {
			continue
		}
		path := address(r.Path)
		first, rest, _ := strings.Cut(path[1:], "/")
		for _, spelling := range []string{
			"/" + path, "/." + path, "/%2e" + path, "/%2E%2E" + path, "/x/.." + path, "/static/.." + path, "/static/%2e%2e" + path,
			path + "/", path + "//", path + "/.", path + ";x", path + ";/x", path + "%00", path + "%20", path + "%2f", path + "?_method=GET",
			"/" + strings.ToUpper(first) + "/" + rest, fmt.Sprintf("/%%%X", first[0]) + first[1:] + "/" + rest,
		} {
			for _, method := range []string{r.Method, http.MethodHead, http.MethodOptions} {
				q := s.request(method, spelling)
				q.Header.Set("X-HTTP-Method-Override", http.MethodGet)
				q.Header.Set("X-Original-URL", "/healthz")
				q.Header.Set("X-Rewrite-URL", "/healthz")
				if a := s.do(q); a.Code < 300 && method != http.MethodOptions || a.Code == http.StatusSeeOther {
					t.Errorf("%s %s: got %d", method, spelling, a.Code)
				}
			}
		}
	}
	if s.deleted != "" || s.stopped != "" {
		t.Errorf("deleted %q, stopped %q", s.deleted, s.stopped)
	}
}
