package e2e

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sfn"
)

// TestBadCallsAreRefusedByTheBinary sends some of what a decoder or a constraint refuses; each
// operation with each of its bad values is tried inside handlers/awsapi.
func TestBadCallsAreRefusedByTheBinary(t *testing.T) {
	t.Parallel()
	s := start(t, t.TempDir())
	long, deep := strings.Repeat("x", 5<<20), strings.Repeat("[", 200000)
	for name, tc := range map[string]struct{ op, body, code, words string }{
		"nothing where a name belongs":  {"CreateActivity", `{}`, "ValidationException", "Value null at 'name'"},
		"no body":                       {"CreateActivity", ``, "ValidationException", "Value null at 'name'"},
		"a list":                        {"CreateActivity", `[]`, "SerializationException", "object"},
		"a number where a text belongs": {"CreateActivity", `{"name":1e400}`, "SerializationException", "'name'"},
		"half a pair of surrogates":     {"CreateActivity", `{"name":"\ud800"}`, "SerializationException", "surrogate"},
		"bytes that are not UTF-8":      {"CreateActivity", "{\"name\":\"\xff\"}", "SerializationException", "UTF-8"},
		"a member twice":                {"CreateActivity", `{"name":"a","name":"b"}`, "SerializationException", "name"},
		"nested 200,000 deep":           {"CreateActivity", `{"name":"a","tags":` + deep, "SerializationException", "deep"},
		"a body of 5 MiB":               {"CreateActivity", `{"name":"` + long + `"}`, "ValidationException", "larger"},
		"two violations":                {"ListActivities", `{"maxResults":-1,"nextToken":""}`, "ValidationException", "2 validation errors detected: "},
		"a token that nobody gave out":  {"ListActivities", `{"nextToken":"AAAA"}`, "InvalidToken", "Invalid token"},
		"an operation that is not":      {"Frobnicate", `{}`, "UnknownOperationException", "Frobnicate"},
	} {
		a := s.send(t, http.MethodPost, "/", tc.body, "X-Amz-Target", "AWSStepFunctions."+tc.op, "X-Amz-Date", time.Now().UTC().Format("20060102T150405Z"),
			"Authorization", "AWS4-HMAC-SHA256 Credential=local/20260301/us-east-1/states/aws4_request, SignedHeaders=host, Signature=00")
		var out struct {
			Type    string `json:"__type"`
			Message string `json:"message"`
		}
		err := json.Unmarshal([]byte(a.Body), &out)
		if err != nil || a.StatusCode != http.StatusBadRequest || !strings.HasSuffix(out.Type, "#"+tc.code) || !strings.Contains(out.Message, tc.words) {
			t.Errorf("%s: %d %.300s, want %s with %q", name, a.StatusCode, a.Body, tc.code, tc.words)
		}
		if len(a.Body) > 2000 || len(a.Header.Get("X-Amzn-Requestid")) != 36 {
			t.Errorf("%s: %d bytes, request id %q", name, len(a.Body), a.Header.Get("X-Amzn-Requestid"))
		}
	}
	list, err := s.client().ListActivities(t.Context(), &sfn.ListActivitiesInput{})
	if err != nil || len(list.Activities) != 0 {
		t.Errorf("something was made: %+v, %v", list, err)
	}
}
