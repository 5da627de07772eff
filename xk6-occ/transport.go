package occ

import (
	"net/http"

	"go.k6.io/k6/v2/lib"

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
	return &shop.Direct{Dial: state.Dialer.DialContext, Fallback: state.Transport}
}
