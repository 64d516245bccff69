// Package awsapi speaks the AWS Step Functions protocol (awsJson1_0 on POST /): it
// decodes a request, makes one call to the engine, and encodes the answer or the
// error by the name AWS gives it. It decides nothing about workflows.
package awsapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/google/uuid"

	"statehouse/engine"
	"statehouse/engine/access"
	"statehouse/engine/throttle"
	"statehouse/engine/value"
)

// maxBody is the largest request in bytes: a definition of 1 MiB, escaped, and its envelope.
const maxBody = 4 << 20

// bodyTime is how long the body of a request may take to arrive.
const bodyTime = 30 * time.Second

// patience is how long GetActivityTask waits for work. AWS waits for up to 60 s, which is when boto3 and the aws
// CLI give up and ask again unless they are told otherwise: two seconds less let them hear the answer.
const patience = 58 * time.Second

// Config is what a Handler needs.
type Config struct {
	Engine Engine
	Who    access.Principal // who every call is where Keys is nil: local mode has one owner; the zero one may nothing
	Log    *slog.Logger
	Clock  func() time.Time // nil: time.Now
	Poll   time.Duration    // how long GetActivityTask waits for work; 0: 58 s

	Throttle *throttle.Throttle // of Actions; nil: everything passes

	// Keys makes the handler verify signatures: every call is then who its access key is. nil
	// accepts any signature.
	Keys            Keys
	Account, Region string // of this server, with Keys: the scope of signatures and the names of users
}

// Handler answers the Step Functions API, and the part of CloudWatch Logs that reads logs. It is safe for concurrent use.
type Handler struct {
	engine Engine
	who    access.Principal
	log    *slog.Logger
	clock  func() time.Time
	poll   time.Duration

	throttle *throttle.Throttle

	keys            Keys // nil: any signature is accepted
	account, region string
}

// New makes a Handler.
func New(c Config) (*Handler, error) {
	if c.Engine == nil {
		return nil, errors.New("awsapi: no engine")
	}
	if c.Keys != nil && (c.Account == "" || c.Region == "") {
		return nil, errors.New("awsapi: signatures are good for an account and a region")
	}
	h := &Handler{
		engine: c.Engine, who: c.Who, log: c.Log, clock: c.Clock, poll: c.Poll, throttle: c.Throttle,
		keys: c.Keys, account: c.Account, region: c.Region,
	}
	if h.log == nil {
		h.log = slog.Default()
	}
	if h.clock == nil {
		h.clock = time.Now
	}
	if h.poll == 0 {
		h.poll = patience
	}
	return h, nil
}

// ServeHTTP answers one call.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/x-amz-json-"+of(r.Header.Get("X-Amz-Target")).json)
	// A body that does not come must not keep the connection for ever, also not that of a call
	// which is refused before. Where no time can be set, such as in a test, there is no connection.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTime))
	out, err := h.serve(w, r)
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	answer(w, http.StatusOK, out)
}

func (h *Handler) serve(w http.ResponseWriter, r *http.Request) (value.Value, error) {
	svc, name, op, err := find(r.Header.Get("X-Amz-Target"))
	if err != nil {
		return value.Value{}, err
	}
	caller, err := h.meet(r, svc)
	if err != nil {
		return value.Value{}, err
	}
	body, err := read(w, r)
	if err != nil {
		return value.Value{}, err
	}
	if err := h.prove(r, caller, body); err != nil {
		return value.Value{}, err
	}
	in, err := decode(r, body)
	if row, ok := access.API(name); !ok || !caller.who.May(row) {
		return value.Value{}, h.denied(caller, svc, name, op, in)
	}
	if svc.name == states && h.throttle != nil && !h.throttle.Take(name) {
		return value.Value{}, fault(throttled, "Rate exceeded")
	}
	if err != nil {
		return value.Value{}, err
	}
	if err := op.members.check(in); err != nil {
		return value.Value{}, err
	}
	if action := further(name, in); action != "" {
		if row, ok := access.API(action); !ok || !caller.who.May(row) {
			return value.Value{}, h.denied(caller, svc, action, op, in)
		}
	}
	if !svc.tokens {
		return op.run(h, r.Context(), in)
	}
	if in, err = opened(name, op.members, in, h.clock()); err != nil {
		return value.Value{}, err
	}
	out, err := op.run(h, tracedBy(r), in)
	if err != nil {
		return value.Value{}, worded(in, err)
	}
	return sealed(name, op.members, in, out, h.clock()), nil
}

// read reads the body, once.
func read(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err == nil { // long polls take longer than bodies
		_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
		return body, nil
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, fault("ValidationException", "The request is larger than %d bytes", maxBody)
	}
	return nil, fault("SerializationException", "The body could not be read")
}

// decode makes a value of the body, which must be one JSON object in plain encoding.
func decode(r *http.Request, body []byte) (value.Value, error) {
	if e := r.Header.Get("Content-Encoding"); e != "" && e != "identity" {
		return value.Value{}, fault("SerializationException", "The content encoding '%s' is not supported: send the body as it is", e)
	}
	if len(body) == 0 {
		return value.Object(), nil
	}
	v, err := value.Parse(string(body))
	if err != nil {
		return value.Value{}, fault("SerializationException", "The body is not JSON in plain UTF-8 encoding: %s", err)
	}
	if v.Kind() != value.KindObject {
		return value.Value{}, fault("SerializationException", "The body must be a JSON object; send the operation's members inside { }")
	}
	return v, nil
}

func fault(code, format string, args ...any) *engine.Fault {
	return &engine.Fault{Code: code, Message: fmt.Sprintf(format, args...)}
}

// statuses are the errors whose HTTP status is not 400 (the model's httpError traits).
var statuses = map[string]int{
	"ResourceNotFound":              http.StatusNotFound,
	"ConflictException":             http.StatusConflict,
	"ServiceQuotaExceededException": http.StatusPaymentRequired,
	"ServiceUnavailable":            http.StatusServiceUnavailable,
	"InternalFailure":               http.StatusInternalServerError,
}

func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, err error) {
	f, ok := errors.AsType[*engine.Fault](err)
	switch {
	case ok:
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		f = fault("ServiceUnavailable", "The server is stopping: send the request again")
	default:
		h.log.ErrorContext(r.Context(), "request failed", "operation", r.Header.Get("X-Amz-Target"), "error", err)
		f = fault("InternalFailure", "internal error")
	}
	status, ok := statuses[f.Code]
	if !ok {
		status = http.StatusBadRequest
	}
	if code, ok := of(r.Header.Get("X-Amz-Target")).codes[f.Code]; ok {
		f = &engine.Fault{Code: code, Message: f.Message}
	}
	Refuse(w, status, f)
}

// Refuse answers with a fault as clients of AWS read it: their exception has its code and its message.
func Refuse(w http.ResponseWriter, status int, f *engine.Fault) {
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "1")
	}
	w.Header().Set("X-Amzn-Errortype", f.Code)
	var o object
	family := "com.amazonaws.swf.service.v2.model#"
	if doors[f.Code] {
		family = "com.amazon.coral.service#"
	}
	if logCodes[f.Code] == f.Code {
		family = "" // of a service that has none
	}
	o.text("__type", family+f.Code)
	o.text("message", f.Message)
	o.filled("reason", f.Reason)
	o.filled("resourceName", f.Resource)
	answer(w, status, o.value())
}

// answer writes a body. The request's name is the one that the server gave it, so that what a client logs is
// found in the log here.
func answer(w http.ResponseWriter, status int, body value.Value) {
	id := w.Header().Get("X-Request-Id")
	if id == "" {
		id = uuid.NewString()
	}
	w.Header().Set("X-Amzn-Requestid", id)
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	}
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body.JSON())
}
