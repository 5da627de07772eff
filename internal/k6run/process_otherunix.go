//go:build unix && !linux

package k6run

import "syscall"

// followParent does nothing: only Linux has a signal for it. k6 then ends with
// its scenario.
func followParent(*syscall.SysProcAttr) {}
