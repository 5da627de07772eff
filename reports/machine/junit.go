package machine

import (
	"encoding/xml"
	"fmt"
	"io"
	"time"

	"github.com/occbench/occbench/reports/view"
)

// The document as CI servers read it.
type (
	JUnitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Time     string       `xml:"time,attr"`
		Suites   []JUnitSuite `xml:"testsuite"`
	}
	JUnitSuite struct {
		Name       string           `xml:"name,attr"`
		Tests      int              `xml:"tests,attr"`
		Failures   int              `xml:"failures,attr"`
		Errors     int              `xml:"errors,attr"`
		Skipped    int              `xml:"skipped,attr"`
		Time       string           `xml:"time,attr"`
		Timestamp  string           `xml:"timestamp,attr,omitempty"`
		Properties *junitProperties `xml:"properties"`
		Cases      []JUnitCase      `xml:"testcase"`
	}
	junitProperties struct {
		All []junitProperty `xml:"property"`
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	JUnitCase struct {
		Name    string       `xml:"name,attr"`
		Class   string       `xml:"classname,attr"`
		Time    string       `xml:"time,attr"`
		Failure *jUnitResult `xml:"failure"`
		Error   *jUnitResult `xml:"error"`
		Skipped *string      `xml:"skipped"` // an attribute more is in some schemas only
		Out     string       `xml:"system-out,omitempty"`
	}
	jUnitResult struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",chardata"`
	}
)

// JUnit writes a test report for CI servers: a testcase for each gate and each
// invariant. One that is inconclusive is a failure of that type, because no CI
// server knows anything between failed and passed.
func JUnit(w io.Writer, run view.Run) error {
	start, end := findSpan(run)
	doc := JUnitSuites{Name: "occbench", Time: junitSeconds(end.Sub(start))}
	for _, name := range []string{suiteRun, suiteGates, suiteInvariants} {
		s := JUnitSuite{Name: "occbench " + name, Time: "0"}
		if !start.IsZero() {
			s.Timestamp = start.Format("2006-01-02T15:04:05")
		}
		if name == suiteRun {
			s.Time, s.Properties = junitSeconds(end.Sub(start)), junitFacts(run)
		}
		for _, c := range listCases(run) {
			if c.Suite == name {
				s.add(c)
			}
		}
		doc.add(s)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("writing the report as JUnit XML: %w", err)
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(doc); err != nil {
		return fmt.Errorf("writing the report as JUnit XML: %w", err)
	}
	if _, err := io.WriteString(w, "\n"); err != nil {
		return fmt.Errorf("writing the report as JUnit XML: %w", err)
	}
	return nil
}

func (d *JUnitSuites) add(s JUnitSuite) {
	d.Tests += s.Tests
	d.Failures += s.Failures
	d.Errors += s.Errors
	d.Suites = append(d.Suites, s)
}

func (s *JUnitSuite) add(c testCase) {
	j := JUnitCase{Name: c.Name, Class: "occbench." + c.Suite, Time: "0"}
	told := &jUnitResult{Message: c.Message, Text: c.Detail}
	s.Tests++
	switch c.Outcome {
	case failing:
		told.Type, j.Failure = "failed", told
		s.Failures++
	case inconclusive:
		told.Type, j.Failure = "inconclusive", told
		s.Failures++
	case broke:
		told.Type, j.Error = "error", told
		s.Errors++
	case skipped:
		j.Skipped, j.Out = &c.Message, c.Detail
		s.Skipped++
	default:
		j.Out = c.Message
	}
	s.Cases = append(s.Cases, j)
}

func junitFacts(run view.Run) *junitProperties {
	p := &junitProperties{All: []junitProperty{{"verdict", view.Headline(string(run.Verdict.Verdict), run.Verdict)}}}
	for _, line := range view.Caveats(run) {
		p.All = append(p.All, junitProperty{"caveat", line})
	}
	for _, f := range append(view.ListProvenance(run), view.ListContention(run)...) {
		p.All = append(p.All, junitProperty(f))
	}
	return p
}

func junitSeconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }
