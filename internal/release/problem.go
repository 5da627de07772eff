package release

import (
	"errors"
	"fmt"

	"github.com/occbench/occbench/internal/exit"
)

// markUnchanged marks an error that came before the first change.
func markUnchanged(err error) error {
	if problem := (*exit.Problem)(nil); errors.As(err, &problem) {
		problem.Unchanged = true
		return err
	}
	return fmt.Errorf("%w; nothing was changed", err)
}

// rollbackCommand is the command that goes back to a file's capture.
func rollbackCommand(file string) string { return "occbench rollback " + file }
