// Package reports is the door to what was decided about a run: the formats, a
// package a medium below, over the one view of what they show.
//
// Its opinion: a report holds no threshold and decides nothing, so that all
// formats say the same. The verdict comes first, then the reason, then the
// numbers. Whatever came from the target is shown without control characters.
package reports

import (
	"io"

	"github.com/occbench/occbench/reports/html"
	"github.com/occbench/occbench/reports/machine"
	"github.com/occbench/occbench/reports/markdown"
	"github.com/occbench/occbench/reports/text"
	"github.com/occbench/occbench/reports/view"
)

// Format is one way to write a report.
type Format struct {
	Name  string // as --format takes it
	File  string // in the run's directory
	Write func(w io.Writer, run view.Run) error
}

// Formats returns all formats; the caller owns the slice.
func Formats() []Format {
	return []Format{
		{Name: "text", File: "report.txt", Write: text.Plain.Report},
		{Name: "html", File: "report.html", Write: html.Report},
		{Name: "md", File: "report.md", Write: markdown.Report},
		{Name: "junit", File: "junit.xml", Write: machine.JUnit},
		{Name: "ctrf", File: "ctrf.json", Write: machine.CTRF},
		{Name: "openmetrics", File: "metrics.prom", Write: machine.OpenMetrics},
		{Name: "json", File: "report.json", Write: machine.JSON},
	}
}
