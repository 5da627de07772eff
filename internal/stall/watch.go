package stall

import (
	"io"
	"runtime/metrics"
	"sync"
	"time"
)

// period is the time between two looks of a watch.
const period = 10 * time.Millisecond

// schedLatencies is the distribution of the time that goroutines were ready and did
// not run. The ticker may be on time while others are late: its processor has room,
// theirs has a queue.
const schedLatencies = "/sched/latencies:seconds"

// Watch writes down when its process is late. It costs a thousandth of a processor.
type Watch struct {
	out     io.Writer
	now     func() int64 // ns of the run's clock
	queue   []metrics.Sample
	counts  []uint64 // of the last look
	last    int64
	largest int64 // of the latenesses that were no stall
	failed  error

	ending sync.Once
	end    chan struct{}
	done   chan struct{}
}

// NewWatch begins to watch and to write to out. Each stall is a line as soon as it
// is over, and so is a lateness that is no stall when it is the largest so far.
func NewWatch(out io.Writer, now func() int64) *Watch {
	w := &Watch{out: out, now: now, queue: []metrics.Sample{{Name: schedLatencies}}, end: make(chan struct{}), done: make(chan struct{})}
	_, w.failed = io.WriteString(out, Header+"\n")
	w.last = now()
	w.readWaited()
	go w.run()
	return w
}

func (w *Watch) run() {
	defer close(w.done)
	tick := time.NewTicker(period)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			w.compareClocks()
		case <-w.end:
			w.compareClocks()
			return
		}
	}
}

// compareClocks compares the clock with what it should show.
func (w *Watch) compareClocks() {
	now := w.now()
	late := now - w.last - int64(period)
	s := Stall{Start: w.last, End: now, Late: late}
	if waited := w.readWaited(); waited > late {
		s = Stall{Start: min(w.last, now-waited), End: now, Late: waited}
	}
	w.last = now
	if s.Late < int64(Threshold) && s.Late <= w.largest {
		return
	}
	if s.Late < int64(Threshold) {
		w.largest = s.Late
	}
	s.Start = max(s.Start, 0)
	if _, err := w.out.Write(s.append(nil)); err != nil && w.failed == nil {
		w.failed = err
	}
}

// readWaited returns for how long a goroutine was ready at most until it ran, of those
// that began to run since the last look, in ns.
func (w *Watch) readWaited() int64 {
	metrics.Read(w.queue)
	if w.queue[0].Value.Kind() != metrics.KindFloat64Histogram {
		return 0
	}
	h := w.queue[0].Value.Float64Histogram()
	longest := 0.0
	for i, n := range h.Counts {
		if len(w.counts) == len(h.Counts) && n > w.counts[i] && h.Buckets[i] > 0 { // the first bucket begins at -Inf
			longest = h.Buckets[i]
		}
	}
	w.counts = append(w.counts[:0], h.Counts...)
	return int64(longest * 1e9)
}

// Close ends the watch and returns the first error of writing.
func (w *Watch) Close() error {
	w.ending.Do(func() { close(w.end) })
	<-w.done
	return w.failed
}
