package pages

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"statehouse/engine"
	"statehouse/engine/access"
	"statehouse/engine/ledger"
	"statehouse/templates/layout"
	"statehouse/templates/pages"
)

// AccessKeys lists the keys of programs.
func (h *Handler) AccessKeys(c echo.Context) error {
	v, err := h.accessKeys(c)
	if err != nil {
		return err
	}
	return h.renderAccessKeys(c, http.StatusOK, v)
}

func (h *Handler) accessKeys(c echo.Context) (pages.AccessKeysView, error) {
	keys, err := h.engine.AccessKeys(c.Request().Context())
	if err != nil {
		return pages.AccessKeysView{}, err
	}
	return pages.NewAccessKeysView(h.Clock(), keys, h.verified()), nil
}

// verified is where signatures are verified, in words.
func (h *Handler) verified() (at []string) {
	if h.Verified {
		at = append(at, "at http://"+h.Address)
	}
	if h.APIURL != "" {
		at = append(at, "at "+h.APIURL)
	}
	return at
}

func (h *Handler) renderAccessKeys(c echo.Context, status int, v pages.AccessKeysView) error {
	return h.render(c, status, pages.AccessKeys(h.frame(c, "Access keys", layout.Settings, ""), v))
}

// endpoint is where a program that has a key finds the API.
func (h *Handler) endpoint() string {
	if h.APIURL != "" {
		return h.APIURL
	}
	return "http://" + h.Address
}

// CreateAccessKey makes a key and shows its secret, this once: the answer is the page, as a
// redirect would have to carry it.
func (h *Handler) CreateAccessKey(c echo.Context) error {
	f, err := form(c)
	if err != nil {
		return err
	}
	k, failed := h.engine.CreateAccessKey(c.Request().Context(), f.Get("name"), rolesOf(f["role"]))
	fault, ok := errors.AsType[*engine.Fault](failed)
	if failed != nil && (!ok || fault.Code != engine.InvalidAccessKey && fault.Code != engine.VaultUnusable) {
		return failed
	}
	v, err := h.accessKeys(c)
	if err != nil {
		return err
	}
	if failed != nil {
		v.Form = pages.NewAccessKeyForm(f.Get("name"), f["role"])
		v.Form.Problem, v.Form.Field = sentence(fault.Message), fault.Field
		return h.renderAccessKeys(c, http.StatusUnprocessableEntity, v)
	}
	v.New = &pages.NewKeyView{ID: k.ID, Name: k.Name, Secret: k.Secret, Lines: k.Lines(h.Region, h.endpoint())}
	return h.renderAccessKeys(c, http.StatusOK, v)
}

// RevokeAccessKey ends a key.
func (h *Handler) RevokeAccessKey(c echo.Context) error {
	if _, err := form(c); err != nil {
		return err
	}
	if err := h.engine.RevokeAccessKey(c.Request().Context(), param(c, "id")); err != nil {
		return err
	}
	return seeOther(c, pages.AccessKeysHref)
}

// keyAnswer is a key as programs read it.
type keyAnswer struct {
	ID       string        `json:"id"`
	Name     string        `json:"name"`
	Roles    []access.Role `json:"roles"`
	Created  time.Time     `json:"created"`
	LastUsed *time.Time    `json:"lastUsed,omitempty"`
	Revoked  *time.Time    `json:"revoked,omitempty"`

	// Of a new key only.
	Secret   string `json:"secret,omitempty"`
	Region   string `json:"region,omitempty"`
	Endpoint string `json:"endpoint,omitempty"`
}

func keyJSON(k ledger.AccessKey) keyAnswer {
	a := keyAnswer{ID: k.ID, Name: k.Name, Roles: k.Roles, Created: k.Created}
	if !k.LastUsed.IsZero() {
		a.LastUsed = &k.LastUsed
	}
	if !k.Revoked.IsZero() {
		a.Revoked = &k.Revoked
	}
	return a
}

// AccessKeysJSON lists the keys for a program, such as the command line.
func (h *Handler) AccessKeysJSON(c echo.Context) error {
	keys, err := h.engine.AccessKeys(c.Request().Context())
	if err != nil {
		return err
	}
	list := make([]keyAnswer, 0, len(keys))
	for _, k := range keys {
		list = append(list, keyJSON(k))
	}
	return c.JSON(http.StatusOK, map[string]any{"accessKeys": list})
}

// CreateAccessKeyJSON makes a key; the answer has its secret, this once.
func (h *Handler) CreateAccessKeyJSON(c echo.Context) error {
	var in struct {
		Name  string
		Roles []string
	}
	if err := decode(c, &in); err != nil {
		return err
	}
	k, err := h.engine.CreateAccessKey(c.Request().Context(), in.Name, rolesOf(in.Roles))
	if err != nil {
		return err
	}
	a := keyJSON(k.AccessKey)
	a.Secret, a.Region, a.Endpoint = k.Secret, h.Region, h.endpoint()
	return c.JSON(http.StatusCreated, a)
}

// RevokeAccessKeyJSON ends a key.
func (h *Handler) RevokeAccessKeyJSON(c echo.Context) error {
	if err := h.engine.RevokeAccessKey(c.Request().Context(), param(c, "id")); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

func rolesOf(texts []string) []access.Role {
	roles := make([]access.Role, len(texts))
	for i, t := range texts {
		roles[i] = access.Role(t)
	}
	return roles
}

// sentence ends with a full stop.
func sentence(text string) string { return strings.TrimSuffix(text, ".") + "." }
