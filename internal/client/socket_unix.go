//go:build unix && !aix && !(linux && (amd64 || arm64))

package client

import "syscall"

// peekSocket returns EAGAIN when nothing has arrived on a socket. It never waits.
func peekSocket(fd uintptr, b *[1]byte) error {
	_, _, err := syscall.Recvfrom(int(fd), b[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
	return err
}

// readNow and writeNow return EAGAIN when they would have to wait.
func readNow(fd uintptr, into []byte) (n int, err error) { return syscall.Read(int(fd), into) }

func writeNow(fd uintptr, text []byte) (n int, err error) { return syscall.Write(int(fd), text) }
