package handlers

import (
	"net/http"
	"net/url"
	"testing"

	"statehouse/engine/ledger"
	"statehouse/templates/pages"
)

// TestEveryNameHasPages names workflows like pages, and like ways through folders: calls of the
// API may do so.
func TestEveryNameHasPages(t *testing.T) {
	t.Parallel()
	const host = "http://127.0.0.1"
	for _, name := range []string{"new", "import", ".", "..", "...", "a.b", "Ü 1", "a@b", "a+b", "a=b", "%41", "delete"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			s.workflows = append(s.workflows, ledger.Workflow{Name: name, Machine: s.workflows[0].Machine})
			for _, page := range []string{"", "/run", "/versions", "/settings"} {
				to := pages.WorkflowHref(name) + page
				seen, err := url.Parse(host + "/workflows")
				if err == nil {
					seen, err = seen.Parse(to) // as a browser does, which walks along dots
				}
				if err != nil {
					t.Fatal(err)
				}
				a := s.get(seen.RequestURI())
				if a.Code != http.StatusOK || a.find("href", pages.WorkflowHref(name)+"/versions") == nil {
					t.Errorf("%s leads to %s: %d", to, seen.RequestURI(), a.Code)
				}
			}
			if a := s.get("/workflows"); a.find("href", pages.WorkflowHref(name)) == nil {
				t.Error("the list does not lead to it")
			}
		})
	}
	s := newSite(t)
	for _, old := range []string{"/workflows/new", "/workflows/import"} {
		if a := s.get(old); a.Code != http.StatusOK || a.find("id", "designer") != nil {
			t.Errorf("%s: %d", old, a.Code)
		}
	}
}
