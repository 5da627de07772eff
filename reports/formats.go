package reports

import "io"

// Format is one way to write a report.
type Format struct {
	Name  string // as --format takes it
	File  string // in the run's directory
	Write func(w io.Writer, run Run) error
}

// Formats returns all formats; the caller owns the slice.
func Formats() []Format {
	return []Format{
		{"text", "report.txt", Text},
		{"html", "report.html", HTML},
		{"md", "report.md", Markdown},
		{"junit", "junit.xml", JUnit},
		{"ctrf", "ctrf.json", CTRF},
		{"openmetrics", "metrics.prom", OpenMetrics},
		{"json", "report.json", JSON},
	}
}
