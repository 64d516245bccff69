// Package handlers is the server as browsers and programs see it: the route table, what stands in front of
// every route, and the one place where errors become answers.
//
// Local mode: one owner, no sign-in. So whoever reaches the port is the owner, and the server looks hard at
// how a request came: the Host must be a name of this machine (a foreign site cannot point its own name here),
// requests of other sites that would change something are refused, and nothing of ours can be framed.
package handlers

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"

	"statehouse/engine"
	"statehouse/engine/access"
	"statehouse/engine/bus"
	"statehouse/engine/history"
	"statehouse/engine/ledger"
	"statehouse/handlers/pages"
	"statehouse/static"
)

// Engine is what the server needs of the application.
type Engine interface {
	pages.Engine
	Stats() engine.Stats
	Quotas() engine.Quotas
	Inventory(ctx context.Context) (ledger.Inventory, error)
}

// Live streams what happens.
type Live interface {
	Execution(w http.ResponseWriter, r *http.Request, arn string, since history.ID)
	Inbox(w http.ResponseWriter, r *http.Request)
	MapRun(w http.ResponseWriter, r *http.Request, arn string)
	Logs(w http.ResponseWriter, r *http.Request, workflow string)
	Events(w http.ResponseWriter, r *http.Request, since string, filter bus.Filter)
}

// Config is what a Server needs.
type Config struct {
	Engine   Engine
	Renderer pages.Pictures         // nil: lists have no pictures
	AWS      http.Handler           // POST / with X-Amz-Target; nil: 404
	API      http.Handler           // the same at an address of its own, see Server.API; it verifies signatures; nil: none
	Live     Live                   // nil: 404
	Log      *slog.Logger           // nil: slog.Default
	Clock    func() time.Time       // of the pages; nil: time.Now
	Events   Events                 // nil: 404
	Metrics  []prometheus.Collector // what /metrics shows beside what the engine and this server count

	Addr  string   // host:port that the server listens on
	Hosts []string // further names that a request may call it by

	// What the settings pages tell.
	Account, Region, DataDir, Version string
	Verified                          bool   // signatures are verified at Addr
	APIURL                            string // where API is answered
}

// Server answers all requests. It is an http.Handler and starts nothing.
type Server struct {
	echo    *echo.Echo
	api     *echo.Echo // nil: none
	pages   *pages.Handler
	metrics *metrics
	log     *slog.Logger
	engine  Engine
	aws     http.Handler
	live    Live
	bus     Events
	who     access.Principal // who every request is: local mode has one owner
}

// Route is one address: what it answers, and the operation of the access table that it is.
type Route struct {
	Method, Path string
	Operation    access.Operation // "" is open to everybody: what tells nothing
	handle       echo.HandlerFunc
}

// New makes a Server.
func New(c Config) (*Server, error) {
	if c.Engine == nil {
		return nil, errors.New("handlers: no engine")
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	var s *Server
	p, err := pages.New(pages.Config{
		May:    func(op access.Operation) bool { return s.who.May(op) },
		Engine: c.Engine, Pictures: c.Renderer, Assets: static.Files, Log: c.Log, Clock: c.Clock,
		Address: c.Addr, Account: c.Account, Region: c.Region, DataDir: c.DataDir, Version: c.Version,
		Verified: c.Verified, APIURL: c.APIURL,
	})
	if err != nil {
		return nil, err
	}
	s = &Server{echo: echo.New(), pages: p, metrics: newMetrics(c.Engine, c.Metrics), log: c.Log, engine: c.Engine, aws: c.AWS, live: c.Live, bus: c.Events, who: access.Owner(c.Engine.User())}
	e := s.echo
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = s.fail
	// Outermost first.
	e.Pre(s.recover, requestID, s.logRequest, securityHeaders, hostCheck(c.Addr, c.Hosts), crossOrigin())
	e.Use(noStore)
	for _, r := range s.Routes() {
		e.Add(r.Method, r.Path, s.allowed(r))
	}
	if c.API != nil {
		s.api = s.newAPI(c.API)
	}
	return s, nil
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.echo.ServeHTTP(w, r) }

// errNotAllowed says that the access table has no row for who asks.
var errNotAllowed = echo.NewHTTPError(http.StatusForbidden, "Your role does not allow this. Ask an administrator of this server.")

// allowed is the handler of a route behind the access table: what has no row there is refused.
func (s *Server) allowed(r Route) echo.HandlerFunc {
	if r.Operation == "" {
		return r.handle
	}
	return func(c echo.Context) error {
		if !s.who.May(r.Operation) {
			return errNotAllowed
		}
		return r.handle(c)
	}
}

// Routes is the route table.
func (s *Server) Routes() []Route {
	p := s.pages
	get, post, put := http.MethodGet, http.MethodPost, http.MethodPut
	return []Route{
		{get, "/", access.SeeWorkflows, p.Home},
		{get, "/workflows", access.SeeWorkflows, p.Workflows},
		{get, "/workflows/new", access.EditWorkflow, p.NewWorkflow},
		{post, "/workflows", access.EditWorkflow, p.CreateWorkflow},
		{get, "/workflows/import", access.EditWorkflow, p.ImportForm},
		{post, "/workflows/import", access.EditWorkflow, p.ReadImport},
		{post, "/workflows/import/finish", access.Publish, p.FinishImport},
		{get, "/workflows/:name", access.SeeWorkflows, p.Designer},
		{post, "/workflows/:name/delete", access.DeleteWorkflow, p.DeleteWorkflow},
		{get, "/workflows/:name/run", access.StartExecution, p.Run},
		{post, "/workflows/:name/run", access.StartExecution, p.RunWorkflow},
		{get, "/workflows/:name/executions", access.SeeExecutions, p.WorkflowExecutions},

		{get, "/workflows/:name/versions", access.SeeWorkflows, p.Versions},
		{post, "/workflows/:name/versions", access.Publish, p.PublishVersion},
		{get, "/workflows/:name/versions/:number", access.SeeWorkflows, p.WorkflowVersion},
		{post, "/workflows/:name/versions/:number/restore", access.EditWorkflow, p.RestoreVersion},
		{post, "/workflows/:name/versions/:number/delete", access.Publish, p.DeleteVersion},
		{get, "/workflows/:name/compare", access.SeeWorkflows, p.Compare},
		{get, "/workflows/:name/aliases", access.Publish, p.NewAlias},
		{post, "/workflows/:name/aliases", access.Publish, p.CreateAlias},
		{get, "/workflows/:name/aliases/:alias", access.SeeWorkflows, p.Alias},
		{post, "/workflows/:name/aliases/:alias", access.Publish, p.UpdateAlias},
		{post, "/workflows/:name/aliases/:alias/delete", access.Publish, p.DeleteAlias},
		{get, "/workflows/:name/settings", access.SeeWorkflows, p.MachineSettings},
		{post, "/workflows/:name/settings", access.Publish, p.UpdateMachineSettings},
		{post, "/workflows/:name/tags", access.Publish, p.TagWorkflow},

		{get, "/workflows/:name/logs", access.SeeLogs, p.Logs},

		{get, "/workflows/:name/export", access.SeeWorkflows, p.Export},

		{get, "/executions", access.SeeExecutions, p.Executions},
		{get, "/executions/:machine/:name", access.SeeExecutions, p.Execution},
		{post, "/executions/:machine/:name/stop", access.StopExecution, p.StopExecution},
		{post, "/executions/:machine/:name/redrive", access.StartExecution, p.RedriveExecution},
		{post, "/executions/:machine/:name/again", access.StartExecution, p.RunAgain},

		{get, "/map-runs/:machine/:label/:id", access.SeeExecutions, p.MapRun},
		{post, "/map-runs/:machine/:label/:id", access.StartExecution, p.UpdateMapRun},

		{get, "/inbox", access.SeeTasks, p.Inbox},
		{get, "/inbox/:id", access.SeeTasks, p.Task},
		{post, "/inbox/:id/decide", access.DecideTask, p.Decide},

		{get, "/settings", access.SeeSettings, p.Settings},
		{post, "/settings/theme", "", p.SetTheme},
		{get, "/settings/access-keys", access.ManageKeys, p.AccessKeys},
		{post, "/settings/access-keys", access.ManageKeys, p.CreateAccessKey},
		{post, "/settings/access-keys/:id/revoke", access.ManageKeys, p.RevokeAccessKey},

		{get, "/api/drafts/:name", access.SeeWorkflows, p.GetDraft},
		{put, "/api/drafts/:name", access.EditWorkflow, p.PutDraft},
		{get, "/api/import", access.SeeWorkflows, p.ImportNames},
		{post, "/api/import", access.Publish, p.Import},
		{post, "/api/validate", access.Validate, p.Validate},
		{post, "/api/test-state", access.Validate, p.TestState},
		{post, "/api/workflows/:name/complete", access.Validate, p.Complete},
		{post, "/api/workflows/:name/publish", access.Publish, p.Publish},
		{get, "/api/executions/:machine/:name/events", access.SeeExecutions, p.Events},
		{get, "/api/access-keys", access.ManageKeys, p.AccessKeysJSON},
		{post, "/api/access-keys", access.ManageKeys, p.CreateAccessKeyJSON},
		{post, "/api/access-keys/:id/revoke", access.ManageKeys, p.RevokeAccessKeyJSON},

		{get, "/api/events", access.SeeExecutions, s.events},

		{get, "/live/executions/:machine/:name", access.SeeExecutions, s.liveExecution},
		{get, "/live/map-runs/:machine/:label/:id", access.SeeExecutions, s.liveMapRun},
		{get, "/live/workflows/:name/logs", access.SeeLogs, s.liveLogs},
		{get, "/live/inbox", access.SeeTasks, s.liveInbox},
		{get, "/live/events", access.SeeExecutions, s.liveEvents},

		{post, "/", "", s.awsAPI}, // each of its operations has a row of its own

		{get, "/healthz", "", s.healthz},
		{get, "/readyz", "", s.readyz},
		{get, "/metrics", access.SeeMetrics, s.metrics.serve},
		{get, "/static/*", "", echo.WrapHandler(static.Files)},
	}
}

func (s *Server) awsAPI(c echo.Context) error {
	if s.aws == nil {
		return echo.ErrNotFound
	}
	s.aws.ServeHTTP(c.Response(), c.Request())
	return nil
}

func (s *Server) liveExecution(c echo.Context) error {
	if s.live == nil {
		return echo.ErrNotFound
	}
	since, err := parseSince(c.QueryParam("since"))
	if err != nil {
		return err
	}
	x, err := s.pages.ExecutionOf(c)
	if err != nil {
		return err
	}
	s.live.Execution(c.Response(), c.Request(), x.ARN, since)
	return nil
}

func (s *Server) liveMapRun(c echo.Context) error {
	if s.live == nil {
		return echo.ErrNotFound
	}
	s.live.MapRun(c.Response(), c.Request(), s.pages.MapRunARN(c))
	return nil
}

func (s *Server) liveLogs(c echo.Context) error {
	if s.live == nil {
		return echo.ErrNotFound
	}
	s.live.Logs(c.Response(), c.Request(), s.pages.Workflow(c))
	return nil
}

func (s *Server) liveInbox(c echo.Context) error {
	if s.live == nil {
		return echo.ErrNotFound
	}
	s.live.Inbox(c.Response(), c.Request())
	return nil
}
