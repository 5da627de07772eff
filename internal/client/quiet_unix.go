//go:build unix && !aix

package client

import "syscall"

// peeker asks the system, without waiting, whether anything has arrived on a
// connection.
type peeker struct {
	raw   syscall.RawConn
	peek  func(fd uintptr) // made once: a closure a request would be garbage a request
	buf   [1]byte
	quiet bool
}

// newPeeker returns a peeker of a connection, or nil for one that has no file
// descriptor.
func newPeeker(conn any) *peeker {
	raw := findRawConn(conn)
	if raw == nil {
		return nil
	}
	p := &peeker{raw: raw}
	p.peek = func(fd uintptr) {
		p.quiet = peekSocket(fd, &p.buf) == syscall.EAGAIN
	}
	return p
}

// findRawConn returns the access to the file descriptor of a connection; nil
// when there is none.
func findRawConn(conn any) syscall.RawConn {
	c, ok := conn.(syscall.Conn)
	if !ok {
		return nil
	}
	raw, err := c.SyscallConn()
	if err != nil {
		return nil
	}
	return raw
}

// isSilent reports whether the peer has sent nothing: neither data nor its end
// (FIN, RST).
func (p *peeker) isSilent() bool {
	p.quiet = false
	return p.raw.Control(p.peek) == nil && p.quiet
}
