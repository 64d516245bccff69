package pages

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"statehouse/engine"
	"statehouse/engine/ledger"
	"statehouse/templates/layout"
	"statehouse/templates/pages"
)

// NewAlias is the form of a new alias, with the newest version chosen.
func (h *Handler) NewAlias(c echo.Context) error {
	return h.showAlias(c, http.StatusOK, nil, nil, pages.FormProblem{})
}

// Alias shows one.
func (h *Handler) Alias(c echo.Context) error {
	a, err := h.engine.Alias(c.Request().Context(), h.aliasARN(c))
	if err != nil {
		return err
	}
	return h.showAlias(c, http.StatusOK, &a, nil, pages.FormProblem{})
}

func (h *Handler) aliasARN(c echo.Context) string {
	return h.engine.Names().Qualified(param(c, "name"), param(c, "alias"))
}

// showAlias renders the page of an alias, or of a new one; in is what was typed, nil for what is stored.
func (h *Handler) showAlias(c echo.Context, status int, a *ledger.Alias, in *pages.AliasInput, problem pages.FormProblem) error {
	ctx := c.Request().Context()
	w, err := h.engine.Workflow(ctx, param(c, "name"))
	if err != nil {
		return err
	}
	versions, _, err := h.published(ctx, w)
	if err != nil {
		return err
	}
	runs := 0
	switch {
	case a != nil:
		if runs, err = h.runsBy(ctx, a.MachineARN, pages.Target{Alias: a.Name}); err != nil {
			return err
		}
		if in == nil {
			in = new(pages.InputOf(*a))
		}
	case len(versions) == 0:
		return seeOther(c, pages.WorkflowHref(w.Name)+"/versions")
	case in == nil:
		in = &pages.AliasInput{First: strconv.FormatInt(versions[0].Version, 10), Weight: "100"}
	}
	v := pages.NewAliasView(h.Clock(), w, a, versions, *in, problem, runs)
	if c.QueryParam("saved") != "" && status == http.StatusOK {
		v.Done = "Saved. " + v.Meaning
	}
	return h.render(c, status, pages.Alias(h.frame(c, v.Title+" · "+v.Bar.Title, layout.Workflows, "alias"), v))
}

// aliasName is AWS's rule for the names of aliases.
var aliasName = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,80}$`)

// readAlias reads the form of an alias.
func (h *Handler) readAlias(name string, f url.Values) (in pages.AliasInput, routes []engine.Route, problem pages.FormProblem) {
	in = pages.AliasInput{
		Name: strings.TrimSpace(f.Get("name")), Description: f.Get("description"),
		First: f.Get("first"), Second: f.Get("second"), Weight: strings.TrimSpace(f.Get("weight")),
	}
	weight, err := strconv.ParseInt(in.Weight, 10, 64)
	switch {
	case in.First == "":
		return in, nil, pages.FormProblem{Field: "first", Message: "Choose a version."}
	case in.Second == in.First:
		return in, nil, pages.FormProblem{Field: "second", Message: "This is the first version once more: choose another one, or none."}
	case in.Second != "" && (err != nil || weight < 0 || weight > 100):
		return in, nil, pages.FormProblem{Field: "weight", Message: "This must be a whole number from 0 to 100."}
	}
	if in.Second == "" {
		weight = 100
	}
	routes = []engine.Route{{VersionARN: h.engine.Names().Qualified(name, in.First), Weight: weight}}
	if in.Second != "" {
		routes = append(routes, engine.Route{VersionARN: h.engine.Names().Qualified(name, in.Second), Weight: 100 - weight})
	}
	return in, routes, pages.FormProblem{}
}

// CreateAlias makes one.
func (h *Handler) CreateAlias(c echo.Context) error {
	f, err := form(c)
	if err != nil {
		return err
	}
	name := param(c, "name")
	in, routes, problem := h.readAlias(name, f)
	if problem.Message == "" && (!aliasName.MatchString(in.Name) || strings.Trim(in.Name, "0123456789") == "") {
		problem = pages.FormProblem{Field: "name", Message: "Use letters, digits, . - and _, up to 80, and not digits alone: those are versions."}
	}
	if problem.Message == "" {
		problem, err = h.saved(h.createAlias(c.Request().Context(), in, routes))
	}
	switch {
	case err != nil:
		return err
	case problem.Message != "":
		return h.showAlias(c, http.StatusUnprocessableEntity, nil, &in, problem)
	}
	return seeOther(c, pages.AliasHref(name, in.Name)+"?saved=1")
}

func (h *Handler) createAlias(ctx context.Context, in pages.AliasInput, routes []engine.Route) error {
	_, err := h.engine.CreateAlias(ctx, engine.CreateAlias{Name: in.Name, Description: in.Description, Routes: routes})
	return err
}

// saved tells what the person at the form can mend from what is nobody's fault there.
func (h *Handler) saved(err error) (pages.FormProblem, error) {
	fault, ok := errors.AsType[*engine.Fault](err)
	if !ok || !fixable(fault) {
		return pages.FormProblem{}, err
	}
	return pages.FormProblem{Field: fault.Field, Message: fault.Message}, nil
}

// UpdateAlias changes where an alias leads.
func (h *Handler) UpdateAlias(c echo.Context) error {
	f, err := form(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	a, err := h.engine.Alias(ctx, h.aliasARN(c))
	if err != nil {
		return err
	}
	name := param(c, "name")
	in, routes, problem := h.readAlias(name, f)
	if problem.Message == "" {
		_, err = h.engine.UpdateAlias(ctx, engine.UpdateAlias{ARN: a.ARN(), Description: &in.Description, Routes: routes})
		problem, err = h.saved(err)
	}
	switch {
	case err != nil:
		return err
	case problem.Message != "":
		return h.showAlias(c, http.StatusUnprocessableEntity, &a, &in, problem)
	}
	return seeOther(c, pages.AliasHref(name, a.Name)+"?saved=1")
}

// DeleteAlias deletes one.
func (h *Handler) DeleteAlias(c echo.Context) error {
	if err := h.engine.DeleteAlias(c.Request().Context(), h.aliasARN(c)); err != nil {
		return err
	}
	return seeOther(c, pages.WorkflowHref(param(c, "name"))+"/versions?deleted=1")
}
