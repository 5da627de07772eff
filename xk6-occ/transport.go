package occ

import (
	"context"
	"net"
	"net/http"

	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/netext"

	"github.com/occbench/occbench/internal/shop"
)

// transport returns what a VU sends its requests with: over the VU's dialer,
// which counts the bytes and knows the hosts of the test, on the VU's own
// goroutine. A test that asks for something that only k6's transport does
// gets k6's.
func transport(state *lib.State) http.RoundTripper {
	o := state.Options
	if o.NoConnectionReuse.Bool || o.NoVUConnectionReuse.Bool || o.HTTPDebug.String != "" {
		return state.Transport
	}
	return &shop.Direct{Dial: dial(state.Dialer), Fallback: state.Transport}
}

// dial returns a dialer's function. Its connections show the one that they wrap,
// so that shop.Direct can look whether it has ended.
func dial(dialer lib.DialContexter) func(context.Context, string, string) (net.Conn, error) {
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

// NetConn returns the connection that is counted.
func (c counted) NetConn() net.Conn { return c.Conn.Conn }
