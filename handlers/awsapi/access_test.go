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

// TestOnlyWhoMayStartMayReallyCall tests a Task as somebody who may only judge definitions.
func TestOnlyWhoMayStartMayReallyCall(t *testing.T) {
	t.Parallel()
	const task = `"definition":"{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::lambda:invoke\",\"Parameters\":{\"FunctionName\":\"f\"},\"End\":true}","roleArn":"arn:aws:iam::000000000000:role/r"`
	for _, tc := range []struct {
		body    string
		roles   []access.Role
		refused string
	}{
		{`{` + task + `}`, []access.Role{access.Designer}, "AccessDeniedException"},
		{`{` + task + `}`, []access.Role{access.Designer, access.Operator}, ""},
		{`{` + task + `,"mock":{"result":"{}","fieldValidationMode":"NONE"}}`, []access.Role{access.Designer}, ""},
		{`{"definition":"{\"Type\":\"Pass\",\"End\":true}"}`, []access.Role{access.Designer}, ""},
		{`{` + task + `,"stateName":"none"}`, []access.Role{access.Designer}, "InvalidDefinition"}, // no machine, so it calls nobody
	} {
		atDesk(t, func(t *testing.T, d *desk) {
			var err error
			if d.api, err = New(Config{Engine: d.eng, Who: access.Principal{Name: "ann", Roles: tc.roles}}); err != nil {
				t.Fatal(err)
			}
			a := d.post("TestState", tc.body)
			if a.Code != tc.refused {
				t.Errorf("%s as %v: got %d %s", tc.body, tc.roles, a.Status, a.Text)
			}
			if want := "User: ann is not authorized to perform: states:StartExecution"; a.Code == "AccessDeniedException" && a.Message != want {
				t.Errorf("message %q, want %q", a.Message, want)
			}
		})
	}
}

// TestEveryKeyAsksTheTable does the same with signed calls: a key is its roles, and who else
// the server belongs to does not matter.
func TestEveryKeyAsksTheTable(t *testing.T) {
	t.Parallel()
	for _, svc := range services {
		for _, name := range slices.Sorted(maps.Keys(svc.operations)) {
			row, _ := access.API(name)
			for _, role := range append(access.Roles(), "", "root") {
				k := newRing()
				k.roles = []access.Role{role}
				h := verifying(t, k, atNow)
				h.who = access.Owner("owner")
				want := accessDenied
				if access.May(role, row) {
					want = "SerializationException"
				}
				line := wire(t, k.signFor(t, unsignedFor(t, svc.prefix+name, "[]"), "[]", now, svc.name))
				if got, message := send(t, h, line); got != want {
					t.Errorf("%s as %q: got %s %s, want %s", name, role, got, message, want)
				}
			}
		}
	}
}
