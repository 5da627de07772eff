//go:build unix

package pgtest

import "syscall"

// processAttributes returns the attributes of a process of the account. It leads a group
// of its own, so that the interrupt key reaches the tests alone.
func (a *account) processAttributes() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setpgid: true}
	if a != nil {
		attr.Credential = &syscall.Credential{Uid: a.uid, Gid: a.gid}
	}
	return attr
}
