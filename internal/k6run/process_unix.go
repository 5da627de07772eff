//go:build unix

package k6run

import (
	"os"
	"os/exec"
	"syscall"
)

// detachChild gives the child a process group of its own: Ctrl-C in a terminal
// reaches every process of the foreground group, and k6 must be told once, by
// us, or it counts two and quits without a final audit.
func detachChild(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	followParent(cmd.SysProcAttr)
}

// interruptProcess tells the process to end in order.
func interruptProcess(p *os.Process) error { return p.Signal(os.Interrupt) }
