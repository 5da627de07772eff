package k6run

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
)

// detachChild gives the child a process group of its own, which is also what a
// console event can be sent to.
func detachChild(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}

var generateConsoleCtrlEvent = syscall.NewLazyDLL("kernel32.dll").NewProc("GenerateConsoleCtrlEvent")

// interruptProcess sends Ctrl-Break, which Go programs see as os.Interrupt; a new
// process group does not receive Ctrl-C.
func interruptProcess(p *os.Process) error {
	if ok, _, err := generateConsoleCtrlEvent.Call(syscall.CTRL_BREAK_EVENT, uintptr(p.Pid)); ok == 0 {
		return fmt.Errorf("sending Ctrl-Break to process %d: %w", p.Pid, err)
	}
	return nil
}
