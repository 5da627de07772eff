//go:build unix && !aix

package client

import (
	"io"
	"net"
	"os"
	"syscall"
)

// prompter writes requests to a connection and reads answers. A read that is made at once
// finds nothing and costs a tenth of a call; here the first one is made when the system says
// that something has come.
type prompter struct {
	raw  syscall.RawConn
	step func(fd uintptr) bool // made once: a closure a request would be garbage a request

	text    []byte // to write; nil: written
	into    []byte // what is read goes here; nil: to the start of the room
	mem     *room
	written int
	come    int
	err     error // of the read
}

// newPrompter returns a prompter of a connection, or nil for one that has no file
// descriptor.
func newPrompter(conn any) *prompter {
	raw := findRawConn(conn)
	if raw == nil {
		return nil
	}
	p := &prompter{raw: raw}
	p.step = p.stepOnce
	return p
}

// stepOnce reports whether there is nothing to wait for: something was read, nothing will
// be, or the request is not written whole.
func (p *prompter) stepOnce(fd uintptr) bool {
	if text := p.text; text != nil {
		p.text = nil
		if n, err := writeNow(fd, text); err == nil {
			p.written = n
		}
		return p.written < len(text)
	}
	if p.into == nil { // not before something comes: many operators may wait for that
		into := p.mem.startBody(firstRead)
		p.into = into[:cap(into)]
	}
	p.come, p.err = readNow(fd, p.into)
	return p.err != syscall.EAGAIN && p.err != syscall.EINTR
}

// prompt writes a request and waits until something of its answer comes, which it reads; into
// nil: to the start of a room. It returns how much was written: where that is not all, nothing
// was read.
func (p *prompter) prompt(text, into []byte, mem *room) (written, come int, err error) {
	p.text, p.into, p.mem, p.written, p.come, p.err = text, into, mem, 0, 0, nil
	err = p.raw.Read(p.step)
	written, come = p.written, max(p.come, 0)
	switch {
	case err != nil || written < len(text):
	case p.err != nil:
		err = &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", p.err)}
	case come == 0:
		err = io.EOF
	}
	p.text, p.into, p.mem = nil, nil, nil
	return written, come, err
}
