package probe

import (
	"fmt"
	"strings"
)

// Line is one question and what the target made of it.
type Line struct {
	Name     string   `json:"name"`
	State    State    `json:"state"`
	Severity Severity `json:"severity,omitempty"` // set when the line differs
	Asked    string   `json:"asked,omitempty"`    // method, path, and headers and body where they matter
	Expected string   `json:"expected"`
	Answered Answered `json:"answered,omitzero"`
	Detail   string   `json:"detail,omitempty"` // in what it differs, or why it was not asked
	Why      string   `json:"why"`              // what it means for a client
}

// Answered is the answer a line was decided on: for a race, that of the racer
// which decided it.
type Answered struct {
	HTTP    int     `json:"http,omitempty"`
	Code    string  `json:"code,omitempty"`
	Excerpt string  `json:"excerpt,omitempty"` // the start of the body, printable, at most 160 characters
	Millis  float64 `json:"ms,omitempty"`
}

// String is the answer in one line, without its excerpt when there was none.
func (a Answered) String() string {
	if a.HTTP == 0 {
		return ""
	}
	return strings.TrimSpace(fmt.Sprintf("HTTP %d %s", a.HTTP, a.Excerpt))
}

// State is the result of a line.
type State string

// The states of a line.
const (
	OK      State = "ok"
	Noted   State = "noted" // nothing that the API promises is broken, and a client has to know it
	Differs State = "differs"
	Unasked State = "unasked" // could not be asked, or was not answered
)

// Severity says what a difference means for a run.
type Severity string

// The severities. A deviation is survived by the client; a defect is a broken
// promise about concurrency, which the run will prove or refute; after a fatal
// difference a run would measure nonsense.
const (
	Deviation Severity = "deviation"
	Broken    Severity = "defect"
	Fatal     Severity = "fatal"
)
