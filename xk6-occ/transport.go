package occ

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync/atomic"

	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/netext"

	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/loopback"
	"github.com/occbench/occbench/internal/run"
)

// newTransport returns the transport for the requests of a VU. It uses the VU's dialer, which
// counts the bytes and knows the hosts of the test, on the VU's own goroutine. A test that asks
// for something that only k6's transport does gets k6's.
func newTransport(state *lib.State, target string) http.RoundTripper {
	o, fallback := state.Options, state.Transport
	if u, err := url.Parse(target); err == nil && loopback.IsName(u.Hostname()) {
		fallback = newLocalTransport(fallback)
	}
	if o.NoConnectionReuse.Bool || o.NoVUConnectionReuse.Bool || o.HTTPDebug.String != "" {
		return fallback
	}
	return &client.Direct{Dial: wrapDialer(state.Dialer), Fallback: fallback}
}

// newLocalTransport returns a transport like k6's that asks neither DNS nor a proxy for the
// names of this machine.
func newLocalTransport(rt http.RoundTripper) http.RoundTripper {
	t, ok := rt.(*http.Transport)
	if !ok {
		return rt
	}
	t = t.Clone()
	t.Proxy, t.DialContext = loopback.ProxyFromEnvironment, loopback.Dial(t.DialContext)
	return t
}

// wrapDialer returns the function of a dialer. Its connections show the one that they wrap, so
// that client.Direct can find out whether it has ended.
func wrapDialer(dialer lib.DialContexter) loopback.DialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dialer.DialContext(ctx, network, address)
		if k6Conn, ok := conn.(*netext.Conn); ok {
			return counted{k6Conn}, err
		}
		return conn, err
	}
}

// counted is a connection whose bytes k6 counts.
type counted struct{ *netext.Conn }

// Count counts bytes that were written to the NetConn and read from it.
func (c counted) Count(written, read int) {
	atomic.AddInt64(c.BytesWritten, int64(written))
	atomic.AddInt64(c.BytesRead, int64(read))
}

// NetConn returns the connection that is counted.
func (c counted) NetConn() net.Conn { return c.Conn.Conn }

// dial returns a client over the transport of the VU, which counts the bytes,
// knows the hosts and the TLS options of the test.
func (i *instance) dial(p *run.Spec) (*client.Client, error) {
	speaks, err := i.run.api(p)
	if err != nil {
		return nil, err
	}
	cfg := client.Config{
		API: speaks, Target: p.Target, Date: p.Date, Timeout: p.Timeout, UpdateLimit: p.UpdateLimit, ListLimit: p.ListLimit,
		Tag: p.Tag, Transport: newTransport(i.vu.State(), p.Target), Clock: i.run.clock.now, Tally: &i.run.tally,
	}
	if err := i.run.signers.authenticate(i.vu.Context(), p, &cfg); err != nil {
		return nil, err
	}
	client, err := client.New(cfg)
	if err != nil {
		return nil, fmt.Errorf("preparing to talk to the target: %w", err)
	}
	return client, nil
}
