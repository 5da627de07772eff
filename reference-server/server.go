// Package refserver is the move API as it should be: the subject that load
// tests are tested with.
//
// It is correct by construction, because one conditional UPDATE decides every
// move, and it can be broken in exactly one way at a time by the faults put
// around it; none of its own code knows about them.
package refserver

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/occbench/occbench/reference-server/store"
)

// Options say what a Server serves. Only Store is required.
type Options struct {
	Store  store.Store // not closed by the server
	Build  string      // X-App-Version and the version in health answers; "dev" when empty
	Logger *slog.Logger
	Now    func() time.Time // decides what today and the past are
	Rand   *rand.Rand       // draws the pause before a retry; used under a lock
	Faults Faults           // nil: none, the server is correct
	Hosts  []string         // under which it answers besides the names and the address of its machine
	Grace  time.Duration    // how long a stop waits for requests in flight; 10 s when 0
	// Observe is told of every attempt before a byte of its answer is sent, from
	// many goroutines. It stands in the request's path, so it must not wait. It
	// may be nil.
	Observe func(Attempt)
	// ObserveClient is told of every move that a board in a browser reports,
	// under the same terms.
	ObserveClient func(ClientMove)
}

// Faults break a server on purpose.
type Faults interface {
	// Store returns what the server uses instead of its store.
	Store(store.Store) (store.Store, error)
	// Move and Board return what answers those calls instead.
	Move(http.Handler) http.Handler
	Board(http.Handler) http.Handler
	// Edit returns what answers a PATCH of an appointment; nil: nothing does.
	Edit() http.Handler
}

// Server answers the calls of the move API. It is safe for concurrent use.
type Server struct {
	opts     Options
	store    store.Store
	log      *slog.Logger
	handler  http.Handler
	boards   boards
	attempts counter
	dice     sync.Mutex // guards opts.Rand

	hub       *hub
	beatEvery time.Duration
	clientMS  *prometheus.HistogramVec
}

// New returns a server that is ready to answer.
func New(opts Options) (*Server, error) {
	if opts.Store == nil {
		return nil, errors.New("making a reference server: it needs a store")
	}
	opts.setDefaults()
	s := &Server{opts: opts, log: opts.Logger, beatEvery: beatEvery, clientMS: clientHistogram()}
	s.hub = newHub(s.tellCards)
	s.store = announce(opts.Store, s.hub.changed)
	if opts.Faults != nil {
		broken, err := opts.Faults.Store(s.store)
		if err != nil {
			return nil, err
		}
		s.store = broken
	}
	s.boards.read = s.readBoard
	metrics, err := s.observed()
	if err != nil {
		return nil, err
	}
	board, err := pages()
	if err != nil {
		return nil, err
	}
	s.handler = s.routes(metrics, board)
	return s, nil
}

func (o *Options) setDefaults() {
	if o.Build == "" {
		o.Build = "dev"
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))
	}
	if o.Grace == 0 {
		o.Grace = 10 * time.Second
	}
}

// Handler returns the API as a handler, for a server of the caller's own.
func (s *Server) Handler() http.Handler { return s.handler }

// storeLimit bounds the time that a call may spend in the store.
const storeLimit = 10 * time.Second

// storeContext is the context for the store's part of a request. It outlives
// the client: a move that was accepted is carried through, since breaking it off
// half way spares nothing and costs a connection of the pool.
func storeContext(r *http.Request) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(r.Context()), storeLimit)
}
