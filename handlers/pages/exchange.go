package pages

import (
	"errors"
	"mime"
	"net/http"

	"github.com/labstack/echo/v4"

	"statehouse/engine"
	"statehouse/engine/exchange"
	"statehouse/templates/pages"
)

// Export answers with a workflow as a file, in the format that is asked for.
func (h *Handler) Export(c echo.Context) error {
	file, err := h.engine.Export(c.Request().Context(), param(c, "name"), exchange.Format(c.QueryParam("format")))
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": file.Name}))
	kind := "text/plain; charset=utf-8"
	if len(file.Data) > 0 && file.Data[0] == '{' {
		kind = echo.MIMEApplicationJSON
	}
	return c.Blob(http.StatusOK, kind, file.Data)
}

// ImportNames tells a program that reads files itself how resources are called here.
func (h *Handler) ImportNames(c echo.Context) error {
	n := h.engine.Names()
	return c.JSON(http.StatusOK, map[string]string{"account": n.Account, "region": n.Region})
}

// importedAnswer is what became of one machine.
type importedAnswer struct {
	Name        string             `json:"name"`
	ARN         string             `json:"arn,omitempty"`
	Href        string             `json:"href"`
	Replaced    bool               `json:"replaced"`
	Diagnostics []pages.Diagnostic `json:"diagnostics,omitempty"`
}

// Import stores machines that a program found in files: `statehouse import` reads them where
// they lie.
func (h *Handler) Import(c echo.Context) error {
	var in struct {
		Machines   []exchange.Machine
		Activities []exchange.Activity
		Values     map[string]string
		Publish    bool
		Replace    bool
	}
	if err := decode(c, &in); err != nil {
		return err
	}
	done, err := h.engine.FinishImport(c.Request().Context(), engine.FinishImport(in))
	if f, ok := errors.AsType[*engine.Fault](err); ok && len(f.Fields) > 0 {
		fields := map[string]string{}
		for _, e := range f.Fields {
			fields[e.Pointer] = e.Message
		}
		return c.JSON(http.StatusUnprocessableEntity, map[string]any{"error": f.Message, "code": f.Code, "fields": fields})
	}
	if err != nil {
		return err
	}
	out := []importedAnswer{}
	for _, d := range done {
		out = append(out, importedAnswer{d.Name, d.ARN, pages.WorkflowHref(d.Name), d.Replaced, pages.Diagnostics(d.Diagnostics)})
	}
	return c.JSON(http.StatusOK, map[string]any{"imported": out})
}
