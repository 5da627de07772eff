package cli

import "errors"

// The exit codes, the same for every command.
const (
	ExitOK           = 0 // PASS, or done
	ExitFail         = 1 // FAIL
	ExitUsage        = 2 // usage or configuration
	ExitInconclusive = 3 // INCONCLUSIVE
	ExitBroken       = 4 // occbench could not do its work
)

// exitError carries the exit code of what went wrong. A nil cause means that
// the command has said everything already.
type exitError struct {
	code  int
	cause error
}

func (e *exitError) Error() string {
	if e.cause == nil {
		return ""
	}
	return e.cause.Error()
}

func (e *exitError) Unwrap() error { return e.cause }

// usage marks an error as the caller's: a wrong flag, key or value.
func usage(err error) error { return &exitError{ExitUsage, err} }

// verdictExit is the silent error of a command whose result is not a PASS.
func verdictExit(code int) error {
	if code == ExitOK {
		return nil
	}
	return &exitError{code: code}
}

// exitCode maps an error to its code; an error that does not say otherwise
// means that the work could not be done.
func exitCode(err error) int {
	var e *exitError
	var mine interface{ ExitCode() int }
	switch {
	case err == nil:
		return ExitOK
	case errors.As(err, &e):
		return e.code
	case errors.As(err, &mine):
		return mine.ExitCode()
	}
	return ExitBroken
}
