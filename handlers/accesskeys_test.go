package handlers

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"statehouse/engine"
	"statehouse/engine/access"
	"statehouse/engine/ledger"
)

func TestTheSecretOfANewKeyIsShownOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const secret = "SECRETSECRETSECRETSECRETSECRETSECRET4040"
	a := s.post("/settings/access-keys", "name=ci&role=operator&role=viewer")
	if a.Code != http.StatusOK || text(a.find("id", "new-key-secret")) != secret || text(a.find("id", "new-key-id")) != "AKSHAAAABBBBCCCCDDDD" {
		t.Fatalf("got %d: %s", a.Code, text(a.page))
	}
	want := "export AWS_ACCESS_KEY_ID=AKSHAAAABBBBCCCCDDDD export AWS_SECRET_ACCESS_KEY=" + secret + " export AWS_DEFAULT_REGION= export AWS_ENDPOINT_URL_SFN=http://127.0.0.1:8080"
	if got := text(a.find("id", "new-key-lines")); got != want {
		t.Errorf("lines for a shell: %q", got)
	}
	if a.Header().Get("Cache-Control") != "no-store" {
		t.Error("the answer may be kept")
	}
	again := s.get("/settings/access-keys")
	if strings.Contains(again.Body.String(), secret) || !strings.Contains(text(again.page), "ci AKSHAAAABBBBCCCCDDDDViewer, Operatorjust nowneverGoodRevoke…") {
		t.Errorf("the list: %s", text(again.page))
	}
	if strings.Contains(s.log.String(), secret) {
		t.Error("the log has the secret")
	}
}

func TestAKeyThatCannotBeMadeSaysWhyAndKeepsTheForm(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.keyErr = &engine.Fault{Code: engine.InvalidAccessKey, Field: "name", Message: "Give the key a name"}
	a := s.post("/settings/access-keys", "name=c+i&role=viewer&role=admin")
	name := a.find("id", "key-name")
	if a.Code != http.StatusUnprocessableEntity || text(a.find("id", "key-problem")) != "Give the key a name." || attr(name, "value") != "c i" || attr(name, "aria-invalid") != "true" {
		t.Errorf("got %d: %s", a.Code, text(a.page))
	}
	for _, role := range access.Roles() {
		box := a.find("value", string(role))
		checked := false
		for _, at := range box.Attr {
			checked = checked || at.Key == "checked"
		}
		if want := role == access.Viewer || role == access.Admin; checked != want {
			t.Errorf("%s is checked: %v", role, checked)
		}
	}
	s.keyErr = &engine.Fault{Code: engine.VaultUnusable, Message: "The vault key is missing"}
	if a := s.post("/settings/access-keys", "name=ci&role=viewer"); a.Code != http.StatusUnprocessableEntity || !strings.Contains(text(a.page), "The vault key is missing.") {
		t.Errorf("without a vault: %d", a.Code)
	}
	if a := s.json(http.MethodPost, "/api/access-keys", `{"name":"ci","roles":["viewer"]}`); a.Code != http.StatusServiceUnavailable || !strings.Contains(a.Body.String(), "The vault key is missing") {
		t.Errorf("without a vault, a program: %d %s", a.Code, a.Body)
	}
}

func TestRevokedKeysStayInTheList(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if a := s.get("/settings/access-keys"); !strings.Contains(text(a.page), "No access keys yet") || !strings.Contains(text(a.page), "accepts any key") {
		t.Errorf("the empty page: %s", text(a.page))
	}
	s.keys = []ledger.AccessKey{
		{ID: "AK2", Name: "old", Roles: []access.Role{access.Admin}, Created: time.Now()},
		{ID: "AK1", Name: "ci", Roles: []access.Role{access.Viewer}, Created: time.Now(), LastUsed: time.Now()},
	}
	if a := s.post("/settings/access-keys/AK2/revoke", ""); a.Code != http.StatusSeeOther || a.Header().Get("Location") != "/settings/access-keys" {
		t.Errorf("revoking: %d", a.Code)
	}
	a := s.get("/settings/access-keys")
	if words := text(a.page); !strings.Contains(words, "ci AK1Viewerjust nowjust nowGoodRevoke…old AK2Adminjust nowneverRevokedjust now") {
		t.Errorf("the list: %s", words)
	}
	if a.find("id", "revoke-AK1") == nil || a.find("id", "revoke-AK2") != nil {
		t.Error("not the good key can be revoked, or not only that")
	}
	if a := s.post("/settings/access-keys/AK3/revoke", ""); a.Code != http.StatusNotFound || !strings.Contains(text(a.page), "There is no such access key") {
		t.Errorf("revoking nothing: %d", a.Code)
	}
	if a := s.json(http.MethodPost, "/api/access-keys/AK1/revoke", "{}"); a.Code != http.StatusNoContent || s.keys[1].Good() {
		t.Errorf("a program revokes: %d", a.Code)
	}
}

// TestTheAddressOfTheAPIAnswersNothingElse walks all routes of the pages there.
func TestTheAddressOfTheAPIAnswersNothingElse(t *testing.T) {
	t.Parallel()
	f := newFake()
	api := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "verified") })
	server, err := New(Config{Engine: f, API: api, Addr: "127.0.0.1:8080"})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(method, path string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), method, path, http.NoBody)
		r.Host = "api.example"
		w := httptest.NewRecorder()
		server.API().ServeHTTP(w, r)
		return w
	}
	for _, r := range server.Routes() {
		w := ask(r.Method, address(r.Path))
		switch {
		case r.Method == http.MethodPost && r.Path == "/":
			if w.Body.String() != "verified" {
				t.Errorf("POST /: %d %s", w.Code, w.Body)
			}
		case r.Path == "/healthz":
			if w.Code != http.StatusOK {
				t.Errorf("healthz: %d", w.Code)
			}
		case w.Code != http.StatusNotFound && w.Code != http.StatusMethodNotAllowed || !strings.Contains(w.Header().Get("Content-Type"), "json"):
			t.Errorf("%s %s: %d %s", r.Method, r.Path, w.Code, w.Header().Get("Content-Type"))
		}
	}
	if f.deleted != "" || f.stopped != "" || len(f.keys) > 0 {
		t.Error("something was done")
	}
	without, err := New(Config{Engine: f, Addr: "127.0.0.1:8080"})
	if err != nil || without.API() != nil {
		t.Errorf("a server without: %v, %v", without.API(), err)
	}
}

func TestThePagesSayWhereSignaturesAreVerified(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		verified     bool
		api          string
		keys, chosen string
	}{
		{false, "", "accepts any key and any signature", "Programs may call the AWS API with any key"},
		{true, "", "Signatures are verified at http://127.0.0.1:8080: every call", "Programs that call the AWS API at http://127.0.0.1:8080 sign with a key"},
		{false, "https://api:8443", "Signatures are verified at https://api:8443: every call", "at https://api:8443 sign with a key"},
		{true, "https://api:8443", "verified at http://127.0.0.1:8080 and at https://api:8443: every call", "at http://127.0.0.1:8080 or at https://api:8443 sign with a key"},
	} {
		s := newSite(t)
		var err error
		if s.server, err = New(Config{Engine: s.fake, Addr: "127.0.0.1:8080", Verified: tc.verified, APIURL: tc.api}); err != nil {
			t.Fatal(err)
		}
		if words := text(s.get("/settings/access-keys").page); !strings.Contains(words, tc.keys) {
			t.Errorf("%v %q: the keys say %s", tc.verified, tc.api, words)
		}
		if words := text(s.get("/settings").page); !strings.Contains(words, tc.chosen) {
			t.Errorf("%v %q: the settings say %s", tc.verified, tc.api, words)
		}
		endpoint := "http://127.0.0.1:8080"
		if tc.api != "" {
			endpoint = tc.api
		}
		if words := text(s.post("/settings/access-keys", "name=ci&role=viewer").page); !strings.Contains(words, "AWS_ENDPOINT_URL_SFN="+endpoint) {
			t.Errorf("%v %q: a new key says %s", tc.verified, tc.api, words)
		}
	}
}
