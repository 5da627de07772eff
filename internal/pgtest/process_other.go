//go:build !unix

package pgtest

import "syscall"

// processAttributes returns the attributes of a process of the account, which elsewhere is
// always that of the tests.
func (a *account) processAttributes() *syscall.SysProcAttr { return nil }
