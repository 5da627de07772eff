package refserver

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/occbench/occbench/reference-server/store"
)

// api is shared by the handlers of the API.
type api struct {
	opts     Options
	store    store.Store // with its faults
	log      *slog.Logger
	boards   boards
	attempts counter
	dice     sync.Mutex // guards opts.Rand

	hub       *hub
	beatEvery time.Duration
	clientMS  *prometheus.HistogramVec
}

// storeLimit bounds the time that a call may spend in the store.
const storeLimit = 10 * time.Second

// storeContext is the context for the store's part of a request. It outlives
// the client: a move that was accepted is carried through, since breaking it off
// half way spares nothing and costs a connection of the pool.
func storeContext(r *http.Request) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(r.Context()), storeLimit)
}
