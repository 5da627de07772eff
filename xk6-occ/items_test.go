package occ_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// items is a correct server of items with ETags, as fast as net/http allows.
type items struct {
	*httptest.Server
	updates atomic.Int64 // asked for

	mu   sync.Mutex
	all  map[string]*item
	last int
}

type item struct {
	body []byte
	tag  string
}

func newItems(tb testing.TB, n int) *items {
	tb.Helper()
	s := &items{all: map[string]*item{}}
	for i := range n {
		s.all[fmt.Sprintf("occbench-load-%d", i+1)] = &item{[]byte(`{"note":"seed"}`), `"0"`}
	}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	tb.Cleanup(s.Close)
	return s
}

func (s *items) serve(w http.ResponseWriter, r *http.Request) {
	var body []byte
	if r.Method == http.MethodPut {
		s.updates.Add(1)
		body, _ = io.ReadAll(r.Body)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	it, there := s.all[strings.TrimPrefix(r.URL.Path, "/items/")]
	switch {
	case !there:
		w.WriteHeader(http.StatusNotFound)
	case r.Method == http.MethodGet:
		w.Header()["Etag"] = []string{it.tag}
		w.Header()["Content-Type"] = []string{"application/json"}
		_, _ = w.Write(it.body)
	case r.Header.Get("If-Match") != it.tag:
		w.WriteHeader(http.StatusPreconditionFailed)
	default:
		s.last++
		it.body, it.tag = body, fmt.Sprintf(`"%d"`, s.last)
		w.Header()["Etag"] = []string{it.tag}
		w.WriteHeader(http.StatusNoContent)
	}
}
