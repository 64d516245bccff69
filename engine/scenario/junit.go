package scenario

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
)

// Report is the results of one file, or why it could not be used.
type Report struct {
	File    string
	Results []Result
	Err     error
}

// Failed counts the scenarios that did not come to what was expected.
func (r Report) Failed() int {
	n := 0
	for _, one := range r.Results {
		if len(one.Faults) > 0 {
			n++
		}
	}
	return n
}

// The elements of a JUnit report, as build servers read them.
type (
	suitesXML struct {
		XMLName  xml.Name   `xml:"testsuites"`
		Tests    int        `xml:"tests,attr"`
		Failures int        `xml:"failures,attr"`
		Errors   int        `xml:"errors,attr"`
		Suites   []suiteXML `xml:"testsuite"`
	}
	suiteXML struct {
		Name     string    `xml:"name,attr"`
		Tests    int       `xml:"tests,attr"`
		Failures int       `xml:"failures,attr"`
		Errors   int       `xml:"errors,attr"`
		Time     string    `xml:"time,attr"` // seconds
		Cases    []caseXML `xml:"testcase"`
	}
	caseXML struct {
		Name    string    `xml:"name,attr"`
		Class   string    `xml:"classname,attr"`
		Time    string    `xml:"time,attr"`
		Failure *faultXML `xml:"failure"`
		Error   *faultXML `xml:"error"`
	}
	faultXML struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// WriteJUnit writes reports in the form that build servers read. A file that cannot be
// used is a test case with an error.
func WriteJUnit(w io.Writer, reports []Report) error {
	var all suitesXML
	for _, r := range reports {
		s := suiteXML{Name: r.File, Tests: len(r.Results), Failures: r.Failed()}
		var took time.Duration
		for _, one := range r.Results {
			took += one.Took
			c := caseXML{Name: one.Scenario.Name, Class: r.File, Time: inSeconds(one.Took)}
			if len(one.Faults) > 0 {
				first, _, _ := strings.Cut(one.Faults[0], "\n")
				c.Failure = &faultXML{Message: first, Text: strings.Join(one.Faults, "\n")}
			}
			s.Cases = append(s.Cases, c)
		}
		if r.Err != nil {
			first, _, _ := strings.Cut(r.Err.Error(), "\n")
			s.Tests, s.Errors = 1, 1
			s.Cases = []caseXML{{Name: "the file", Class: r.File, Time: inSeconds(0), Error: &faultXML{Message: first, Text: r.Err.Error()}}}
		}
		s.Time = inSeconds(took)
		all.Tests, all.Failures, all.Errors = all.Tests+s.Tests, all.Failures+s.Failures, all.Errors+s.Errors
		all.Suites = append(all.Suites, s)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func inSeconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }
