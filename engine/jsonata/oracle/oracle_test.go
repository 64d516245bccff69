//go:build oracle

package oracle

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

var (
	cases = flag.Int("cases", 12000, "how many expressions to compare")
	seed  = flag.Uint64("seed", 1, "the generator's seed; 0 takes one from the clock")
	shown = flag.Int("show", 20, "how many differences to print")
)

// question is one line to the oracle.
type question struct {
	Expr     string          `json:"expr"`
	Data     json.RawMessage `json:"data"`
	Bindings json.RawMessage `json:"bindings"`
	Fresh    bool            `json:"fresh"`
}

func TestSameAnswersAsJsonataJS(t *testing.T) {
	if *seed == 0 {
		*seed = uint64(time.Now().UnixNano())
	}
	g := NewGenerator(*seed)
	expressions := repeat(*cases, g.Expression)
	suspects := differing(t, expressions, false)
	differences := differing(t, suspects, true)
	for i, expr := range differences {
		if i < *shown {
			theirs := ask(t, []string{expr}, true)
			t.Errorf("%s\n\tours:   %s\n\ttheirs: %s", expr, show(evaluate(t, expr)), show(theirs[0]))
		}
	}
	t.Logf("seed %d: %d of %d expressions differ", *seed, len(differences), *cases)
}

// differing are the expressions that we answer otherwise than jsonata-js.
func differing(t *testing.T, expressions []string, fresh bool) (differ []string) {
	for i, theirs := range ask(t, expressions, fresh) {
		if ours := evaluate(t, expressions[i]); !agree(ours, theirs) && known(expressions[i], ours, theirs) == "" {
			differ = append(differ, expressions[i])
		}
	}
	return differ
}

// ask gives all expressions to jsonata-js, in one batch.
func ask(t *testing.T, expressions []string, fresh bool) []answer {
	t.Helper()
	var in bytes.Buffer
	for _, e := range expressions {
		line, err := json.Marshal(question{e, json.RawMessage(Sample), json.RawMessage(Bindings), fresh})
		if err != nil {
			t.Fatal(err)
		}
		in.Write(append(line, '\n'))
	}
	node := exec.CommandContext(t.Context(), "node", "oracle.mjs", strconv.FormatInt(now.UnixMilli(), 10))
	node.Stdin, node.Stderr = &in, os.Stderr
	out, err := node.Output()
	if err != nil {
		t.Fatalf("jsonata-js: %v (npm ci installs it)", err)
	}
	var answers []answer
	for lines := bufio.NewReader(bytes.NewReader(out)); ; {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			break
		}
		var a answer
		if err := json.Unmarshal(line, &a); err != nil {
			t.Fatal(err)
		}
		answers = append(answers, a)
	}
	if len(answers) != len(expressions) {
		t.Fatalf("jsonata-js answered %d of %d", len(answers), len(expressions))
	}
	return answers
}

// constructor is an array or an object with more than one part, or a grouping.
var constructor = regexp.MustCompile(`[\[{(][^\[{(]*,|[\w)\]]\{`)

// partialBuiltin is the partial application of a function that may be built in.
var partialBuiltin = regexp.MustCompile(`(?:\$[a-zA-Z0-9]+|/)\(.*\?\s*[,)]`)

// known names the reason of a difference that stays.
func known(expr string, ours, theirs answer) string {
	switch {
	case strings.Contains(theirs.JSON, `\ud`) || strings.Contains(ours.JSON, "\uFFFD"):
		return "half a surrogate pair is U+FFFD in our strings, which are UTF-8"
	case partialBuiltin.MatchString(expr):
		return "a partially applied built-in function makes of any argument what JavaScript makes of it"
	case theirs.Unsupported && strings.Contains(expr, "*"):
		return "wildcards find the inside of jsonata-js's functions"
	case strings.Contains(expr, `$toMillis("00`):
		return "V8 reads in its own way what is no ISO 8601"
	case ours.Code == "T1006" && theirs.Code == "T1006":
		return "jsonata-js notes the place of a call on whatever is called, data too"
	case theirs.Unsupported && strings.Contains(expr, "/"):
		return "a regular expression reads the source of jsonata-js's functions"
	case (ours.Code != "" || ours.Crash != "") && theirs.Code != "" && constructor.MatchString(expr):
		return "of several errors in a constructor jsonata-js, which works on its parts at once, names any"
	}
	return ""
}
