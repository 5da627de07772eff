package proof

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/history"
)

// Sketch is a proof in a few columns: who did what when.
type Sketch struct {
	Who, Bar, What string
}

// DrawSketch returns the operations of an anomaly as the lines of a small
// drawing with a common time axis, without times and line numbers. Who is
// empty when it is the same as on the line above. Each instant of the axis
// takes step columns.
func DrawSketch(f *check.Anomaly, step int) []Sketch {
	if len(f.Operations) == 0 {
		return nil
	}
	t := newTimeline(f.Operations)
	t.narrowSteps(step)
	last := findLastWinner(f)
	var all []Sketch
	for _, name := range listLanes(f.Operations) {
		title := name
		for i := range f.Operations {
			e := &f.Operations[i]
			if NameActor(e) != name || e.Considered {
				continue
			}
			what := formatBrief(e)
			if e == last {
				what += "  overwrites " + nameOverwritten(e)
			}
			all = append(all, Sketch{title, strings.TrimRight(t.drawBar(e), " "), what})
			title = ""
		}
	}
	return all
}

// formatBrief returns a short label of an operation: of an applied update
// without the answer, which repeats the request; of the others without
// markers.
func formatBrief(e *check.Evidence) string {
	if e.Kind != history.Update || e.Outcome != history.Applied {
		short := *e
		short.Marker = ""
		return formatLabel(&short)
	}
	from := fmt.Sprintf("v%d", e.Expected)
	if e.ExpectedText != "" {
		from = cleanWord(e.Sent())
	}
	return fmt.Sprintf("%s → %s  %d", from, cmp.Or(NameWritten(e), "written"), e.HTTP)
}

// narrowSteps gives each instant a few columns only, which is enough when the
// times are not written below.
func (t *timeline) narrowSteps(step int) {
	for i := range t.column {
		t.column[i] = i * step
	}
	t.width = len(t.column) * step
}

// findLastWinner returns the confirmed update of a lost update that began
// last; nil for other anomalies.
func findLastWinner(f *check.Anomaly) *check.Evidence {
	if f.ID != check.OCC01 {
		return nil
	}
	var last *check.Evidence
	for i := range f.Operations {
		e := &f.Operations[i]
		if e.Kind == history.Update && e.Outcome == history.Applied && (last == nil || e.Start > last.Start) {
			last = e
		}
	}
	return last
}

// nameOverwritten returns the version that a second update with the same token
// replaced.
func nameOverwritten(e *check.Evidence) string {
	if e.ExpectedText != "" || e.Expected < 0 {
		return "it"
	}
	return fmt.Sprintf("v%d", e.Expected+1)
}
