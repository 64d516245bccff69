// Package pages answers browsers with HTML, and their scripts with JSON: it reads the request, makes one call
// to the engine and renders one component. Everything about workflows is decided in the engine, everything
// about words and links in the view models of templates/pages.
package pages

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"statehouse/engine"
	"statehouse/engine/access"
	"statehouse/engine/arn"
	"statehouse/engine/asl"
	"statehouse/engine/exchange"
	"statehouse/engine/history"
	"statehouse/engine/jsonata/complete"
	"statehouse/engine/ledger"
	"statehouse/engine/teststate"
	"statehouse/templates/layout"
	"statehouse/templates/ui"
)

// Engine is what the pages need of the application.
type Engine interface {
	Workflows(ctx context.Context, q ledger.WorkflowQuery) ([]ledger.Workflow, string, error)
	Workflow(ctx context.Context, name string) (ledger.Workflow, error)
	NewWorkflow(ctx context.Context, name, starterID, machineType string) (ledger.Draft, error)
	Draft(ctx context.Context, name string) (ledger.Draft, error)
	SaveDraft(ctx context.Context, name, text, input string, base int64) (ledger.Draft, []asl.Diagnostic, error)
	Publish(ctx context.Context, name string) (ledger.Machine, error)
	RunWorkflow(ctx context.Context, name, executionName, input string) (ledger.Execution, error)
	DeleteWorkflow(ctx context.Context, name string) error
	Problems(text, machineType string) []asl.Diagnostic
	Complete(ctx context.Context, c engine.Complete) (from int, list []complete.Candidate, err error)
	TestState(ctx context.Context, r teststate.Request, input *string) (*teststate.Report, error)
	Role() string
	ReadImport(files []exchange.File) (exchange.Import, error)
	FinishImport(ctx context.Context, f engine.FinishImport) ([]engine.Imported, error)
	Export(ctx context.Context, name string, format exchange.Format) (engine.Exported, error)

	Executions(ctx context.Context, q ledger.ExecutionQuery) ([]ledger.Execution, string, error)
	Execution(ctx context.Context, executionARN string) (ledger.Execution, error)
	StateMachineForExecution(ctx context.Context, executionARN string) (ledger.Machine, error)
	Usage(ctx context.Context, x ledger.Execution) (engine.Usage, error)
	History(ctx context.Context, executionARN string, q ledger.HistoryQuery) ([]history.Event, error)
	StopExecution(ctx context.Context, executionARN string, name, cause *string) (time.Time, error)
	RedriveExecution(ctx context.Context, executionARN, clientToken string) (time.Time, error)
	RedrivePlan(ctx context.Context, x ledger.Execution) (engine.RedrivePlan, error)
	RunAgain(ctx context.Context, executionARN string) (ledger.Execution, error)

	MapRun(ctx context.Context, mapRunARN string) (ledger.MapRun, error)
	MapRuns(ctx context.Context, executionARN string, p ledger.Page) ([]ledger.MapRun, string, error)
	ChildExecutions(ctx context.Context, mapRunARN string, q ledger.ExecutionQuery) ([]ledger.Execution, string, error)
	UpdateMapRun(ctx context.Context, u engine.UpdateMapRun) error

	Tasks(ctx context.Context, q ledger.TaskQuery) ([]ledger.HumanTask, string, error)
	Task(ctx context.Context, id string) (ledger.HumanTask, error)
	TaskCounts(ctx context.Context) (ledger.TaskCounts, error)
	Decide(ctx context.Context, d engine.Decide) (ledger.HumanTask, error)

	CreateAccessKey(ctx context.Context, name string, roles []access.Role) (engine.NewAccessKey, error)
	AccessKeys(ctx context.Context) ([]ledger.AccessKey, error)
	RevokeAccessKey(ctx context.Context, id string) error

	Machines
	Logs

	Ready(ctx context.Context) []engine.Reason
	Names() arn.Names
	User() string
	VirtualTime() bool
}

// Pictures draws a definition as SVG for lists.
type Pictures interface {
	SVG(ctx context.Context, definition string) (string, error)
}

// Assets knows the addresses of the files that pages refer to.
type Assets interface {
	Path(name string) string
	Has(name string) bool
}

// Config is what a Handler needs.
type Config struct {
	Engine   Engine
	Pictures Pictures // nil: lists have no pictures
	Assets   Assets
	Log      *slog.Logger     // nil: slog.Default
	Clock    func() time.Time // nil: time.Now, in the machine's zone
	// May says what the one who asks may do besides what the route needs; nil: nothing.
	May func(access.Operation) bool

	// What the settings pages tell.
	Address, Account, Region, DataDir, Version string
	Verified                                   bool   // signatures are verified at Address
	APIURL                                     string // of the address for the AWS API alone, "" without
}

// Handler answers the requests for pages.
type Handler struct {
	Config
	engine Engine
	styles []string
}

// New makes a Handler.
func New(c Config) (*Handler, error) {
	if c.Engine == nil || c.Assets == nil {
		return nil, errors.New("pages: an engine and assets are required")
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	h := &Handler{Config: c, engine: c.Engine}
	for _, name := range []string{"tokens", "base", "words", "controls", "fields", "boxes", "dialogs", "frame", "lists", "inbox", "rooms", "narrow", "canvas", "inspector", "trial", "popups", "designer", "execution", "maprun", "keys", "versions", "workflow", "import", "logs"} {
		if file := "css/" + name + ".css"; c.Assets.Has(file) {
			h.styles = append(h.styles, c.Assets.Path(file))
		}
	}
	return h, nil
}

// pageSize is how many rows a list shows at once.
const pageSize = 50

// frame is what every page needs; script names the page's own module.
func (h *Handler) frame(c echo.Context, title string, room layout.Room, script string) layout.Frame {
	f := layout.Frame{
		Title: title, Room: room, Theme: theme(c), Styles: h.styles,
		Sprite: h.Assets.Path("icons.svg"), Favicon: h.Assets.Path("icons/favicon.svg"),
	}
	for _, name := range []string{"app", script} {
		if file := "js/" + name + ".js"; name != "" && h.Assets.Has(file) {
			f.Scripts = append(f.Scripts, h.Assets.Path(file))
		}
	}
	counts, err := h.engine.TaskCounts(c.Request().Context())
	if err != nil { // the page itself matters more than its badge
		h.Log.WarnContext(c.Request().Context(), "tasks not counted", "error", err)
	}
	f.Open = counts.Open
	for _, r := range h.engine.Ready(c.Request().Context()) {
		f.Trouble = append(f.Trouble, trouble(r))
	}
	return f
}

const themeCookie = "theme"

func theme(c echo.Context) string {
	cookie, err := c.Cookie(themeCookie)
	if err != nil || cookie.Value != "light" && cookie.Value != "dark" {
		return ""
	}
	return cookie.Value
}

// render writes a whole page, or nothing: a component that fails becomes an error page.
func (h *Handler) render(c echo.Context, status int, page templ.Component) error {
	var out bytes.Buffer
	if err := page.Render(ui.WithSprite(c.Request().Context(), h.Assets.Path("icons.svg")), &out); err != nil {
		return err
	}
	return c.HTMLBlob(status, out.Bytes())
}

// maxForm is the largest form in bytes: an input of 256 KiB, encoded, and more than that for a task.
const maxForm = 4 << 20

// form reads a posted form. Other encodings are refused: a page of ours sends no other.
func form(c echo.Context) (url.Values, error) {
	r := c.Request()
	if !isForm(r.Header.Get(echo.HeaderContentType)) {
		return nil, echo.NewHTTPError(http.StatusUnsupportedMediaType, "Send the form as application/x-www-form-urlencoded.")
	}
	r.Body = http.MaxBytesReader(c.Response(), r.Body, maxForm)
	var err error
	if isMultipart(r.Header.Get(echo.HeaderContentType)) {
		err = r.ParseMultipartForm(maxForm)
	} else {
		err = r.ParseForm()
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, echo.NewHTTPError(http.StatusRequestEntityTooLarge, "The form is larger than 4 MB.")
	}
	if err != nil {
		return nil, echo.NewHTTPError(http.StatusBadRequest, "The form could not be read.")
	}
	return r.PostForm, nil
}

// param is a part of the address, decoded. A "~" in front says that a name follows which
// would mean something else there: "new" is a page, "~new" the workflow of that name.
func param(c echo.Context, name string) string {
	text := c.Param(name)
	if c.Request().URL.RawPath != "" {
		if plain, err := url.PathUnescape(text); err == nil {
			text = plain
		}
	}
	return strings.TrimPrefix(text, "~")
}

// wantsJSON tells a script from a person.
func wantsJSON(c echo.Context) bool { return WantsJSON(c.Request()) }

func seeOther(c echo.Context, to string) error { return c.Redirect(http.StatusSeeOther, to) }

// trouble says what does not work, and what still does.
func trouble(r engine.Reason) string {
	if r.Part == "storage" {
		return "Nothing can be saved or started at the moment: " + r.Message + ". What is stored can still be read."
	}
	return "The server cannot do its work at the moment: " + r.Message + "."
}
