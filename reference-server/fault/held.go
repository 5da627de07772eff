package fault

import "net/http"

// held is an answer that is not sent yet; it shares the header with the one
// that will be.
type held struct {
	to     http.ResponseWriter
	status int
	body   []byte
}

func newHeld(to http.ResponseWriter) *held { return &held{to: to, status: http.StatusOK} }

func (h *held) Header() http.Header { return h.to.Header() }

func (h *held) WriteHeader(status int) { h.status = status }

func (h *held) Write(b []byte) (int, error) {
	h.body = append(h.body, b...)
	return len(b), nil
}

func (h *held) send() {
	h.to.WriteHeader(h.status)
	// An error here means that the client's connection is gone: no answer can reach it.
	_, _ = h.to.Write(h.body)
}
