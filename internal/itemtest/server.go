// Package itemtest gives tests a small server of items with versions that knows
// nothing of occbench: right, or wrong in one way.
//
// It speaks two APIs over the same items: a tag in the header ETag that an update
// sends back as If-Match, and an integer in the body.
package itemtest

import (
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Server says what is wrong with a server; the zero Server is right.
type Server struct {
	CheckThenAct   time.Duration // between the check of the token and the write
	Unconditional, // no token is looked at
	Lenient, // an update without a token is accepted
	PerSecond, // one tag for all that is written in a second
	Weak, // all tags are weak
	Collection, // one tag for all items
	ContentHash, // the tag is a hash of state and note
	Representation, // another tag for an answer in gzip
	Silent, // the answer to an update carries no tag
	OldAnswer, // the answer to an update carries the tag from before it
	Upsert, // an update of an item that is not there makes it
	Masked, // a stale token is answered 400
	Partial, // only the first half of a tag is compared
	Hidden, // the list shows nothing
	Nameless, // a creation answers without an id
	Flaky, // every third creation makes an item and answers 500
	Verbose, // the ids that it gives are longer than a history can hold
	Refusing, // creations are refused
	Undying bool // deleted items stay
	WeakFor time.Duration // after each write the tag is weak

	mu    sync.Mutex
	items map[string]*item
	order []string
	next  int
	now   time.Time // of the last write
}

type item struct {
	ID      string `json:"id"`
	State   string `json:"state"`
	Note    string `json:"note"`
	Version int    `json:"version"`
	Tag     string `json:"tag,omitempty"`
	written time.Time
}

// Start serves on a free port of this machine until the test ends, and returns the
// base URL.
func (s *Server) Start(t testing.TB) string {
	t.Helper()
	s.items = map[string]*item{}
	listening := httptest.NewServer(s.handler())
	t.Cleanup(listening.Close)
	return listening.URL
}

// Len returns how many items there are.
func (s *Server) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.items)
}

func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /items", s.list)
	mux.HandleFunc("POST /items", s.create)
	mux.HandleFunc("GET /items/{id}", s.read)
	mux.HandleFunc("PUT /items/{id}", s.put)
	mux.HandleFunc("DELETE /items/{id}", s.remove)
	mux.HandleFunc("POST /items/{id}/update", s.update)
	return mux
}

// tag returns the entity tag of an item.
func (s *Server) tag(i *item, r *http.Request) string {
	text := strconv.Itoa(i.Version) + "-" + i.ID
	switch {
	case s.PerSecond:
		text = strconv.FormatInt(i.written.Unix(), 10)
	case s.Collection:
		text = strconv.FormatInt(s.now.UnixNano(), 10)
	case s.ContentHash:
		text = fmt.Sprintf("%x", sha256.Sum256([]byte(i.State+"\n"+i.Note)))[:16]
	}
	if s.Representation && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		text += "-gzip"
	}
	if text = `"` + text + `"`; s.Weak || s.WeakFor > 0 && time.Since(i.written) < s.WeakFor {
		text = "W/" + text
	}
	return text
}

func (s *Server) write(i *item, state, note string) {
	i.State, i.Note = cmp.Or(state, i.State), note
	i.Version++
	i.written = time.Now()
	s.now = i.written
}

func (s *Server) add(id, state, note, tag string) *item {
	i := &item{ID: id, Tag: tag}
	s.write(i, cmp.Or(state, "open"), note)
	s.items[id], s.order = i, append(s.order, id)
	return i
}

func (s *Server) list(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	shown := []*item{}
	for _, id := range s.order {
		if i := s.items[id]; i != nil && !s.Hidden {
			shown = append(shown, i)
		}
	}
	writeAnswer(w, http.StatusOK, map[string]any{"items": shown})
}

// create makes an item whose id the server gives.
func (s *Server) create(w http.ResponseWriter, r *http.Request) {
	var asked struct{ State, Note, Tag string }
	if json.NewDecoder(r.Body).Decode(&asked) != nil {
		writeRefusal(w, http.StatusBadRequest, "invalid")
		return
	}
	if s.Refusing {
		writeRefusal(w, http.StatusForbidden, "read_only")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next++
	id := strconv.Itoa(100 + s.next)
	if s.Verbose {
		id = strings.Repeat("x", 8<<10) + id
	}
	i := s.add(id, asked.State, asked.Note, asked.Tag)
	if s.Flaky && s.next%3 == 0 {
		writeRefusal(w, http.StatusInternalServerError, "internal")
		return
	}
	if s.Nameless {
		writeAnswer(w, http.StatusCreated, map[string]any{"created": true})
		return
	}
	writeAnswer(w, http.StatusCreated, i)
}

func (s *Server) read(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.items[r.PathValue("id")]
	if i == nil {
		writeRefusal(w, http.StatusNotFound, "not_found")
		return
	}
	w.Header().Set("ETag", s.tag(i, r))
	if s.Representation && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		w.Header().Set("Content-Encoding", "gzip")
		zip := gzip.NewWriter(w)
		_ = json.NewEncoder(zip).Encode(i)
		_ = zip.Close()
		return
	}
	writeAnswer(w, http.StatusOK, i)
}

// put replaces an item under the conditions of RFC 9110, or makes it.
func (s *Server) put(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<16))
	var asked struct{ State, Note string }
	if err != nil || json.Unmarshal(body, &asked) != nil {
		writeRefusal(w, http.StatusBadRequest, "invalid")
		return
	}
	id, match := r.PathValue("id"), r.Header.Get("If-Match")
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.items[id]
	if i == nil || r.Header.Get("If-None-Match") == "*" {
		s.putNew(w, r, i, id, asked.State, asked.Note)
		return
	}
	before := s.tag(i, r)
	switch {
	case s.Unconditional:
	case match == "" && !s.Lenient:
		writeRefusal(w, http.StatusPreconditionRequired, "if_match_required")
		return
	case s.Partial && match != "" && strings.HasPrefix(match, before[:len(before)/2]):
	case match != "" && (match != before || strings.HasPrefix(match, "W/")): // strong comparison
		s.refuseStale(w, http.StatusPreconditionFailed)
		return
	}
	s.letOthersAct()
	s.write(i, asked.State, asked.Note)
	if !s.Silent {
		w.Header().Set("ETag", s.tag(i, r))
		if s.OldAnswer {
			w.Header().Set("ETag", before)
		}
	}
	w.WriteHeader(http.StatusNoContent)
}

func (s *Server) putNew(w http.ResponseWriter, r *http.Request, there *item, id, state, note string) {
	if there != nil || r.Header.Get("If-Match") != "" && !s.Upsert {
		writeRefusal(w, http.StatusPreconditionFailed, "precondition_failed")
		return
	}
	if s.Refusing {
		writeRefusal(w, http.StatusForbidden, "read_only")
		return
	}
	i := s.add(id, state, note, "")
	if !s.Silent {
		w.Header().Set("ETag", s.tag(i, r))
	}
	w.WriteHeader(http.StatusCreated)
}

// update changes an item that has the version asked for.
func (s *Server) update(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		State, Note string
		Version     *int
	}
	if json.NewDecoder(r.Body).Decode(&asked) != nil || asked.Version == nil && !s.Lenient {
		writeRefusal(w, http.StatusBadRequest, "invalid")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.items[r.PathValue("id")]
	if i == nil {
		writeRefusal(w, http.StatusNotFound, "not_found")
		return
	}
	if asked.Version != nil && *asked.Version != i.Version && !s.Unconditional {
		s.refuseStale(w, http.StatusConflict)
		return
	}
	s.letOthersAct()
	s.write(i, asked.State, asked.Note)
	writeAnswer(w, http.StatusOK, i)
}

// letOthersAct gives way between the check and the write, for so long as is asked for.
func (s *Server) letOthersAct() {
	if s.CheckThenAct > 0 {
		s.mu.Unlock()
		time.Sleep(s.CheckThenAct)
		s.mu.Lock()
	}
}

func (s *Server) refuseStale(w http.ResponseWriter, status int) {
	if s.Masked {
		status = http.StatusBadRequest
	}
	writeRefusal(w, status, "stale")
}

func (s *Server) remove(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := r.PathValue("id")
	if s.items[id] == nil {
		writeRefusal(w, http.StatusNotFound, "not_found")
		return
	}
	if !s.Undying {
		delete(s.items, id)
		s.now = time.Now()
	}
	w.WriteHeader(http.StatusNoContent)
}

func writeRefusal(w http.ResponseWriter, status int, code string) {
	writeAnswer(w, status, map[string]string{"error": code})
}

func writeAnswer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a client that has gone reads nothing
}
