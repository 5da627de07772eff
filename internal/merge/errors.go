package merge

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// Refusal says why directories do not make one run, a line for each reason.
type Refusal struct{ Lines []string }

func (r *Refusal) Error() string { return "merging: " + strings.Join(r.Lines, "; ") }

// relocated is an error that happened in a folder which is only there for a moment.
type relocated struct {
	error
	from, to string
}

func (e *relocated) Error() string { return strings.ReplaceAll(e.error.Error(), e.from, e.to) }

func (e *relocated) Unwrap() error { return e.error }

// wrapError returns an error that says which run could not be written, and why.
func wrapError(path string, err error) error {
	return fmt.Errorf("merging into %s: %w", path, unwrapPathError(err))
}

// unwrapPathError returns the cause of an error of the operating system without its path, which
// the caller names already; other errors as they are.
func unwrapPathError(err error) error {
	var at *os.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &at):
		return at.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}
