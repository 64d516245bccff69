package pages

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"statehouse/engine"
	"statehouse/engine/asl"
	"statehouse/engine/exchange"
	"statehouse/engine/ledger"
	"statehouse/templates/layout"
	"statehouse/templates/pages"
	"statehouse/templates/ui"
)

// maxImport is the largest import in bytes: what package exchange reads, and the form around it; held in memory
// up to a part of it, in files that go with the request above that.
const (
	maxImport   = 40 << 20
	importInRAM = 8 << 20
)

// ImportForm asks for files.
func (h *Handler) ImportForm(c echo.Context) error {
	return h.showImport(c, http.StatusOK, pages.ImportView{})
}

func (h *Handler) showImport(c echo.Context, status int, v pages.ImportView) error {
	f := h.frame(c, "Import", layout.Workflows, "import")
	if v.Found == "" {
		return h.render(c, status, pages.Import(f, v))
	}
	return h.render(c, status, pages.ImportFound(f, v))
}

// importForm reads a form with files. Whoever gets it calls done.
func importForm(c echo.Context) (form *multipart.Form, done func(), err error) {
	r := c.Request()
	if !isMultipart(r.Header.Get(echo.HeaderContentType)) {
		return nil, nil, echo.NewHTTPError(http.StatusUnsupportedMediaType, "Send the form as multipart/form-data.")
	}
	r.Body = http.MaxBytesReader(c.Response(), r.Body, maxImport)
	err = r.ParseMultipartForm(importInRAM)
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, nil, echo.NewHTTPError(http.StatusRequestEntityTooLarge, "The files have more than 40 MB together.")
	}
	if err != nil {
		return nil, nil, echo.NewHTTPError(http.StatusBadRequest, "The form could not be read.")
	}
	return r.MultipartForm, func() { _ = r.MultipartForm.RemoveAll() }, nil
}

// ReadImport shows what is in the files, or in the text that was pasted.
func (h *Handler) ReadImport(c echo.Context) error {
	form, done, err := importForm(c)
	if err != nil {
		return err
	}
	defer done()
	text := first(form, "text")
	files, err := filesOf(form, text)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return h.showImport(c, http.StatusUnprocessableEntity, pages.ImportView{Problem: "Choose a file, or paste a text."})
	}
	found, err := h.engine.ReadImport(files)
	if fault, ok := errors.AsType[*engine.Fault](err); ok && fault.Code == engine.InvalidImport {
		return h.showImport(c, http.StatusUnprocessableEntity, pages.ImportView{Problem: fault.Message, Text: text})
	}
	if err != nil {
		return err
	}
	return h.showFound(c, http.StatusOK, found, pages.FirstInput(found), "", nil)
}

// filesOf are the files of a form, and the text as one more.
func filesOf(form *multipart.Form, text string) ([]exchange.File, error) {
	var out []exchange.File
	for _, header := range form.File["files"] {
		file, err := header.Open()
		if err != nil {
			return nil, err
		}
		data, err := io.ReadAll(file)
		_ = file.Close() // only read
		if err != nil {
			return nil, err
		}
		if header.Filename != "" || len(data) > 0 {
			out = append(out, exchange.File{Name: header.Filename, Data: data})
		}
	}
	if strings.TrimSpace(text) != "" {
		out = append(out, exchange.File{Name: "pasted text", Data: []byte(text)})
	}
	return out, nil
}

func first(form *multipart.Form, name string) string {
	if v := form.Value[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// showFound shows machines with their pictures, what is wrong with them, and whose names are taken.
func (h *Handler) showFound(c echo.Context, status int, found exchange.Import, in pages.ImportInput, problem string, wrong map[string]string) error {
	ctx := c.Request().Context()
	about := pages.ImportContext{Problem: problem, Wrong: wrong}
	drawing, cancel := context.WithTimeout(ctx, pictureTime)
	defer cancel()
	for i, m := range found.Machines {
		definition := pages.Probed(m)
		about.Pictures = append(about.Pictures, h.picture(drawing, definition))
		about.Diagnostics = append(about.Diagnostics, h.engine.Problems(definition, m.Type))
		taken, err := h.isTaken(ctx, in.Names[i])
		if err != nil {
			return err
		}
		about.Taken = append(about.Taken, taken)
	}
	return h.showImport(c, status, pages.NewImportView(found, in, about))
}

func (h *Handler) isTaken(ctx context.Context, name string) (bool, error) {
	_, err := h.engine.Workflow(ctx, name)
	if fault, ok := errors.AsType[*engine.Fault](err); ok && fault.Code == engine.DraftNotFound {
		return false, nil
	}
	return err == nil, err
}

// FinishImport stores what was chosen.
func (h *Handler) FinishImport(c echo.Context) error {
	form, done, err := importForm(c)
	if err != nil {
		return err
	}
	defer done()
	var found exchange.Import
	if err := json.Unmarshal([]byte(first(form, "found")), &found); err != nil || len(found.Machines) == 0 {
		return echo.NewHTTPError(http.StatusBadRequest, "The form has lost what was found: choose the files again.")
	}
	in := readImport(form, found)
	values, wrong := pages.ImportValues(found, in)
	if len(wrong) > 0 {
		return h.showFound(c, http.StatusUnprocessableEntity, found, in, "A value does not fit.", wrong)
	}
	ask := engine.FinishImport{Activities: found.Activities, Values: values, Publish: in.Publish, Replace: in.Replace}
	for i, m := range found.Machines {
		if in.Chosen[i] {
			if problem := reservedName(in.Names[i]); problem != "" {
				return h.showFound(c, http.StatusUnprocessableEntity, found, in, problem, wrong)
			}
			m.Name = in.Names[i]
			ask.Machines = append(ask.Machines, m)
		}
	}
	stored, err := h.engine.FinishImport(c.Request().Context(), ask)
	if fault, ok := errors.AsType[*engine.Fault](err); ok && fixable(fault) {
		for _, f := range fault.Fields {
			wrong[f.Pointer] = f.Message + "."
		}
		return h.showFound(c, http.StatusUnprocessableEntity, found, in, fault.Message, wrong)
	}
	if err != nil {
		return err
	}
	if len(stored) == 1 {
		return seeOther(c, pages.WorkflowHref(stored[0].Name))
	}
	return h.render(c, http.StatusOK, pages.Imported(h.frame(c, "Imported", layout.Workflows, ""), importedView(stored)))
}

// readImport is what was chosen for what was found.
func readImport(form *multipart.Form, found exchange.Import) pages.ImportInput {
	in := pages.ImportInput{
		Publish: first(form, "publish") != "", Replace: first(form, "replace") != "", Open: first(form, "open") != "",
	}
	for i := range found.Machines {
		n := strconv.Itoa(i)
		in.Names = append(in.Names, nameOf(first(form, "name-"+n)))
		in.Chosen = append(in.Chosen, first(form, "take-"+n) != "")
	}
	for i := range pages.Slots(found) {
		in.Values = append(in.Values, first(form, "value-"+strconv.Itoa(i)))
	}
	return in
}

func importedView(stored []engine.Imported) pages.ImportedView {
	v := pages.ImportedView{Title: ui.Count(int64(len(stored)), "workflow") + " imported."}
	for _, s := range stored {
		row := pages.ImportedRow{Title: ui.Title(s.Name), Href: pages.WorkflowHref(s.Name), State: pages.StateOf(ledger.Workflow{}), Word: "New"}
		if s.ARN != "" {
			row.State = pages.StateOf(ledger.Workflow{Machine: &ledger.Machine{}})
		}
		if s.Replaced {
			row.Word = "Replaced what was there"
		}
		for _, d := range s.Diagnostics {
			if d.Severity == asl.Error {
				row.Word += "; its definition has errors"
				break
			}
		}
		v.List = append(v.List, row)
	}
	return v
}
