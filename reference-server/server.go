// Package refserver is two APIs with versioned updates as they should be, the moves
// of appointments and items with ETags: the subject that load tests are tested with.
//
// It is correct by construction, because one conditional UPDATE decides every
// move, and it can be broken in exactly one way at a time by the faults put
// around it; none of its own code knows about them.
package refserver

import (
	"errors"
	"net/http"
)

// Server answers the calls of one API. It is safe for concurrent use.
type Server struct {
	api     api
	handler http.Handler
}

// New returns a server that is ready to answer.
func New(opts Options) (*Server, error) {
	if opts.Store == nil {
		return nil, errors.New("making a reference server: it needs a store")
	}
	opts.setDefaults()
	s := &Server{api: api{opts: opts, log: opts.Logger, beatEvery: beatEvery, clientMS: newClientHistogram()}}
	a := &s.api
	a.hub = newHub(a.tellCards)
	a.store = announceChanges(opts.Store, a.hub.noteChange)
	a.boards.read = a.readBoard
	metrics, err := a.startMetrics()
	if err != nil {
		return nil, err
	}
	calls, err := a.chooseCalls()
	if err != nil {
		return nil, err
	}
	s.handler = a.buildRoutes(calls, metrics)
	return s, nil
}

// Attempts returns the counts so far. An attempt is counted before a byte of its answer is sent, so a client that has the
// answer finds it counted.
func (s *Server) Attempts() Attempts { return s.api.attempts.readCounts() }

// Handler returns the API as a handler, for a server of the caller's own.
func (s *Server) Handler() http.Handler { return s.handler }
