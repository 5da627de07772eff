package refserver

import (
	"sync"
	"sync/atomic"
	"time"
)

// Limits of the streams.
const (
	maxListeners = 256
	// listenerBuffer is how many events may wait for one client.
	listenerBuffer = 256
	// changesBuffer is how many changes may wait to be told.
	changesBuffer = 4096
	// tellPause is the least time between two readings for the streams. A busy
	// shop changes a card many times in it, and boards show the last.
	tellPause = 50 * time.Millisecond
)

// hub passes changes on to the listeners of the stream.
//
// A move pays one atomic load without listeners, and with some one send to a channel that never blocks: what a card looks like is read from
// the store by the hub's own goroutine, once for all changes that came
// together. A listener that cannot keep up is told that it missed something, which costs nothing to remember.
type hub struct {
	tell      func(h *hub, ids map[int64]bool) // reads the cards and sends them
	listening atomic.Int32
	changes   chan int64
	overrun   atomic.Bool // changes were dropped
	stopped   chan struct{}
	stopOnce  sync.Once

	mu   sync.Mutex
	all  map[*listener]bool
	idle chan struct{} // closed when the last listener leaves; nil without any
}

func newHub(tell func(*hub, map[int64]bool)) *hub {
	return &hub{tell: tell, changes: make(chan int64, changesBuffer), stopped: make(chan struct{}), all: map[*listener]bool{}}
}

// listener is one client of the stream.
type listener struct {
	day    time.Time
	events chan []byte
	missed chan struct{} // holds one thing when events were dropped
}

// forget drops what waits: the client is going to read it all anew.
func (l *listener) forget() {
	for {
		select {
		case <-l.events:
		default:
			return
		}
	}
}

// offer never waits for the client.
func (l *listener) offer(event []byte) {
	select {
	case l.events <- event:
	default:
		l.reset()
	}
}

func (l *listener) reset() {
	select {
	case l.missed <- struct{}{}:
	default: // it is to be told already
	}
}

// noteChange notes that a card is not what it was. It may be called by any number
// of goroutines.
func (h *hub) noteChange(id int64) {
	if h.listening.Load() == 0 {
		return
	}
	select {
	case h.changes <- id:
	default:
		h.overrun.Store(true)
	}
}

// join adds a client; false when there are too many or the server stops.
func (h *hub) join(day time.Time) (*listener, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	select {
	case <-h.stopped:
		return nil, false
	default:
	}
	if len(h.all) >= maxListeners {
		return nil, false
	}
	l := &listener{day: day, events: make(chan []byte, listenerBuffer), missed: make(chan struct{}, 1)}
	h.all[l] = true
	h.listening.Store(int32(len(h.all)))
	if h.idle == nil {
		h.idle = make(chan struct{})
		go h.run(h.idle)
	}
	return l, true
}

func (h *hub) leave(l *listener) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.all, l)
	h.listening.Store(int32(len(h.all)))
	if len(h.all) == 0 {
		close(h.idle)
		h.idle = nil
	}
}

// stop ends every stream and takes no more.
func (h *hub) stop() { h.stopOnce.Do(func() { close(h.stopped) }) }

// listeners returns the present listeners.
func (h *hub) listeners() []*listener {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := make([]*listener, 0, len(h.all))
	for l := range h.all {
		all = append(all, l)
	}
	return all
}

// run tells of changes until its last listener has left.
func (h *hub) run(idle chan struct{}) {
	for {
		select {
		case id := <-h.changes:
			h.tellRound(id)
		case <-idle:
			return
		case <-h.stopped:
			return
		}
		select {
		case <-time.After(tellPause):
		case <-idle:
			return
		case <-h.stopped:
			return
		}
	}
}

// tellRound takes all changes that wait and tells of them.
func (h *hub) tellRound(first int64) {
	ids := map[int64]bool{first: true}
	for more := true; more; {
		select {
		case id := <-h.changes:
			ids[id] = true
		default:
			more = false
		}
	}
	if h.overrun.Swap(false) {
		h.reset()
		return
	}
	h.tell(h, ids)
}

// reset tells all listeners to read anew.
func (h *hub) reset() {
	for _, l := range h.listeners() {
		l.reset()
	}
}
