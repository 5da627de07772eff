package operator

import (
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/api"
)

// items is a server that knows nothing of occbench: items with an ETag of their
// content and If-Match.
type items struct {
	mu     sync.Mutex
	bodies map[string]string
	gap    time.Duration // between the comparison and the write, which then are not one step
	silent bool          // answers to writes carry no tag
	reads  int
}

func newItems(n int) *items {
	s := &items{bodies: map[string]string{}}
	for i := range n {
		s.bodies[fmt.Sprintf("occbench-load-%d", i+1)] = `{"note":"seed","state":"open"}`
	}
	return s
}

func tagOf(body string) string { return fmt.Sprintf(`"%x"`, sha256.Sum256([]byte(body)))[:14] + `"` }

func (s *items) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := strings.TrimPrefix(r.URL.Path, "/items/")
	was, there := s.bodies[id]
	switch {
	case !there:
		http.NotFound(w, r)
		return
	case r.Method == http.MethodGet:
		s.reads++
		w.Header().Set("ETag", tagOf(was))
		_, _ = io.WriteString(w, was)
		return
	case r.Header.Get("If-Match") != tagOf(was):
		w.WriteHeader(http.StatusPreconditionFailed)
		return
	}
	body, _ := io.ReadAll(r.Body)
	if s.gap > 0 {
		s.mu.Unlock()
		time.Sleep(s.gap)
		s.mu.Lock()
	}
	s.bodies[id] = string(body)
	if !s.silent {
		w.Header().Set("ETag", tagOf(string(body)))
	}
	w.WriteHeader(http.StatusNoContent)
}

// itemsAPI compiles the API of items; applied is what their answers carry.
func itemsAPI(t testing.TB, states bool, applied string) *api.API {
	t.Helper()
	text := `
api: 1
name: items
token: opaque
ids: "occbench-{tag}-{n}"
read: {get: "/items/{id}", token: "header:ETag", marker: $.note STATE}
update:
  put: "/items/{id}"
  headers: {If-Match: "{token}"}
  body: '{"note":"{marker}"TO}'
  applied: {status: 204, token: APPLIED}
  conflict: {status: 412}
`
	state, to := "", ""
	if states {
		state, to = ", state: $.state", `,"state":"{to}"`
		text += `
states:
  names: [open, busy, done]
  legal: {open: [busy], busy: [done, open]}
  walks: {cycle: {open: busy, busy: open}, forward: {open: busy, busy: done}}
`
	}
	a, err := api.Compile("items.yaml", []byte(strings.NewReplacer(" STATE", state, "TO", to, "APPLIED", applied).Replace(text)))
	if err != nil {
		t.Fatal(err)
	}
	return a
}
