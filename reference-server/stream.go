package refserver

import (
	"net/http"
	"time"
)

// What a listener of the stream is told, besides the cards.
var (
	beatEvent  = []byte("event: beat\ndata: {}\n\n")
	resetEvent = []byte("event: reset\ndata: {}\n\n")
	firstEvent = append([]byte("retry: 2000\n"), beatEvent...)
)

const (
	// beatEvery is how often a silent stream gives a sign of life, so that a
	// client can tell a quiet shop from a dead connection.
	beatEvery = 15 * time.Second
	// sendLimit is how long a client may take to accept an event.
	sendLimit = 10 * time.Second
)

// answerStream tells a client of every change of a date's cards, as server-sent
// events: card with the card as the board shows it, reset when the client
// missed some and must read the board anew, beat when nothing happens.
func (a *api) answerStream(w http.ResponseWriter, r *http.Request) {
	day, ok := a.readDay(w, r)
	if !ok {
		return
	}
	l, ok := a.hub.join(day)
	if !ok {
		w.Header().Set("Retry-After", "30")
		sendRefusal(w, http.StatusServiceUnavailable, refusal{Code: codeTooMany,
			Message: "too many boards listen; read the board from time to time instead"})
		return
	}
	defer a.hub.leave(l)
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // else a proxy collects events until its buffer is full
	out := eventWriter{w, http.NewResponseController(w)}
	// A stream lasts longer than the server lets a request take.
	if err := out.control.SetReadDeadline(time.Time{}); err != nil {
		a.log.Error("streaming", "error", err)
		return
	}
	a.relayEvents(r, out, l)
}

// relayEvents ends with the client, with the server's stop, or with an event that
// the client does not accept in time.
func (a *api) relayEvents(r *http.Request, out eventWriter, l *listener) {
	beat := time.NewTicker(a.beatEvery)
	defer beat.Stop()
	err := out.send(firstEvent)
	for err == nil {
		select {
		case event := <-l.events:
			err = out.send(event)
		case <-l.missed:
			l.forget()
			err = out.send(resetEvent)
		case <-beat.C:
			err = out.send(beatEvent)
		case <-a.hub.stopped:
			return
		case <-r.Context().Done():
			return
		}
	}
}

// eventWriter sends events at once.
type eventWriter struct {
	http.ResponseWriter
	control *http.ResponseController
}

func (w eventWriter) send(event []byte) error {
	if err := w.control.SetWriteDeadline(time.Now().Add(sendLimit)); err != nil {
		return err
	}
	if _, err := w.Write(event); err != nil {
		return err
	}
	return w.control.Flush()
}
