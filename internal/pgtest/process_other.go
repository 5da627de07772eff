//go:build !unix

package pgtest

import "syscall"

// process returns the attributes of a process of the account, which elsewhere is
// always that of the tests.
func (a *account) process() *syscall.SysProcAttr { return nil }
