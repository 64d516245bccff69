package pages

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"statehouse/templates/layout"
	"statehouse/templates/pages"
	"statehouse/templates/ui"
)

// Settings says what this server is.
func (h *Handler) Settings(c echo.Context) error {
	v := pages.SettingsView{
		Account: h.Account, Region: h.Region, Address: h.Address, DataDir: h.DataDir, Version: h.Version,
		User: h.engine.User(), Themes: pages.Themes(theme(c)), Signatures: pages.Signatures(h.verified()),
		Ready: ui.Badge{Class: "succeeded", Icon: "check", Label: "Ready"},
		Durability: []pages.Fact{
			{Label: "Store", Value: "SQLite with a write-ahead log, synchronous=FULL"},
			{Label: "When you read “started”", Value: "it is on disk, also when the power goes the moment after"},
			{Label: "After a crash", Value: "executions, timers and open tasks go on where they were; attempts of tasks are made at least once"},
		},
	}
	if h.engine.VirtualTime() {
		v.Time = "It is " + h.Clock().Format("2 January 2006, 15:04:05") + " here: the clock jumps to the next timer when nothing can run (--skip-time)."
	}
	for _, r := range h.engine.Ready(c.Request().Context()) {
		v.Ready = ui.Badge{Class: "failed", Icon: "x", Label: "Not ready"}
		v.Reasons = append(v.Reasons, r.Part+": "+r.Message)
	}
	return h.render(c, http.StatusOK, pages.Settings(h.frame(c, "Settings", layout.Settings, ""), v))
}

// SetTheme remembers light, dark, or what the system says.
func (h *Handler) SetTheme(c echo.Context) error {
	f, err := form(c)
	if err != nil {
		return err
	}
	cookie := &http.Cookie{Name: themeCookie, Value: f.Get("theme"), Path: "/", SameSite: http.SameSiteLaxMode, MaxAge: int(365 * 24 * time.Hour / time.Second)}
	if cookie.Value != "light" && cookie.Value != "dark" {
		cookie.Value, cookie.MaxAge = "", -1
	}
	c.SetCookie(cookie)
	return seeOther(c, "/settings")
}

// Error shows what went wrong as a page.
func (h *Handler) Error(c echo.Context, status int, v pages.ErrorView) error {
	return h.render(c, status, pages.Error(h.frame(c, v.Title, "", ""), v))
}
