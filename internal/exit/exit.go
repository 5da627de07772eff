// Package exit holds the exit codes of every command and says which of them an error means.
//
// Its opinion: an error says what it means by its own method, so that a package far below the command line can
// mark a mistake of the caller's without knowing the command line.
package exit

import (
	"errors"
	"fmt"
	"syscall"
)

// The exit codes, the same for every command.
const (
	OK           = 0 // PASS, or done
	Fail         = 1 // FAIL
	BadUsage     = 2 // usage or configuration
	Inconclusive = 3 // INCONCLUSIVE
	Broken       = 4 // occbench could not do its work

	Killed = 128 + int(syscall.SIGINT) // a second interrupt ended it at once, as shells write it
)

// Coder is an error that says with which code the command ends.
type Coder interface {
	error
	ExitCode() int
}

// CodeOf returns the exit code of a command that ended with err. An error that is no Coder means that the work
// could not be done.
func CodeOf(err error) int {
	var c Coder
	switch {
	case err == nil:
		return OK
	case errors.As(err, &c):
		return c.ExitCode()
	}
	return Broken
}

// coded is an error with a code. A nil cause means that the command has said everything already.
type coded struct {
	code  int
	cause error
}

func (e *coded) Error() string {
	if e.cause == nil {
		return ""
	}
	return e.cause.Error()
}

func (e *coded) Unwrap() error { return e.cause }

func (e *coded) ExitCode() int { return e.code }

// Usage returns err as a mistake of the caller's: a wrong flag, key or value.
func Usage(err error) error { return &coded{BadUsage, err} }

// Usagef returns a mistake of the caller's, worded as fmt.Errorf does.
func Usagef(format string, args ...any) error { return Usage(fmt.Errorf(format, args...)) }

// Silent returns the error without words of a command that has printed its result, or nil where the code is OK.
func Silent(code int) error {
	if code == OK {
		return nil
	}
	return &coded{code: code}
}
