package exit

import "fmt"

// Problem is an error that says what was being done, why that failed, and what to do next.
type Problem struct {
	Doing string
	Cause error
	Next  string // what to do about it; may be empty
	Usage bool   // the settings or the files are at fault

	Unchanged bool // nothing was changed before it
}

func (p *Problem) Error() string {
	text := fmt.Sprintf("%s: %v", p.Doing, p.Cause)
	if p.Unchanged {
		text += "; nothing was changed"
	}
	if p.Next != "" {
		text += "; " + p.Next
	}
	return text
}

func (p *Problem) Unwrap() error { return p.Cause }

// ExitCode returns BadUsage or Broken.
func (p *Problem) ExitCode() int {
	if p.Usage {
		return BadUsage
	}
	return Broken
}
