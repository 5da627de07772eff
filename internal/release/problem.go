package release

import (
	"errors"
	"fmt"

	"github.com/occbench/occbench/internal/exit"
)

// unchanged marks an error that came before the first change.
func unchanged(err error) error {
	if problem := (*exit.Problem)(nil); errors.As(err, &problem) {
		problem.Unchanged = true
		return err
	}
	return fmt.Errorf("%w; nothing was changed", err)
}

// command is the command that goes back to a file's capture.
func command(file string) string { return "occbench rollback " + file }
