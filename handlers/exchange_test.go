package handlers

import (
	"net/http"
	"strings"
	"testing"
)

func TestExport(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.get("/workflows/Order-review/export?format=cloudformation")
	if a.Code != http.StatusOK || a.Header().Get("Content-Disposition") != `attachment; filename=Order-review.template.yaml` ||
		!strings.HasPrefix(a.Body.String(), "AWSTemplateFormatVersion:") || !strings.HasPrefix(a.Header().Get("Content-Type"), "text/plain") {
		t.Errorf("%d %v\n%s", a.Code, a.Header(), a.Body)
	}
	a = s.get("/workflows/Order-review/export?format=json")
	if a.Header().Get("Content-Type") != "application/json" || !strings.Contains(a.Body.String(), `"StartAt": "Ask"`) {
		t.Errorf("%v\n%s", a.Header(), a.Body)
	}
	if a := s.get("/workflows/Nothing/export"); a.Code != http.StatusNotFound {
		t.Errorf("no workflow: %d", a.Code)
	}
}

func TestImportByPrograms(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if a := s.get("/api/import"); a.Body.String() != `{"account":"000000000000","region":"us-east-1"}`+"\n" {
		t.Errorf("names: %s", a.Body)
	}
	a := s.json(http.MethodPost, "/api/import", `{"machines":[{"id":"M","name":"m","definition":"{}","type":"EXPRESS"}],"values":{"a":"b"},"publish":true,"replace":true}`)
	if a.Code != http.StatusOK || a.Body.String() != `{"imported":[{"name":"m","href":"/workflows/m","replaced":false}]}`+"\n" {
		t.Errorf("%d %s", a.Code, a.Body)
	}
	if in := s.imported; in == nil || !in.Publish || !in.Replace || in.Values["a"] != "b" || len(in.Machines) != 1 || in.Machines[0].Type != "EXPRESS" {
		t.Errorf("imported %+v", in)
	}
	for body, status := range map[string]int{`{"machines":7}`: http.StatusBadRequest, `nonsense`: http.StatusBadRequest} {
		if a := s.json(http.MethodPost, "/api/import", body); a.Code != status {
			t.Errorf("%s: %d %s", body, a.Code, a.Body)
		}
	}
}
