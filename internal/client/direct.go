package client

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/occbench/occbench/internal/loopback"
)

// Direct is a transport for one operator and plain HTTP/1.1: it writes the
// request and reads the answer on the goroutine of its caller.
//
// http.Transport hands every request to two goroutines of its connection, which
// costs more CPU than writing and reading it; on a machine that also runs the
// server, that is the server's. An operator has one request in flight, two
// with an impatient click, and needs none of it. The wire format is
// net/http's: Request.Write and http.ReadResponse, but for the plain requests and answers
// of a run (wire). HTTPS, and targets behind a proxy, go to the fallback.
type Direct struct {
	Dial     loopback.DialFunc
	Fallback http.RoundTripper

	mu   sync.Mutex
	idle []*line
}

// maxIdle is how many connections are kept; an operator uses no more.
const maxIdle = 2

// RoundTrip implements http.RoundTripper. A connection whose end has arrived is
// not used. One that ends while the request is on its way makes a read go over a
// new one, and an update, which the server may have got, end with Closed.
func (d *Direct) RoundTrip(r *http.Request) (*http.Response, error) {
	if !d.isPlainHTTP(r) {
		return d.Fallback.RoundTrip(r)
	}
	again := isRepeatable(r)
	var resp *http.Response
	send := func(l *line) (err error) {
		resp, err = l.send(r)
		return err
	}
	renewed := func() (err error) {
		r, err = rewindRequest(r)
		return err
	}
	err := d.sendOnConn(r.Context(), addressOf(r.URL), again, send, renewed)
	return resp, err
}

// WithOwnConns returns a transport with the same options and with connections
// of its own.
func (d *Direct) WithOwnConns() *Direct { return &Direct{Dial: d.Dial, Fallback: d.Fallback} }

// exchangeWired sends a request whose bytes are ready and reads the answer
// into a room.
func (d *Direct) exchangeWired(ctx context.Context, address string, made *call, mem *room, limit bodyLimit, got *reply) error {
	send := func(l *line) error { return l.exchangeWired(ctx, made, mem, limit, got) }
	return d.sendOnConn(ctx, address, made.wire.again, send, func() error { return nil })
}

// sendOnConn sends over an idle connection or, where there is none, over a new
// one. again says that the request may arrive twice without harm.
func (d *Direct) sendOnConn(ctx context.Context, address string, again bool, send func(*line) error, renew func() error) error {
	if l := d.takeIdle(address, again); l != nil {
		err := send(l)
		switch {
		case err == nil || l.answered || ctx.Err() != nil:
			return err
		case !again:
			return fmt.Errorf("%w (%w)", Closed, err)
		}
		if err = renew(); err != nil {
			return err
		}
	}
	conn, err := d.dial(ctx, address)
	if err != nil {
		return err
	}
	return send(newLine(d, conn, address))
}

// isPlainHTTP reports whether a request is plain HTTP and goes straight to its host.
func (d *Direct) isPlainHTTP(r *http.Request) bool {
	if r.URL.Scheme != "http" {
		return false
	}
	proxy, err := loopback.ProxyFromEnvironment(r)
	return proxy == nil && err == nil
}

func (d *Direct) dial(ctx context.Context, address string) (net.Conn, error) {
	if by, only := ctx.(*deadline); only {
		armed, cancel := by.newContext() // looking up a name ends with its context alone
		defer cancel()
		ctx = armed
	}
	return loopback.Dial(d.Dial)(ctx, "tcp", address)
}

// repeatable is the header by which net/http, too, knows a request that does no harm
// when it arrives twice. Without a value it is not sent.
const repeatable = "Idempotency-Key"

func isRepeatable(r *http.Request) bool {
	_, marked := r.Header[repeatable]
	return r.Method == http.MethodGet || marked
}

// rewindRequest returns a request as it was before its body was read.
func rewindRequest(r *http.Request) (*http.Request, error) {
	if r.GetBody == nil {
		return r, nil
	}
	body, err := r.GetBody()
	if err != nil {
		return nil, err
	}
	again := *r
	again.Body = body
	return &again, nil
}

// justNow is too short for a server to end an idle connection with an answer that
// was not asked for, such as a 408.
const justNow = time.Millisecond

func addressOf(target *url.URL) string {
	if target.Port() != "" {
		return target.Host
	}
	return net.JoinHostPort(target.Hostname(), "80")
}

// takeIdle returns an idle connection to an address that is still open, or
// nil. It does not test a connection that was used just now when the request
// can be sent again.
func (d *Direct) takeIdle(address string, again bool) *line {
	for {
		l := d.popIdle()
		if l == nil || l.address == address && (again && since(l.since) < justNow || l.isOpen()) {
			return l
		}
		l.close()
	}
}

func (d *Direct) popIdle() *line {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.idle) == 0 {
		return nil
	}
	l := d.idle[len(d.idle)-1]
	d.idle = d.idle[:len(d.idle)-1]
	return l
}

// keepIdle keeps a connection for the next request.
func (d *Direct) keepIdle(l *line) {
	l.since = now()
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.idle) < maxIdle {
		d.idle = append(d.idle, l)
		return
	}
	l.close()
}

// CloseIdleConnections closes the connections that are not in use.
func (d *Direct) CloseIdleConnections() {
	for l := d.popIdle(); l != nil; l = d.popIdle() {
		l.close()
	}
	if t, ok := d.Fallback.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// IsDirect reports whether a Direct connects to a target itself: over plain
// HTTP and without a proxy.
func IsDirect(target string) bool {
	u, err := url.Parse(target)
	return err == nil && (&Direct{}).isPlainHTTP(&http.Request{URL: u})
}
