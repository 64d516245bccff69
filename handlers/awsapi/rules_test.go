package awsapi

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// The rules of the service that no constraint of a value tells, as scripts against the whole
// of it: handler, engine and store. testdata/rules/*.txt has them; a script looks like this:
//
//	== what the rule is
//	StartExecution {"stateMachineArn": "$m", "input": {"n": 1}}
//	= {"executionArn": "$x", "startDate": "$_"}
//	sleep 1m
//
// Under a call stands what is expected: "=" the whole answer, "~" members of it, "!" the
// name of an error and, if they are known, its words; a member "reason" or "resourceName" of
// the error follows as JSON. "$name" is bound where it is first expected, and has to be the
// same from there on; "$_" is anything. "@name" is a definition of the table below, and a
// definition or payload that is no text is sent as its text. "pages" before a call reads
// all pages of a list, of which "pages" is the number. "sleep" lets virtual time go by.

// scripted are the definitions that scripts name.
var scripted = map[string]string{
	"role": "arn:aws:iam::000000000000:role/r", "role2": "arn:aws:iam::000000000000:role/other",
	"pass": definitionPass, "wait": definitionWait, "each": definitionEach,
	"other":    `{"StartAt":"A","States":{"A":{"Type":"Pass","Result":2,"End":true}}}`,
	"minute":   `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":60,"End":true}}}`,
	"fail":     `{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"E","Cause":"C"}}}`,
	"callback": definitionWork,
	"flaky": `{"StartAt":"M","States":{"M":{"Type":"Map","Label":"each","ToleratedFailureCount":5,"MaxConcurrency":1,"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},` +
		`"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{"Variable":"$","NumericEquals":1,"Next":"F"}],"Default":"S"},"F":{"Type":"Fail","Error":"E"},"S":{"Type":"Succeed"}}},"End":true}}}`,
	"strict": `{"StartAt":"M","States":{"M":{"Type":"Map","Label":"each","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},` +
		`"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{"Variable":"$","NumericEquals":1,"Next":"F"}],"Default":"W"},"F":{"Type":"Fail","Error":"E"},"W":{"Type":"Wait","Seconds":60,"End":true}}},"End":true}}}`,
}

// texts are the members that hold JSON as a text.
var texts = []string{"definition", "input", "output", "variables", "context", "result", "mapItemReaderData"}

func TestRules(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/rules/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		rules := strings.Split("\n"+string(text), "\n== ")
		for _, rule := range rules[1:] {
			name, lines, _ := strings.Cut(rule, "\n")
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txt")+"/"+name, func(t *testing.T) {
				t.Parallel()
				atDesk(t, func(t *testing.T, d *desk) {
					s := script{t: t, d: d, bound: map[string]any{}}
					for line := range strings.Lines(lines) {
						s.line(strings.TrimSpace(line))
					}
				})
			})
		}
	}
}

// script is a rule that is being played.
type script struct {
	t     *testing.T
	d     *desk
	bound map[string]any
	call  string // the last one
	last  reply
}

func (s *script) line(line string) {
	s.t.Helper()
	word, rest, _ := strings.Cut(line, " ")
	switch word {
	case "", "#":
	case "sleep":
		d, err := time.ParseDuration(rest)
		if err != nil {
			s.t.Fatal(err)
		}
		time.Sleep(d) // virtual
		synctest.Wait()
	case "pages":
		op, body, _ := strings.Cut(rest, " ")
		s.call, s.last = rest, s.pages(op, s.request(body))
	case "=", "~":
		if s.last.Status != http.StatusOK {
			s.t.Fatalf("%s\nanswers %d %s", s.call, s.last.Status, s.last.Text)
		}
		var want any
		s.parse(rest, &want)
		if problem := s.differs("", want, s.last.Body, word == "~"); problem != "" {
			s.t.Fatalf("%s\nanswers %s\n%s", s.call, s.last.Text, problem)
		}
	case "!":
		s.refused(rest)
	default:
		synctest.Wait() // what was begun before has gone as far as it goes
		s.call = line
		s.last = s.d.post(word, s.text(s.request(rest)))
	}
}

// refused checks an error: its name, its words if any are given, and further members.
func (s *script) refused(want string) {
	s.t.Helper()
	want, more, _ := strings.Cut(want, " {")
	code, words, _ := strings.Cut(want, " ")
	words, _ = s.filled(strings.ReplaceAll(words, `\n`, "\n")).(string)
	if s.last.Code != code || words != "" && s.last.Message != words {
		s.t.Fatalf("%s\nanswers %d %s\nwant %s %s", s.call, s.last.Status, s.last.Text, code, words)
	}
	if more == "" {
		return
	}
	var members any
	s.parse("{"+more, &members)
	if problem := s.differs("", members, s.last.Body, true); problem != "" {
		s.t.Fatalf("%s\nanswers %s\n%s", s.call, s.last.Text, problem)
	}
}

// pages reads a list to its end.
func (s *script) pages(op string, in map[string]any) reply {
	s.t.Helper()
	var all reply
	n := 0
	for {
		a := s.d.post(op, s.text(in))
		if a.Status != http.StatusOK {
			return a
		}
		n++
		for key, v := range a.Body {
			if list, ok := v.([]any); ok {
				if all.Body == nil {
					all = reply{Status: a.Status, Body: map[string]any{key: []any{}}}
				}
				all.Body[key] = append(all.Body[key].([]any), list...)
			}
		}
		next, more := a.Body["nextToken"]
		if !more {
			all.Body["pages"] = float64(n)
			all.Text = s.text(all.Body)
			return all
		}
		in["nextToken"] = next
	}
}

func (s *script) parse(text string, into any) {
	s.t.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		s.t.Fatalf("%s: %v", text, err)
	}
}

func (s *script) text(v any) string {
	s.t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(text)
}

// request is what a line sends.
func (s *script) request(line string) map[string]any {
	s.t.Helper()
	var in map[string]any
	s.parse(line, &in)
	return s.filled(in).(map[string]any)
}

// filled puts in what names stand for.
func (s *script) filled(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, inner := range v {
			v[key] = s.filled(inner)
			if _, isText := v[key].(string); !isText && slices.Contains(texts, key) {
				v[key] = s.text(v[key])
			}
		}
	case []any:
		for i := range v {
			v[i] = s.filled(v[i])
		}
	case string:
		if definition, ok := scripted[strings.TrimPrefix(v, "@")]; ok && strings.HasPrefix(v, "@") {
			return definition
		}
		if whole, ok := s.bound[v]; ok {
			return whole
		}
		names := slices.SortedFunc(maps.Keys(s.bound), func(a, b string) int { return len(b) - len(a) })
		for _, name := range names {
			v = strings.ReplaceAll(v, name, fmt.Sprint(s.bound[name]))
		}
		return v
	}
	return v
}

// differs says how an answer is not what was expected, "" when it is.
func (s *script) differs(path string, want, got any, part bool) string {
	no := fmt.Sprintf("%s: %v, want %v", path, got, want)
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			if text, isText := got.(string); isText && json.Unmarshal([]byte(text), &g) == nil {
				return s.differs(path, want, g, part)
			}
			return no
		}
		for _, key := range slices.Sorted(maps.Keys(w)) {
			v, there := g[key]
			if !there {
				return path + "." + key + " is not there"
			}
			if problem := s.differs(path+"."+key, w[key], v, part); problem != "" {
				return problem
			}
		}
		for key := range g {
			if _, known := w[key]; !known && !part {
				return path + "." + key + " should not be there"
			}
		}
		return ""
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			return no
		}
		for i := range w {
			if problem := s.differs(fmt.Sprintf("%s[%d]", path, i), w[i], g[i], part); problem != "" {
				return problem
			}
		}
		return ""
	case string:
		if w == "$_" {
			return ""
		}
		if _, known := s.bound[w]; !known && strings.HasPrefix(w, "$") && !strings.ContainsAny(w, ":/. '") {
			s.bound[w] = got
			return ""
		}
		want = s.filled(w)
	}
	if want != got {
		return fmt.Sprintf("%s: %v, want %v", path, got, want)
	}
	return ""
}
