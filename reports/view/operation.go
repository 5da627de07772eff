package view

import (
	"fmt"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/reports/proof"
)

// NameActor returns the name of the client that made an operation.
func NameActor(e *check.Evidence) string { return proof.NameActor(e) }

// DescribeSource says where an operation is recorded.
func DescribeSource(e *check.Evidence) string {
	if e.Line == 0 {
		return "in the probe"
	}
	return fmt.Sprintf("line %d of history.csv", e.Line)
}

// DescribeRequest says in words what an operation asked for.
func DescribeRequest(e *check.Evidence) string {
	switch e.Kind {
	case history.Update:
		text := "updates without a token"
		if e.Expected >= 0 {
			text = fmt.Sprintf("updates version %d", e.Expected)
		}
		if e.Target != "" {
			text += " to " + ShortenText(e.Target, 24)
		}
		return text + proof.FormatMarker(e)
	case history.Read:
		return "reads"
	}
	return "audits"
}

// DescribeAnswer says in words what the operation was answered.
func DescribeAnswer(e *check.Evidence) string {
	text := e.Outcome.String()
	if e.HTTP > 0 {
		text += fmt.Sprintf(" (%d)", e.HTTP)
	}
	if e.Token >= 0 {
		text += fmt.Sprintf(" version %d", e.Token)
	}
	if e.State != "" {
		text += " " + ShortenText(e.State, 24)
	}
	return text
}
