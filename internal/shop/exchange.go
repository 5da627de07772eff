package shop

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/occbench/occbench/internal/history"
)

// reply is an answer as it came, with the times of the call in ns of the
// client's clock. end is history.None unless the answer is complete, or the
// request was not sent.
type reply struct {
	status     int
	header     http.Header
	body       []byte
	start, end int64
}

// errBodyLimit ends the reading of a body that is too large.
var errBodyLimit = errors.New("the body is larger than the limit")

// exchange sends a request and reads its answer wholly, into buf when that is
// large enough. The clock, and the timeout, start after signing, which may have
// to fetch new credentials; the clock stops with the last byte.
//
// An error means that there is no complete answer; status is then 0, except
// for a body over the limit (errBodyLimit).
func (c *Client) exchange(ctx context.Context, r *http.Request, sent, buf []byte) (reply, error) {
	r, err := c.signed(ctx, r, sent)
	return c.sendSigned(ctx, r, err, buf)
}

// sendSigned is exchange after signing, which may have failed.
func (c *Client) sendSigned(ctx context.Context, r *http.Request, err error, buf []byte) (reply, error) {
	if err != nil {
		now := c.clock()
		return reply{start: now, end: now}, err
	}
	limited, cancel := context.WithTimeoutCause(ctx, c.timeout, errTimeout)
	defer cancel()
	got := reply{start: c.clock(), end: history.None}
	resp, err := c.transport.RoundTrip(r.WithContext(limited))
	if err != nil {
		return got, c.explain(limited, r, err)
	}
	got.body, err = readBody(resp, buf, c.limit)
	if err == nil && resp.StatusCode < 100 {
		err = fmt.Errorf("HTTP status %03d does not exist", resp.StatusCode)
	}
	if err == nil || err == errBodyLimit {
		got.status, got.header, got.end = resp.StatusCode, resp.Header, c.clock()
		c.cover(&got)
	}
	if err != nil {
		return got, c.explain(limited, r, err)
	}
	return got, nil
}

var errTimeout = errors.New("timeout")

// explain says which call failed, and why; what a transport says of a time
// that ran out depends on how far it had come.
func (c *Client) explain(ctx context.Context, r *http.Request, err error) error {
	if cause := context.Cause(ctx); cause == errTimeout && err != errBodyLimit {
		err = fmt.Errorf("no complete answer within %s: %w", c.timeout, context.DeadlineExceeded)
	}
	return fmt.Errorf("sending %s %s: %w", r.Method, r.URL, c.covered(err))
}

// readBody reads a body to its end, which is what makes its connection fit for
// the next request, and closes it.
func readBody(resp *http.Response, buf []byte, limit int64) ([]byte, error) {
	// Everything has been read or is of no use: a failure to close takes
	// nothing away.
	defer func() { _ = resp.Body.Close() }()
	buf = sizeFor(buf[:0], resp.ContentLength)
	if resp.StatusCode == http.StatusSwitchingProtocols {
		return buf, nil // what follows is no body, and might never end
	}
	for {
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
		n, err := resp.Body.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		switch {
		case int64(len(buf)) > limit:
			return buf[:0], errBodyLimit
		case err == io.EOF:
			return buf, nil
		case err != nil:
			return buf[:0], err
		}
	}
}

// sizeFor makes room for an announced length, without believing one that is
// large: a header costs its sender nothing.
func sizeFor(buf []byte, announced int64) []byte {
	const believed = 1 << 20
	size := int(min(max(announced+1, 512), believed))
	if cap(buf) < size {
		return make([]byte, 0, size)
	}
	return buf
}
