package refserver

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

var someDay = time.Date(2026, 1, 6, 0, 0, 0, 0, time.UTC)

func joined(t *testing.T, h *hub) *listener {
	t.Helper()
	l, ok := h.join(someDay)
	if !ok {
		t.Fatal("the hub takes no listener")
	}
	return l
}

func TestHubTakesSoManyListeners(t *testing.T) {
	h := newHub(func(*hub, map[int64]bool) {})
	last := joined(t, h)
	for range maxListeners - 1 {
		joined(t, h)
	}
	if _, ok := h.join(someDay); ok {
		t.Error("one more than the most is taken")
	}
	h.leave(last)
	joined(t, h)
	h.stop()
	h.leave(joinedAny(h))
	if _, ok := h.join(someDay); ok {
		t.Error("a hub that stops takes a listener")
	}
}

func joinedAny(h *hub) *listener { return h.listeners()[0] }

// A client that reads nothing loses events, is told so once, and holds up
// no listener.
func TestSlowListenerIsReset(t *testing.T) {
	h := newHub(func(*hub, map[int64]bool) {})
	slow, quick := joined(t, h), joined(t, h)
	for range 3 * listenerBuffer {
		slow.offer([]byte("x"))
		quick.offer([]byte("x"))
		<-quick.events
	}
	if len(slow.events) != listenerBuffer || len(slow.missed) != 1 || len(quick.missed) != 0 {
		t.Errorf("slow: %d events wait, reset %d; quick: reset %d", len(slow.events), len(slow.missed), len(quick.missed))
	}
	<-slow.missed
	slow.forget()
	if len(slow.events) != 0 {
		t.Errorf("%d events are left", len(slow.events))
	}
}

// A mover never waits for the hub: more changes than it can hold are forgotten,
// and everybody reads anew.
func TestHubOverrun(t *testing.T) {
	told, goOn := make(chan map[int64]bool), make(chan struct{})
	h := newHub(func(_ *hub, ids map[int64]bool) { told <- ids; <-goOn })
	l := joined(t, h)
	h.noteChange(1)
	if ids := <-told; len(ids) != 1 || !ids[1] {
		t.Errorf("told of %v", ids)
	}
	for id := range int64(2 * changesBuffer) { // while the hub is busy telling
		h.noteChange(id)
	}
	close(goOn)
	<-l.missed
	h.leave(l)
}

func TestChangesWithoutListenersAreForgotten(t *testing.T) {
	h := newHub(nil)
	for id := range int64(2 * changesBuffer) {
		h.noteChange(id)
	}
	if len(h.changes) != 0 || h.overrun.Load() {
		t.Errorf("%d changes wait, overrun %v", len(h.changes), h.overrun.Load())
	}
}

// deadlines is a recorder whose connection takes deadlines.
type deadlines struct{ *httptest.ResponseRecorder }

func (deadlines) SetReadDeadline(time.Time) error  { return nil }
func (deadlines) SetWriteDeadline(time.Time) error { return nil }

// A silent stream gives signs of life, and a client that missed something is
// told in place of what waits.
func TestStreamBeatsAndResets(t *testing.T) {
	s := &api{hub: newHub(func(*hub, map[int64]bool) {}), beatEvery: time.Millisecond}
	l := joined(t, s.hub)
	l.offer([]byte("event: card\n\n"))
	w := &stopping{deadlines: deadlines{httptest.NewRecorder()}, stop: s.hub.stop, missed: l.reset}
	s.relayEvents(httptest.NewRequest(http.MethodGet, "/", nil), eventWriter{w, http.NewResponseController(w)}, l)
	got := w.Body.String()
	if !strings.HasPrefix(got, "retry: 2000\nevent: beat\n") || !strings.Contains(got, "event: reset\ndata: {}\n\n") || strings.Count(got, "event: beat") < 3 {
		t.Errorf("%q", got)
	}
}

// stopping stops the hub after some beats, and loses events at the first.
type stopping struct {
	deadlines
	stop, missed func()
	beats        int
}

func (w *stopping) Write(b []byte) (int, error) {
	if strings.Contains(string(b), "beat") {
		if w.beats++; w.beats == 2 {
			w.missed()
		}
		if w.beats == 4 {
			w.stop()
		}
	}
	return w.deadlines.Write(b)
}

func BenchmarkChanged(b *testing.B) {
	b.Run("nobody listens", func(b *testing.B) {
		h := newHub(nil)
		for b.Loop() {
			h.noteChange(1)
		}
	})
	b.Run("somebody listens", func(b *testing.B) {
		h := newHub(func(*hub, map[int64]bool) {})
		l, _ := h.join(someDay)
		defer h.leave(l)
		for b.Loop() {
			h.noteChange(1)
		}
	})
}
