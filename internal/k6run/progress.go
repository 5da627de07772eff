package k6run

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/occbench/occbench/internal/history"
)

// Progress reports a run where there is no terminal: one calm line every few
// seconds, taken from the history as it grows, so that it tells what was
// recorded and not what was intended.
type Progress struct {
	W     io.Writer
	Every time.Duration // 0: 5 s
}

const defaultEvery = 5 * time.Second

// start reports in the background until the returned func is called.
func (p *Progress) start(params Params) (stop func()) {
	if p == nil || params.History == "" {
		return func() {}
	}
	every := p.Every
	if every <= 0 {
		every = defaultEvery
	}
	ticker, done := time.NewTicker(every), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() { p.follow(params, time.Now(), ticker.C, done) })
	return func() {
		ticker.Stop()
		close(done)
		wg.Wait()
	}
}

// follow writes a line per tick.
func (p *Progress) follow(params Params, begin time.Time, ticks <-chan time.Time, done <-chan struct{}) {
	t := newTally(params.History)
	defer t.close()
	for {
		select {
		case <-done:
			return
		case now := <-ticks:
			t.read()
			fmt.Fprintln(p.W, t.line(now.Sub(begin), params.Duration))
		}
	}
}

// tally counts the attempts of a history that is being written, second clicks
// not among them.
type tally struct {
	follower  *history.Follower
	broken    bool // the history cannot be read; the checker will say why
	moves     int64
	moved     int64
	conflicts int64
	durations spread
}

func newTally(path string) *tally { return &tally{follower: history.Follow(path)} }

func (t *tally) close() { _ = t.follower.Close() } // it was only read

// read takes in what has been written since the last time.
func (t *tally) read() {
	var op history.Op
	for !t.broken {
		err := t.follower.Read(&op)
		if err == io.EOF {
			return
		}
		if t.broken = err != nil; !t.broken && op.Kind == history.Move && op.Flags&history.Double == 0 {
			t.count(&op)
		}
	}
}

func (t *tally) count(op *history.Op) {
	t.moves++
	switch op.Outcome {
	case history.Moved:
		t.moved++
	case history.Conflict:
		t.conflicts++
	}
	if op.Answered() {
		t.durations.add(op.End - op.Start)
	} else {
		t.durations.addEndless()
	}
}

// line is `12 s of 60 s · 480 moves · 19 conflicts (4.0 %) · 0 errors · p95 12 ms`.
func (t *tally) line(elapsed, total time.Duration) string {
	if t.broken {
		return fmt.Sprintf("%s · the history cannot be followed", clock(elapsed, total))
	}
	line := fmt.Sprintf("%s · %d moves", clock(elapsed, total), t.moves)
	if t.moves == 0 {
		return line
	}
	line += fmt.Sprintf(" · %d conflicts", t.conflicts)
	if decided := t.moved + t.conflicts; decided > 0 {
		line += fmt.Sprintf(" (%.1f %%)", 100*float64(t.conflicts)/float64(decided))
	}
	return line + fmt.Sprintf(" · %d errors · p95 %s", t.moves-t.moved-t.conflicts, t.durations.p95())
}

// clock never shows more than the declared duration: what k6 does after it,
// waiting for answers and auditing, is no progress of the load.
func clock(elapsed, total time.Duration) string {
	return fmt.Sprintf("%.0f s of %.0f s", min(elapsed, total).Seconds(), total.Seconds())
}
