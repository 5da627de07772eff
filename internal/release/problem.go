package release

import (
	"fmt"
	"strings"
)

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
