package probe

import (
	"context"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
)

// barrier holds the requests of a race: each is signed, has a connection and has
// sent its header, and waits with its body until all others have come as far. So
// the attempts leave at the same instant, however long a connection or a
// signature took.
type barrier struct {
	missing atomic.Int32
	open    chan struct{}
}

func newBarrier(racers int) *barrier {
	b := &barrier{open: make(chan struct{})}
	b.missing.Store(int32(racers))
	return b
}

// racer is one request of a race. It arrives once, when its body is asked for or
// when it failed before.
type racer struct {
	barrier *barrier
	once    sync.Once
}

func (m *racer) arrive() {
	m.once.Do(func() {
		if m.barrier.missing.Add(-1) == 0 {
			close(m.barrier.open)
		}
	})
}

// racerKey is the key of the racer in the context of its request.
type racerKey struct{}

func (m *racer) context(ctx context.Context) context.Context {
	return context.WithValue(ctx, racerKey{}, m)
}

// holdRequest makes a request wait at the barrier of its race; others are left as they
// are.
func holdRequest(r *http.Request) {
	m, ok := r.Context().Value(racerKey{}).(*racer)
	if !ok || r.GetBody == nil {
		return
	}
	get := r.GetBody
	r.GetBody = func() (io.ReadCloser, error) {
		body, err := get()
		return &heldBody{ReadCloser: body, racer: m, ended: r.Context().Done()}, err
	}
	r.Body = &heldBody{ReadCloser: r.Body, racer: m, ended: r.Context().Done()}
}

// heldBody is a body whose first byte waits at the barrier. It is of no type
// that net/http knows, which therefore sends the header before it reads the
// body.
type heldBody struct {
	io.ReadCloser
	racer *racer
	ended <-chan struct{}
}

func (h *heldBody) Read(p []byte) (int, error) {
	h.racer.arrive()
	select {
	case <-h.racer.barrier.open:
	case <-h.ended:
	}
	return h.ReadCloser.Read(p)
}
