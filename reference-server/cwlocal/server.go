package cwlocal

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"

	"github.com/occbench/occbench/reference-server/cwlocal/alarms"
	"github.com/occbench/occbench/reference-server/cwlocal/metricdata"
	"github.com/occbench/occbench/reference-server/cwlocal/protocol"
)

// Server is the endpoint. It is safe for concurrent use, and it starts nothing
// in the background: each request first catches up on the evaluations that fell
// due since the one before, with the data that was visible then. An alarm is seen by a request alone, so no client can tell.
type Server struct {
	mu    sync.Mutex // guards the state
	state state
}

// New returns a server without data and without alarms.
func New(opts Options) *Server {
	opts.setDefaults()
	metrics := metricdata.NewStore(opts.Retention, opts.MaxMemory)
	return &Server{state: state{opts: opts, metrics: metrics, alarms: alarms.NewSet(metrics, opts.EvaluationInterval, opts.MaxHistory)}}
}

// SetFaults changes what goes wrong from the next request on.
func (s *Server) SetFaults(f Faults) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.opts.Faults = f
}

// Preload stores data as PutMetricData does, and also into the namespaces that
// only AWS may write, such as AWS/Lambda.
func (s *Server) Preload(namespace string, data []metricdata.Datum) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.state.catchUp()
	if err := s.state.acceptData(now, namespace, data); err != nil {
		return fmt.Errorf("preloading %d data into %s: %w", len(data), namespace, err)
	}
	return nil
}

// ServeHTTP answers one call.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p := protocol.DetectCodec(r)
	op, tree, requestID, err := s.answerRequest(p, r)
	p.Headers(w.Header())
	w.Header()["x-amzn-RequestId"] = []string{requestID} // CloudWatch's spelling, kept from being made canonical
	if err != nil {
		w.Header()["x-amzn-query-error"] = []string{err.Code + ";" + err.Fault()}
		sendAnswer(w, err.HTTPStatus(p.QueryErrors(r)), p.EncodeError(requestID, err))
		return
	}
	sendAnswer(w, http.StatusOK, p.Encode(op, requestID, tree))
}

func (s *Server) answerRequest(p protocol.Codec, r *http.Request) (op string, tree protocol.Object, requestID string, err *protocol.Error) {
	var in map[string]any
	body, err := protocol.ReadBody(r)
	if err == nil {
		op, in, err = p.Decode(r, body)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if refusal := s.state.refuseRequest(op); refusal != nil {
		err = refusal
	}
	requestID = fmt.Sprintf("00000000-0000-4000-8000-%012x", s.state.requests)
	if err != nil {
		return op, nil, requestID, err
	}
	run, known := operations[op]
	if !known {
		return op, nil, requestID, protocol.UnknownOperation(op)
	}
	tree, err = run(&s.state, s.state.catchUp(), in)
	return op, tree, requestID, err
}

func sendAnswer(w http.ResponseWriter, status int, body []byte) {
	if len(body) == 0 {
		w.Header().Del("Content-Type")
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	// A client that went away misses its answer; no answer can reach it.
	_, _ = w.Write(body)
}
