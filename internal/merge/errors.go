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

// writing says where a run could not be written, and why.
func writing(path string, err error) error {
	return fmt.Errorf("merging into %s: %w", path, cause(err))
}

// cause takes the operating system's word out of an error that tells a path which is
// told already.
func cause(err error) error {
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
