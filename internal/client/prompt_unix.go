//go:build unix && !aix

package client

import "syscall"

// prompter writes requests to a connection and waits until an answer comes. A read that is
// made at once finds nothing and costs a tenth of a call; here the first one is made when the
// system says that something has come.
type prompter struct {
	raw  syscall.RawConn
	step func(fd uintptr) bool // made once: a closure a request would be garbage a request
	text []byte                // to write; nil: written
	n    int                   // bytes written
}

// newPrompter returns a prompter of a connection, or nil for one that has no file
// descriptor.
func newPrompter(conn any) *prompter {
	raw := rawOf(conn)
	if raw == nil {
		return nil
	}
	p := &prompter{raw: raw}
	p.step = p.writeOnce
	return p
}

// writeOnce reports whether there is nothing to wait for: an answer has come, or the request
// is not written whole.
func (p *prompter) writeOnce(fd uintptr) bool {
	if p.text == nil {
		return true
	}
	text := p.text
	p.text = nil
	n, err := syscall.Write(int(fd), text)
	if err == nil {
		p.n = n
	}
	return p.n < len(text)
}

// prompt writes a request and waits until an answer comes, or the end of the connection. It
// returns how much was written, which may be less than all without an error.
func (p *prompter) prompt(text []byte) (n int, err error) {
	p.text, p.n = text, 0
	err = p.raw.Read(p.step)
	p.text = nil
	return p.n, err
}
