package release

import (
	"fmt"
	"strings"

	"github.com/occbench/occbench/internal/exit"
)

// Problem is an error that says what state things are in and what to do next.
type Problem struct {
	Doing string
	Cause error
	Next  string // what to do about it; may be empty
	Usage bool   // the settings or the files are at fault
}

func (p *Problem) Error() string {
	text := fmt.Sprintf("%s: %v", p.Doing, p.Cause)
	if p.Next != "" {
		text += "; " + p.Next
	}
	return text
}

func (p *Problem) Unwrap() error { return p.Cause }

// ExitCode is that of a usage error, or of work that could not be done.
func (p *Problem) ExitCode() int {
	if p.Usage {
		return exit.BadUsage
	}
	return exit.Broken
}

// unchanged says of an error that came before the first change that it did.
func unchanged(err error) error {
	const words = "nothing was changed"
	if strings.Contains(err.Error(), words) {
		return err
	}
	return fmt.Errorf("%w; %s", err, words)
}

// command is the command that goes back to a file's capture.
func command(file string) string { return "occbench rollback " + file }
