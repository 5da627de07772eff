package client

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"os"
	"time"
)

// line is one connection of a Direct.
type line struct {
	owner    *Direct
	address  string
	conn     net.Conn
	peeker   *peeker          // nil: the connection cannot be peeked at
	limited  io.LimitedReader // bounds what a header may take
	r        *bufio.Reader
	w        *bufio.Writer
	since    time.Time // idle since
	answered bool      // a byte of the answer to the current request came
}

// maxAnswerHeader is the size in bytes that the header of an answer may have.
const maxAnswerHeader = 256 << 10

func newLine(d *Direct, conn net.Conn, address string) *line {
	l := &line{owner: d, address: address, conn: conn, peeker: newPeeker(bare(conn)), limited: io.LimitedReader{R: conn}}
	l.r, l.w = bufio.NewReaderSize(&l.limited, 16<<10), bufio.NewWriterSize(conn, 2<<10)
	return l
}

func (l *line) close() {
	// Nothing is lost with it: a request that was under way has its error.
	_ = l.conn.Close()
}

// bare returns the connection that a wrapper such as k6's shows as its NetConn.
func bare(conn net.Conn) net.Conn {
	if c, ok := conn.(interface{ NetConn() net.Conn }); ok {
		return c.NetConn()
	}
	return conn
}

// A connection that cannot be peeked at (not a Unix, or not a socket) is asked
// by a read that waits for askFor. That costs more than a request, so only those
// are asked that were idle for idleLong: a server that closes idle connections
// sooner than that makes such a client lose requests.
const (
	idleLong = 20 * time.Millisecond
	askFor   = 50 * time.Microsecond
)

// open reports whether nothing has arrived on an idle connection: neither its
// end nor an answer that was not asked for.
func (l *line) open() bool {
	if l.peeker != nil {
		return l.peeker.silent()
	}
	if time.Since(l.since) < idleLong {
		return true
	}
	if l.conn.SetReadDeadline(time.Now().Add(askFor)) != nil {
		return false
	}
	l.limited.N = 1
	_, err := l.r.Peek(1)
	return errors.Is(err, os.ErrDeadlineExceeded) && l.conn.SetReadDeadline(time.Time{}) == nil
}

// send writes a request and reads the header of its answer. When the context
// ends, also while the body is read, the connection is interrupted.
func (l *line) send(r *http.Request) (*http.Response, error) {
	l.answered = false
	interrupt := context.AfterFunc(r.Context(), func() {
		// An error means that the connection is closed, which interrupts too.
		_ = l.conn.SetDeadline(time.Unix(1, 0))
	})
	resp, err := l.exchange(r)
	if err != nil {
		interrupt()
		l.close()
		if ended := r.Context().Err(); ended != nil {
			return nil, ended
		}
		return nil, err
	}
	resp.Body = &answerBody{ReadCloser: resp.Body, line: l, interrupt: interrupt, last: resp.Close}
	return resp, nil
}

func (l *line) exchange(r *http.Request) (*http.Response, error) {
	if err := r.Write(l.w); err != nil {
		return nil, fmt.Errorf("writing the request: %w", err)
	}
	if err := l.w.Flush(); err != nil {
		return nil, fmt.Errorf("writing the request: %w", err)
	}
	l.limited.N = maxAnswerHeader
	_, err := l.r.Peek(1)
	l.answered = err == nil
	for err == nil {
		var resp *http.Response
		if resp, err = http.ReadResponse(l.r, r); err == nil && !interim(resp) {
			l.limited.N = math.MaxInt64
			return resp, nil
		}
	}
	if l.limited.N <= 0 {
		err = fmt.Errorf("its header is larger than %d bytes", maxAnswerHeader)
	}
	return nil, fmt.Errorf("reading the answer: %w", err)
}

// interim reports whether an answer only announces another.
func interim(resp *http.Response) bool {
	return resp.StatusCode >= 100 && resp.StatusCode < 200 && resp.StatusCode != http.StatusSwitchingProtocols
}

// answerBody gives its connection back once it was read to the end.
type answerBody struct {
	io.ReadCloser
	line      *line
	interrupt func() bool
	last      bool // the server closes the connection after it
	whole     bool
}

func (b *answerBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.whole = b.whole || err == io.EOF
	return n, err
}

// Close frees the connection. Bytes beyond the answer are nobody's: they would
// be taken for the next one.
func (b *answerBody) Close() error {
	l := b.line
	if l == nil {
		return nil
	}
	b.line = nil
	inTime := b.interrupt()
	if b.whole && inTime && !b.last && l.r.Buffered() == 0 {
		l.owner.put(l)
		return nil
	}
	l.close()
	return nil
}
