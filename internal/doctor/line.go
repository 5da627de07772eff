package doctor

import "fmt"

// State is the result of a check.
type State string

// The states.
const (
	OK   State = "ok"   // it was tried and works
	Skip State = "skip" // it was not tried: nothing that is configured needs it
	Warn State = "warn" // a run is possible, and something about it will be missing or wrong
	Fail State = "fail" // something that is configured does not work
)

// Line is the result of a check on one thing.
type Line struct {
	Check string `json:"check"`
	State State  `json:"state"`
	Words string `json:"words"`
	Fix   string `json:"fix,omitempty"` // the next step; empty when there is nothing to do
}

func okLine(format string, args ...any) Line {
	return Line{State: OK, Words: fmt.Sprintf(format, args...)}
}

func skipLine(format string, args ...any) Line {
	return Line{State: Skip, Words: fmt.Sprintf(format, args...)}
}

func warnLine(fix, format string, args ...any) Line {
	return Line{State: Warn, Words: fmt.Sprintf(format, args...), Fix: fix}
}

func failLine(fix, format string, args ...any) Line {
	return Line{State: Fail, Words: fmt.Sprintf(format, args...), Fix: fix}
}
