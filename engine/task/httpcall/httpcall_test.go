package httpcall_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"statehouse/engine/task"
	"statehouse/engine/task/httpcall"
	"statehouse/engine/value"
)

func TestControlRefusesWhatIsNotTheInternet(t *testing.T) {
	t.Parallel()
	tests := []struct {
		address string
		allowed bool
	}{
		{"93.184.216.34:443", true},
		{"[2606:2800:220:1:248:1893:25c8:1946]:443", true},
		{"127.0.0.1:80", false},
		{"127.8.9.10:80", false},
		{"0.0.0.0:80", false},
		{"10.1.2.3:80", false},
		{"172.16.0.1:80", false},
		{"172.31.255.255:80", false},
		{"172.32.0.1:80", true},
		{"192.168.1.1:80", false},
		{"169.254.169.254:80", false},
		{"100.64.0.1:80", false},
		{"100.127.255.255:80", false},
		{"100.128.0.1:80", true},
		{"192.0.0.192:80", false},
		{"198.18.0.1:80", false},
		{"224.0.0.1:80", false},
		{"255.255.255.255:80", false},
		{"[::1]:80", false},
		{"[::]:80", false},
		{"[::127.0.0.1]:80", false},
		{"[::ffff:127.0.0.1]:80", false},
		{"[::ffff:10.0.0.1]:80", false},
		{"[::ffff:93.184.216.34]:80", true},
		{"[::ffff:0:127.0.0.1]:80", false},
		{"[64:ff9b::7f00:1]:80", false},
		{"[64:ff9b:1::1]:80", false},
		{"[2002:7f00:1::]:80", false},
		{"[2001::1]:80", false},
		{"[fe80::1%eth0]:80", false},
		{"[fc00::1]:80", false},
		{"[fd12:3456::1]:80", false},
		{"[fec0::1]:80", false},
		{"[ff02::1]:80", false},
		{"localhost:80", false},
		{"nonsense", false},
	}
	for _, tt := range tests {
		t.Run(tt.address, func(t *testing.T) {
			t.Parallel()
			err := httpcall.Control("tcp", tt.address, nil)
			if tt.allowed != (err == nil) {
				t.Fatalf("Control(%s) = %v", tt.address, err)
			}
			if b, ok := errors.AsType[*httpcall.Blocked](err); !tt.allowed && (!ok || !strings.Contains(b.Error(), "--allow-private-network")) {
				t.Errorf("the error does not name the setting: %v", err)
			}
		})
	}
	if httpcall.Control("udp", "93.184.216.34:443", nil) == nil {
		t.Error("udp is allowed")
	}
}

// call runs the integration with parameters, in which SERVER stands for the server.
func call(t *testing.T, allow bool, params, url string) task.Reply {
	t.Helper()
	v, err := value.Parse(strings.ReplaceAll(params, "SERVER", url))
	if err != nil {
		t.Fatal(err)
	}
	i := httpcall.New(httpcall.Config{Region: "us-east-1", AllowPrivateNetwork: allow})
	return i.Run(t.Context(), task.Request{Input: v})
}

// echo answers with what it was asked.
func echo(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Add("X-Two", "a")
		w.Header().Add("X-Two", "b")
		v := value.Object(
			value.Member{Key: "method", Value: value.String(r.Method)},
			value.Member{Key: "uri", Value: value.String(r.RequestURI)},
			value.Member{Key: "body", Value: value.String(string(body))},
			value.Member{Key: "type", Value: value.String(r.Header.Get("Content-Type"))},
			value.Member{Key: "agent", Value: value.String(r.Header.Get("User-Agent"))},
			value.Member{Key: "mine", Value: value.String(strings.Join(r.Header.Values("X-Mine"), "+"))},
		)
		_, _ = io.WriteString(w, v.JSON())
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func TestRequests(t *testing.T) {
	t.Parallel()
	url := echo(t)
	tests := []struct{ name, params, key, want string }{
		{"a plain GET", `{"ApiEndpoint":"SERVER/a?x=1","Method":"GET"}`, "uri", "/a?x=1"},
		{"query parameters are added", `{"ApiEndpoint":"SERVER/a?x=1","Method":"GET","QueryParameters":{"q":"a b","l":[1,true]}}`, "uri", "/a?l=1&l=true&q=a+b&x=1"},
		{"the agent is AWS's", `{"ApiEndpoint":"SERVER","Method":"GET"}`, "agent", "Amazon|StepFunctions|HttpInvoke|us-east-1"},
		{"headers may be lists", `{"ApiEndpoint":"SERVER","Method":"GET","Headers":{"X-Mine":["a","b"]}}`, "mine", "a+b"},
		{"a body is JSON", `{"ApiEndpoint":"SERVER","Method":"POST","RequestBody":{"a":1.50}}`, "body", `{"a":1.50}`},
		{"and says so", `{"ApiEndpoint":"SERVER","Method":"POST","RequestBody":{"a":1}}`, "type", `application/json`},
		{"text is sent as text when it says so", `{"ApiEndpoint":"SERVER","Method":"PUT","Headers":{"Content-Type":"text/plain"},"RequestBody":"a \"b\""}`, "body", `a "b"`},
		{
			"a form", `{"ApiEndpoint":"SERVER","Method":"POST","RequestBody":{"a":"b c","o":{"p":1},"l":[1,{"m":2}],"n":null},"Transform":{"RequestBodyEncoding":"URL_ENCODED"}}`,
			"body", "a=b+c&o[p]=1&l[0]=1&l[1][m]=2&n=",
		},
		{"a form's type", `{"ApiEndpoint":"SERVER","Method":"POST","RequestBody":{"a":1},"Transform":{"RequestBodyEncoding":"URL_ENCODED"}}`, "type", "application/x-www-form-urlencoded"},
		{"lists repeated", `{"ApiEndpoint":"SERVER","Method":"POST","RequestBody":{"l":[1,2]},"Transform":{"RequestBodyEncoding":"URL_ENCODED","RequestEncodingOptions":{"ArrayFormat":"REPEAT"}}}`, "body", "l=1&l=2"},
		{"lists with commas", `{"ApiEndpoint":"SERVER","Method":"POST","RequestBody":{"l":[1,"b c"]},"Transform":{"RequestBodyEncoding":"URL_ENCODED","RequestEncodingOptions":{"ArrayFormat":"COMMAS"}}}`, "body", "l=1,b+c"},
		{"lists with brackets", `{"ApiEndpoint":"SERVER","Method":"POST","RequestBody":{"l":[1,2]},"Transform":{"RequestBodyEncoding":"URL_ENCODED","RequestEncodingOptions":{"ArrayFormat":"BRACKETS"}}}`, "body", "l[]=1&l[]=2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := call(t, true, tt.params, url)
			if !got.Done {
				t.Fatalf("reply %+v", got)
			}
			if text := got.Output.Get("ResponseBody").Get(tt.key).Text(); text != tt.want {
				t.Errorf("%s is %q, want %q", tt.key, text, tt.want)
			}
			if got.Output.Get("StatusCode").JSON() != "200" || got.Output.Get("StatusText").Text() != "OK" ||
				got.Output.Get("Headers").Get("x-two").JSON() != `["a","b"]` {
				t.Errorf("output %s", got.Output.JSON())
			}
		})
	}
}

func TestFailures(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/404":
			http.Error(w, "no such order", http.StatusNotFound)
		case "/move":
			http.Redirect(w, r, "/ok", http.StatusFound)
		case "/big":
			_, _ = io.WriteString(w, strings.Repeat("x", 262145))
		case "/image":
			w.Header().Set("Content-Type", "image/png")
			_, _ = w.Write([]byte{0x89, 'P', 'N', 'G'})
		case "/text":
			w.Header().Set("Content-Type", "text/plain")
			_, _ = io.WriteString(w, "42")
		}
	}))
	t.Cleanup(s.Close)
	tests := []struct{ name, params, err, cause string }{
		{"an answer that is no success", `{"ApiEndpoint":"SERVER/404","Method":"GET"}`, "States.Http.StatusCode.404", "no such order\n"},
		{"a redirect is not followed", `{"ApiEndpoint":"SERVER/move","Method":"GET"}`, "States.Http.StatusCode.302", "<a href"},
		{"a response that is too large", `{"ApiEndpoint":"SERVER/big","Method":"GET"}`, "States.DataLimitExceeded", "262144"},
		{"a picture", `{"ApiEndpoint":"SERVER/image","Method":"GET"}`, "States.Runtime", "binary"},
		{"no endpoint", `{"Method":"GET"}`, "States.Runtime", "'ApiEndpoint'"},
		{"a file", `{"ApiEndpoint":"file:///etc/passwd","Method":"GET"}`, "States.Runtime", "'ApiEndpoint'"},
		{"a password in the URL", `{"ApiEndpoint":"http://a:b@127.0.0.1/","Method":"GET"}`, "States.Runtime", "'ApiEndpoint'"},
		{"no method", `{"ApiEndpoint":"SERVER"}`, "States.Runtime", "'Method'"},
		{"a method in lower case", `{"ApiEndpoint":"SERVER","Method":"get"}`, "States.Runtime", "'Method'"},
		{"a forbidden header", `{"ApiEndpoint":"SERVER","Method":"GET","Headers":{"authorization":"x"}}`, "States.Runtime", "'Headers.authorization'"},
		{"a forbidden family of headers", `{"ApiEndpoint":"SERVER","Method":"GET","Headers":{"X-Amz-Date":"x"}}`, "States.Runtime", "'Headers.X-Amz-Date'"},
		{"a header of two lines", `{"ApiEndpoint":"SERVER","Method":"GET","Headers":{"X-A":"a\r\nHost: b"}}`, "States.Runtime", "'Headers.X-A'"},
		{"a header with a blank", `{"ApiEndpoint":"SERVER","Method":"GET","Headers":{"X A":"a"}}`, "States.Runtime", "'Headers.X A'"},
		{"a parameter that is an object", `{"ApiEndpoint":"SERVER","Method":"GET","QueryParameters":{"a":{}}}`, "States.Runtime", "'QueryParameters.a'"},
		{"an unknown parameter", `{"ApiEndpoint":"SERVER","Method":"GET","Body":1}`, "States.Runtime", "'Body'"},
		{"a form of a list", `{"ApiEndpoint":"SERVER","Method":"POST","RequestBody":[1],"Transform":{"RequestBodyEncoding":"URL_ENCODED"}}`, "States.Runtime", "'RequestBody'"},
		{"an unknown encoding", `{"ApiEndpoint":"SERVER","Method":"POST","Transform":{"RequestBodyEncoding":"XML"}}`, "States.Runtime", "RequestBodyEncoding"},
		{"nobody listens", `{"ApiEndpoint":"http://127.0.0.1:1/?secret=1","Method":"GET"}`, "States.Http.Socket", "connection"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := call(t, true, tt.params, s.URL)
			if got.Error != tt.err || !strings.Contains(got.Cause, tt.cause) {
				t.Errorf("failed with %s: %s; want %s: …%s…", got.Error, got.Cause, tt.err, tt.cause)
			}
			if strings.Contains(got.Cause, "secret") {
				t.Errorf("the cause shows the URL: %s", got.Cause)
			}
		})
	}
	if got := call(t, true, `{"ApiEndpoint":"SERVER/text","Method":"GET"}`, s.URL); got.Output.Get("ResponseBody").JSON() != `"42"` {
		t.Errorf("text became %s", got.Output.Get("ResponseBody").JSON())
	}
	got := call(t, false, `{"ApiEndpoint":"SERVER/text","Method":"GET"}`, s.URL)
	if got.Error != "States.Http.Blocked" || !strings.Contains(got.Cause, "--allow-private-network") {
		t.Errorf("by default this computer is called: %+v", got)
	}
}
