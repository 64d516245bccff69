package awsapi

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"statehouse/engine"
	"statehouse/engine/access"
	"statehouse/engine/task"
	"statehouse/store/sqlite"
)

// desk is the API in front of a real engine on a real store, in virtual time.
type desk struct {
	t   testing.TB
	api *Handler
	eng *engine.Engine
}

// atDesk runs a test in a bubble of virtual time.
func atDesk(t *testing.T, test func(t *testing.T, d *desk)) {
	t.Helper()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		d, closed := openDesk(t, dir)
		defer closed()
		test(t, d)
	})
}

func openDesk(t testing.TB, dir string) (d *desk, closed func()) {
	t.Helper()
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError}))
	db, err := sqlite.Open(context.Background(), sqlite.Config{Dir: dir, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	world := task.NewRegistry()
	world.Register("lambda", "invoke", []string{task.RequestResponse}, task.Func(func(_ context.Context, r task.Request) task.Reply {
		return task.Result(r.Input)
	}))
	eng, err := engine.New(engine.Config{Store: db, Registry: world, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	d = &desk{t: t, eng: eng}
	if d.api, err = New(Config{Engine: eng, Who: access.Owner("owner"), Log: log}); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ran := make(chan error, 1)
	go func() { ran <- eng.Run(ctx) }()
	return d, func() {
		stop()
		if err := <-ran; err != nil {
			t.Errorf("Run: %v", err)
		}
		if err := db.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
}

// reply is what came back: Status 200 and Body, or a refusal with Code and Message.
type reply struct {
	Status  int
	Header  http.Header
	Text    string
	Body    map[string]any
	Code    string
	Message string
}

// post sends one call as a client does.
func (d *desk) post(op, body string) reply {
	d.t.Helper()
	r := httptest.NewRequestWithContext(d.t.Context(), http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("X-Amz-Target", target+op)
	r.Header.Set("X-Amz-Date", time.Now().UTC().Format(amzTime))
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=local/20260301/us-east-1/states/aws4_request, SignedHeaders=host, Signature=00")
	w := httptest.NewRecorder()
	d.api.ServeHTTP(w, r)
	a := reply{Status: w.Code, Header: w.Header(), Text: w.Body.String()}
	if err := json.Unmarshal(w.Body.Bytes(), &a.Body); err != nil {
		d.t.Fatalf("%s: the answer is not a JSON object: %q", op, a.Text)
	}
	if a.Status != http.StatusOK {
		kind, _ := a.Body["__type"].(string)
		_, a.Code, _ = strings.Cut(kind, "#")
		a.Message, _ = a.Body["message"].(string)
	}
	for _, problem := range theModel().answer(op, a) {
		d.t.Errorf("%s %.300s: %s in %.300s", op, body, problem, a.Text)
	}
	return a
}

// must sends a call that has to succeed.
func (d *desk) must(op, body string) map[string]any {
	d.t.Helper()
	a := d.post(op, body)
	if a.Status != http.StatusOK {
		d.t.Fatalf("%s %s: %d %s", op, body, a.Status, a.Text)
	}
	return a.Body
}

// common are the errors that every operation may answer with.
var common = []string{throttled, "ValidationException", "SerializationException", "AccessDeniedException", "UnknownOperationException"}

// answer lists what the model does not allow about an answer, headers included.
func (m serviceModel) answer(op string, a reply) []string {
	var wrong []string
	for name, want := range map[string]string{"Content-Type": "application/x-amz-json-1.0", "Cache-Control": "no-store"} {
		if got := a.Header.Get(name); got != want {
			wrong = append(wrong, fmt.Sprintf("%s is %q", name, got))
		}
	}
	if len(a.Header.Get("X-Amzn-Requestid")) != 36 {
		wrong = append(wrong, "no x-amzn-RequestId")
	}
	o, known := m.Operations[op]
	if !known {
		return wrong
	}
	if a.Status == http.StatusOK {
		return append(wrong, m.holds("", o.Output.Shape, a.Body)...)
	}
	status := map[string]int{"ResourceNotFound": 404, "ConflictException": 409, "ServiceQuotaExceededException": 402}[a.Code]
	if status == 0 {
		status = http.StatusBadRequest
	}
	if a.Status != status {
		wrong = append(wrong, fmt.Sprintf("%s has status %d", a.Code, a.Status))
	}
	if a.Header.Get("X-Amzn-Errortype") != a.Code || a.Message == "" {
		wrong = append(wrong, "no name or no words")
	}
	if !slices.Contains(common, a.Code) && !slices.Contains(o.Errors, shapeRef{a.Code}) {
		wrong = append(wrong, a.Code+" is no error of this operation")
	}
	return wrong
}

// holds lists how a value differs from its shape.
func (m serviceModel) holds(path, name string, v any) []string {
	s := m.Shapes[name]
	is := func(ok bool) []string {
		if ok {
			return nil
		}
		return []string{fmt.Sprintf("'%s' is %v, which is no %s", path, v, s.Type)}
	}
	var wrong []string
	switch s.Type {
	case "structure":
		o, ok := v.(map[string]any)
		for _, member := range s.Members {
			inner, there := o[member[0]]
			if there {
				wrong = append(wrong, m.holds(path+"."+member[0], member[1], inner)...)
			} else if slices.Contains(s.Required, member[0]) {
				wrong = append(wrong, path+"."+member[0]+" is missing")
			}
		}
		for key := range o {
			if !slices.ContainsFunc(s.Members, func(x [2]string) bool { return x[0] == key }) {
				wrong = append(wrong, path+"."+key+" is not in the model")
			}
		}
		return append(wrong, is(ok)...)
	case "list":
		items, ok := v.([]any)
		for _, item := range items {
			wrong = append(wrong, m.holds(path+"[]", s.Member.Shape, item)...)
		}
		return append(wrong, is(ok)...)
	case "map":
		o, ok := v.(map[string]any)
		for _, item := range o {
			wrong = append(wrong, m.holds(path+"{}", s.Value.Shape, item)...)
		}
		return append(wrong, is(ok)...)
	case "boolean":
		_, ok := v.(bool)
		return is(ok)
	case "integer", "long", "float", "double", "timestamp":
		n, ok := v.(float64)
		return is(ok && (s.Type != "timestamp" || n >= 946684800)) // virtual time begins in 2000
	}
	text, ok := v.(string)
	return is(ok && (s.Enum == nil || slices.Contains(s.Enum, text)))
}
