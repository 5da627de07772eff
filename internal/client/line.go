package client

import (
	"bufio"
	"bytes"
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
	prompter *prompter        // nil: the connection is written to and read as any
	limited  io.LimitedReader // bounds what a header may take
	r        *bufio.Reader    // made by makeBuffers
	w        *bufio.Writer    // likewise
	since    moment           // idle since
	answered bool             // a byte of the answer to the current request came
	end      moment           // its deadline, perhaps of a call that is over; 0: none
}

// maxAnswerHeader is the size in bytes that the header of an answer may have.
const maxAnswerHeader = 256 << 10

func newLine(d *Direct, conn net.Conn, address string) *line {
	l := &line{owner: d, address: address, conn: conn, peeker: newPeeker(unwrapConn(conn)), limited: io.LimitedReader{R: conn}}
	switch conn.(type) {
	case counter, *net.TCPConn:
		l.prompter = newPrompter(unwrapConn(conn))
	}
	return l
}

// counter is a connection that counts the bytes that it wrote and read, and may be told of
// those that its NetConn did.
type counter interface{ Count(written, read int) }

// makeBuffers makes the buffers with which net/http's types are written and
// read.
func (l *line) makeBuffers() {
	if l.r == nil {
		l.r, l.w = bufio.NewReaderSize(&l.limited, 16<<10), bufio.NewWriterSize(l.conn, 2<<10)
	}
}

func (l *line) close() {
	// Nothing is lost with it: a request that was under way has its error.
	_ = l.conn.Close()
}

// unwrapConn returns the connection inside a wrapper, such as k6's, that has a
// NetConn method.
func unwrapConn(conn net.Conn) net.Conn {
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

// isOpen reports whether an idle connection can be used: nothing has arrived
// on it, neither its end nor an answer without a request.
func (l *line) isOpen() bool {
	if l.peeker != nil {
		return l.peeker.isSilent()
	}
	if since(l.since) < idleLong {
		return true
	}
	if l.conn.SetReadDeadline(time.Now().Add(askFor)) != nil {
		return false
	}
	l.makeBuffers()
	l.limited.N = 1
	_, err := l.r.Peek(1)
	return errors.Is(err, os.ErrDeadlineExceeded) && l.conn.SetReadDeadline(l.end.time()) == nil
}

// send writes a request and reads the header of its answer. When the context
// ends, also while the body is read, the connection is interrupted.
func (l *line) send(r *http.Request) (*http.Response, error) {
	l.answered = false
	interrupt := l.watchContext(r.Context())
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

// watchContext interrupts the connection when the context ends. The function
// that it returns stops this, and reports whether the context had not ended.
func (l *line) watchContext(ctx context.Context) func() bool {
	if by, only := ctx.(*deadline); only {
		l.setDeadline(by)
		return returnTrue
	}
	if l.end != 0 {
		l.end = 0
		_ = l.conn.SetDeadline(l.end.time())
	}
	return context.AfterFunc(ctx, func() { _ = l.conn.SetDeadline(time.Unix(1, 0)) })
}

func returnTrue() bool { return true }

// setDeadline makes the connection stop when a call is over, or shortly after
// that. It keeps a deadline of an earlier call that is close enough.
func (l *line) setDeadline(by *deadline) {
	end, last := by.end(), by.began+moment(MaxCallTime(by.timeout))
	if l.end >= end && l.end <= last {
		return
	}
	l.end = last
	// An error means that the connection is closed, which ends the call too.
	_ = l.conn.SetDeadline(l.end.time())
}

func (l *line) exchange(r *http.Request) (*http.Response, error) {
	l.makeBuffers()
	if err := r.Write(l.w); err != nil {
		return nil, fmt.Errorf("writing the request: %w", err)
	}
	if err := l.w.Flush(); err != nil {
		return nil, fmt.Errorf("writing the request: %w", err)
	}
	l.limited.N = maxAnswerHeader
	_, err := l.r.Peek(1)
	l.answered = err == nil
	if err != nil {
		return nil, fmt.Errorf("reading the answer: %w", err)
	}
	return l.readAnswer(l.r, r)
}

// readAnswer reads an answer but for its body.
func (l *line) readAnswer(from *bufio.Reader, r *http.Request) (*http.Response, error) {
	var err error
	for err == nil {
		var resp *http.Response
		if resp, err = http.ReadResponse(from, r); err == nil && !isInterim(resp) {
			l.limited.N = math.MaxInt64
			return resp, nil
		}
	}
	if l.limited.N <= 0 {
		err = fmt.Errorf("its header is larger than %d bytes", maxAnswerHeader)
	}
	return nil, fmt.Errorf("reading the answer: %w", err)
}

// isInterim reports whether an answer only announces the final one (status
// 1xx).
func isInterim(resp *http.Response) bool {
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

// Close frees the connection. Bytes beyond the answer belong to no request: they
// would be taken for the next one.
func (b *answerBody) Close() error {
	l := b.line
	if l == nil {
		return nil
	}
	b.line = nil
	inTime := b.interrupt()
	if b.whole && inTime && !b.last && l.r.Buffered() == 0 {
		l.owner.keepIdle(l)
		return nil
	}
	l.close()
	return nil
}

// exchangeWired sends a request whose bytes are ready and reads the answer
// into a room, as send does.
func (l *line) exchangeWired(ctx context.Context, made *call, mem *room, limit bodyLimit, got *reply) error {
	l.answered = false
	interrupt := l.watchContext(ctx)
	whole, err := l.readWired(ctx, made, mem, limit, got)
	if inTime := interrupt(); whole && inTime {
		l.owner.keepIdle(l)
		return err
	}
	l.close()
	if ended := ctx.Err(); ended != nil && err != nil && !errors.As(err, new(Trouble)) {
		return ended
	}
	return err
}

// firstRead is how many bytes of an answer are asked for at least: a header and a short
// body.
const firstRead = 4 << 10

// readWired reads the answer, and reports whether the connection is ready for
// another request.
func (l *line) readWired(ctx context.Context, made *call, mem *room, limit bodyLimit, got *reply) (whole bool, err error) {
	text, sent, err := l.sendWired(made.text, mem)
	if !sent {
		return false, fmt.Errorf("writing the request: %w", err)
	}
	for ; ; text, err = l.readMore(text) {
		l.answered = len(text) > 0
		if h, plain := readHead(text); plain && h.body <= believed && int64(h.body) <= limit.bytes {
			return l.readPlain(h, text, mem, got)
		}
		switch {
		case err != nil && !l.answered:
			return false, fmt.Errorf("reading the answer: %w", err)
		case err != nil || len(text) == cap(text) || bytes.Contains(text, endOfHead):
			return l.readOdd(ctx, made, bytes.Clone(text), mem, limit, got)
		}
	}
}

// sendWired writes a request and reads the first bytes of its answer into a
// room. sent reports whether the request was written.
func (l *line) sendWired(request []byte, mem *room) (text []byte, sent bool, err error) {
	if l.prompter != nil {
		written, n, err := l.promptPeer(request, nil, mem)
		if request = request[written:]; len(request) == 0 {
			return mem.body[:n], true, err
		}
	}
	if _, err := l.conn.Write(request); err != nil {
		return nil, false, err
	}
	text, err = l.readMore(mem.startBody(firstRead))
	return text, true, err
}

// readMore reads more of an answer and appends it to what has arrived.
func (l *line) readMore(text []byte) (more []byte, err error) {
	n, into := 0, text[len(text):cap(text)]
	if l.prompter == nil || len(into) == 0 {
		n, err = l.conn.Read(into)
	} else {
		_, n, err = l.promptPeer(nil, into, nil)
	}
	return text[:len(text)+n], err
}

func (l *line) promptPeer(request, into []byte, mem *room) (written, n int, err error) {
	written, n, err = l.prompter.prompt(request, into, mem)
	if by, counts := l.conn.(counter); counts {
		by.Count(written, n)
	}
	return written, n, err
}

// readPlain reads a plain answer of which a part has come.
func (l *line) readPlain(h head, text []byte, mem *room, got *reply) (whole bool, err error) {
	size := h.size + h.body
	text = mem.widenText(text, size)
	for len(text) < size {
		var err error
		text, err = l.readMore(text)
		switch {
		case len(text) >= size || err == nil:
		case err == io.EOF:
			return false, io.ErrUnexpectedEOF
		default:
			return false, err
		}
	}
	got.status, got.fields, got.body = h.status, h.fields(text), text[h.size:size]
	return len(text) == size, nil
}

// readOdd lets net/http read an answer that is not plain, of which a part has come.
func (l *line) readOdd(ctx context.Context, made *call, part []byte, mem *room, limit bodyLimit, got *reply) (whole bool, err error) {
	come := bytes.NewReader(part)
	l.limited.N = max(maxAnswerHeader-int64(len(part)), 0)
	from := bufio.NewReader(io.MultiReader(come, &l.limited))
	resp, err := l.readAnswer(from, &http.Request{Method: made.wire.call.Method})
	if err != nil {
		return false, err
	}
	resp.Body = io.NopCloser(resp.Body) // closing it would read it to its end
	got.status, got.header = resp.StatusCode, resp.Header
	if got.body, err = readBody(ctx, resp, mem, limit); err != nil {
		return false, err
	}
	return !resp.Close && resp.StatusCode != http.StatusSwitchingProtocols && come.Len() == 0 && from.Buffered() == 0, nil
}
