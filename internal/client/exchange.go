package client

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

// exchange sends a request and reads its answer wholly into a room. The clock,
// and the timeout, start after signing, which may have to fetch new credentials;
// the clock stops with the last byte.
//
// An error means that there is no complete answer; status is then 0, unless the
// answer came and its body cannot be read (Trouble).
func (c *Client) exchange(ctx context.Context, r *http.Request, sent []byte, mem *room) (reply, error) {
	r, err := c.signed(ctx, r, sent)
	return c.sendSigned(ctx, r, err, mem)
}

// sendSigned is exchange after signing, which may have failed.
func (c *Client) sendSigned(ctx context.Context, r *http.Request, err error, mem *room) (reply, error) {
	if err != nil {
		now := c.clock()
		return reply{start: now, end: now}, err
	}
	limited, cancel := context.WithTimeoutCause(ctx, c.timeout, errTimeout)
	defer cancel()
	got, err := c.send(limited, r, mem)
	c.tally.count(c.api.Build, r, &got, err)
	if err != nil {
		return got, c.explain(limited, r, err)
	}
	return got, nil
}

func (c *Client) send(ctx context.Context, r *http.Request, mem *room) (reply, error) {
	got := reply{start: c.clock(), end: history.None}
	resp, err := c.transport.RoundTrip(r.WithContext(ctx))
	if err != nil {
		return got, err
	}
	got.body, err = readBody(ctx, resp, mem, c.limitOf(r))
	if err == nil && resp.StatusCode < 100 {
		err = fmt.Errorf("HTTP status %03d does not exist", resp.StatusCode)
	}
	if err == nil || errors.As(err, new(Trouble)) {
		got.status, got.header, got.end = resp.StatusCode, resp.Header, c.clock()
		c.cover(&got)
	}
	return got, err
}

var errTimeout = errors.New("timeout")

// explain says which call failed, and why; what a transport says of a time
// that ran out depends on how far it had come.
func (c *Client) explain(ctx context.Context, r *http.Request, err error) error {
	if cause := context.Cause(ctx); cause == errTimeout && !errors.As(err, new(Trouble)) {
		err = fmt.Errorf("no complete answer within %s: %w", c.timeout, context.DeadlineExceeded)
	}
	return fmt.Errorf("sending %s %s: %w", r.Method, r.URL, c.covered(err))
}

// readBody reads a body to its end, which is what makes its connection fit for
// the next request, and closes it. The body lies in the room.
func readBody(ctx context.Context, resp *http.Response, mem *room, limit bodyLimit) ([]byte, error) {
	// Everything has been read or is of no use: a failure to close takes
	// nothing away.
	defer func() { _ = resp.Body.Close() }()
	body := mem.start(resp.ContentLength)
	if resp.StatusCode == http.StatusSwitchingProtocols {
		return body, nil // what follows is no body, and might never end
	}
	from, err := plain(resp)
	for err == nil {
		if len(body) == cap(body) {
			if body, err = mem.grow(ctx, body, limit.bytes); err != nil {
				break
			}
		}
		var n int
		n, err = from.Read(body[len(body):cap(body)])
		if body = body[:len(body)+n]; int64(len(body)) > limit.bytes {
			err = limit.exceeded
		}
	}
	if err == io.EOF {
		return body, nil
	}
	return body[:0], err
}
