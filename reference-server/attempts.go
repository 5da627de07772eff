package refserver

import (
	"net/http"
	"sync/atomic"
	"time"
)

// Attempt is one update as the server saw it.
type Attempt struct {
	Status  int           // HTTP status of the answer; 0: it was given none
	At      time.Time     // when the answer was ready
	Latency time.Duration // from the arrival of the request to then
}

// IsConflict reports whether the attempt lost its race.
func (a Attempt) IsConflict() bool {
	return a.Status == http.StatusConflict || a.Status == http.StatusPreconditionFailed
}

// ClientMove is one move as a board's user lived through it: the time from the
// drop of the card to its answer.
type ClientMove struct {
	Outcome  string // moved, conflict, error or unknown
	Took     time.Duration
	Operator int64 // what the board was opened with; 0: nothing
}

// Attempts counts the updates that a server was asked for, by HTTP status of the
// answer; 0 is one that was given none. A load generator's own count must
// equal it exactly.
type Attempts map[int]int64

// Total is the number of attempts.
func (a Attempts) Total() int64 {
	var n int64
	for _, count := range a {
		n += count
	}
	return n
}

// counter counts answers by status and tells its observers of each.
type counter struct {
	byStatus  [600]atomic.Int64
	observers []func(Attempt)
}

func (c *counter) readCounts() Attempts {
	seen := Attempts{}
	for status := range c.byStatus {
		if n := c.byStatus[status].Load(); n > 0 {
			seen[status] = n
		}
	}
	return seen
}

// countAnswers returns a handler that counts the answers of another.
func (c *counter) countAnswers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		counting := &countingWriter{ResponseWriter: w, counter: c, begun: time.Now()}
		defer counting.finish()
		next.ServeHTTP(counting, r)
	})
}

// countingWriter counts one answer, once.
type countingWriter struct {
	http.ResponseWriter
	counter *counter
	begun   time.Time
	counted bool
}

func (w *countingWriter) WriteHeader(status int) {
	w.add(status)
	w.ResponseWriter.WriteHeader(status)
}

func (w *countingWriter) Write(b []byte) (int, error) {
	w.add(http.StatusOK)
	return w.ResponseWriter.Write(b)
}

// finish counts an attempt whose connection was dropped without an answer.
func (w *countingWriter) finish() { w.add(0) }

func (w *countingWriter) add(status int) {
	if w.counted {
		return
	}
	w.counted = true
	w.counter.byStatus[status].Add(1)
	now := time.Now()
	for _, observe := range w.counter.observers {
		observe(Attempt{Status: status, At: now, Latency: now.Sub(w.begun)})
	}
}

// Unwrap lets http.ResponseController reach the connection.
func (w *countingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
