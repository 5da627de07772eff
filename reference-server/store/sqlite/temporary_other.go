//go:build !unix

package sqlite

import "os"

// hold locks nothing: where folders have no locks, those of the dead stay.
func hold(*os.File) bool { return false }
