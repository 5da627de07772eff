package client

import (
	"fmt"
	"net"
	"net/http"
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
// with an impatient click, and needs none of it. The wire format is still
// net/http's: Request.Write and http.ReadResponse. HTTPS, and targets behind a
// proxy, go to the fallback.
type Direct struct {
	Dial     loopback.DialFunc
	Fallback http.RoundTripper

	mu   sync.Mutex
	idle []*line
}

// maxIdle is how many connections are kept; an operator uses no more.
const maxIdle = 2

// RoundTrip implements http.RoundTripper. A connection whose end has arrived is
// not used. One that ends while the request is on its way makes a GET go over a
// new one, and a POST, which the server may have got, end with Closed.
func (d *Direct) RoundTrip(r *http.Request) (*http.Response, error) {
	if proxy, err := loopback.Proxy(r); r.URL.Scheme != "http" || proxy != nil || err != nil {
		return d.Fallback.RoundTrip(r)
	}
	address := addressOf(r)
	if l := d.take(address, r.Method == http.MethodGet); l != nil {
		resp, err := l.send(r)
		switch {
		case err == nil || l.answered || r.Context().Err() != nil:
			return resp, err
		case r.Method != http.MethodGet:
			return nil, fmt.Errorf("%w (%w)", Closed, err)
		}
	}
	conn, err := loopback.Dial(d.Dial)(r.Context(), "tcp", address)
	if err != nil {
		return nil, err
	}
	return newLine(d, conn, address).send(r)
}

// justNow is too short for a server to end an idle connection with an answer that
// was not asked for, such as a 408.
const justNow = time.Millisecond

func addressOf(r *http.Request) string {
	if r.URL.Port() != "" {
		return r.URL.Host
	}
	return net.JoinHostPort(r.URL.Hostname(), "80")
}

// take returns an idle connection to an address that is still open, or nil. A
// request that can be sent again needs no look at one that was used just now.
func (d *Direct) take(address string, again bool) *line {
	for {
		l := d.pop()
		if l == nil || l.address == address && (again && time.Since(l.since) < justNow || l.open()) {
			return l
		}
		l.close()
	}
}

func (d *Direct) pop() *line {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.idle) == 0 {
		return nil
	}
	l := d.idle[len(d.idle)-1]
	d.idle = d.idle[:len(d.idle)-1]
	return l
}

// put keeps a connection for the next request.
func (d *Direct) put(l *line) {
	l.since = time.Now()
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
	for l := d.pop(); l != nil; l = d.pop() {
		l.close()
	}
	if t, ok := d.Fallback.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}
