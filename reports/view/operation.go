package view

import (
	"fmt"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/reports/proof"
)

// Who made an operation.
func Who(e *check.Evidence) string { return proof.Who(e) }

// Source says where an operation is recorded.
func Source(e *check.Evidence) string {
	if e.Line == 0 {
		return "in the probe"
	}
	return fmt.Sprintf("line %d of history.csv", e.Line)
}

// Asked says in words what an operation asked for.
func Asked(e *check.Evidence) string {
	switch e.Kind {
	case history.Update:
		text := "updates without a token"
		if e.Expected >= 0 {
			text = fmt.Sprintf("updates version %d", e.Expected)
		}
		if e.Target != "" {
			text += " to " + Short(e.Target, 24)
		}
		return text + proof.Marker(e)
	case history.Read:
		return "reads"
	}
	return "audits"
}

// Answered says in words what it was told.
func Answered(e *check.Evidence) string {
	text := e.Outcome.String()
	if e.HTTP > 0 {
		text += fmt.Sprintf(" (%d)", e.HTTP)
	}
	if e.Token >= 0 {
		text += fmt.Sprintf(" version %d", e.Token)
	}
	if e.State != "" {
		text += " " + Short(e.State, 24)
	}
	return text
}
