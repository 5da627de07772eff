package k6run

import "syscall"

// followParent makes the kernel interrupt k6 when this process dies, so that a
// killed occbench does not leave a load generator behind.
func followParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGINT }
