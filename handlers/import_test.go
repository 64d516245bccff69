package handlers

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"statehouse/engine"
)

// upload posts a form with files, in pairs of name and text, and fields, in pairs of name and value.
func (s *site) upload(path string, files, fields []string) answer {
	s.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i < len(files); i += 2 {
		part, err := w.CreateFormFile("files", files[i])
		if err != nil {
			s.Fatal(err)
		}
		_, _ = part.Write([]byte(files[i+1]))
	}
	for i := 0; i < len(fields); i += 2 {
		if err := w.WriteField(fields[i], fields[i+1]); err != nil {
			s.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		s.Fatal(err)
	}
	r := httptest.NewRequestWithContext(s.Context(), http.MethodPost, path, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return s.do(r)
}

const twoMachines = `Resources:
  Worker: {Type: "AWS::Lambda::Function"}
  One:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      StateMachineName: Order-review
      DefinitionSubstitutions: {Run: !GetAtt Worker.Arn}
      DefinitionString: '{"StartAt":"A<b>","States":{"A<b>":{"Type":"Task","Resource":"${Run}","Parameters":{"__proto__":"${To}","n":${Count}},"End":true}}}'
  Two:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      StateMachineName: Second
      DefinitionSubstitutions: {Run: !GetAtt Worker.Arn}
      DefinitionString: '{"StartAt":"B","States":{"B":{"Type":"Task","Resource":"${Run}","Next":"Nowhere"}}}'
`

func TestImportInTwoSteps(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.upload("/workflows/import", []string{"template.yaml", twoMachines}, nil)
	if a.Code != 200 || attr(a.find("id", "name-1"), "value") != "Second" {
		t.Fatalf("%d %s", a.Code, text(a.page))
	}
	words := text(a.page)
	for _, want := range []string{"2 workflows found", "There is a workflow of this name", "Missing 'Next' target: Nowhere", "and by Second", "A<b> (/States/A<b>/Parameters/__proto__)"} {
		if !strings.Contains(words, want) {
			t.Errorf("the page does not say %q: %s", want, words)
		}
	}
	found := attr(a.find("name", "found"), "value")
	fields := []string{
		"found", found, "take-0", "yes", "take-1", "yes", "name-0", " Order intake ", "name-1", "Second",
		"value-0", "arn:aws:lambda:us-east-1:1:function:w", "value-1", "me", "value-2", "3", "publish", "yes",
	}
	done := s.upload("/workflows/import/finish", nil, fields)
	if done.Code != 200 || done.find("href", "/workflows/Order-intake") == nil || done.find("href", "/workflows/Second") == nil {
		t.Fatalf("%d %s", done.Code, text(done.page))
	}
	want := map[string]string{
		"One:Run": "arn:aws:lambda:us-east-1:1:function:w", "Two:Run": "arn:aws:lambda:us-east-1:1:function:w", "One:To": "me", "One:Count": "3",
	}
	if diff := cmp.Diff(want, s.imported.Values); diff != "" {
		t.Error(diff)
	}
	if m := s.imported.Machines; len(m) != 2 || m[0].Name != "Order-intake" || m[0].Found != "Order-review" || !s.imported.Publish || s.imported.Replace {
		t.Errorf("%+v", s.imported)
	}
	// One alone opens in the designer; what is empty stays open when that is asked for.
	fields = append(fields[:2:2], "take-1", "yes", "name-1", "Second", "open", "yes")
	if done = s.upload("/workflows/import/finish", nil, fields); done.Code != 303 || done.Header().Get("Location") != "/workflows/Second" {
		t.Errorf("%d %s", done.Code, text(done.page))
	}
	if got := s.imported.Values["Two:Run"]; got != "${Run}" || s.imported.Publish {
		t.Errorf("%+v", s.imported)
	}
}

func TestAnImportSaysWhatIsWrongWhereItIs(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	found := attr(s.upload("/workflows/import", []string{"template.yaml", twoMachines}, nil).find("name", "found"), "value")
	a := s.upload("/workflows/import/finish", nil, []string{"found", found, "take-0", "yes", "name-0", "x", "value-0", "nonsense", "value-1", "typed"})
	if a.Code != 422 || !strings.Contains(text(a.find("id", "value-0-problem")), "must be an ARN") || attr(a.find("id", "value-1"), "value") != "typed" {
		t.Errorf("%d %s", a.Code, text(a.page))
	}
	s.ImportErr = &engine.Fault{Code: engine.UnfilledPlaceholders, Message: "Placeholders need a value", Fields: []engine.FieldError{{Pointer: "One:To", Message: "This value is needed"}}}
	a = s.upload("/workflows/import/finish", nil, []string{"found", found, "take-0", "yes", "name-0", "x"})
	if a.Code != 422 || text(a.find("id", "value-1-problem")) != "This value is needed." || attr(a.find("id", "value-1"), "aria-invalid") != "true" {
		t.Errorf("%d %s", a.Code, text(a.page))
	}
	if a = s.upload("/workflows/import/finish", nil, []string{"found", found, "take-1", "yes", "name-1", "Import"}); a.Code != 422 || !strings.Contains(text(a.page), "is the address of a page here") {
		t.Errorf("%d %s", a.Code, text(a.page))
	}
	a = s.upload("/workflows/import", []string{"broken.json", "{\"StartAt\": \n nope}"}, nil)
	if a.Code != 422 || !strings.Contains(text(a.page), "broken.json:2:2") {
		t.Errorf("%d %s", a.Code, text(a.page))
	}
	a = s.upload("/workflows/import", nil, []string{"text", "<script>nothing"})
	if a.Code != 422 || text(a.find("id", "text")) != "<script>nothing" {
		t.Errorf("%d %s", a.Code, text(a.page))
	}
	if a := s.upload("/workflows/import", nil, nil); a.Code != 422 || !strings.Contains(text(a.page), "Choose a file") {
		t.Errorf("%d %s", a.Code, text(a.page))
	}
}

func TestAnImportTakesNothingElse(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, path := range []string{"/workflows/import", "/workflows/import/finish"} {
		if a := s.json(http.MethodPost, path, "{}"); a.Code != http.StatusUnsupportedMediaType {
			t.Errorf("%s takes JSON: %d", path, a.Code)
		}
		if a := s.upload(path, []string{"big.json", strings.Repeat(" ", 41<<20)}, nil); a.Code != http.StatusRequestEntityTooLarge {
			t.Errorf("%s takes 41 MB: %d", path, a.Code)
		}
	}
	for _, found := range []string{"", "nonsense", "{}", `{"machines":[]}`, `{"machines":"x"}`, "[]", "null"} {
		if a := s.upload("/workflows/import/finish", nil, []string{"found", found, "take-0", "yes"}); a.Code != http.StatusBadRequest {
			t.Errorf("%q: %d", found, a.Code)
		}
	}
	if s.imported != nil {
		t.Errorf("imported %+v", s.imported)
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/workflows/import/finish", nil)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	if a := s.do(r); a.Code != http.StatusForbidden {
		t.Errorf("another site may import: %d", a.Code)
	}
}

func TestExportsAreDownloads(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	page := s.get("/workflows/Order-review/versions")
	for format, ending := range map[string]string{"json": ".asl.json", "yaml": ".asl.yaml", "cloudformation": ".template.yaml", "cloudformation-json": ".template.json", "sam": ".template.yaml", "terraform": ".tf"} {
		href := "/workflows/Order-review/export?format=" + format
		if page.find("href", href) == nil {
			t.Errorf("nothing leads to %s", href)
		}
		h := s.get(href).Header()
		if got := h.Get("Content-Disposition"); got != "attachment; filename=Order-review"+ending || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %s", format, got)
		}
	}
}
