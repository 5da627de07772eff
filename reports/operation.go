package reports

import (
	"fmt"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/history"
)

// who made an operation.
func who(e *check.Evidence) string {
	if e.Kind == history.Audit {
		return "audit"
	}
	return fmt.Sprintf("operator %d", e.Operator)
}

// source says where an operation is recorded.
func source(e *check.Evidence) string {
	if e.Line == 0 {
		return "in the probe"
	}
	return fmt.Sprintf("line %d of history.csv", e.Line)
}

// asked says in words what an operation asked for.
func asked(e *check.Evidence) string {
	switch e.Kind {
	case history.Update:
		if e.Expected < 0 {
			return "moves without a version to " + short(e.Target, 24)
		}
		return fmt.Sprintf("moves version %d to %s", e.Expected, short(e.Target, 24))
	case history.Read:
		return "reads"
	}
	return "looks at the board"
}

// answered says in words what it was told.
func answered(e *check.Evidence) string {
	text := e.Outcome.String()
	if e.HTTP > 0 {
		text += fmt.Sprintf(" (%d)", e.HTTP)
	}
	if e.Token >= 0 {
		text += fmt.Sprintf(" version %d", e.Token)
	}
	if e.State != "" {
		text += " " + short(e.State, 24)
	}
	return text
}
