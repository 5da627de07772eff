//go:build linux && (amd64 || arm64)

package client

import (
	"syscall"
	"unsafe"
)

// The calls of the system on a socket that is not to wait never wait, so they are made
// without telling the scheduler: that costs as much as a quarter of a peek, and where
// processors are busy the scheduler takes a call for one that waits, and gives its
// processor to another thread.

// peekSocket returns EAGAIN when nothing has arrived on a socket.
func peekSocket(fd uintptr, b *[1]byte) error {
	_, _, err := syscall.RawSyscall6(syscall.SYS_RECVFROM, fd, uintptr(unsafe.Pointer(b)), 1, syscall.MSG_PEEK|syscall.MSG_DONTWAIT, 0, 0)
	if err != 0 {
		return err
	}
	return nil
}

// readNow and writeNow return EAGAIN when they would have to wait. A text is not empty.
func readNow(fd uintptr, into []byte) (n int, err error) {
	return callNow(syscall.SYS_RECVFROM, fd, into)
}

func writeNow(fd uintptr, text []byte) (n int, err error) {
	return callNow(syscall.SYS_SENDTO, fd, text)
}

func callNow(trap, fd uintptr, text []byte) (n int, err error) {
	made, _, failed := syscall.RawSyscall6(
		trap, fd, uintptr(unsafe.Pointer(unsafe.SliceData(text))), uintptr(len(text)), syscall.MSG_DONTWAIT|syscall.MSG_NOSIGNAL, 0, 0,
	)
	if failed != 0 {
		return 0, failed
	}
	return int(made), nil
}
