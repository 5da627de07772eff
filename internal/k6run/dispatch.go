package k6run

import (
	"path/filepath"
	"strings"
)

// IsK6 reports whether a command line asks this binary to be k6: it was called
// by the name k6 (a link, or Run), or its first argument is k6. The caller must
// ask before it parses any flag, for they are k6's.
func IsK6(args []string) bool {
	return isNamedK6(args) || len(args) > 1 && args[1] == "k6"
}

// K6Args returns the command line as k6 wants to see it. It may only be called
// when IsK6.
func K6Args(args []string) []string {
	if isNamedK6(args) {
		return args
	}
	return append([]string{"k6"}, args[2:]...)
}

func isNamedK6(args []string) bool {
	if len(args) == 0 {
		return false
	}
	return strings.TrimSuffix(filepath.Base(args[0]), ".exe") == "k6"
}
