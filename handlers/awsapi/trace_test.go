package awsapi

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"statehouse/engine"
)

func TestTheTraceHeaderIsKept(t *testing.T) {
	t.Parallel()
	const (
		inBody   = "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1"
		inHeader = "Root=1-67891233-abcdef012345678912345678"
	)
	atDesk(t, func(t *testing.T, d *desk) {
		m, err := d.eng.CreateStateMachine(t.Context(), engine.CreateStateMachine{Name: "m", Definition: `{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}`})
		if err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct{ body, header, want string }{
			"in the body":                   {inBody, "", inBody},
			"in the request's header":       {"", inHeader, inHeader},
			"in both, the header is better": {inBody, inHeader, inHeader},
			"in none":                       {"", "", ""},
			"a header that cannot be one":   {inBody, strings.Repeat("x", 257), inBody},
		} {
			body := `{"stateMachineArn":"` + m.ARN + `","traceHeader":"` + c.body + `"}`
			r := httptest.NewRequestWithContext(t.Context(), "POST", "/", strings.NewReader(body))
			r.Header.Set("X-Amz-Target", target+"StartExecution")
			r.Header.Set("X-Amz-Date", time.Now().UTC().Format(amzTime))
			r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=local/20260301/us-east-1/states/aws4_request, SignedHeaders=host, Signature=00")
			if c.header != "" {
				r.Header.Set("X-Amzn-Trace-Id", c.header)
			}
			w := httptest.NewRecorder()
			d.api.ServeHTTP(w, r)
			var started struct{ ExecutionArn string }
			if err := json.Unmarshal(w.Body.Bytes(), &started); err != nil || started.ExecutionArn == "" {
				t.Fatalf("%s: %s", name, w.Body)
			}
			got, _ := d.must("DescribeExecution", `{"executionArn":"`+started.ExecutionArn+`"}`)["traceHeader"].(string)
			if got != c.want {
				t.Errorf("%s: it is %q, want %q", name, got, c.want)
			}
		}
	})
}
