package cloudwatch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/occbench/occbench/internal/wait"
)

// EmitOptions say what an Emitter does. Publish is required.
type EmitOptions struct {
	Publish  Publisher
	Logger   *slog.Logger  // nil: nothing is logged
	Interval time.Duration // between two batches; 1 s when 0
	Room     int           // attempts held at most; 65,536 when 0
	Limit    time.Duration // for one batch to be published; 5 s when 0
}

// Publisher sends what was gathered. It returns an error that is errNotSent when
// certainly nothing of it arrived, so that it may be sent again, and errRefused
// when it arrived and was turned down.
type Publisher interface {
	Publish(ctx context.Context, seconds []Second) error
}

// errNotSent is returned, wrapped, for a batch that was not received, and errRefused for one that was received and will never be kept.
var (
	errNotSent = errors.New("nothing was sent")
	errRefused = errors.New("nothing was kept")
)

// Emitter gathers attempts and publishes them beside the requests. A request pays
// for a lock and sixteen bytes; when there is no room, the attempt is dropped and
// counted.
type Emitter struct {
	opts EmitOptions

	mu      sync.Mutex // guards the next three
	filling []sample
	spare   []sample
	dropped int64

	sending sync.Mutex // one batch at a time; guards the next three
	pending []Second
	lost    Losses
	told    map[string]bool
	waiting atomic.Int64 // attempts in pending

	stop    chan struct{}
	stopped chan struct{}
	once    sync.Once
}

// sample is an attempt: the second of its answer, and its latency in µs, turned
// negative by a conflict.
type sample struct {
	second int64
	micros int64
}

// Losses are attempts that CloudWatch lacks, or may lack.
type Losses struct {
	Dropped int64 // there was no room, or no time at the end
	Unsure  int64 // sent, and not known to have arrived
}

// NewEmitter starts an emitter.
func NewEmitter(o EmitOptions) *Emitter {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Interval <= 0 {
		o.Interval = time.Second
	}
	if o.Room <= 0 {
		o.Room = 1 << 16
	}
	if o.Limit <= 0 {
		o.Limit = 5 * time.Second
	}
	e := &Emitter{opts: o, filling: make([]sample, 0, o.Room), spare: make([]sample, 0, o.Room),
		told: map[string]bool{}, stop: make(chan struct{}), stopped: make(chan struct{})}
	go e.run()
	return e
}

// Observe takes an attempt: when it was answered, how long that took, and
// whether it lost. It never waits for anything but other observers.
func (e *Emitter) Observe(at time.Time, latency time.Duration, conflict bool) {
	s := sample{at.Unix(), max(latency.Microseconds(), 0)}
	if conflict {
		s.micros = -1 - s.micros
	}
	e.mu.Lock()
	if len(e.filling) < cap(e.filling) {
		e.filling = append(e.filling, s)
	} else {
		e.dropped++
	}
	e.mu.Unlock()
}

func (e *Emitter) run() {
	defer close(e.stopped)
	tick := time.NewTicker(e.opts.Interval)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			e.logOnce(e.Flush(context.Background()))
		case <-e.stop:
			return
		}
	}
}

// logOnce tells of an error once in each wording: an endpoint that is gone is
// gone every second.
func (e *Emitter) logOnce(err error) {
	if err == nil {
		return
	}
	e.sending.Lock()
	defer e.sending.Unlock()
	if text := err.Error(); !e.told[text] && len(e.told) < 100 {
		e.told[text] = true
		e.opts.Logger.Warn("metrics were not published", "error", text, "dropped", e.lost.Dropped, "unsure", e.lost.Unsure)
	}
}

// Flush publishes what was observed before the call.
func (e *Emitter) Flush(ctx context.Context) error {
	e.sending.Lock()
	defer e.sending.Unlock()
	full := e.take()
	if full > 0 {
		e.lost.Dropped += full
		e.opts.Logger.Warn("metrics were dropped: attempts came faster than they were published", "dropped", full)
	}
	if len(e.pending) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, e.opts.Limit)
	defer cancel()
	err := e.opts.Publish.Publish(ctx, e.pending)
	switch {
	case err == nil:
		e.forget()
	case errors.Is(err, errRefused), errors.Is(err, errNotSent) && e.waiting.Load() > int64(e.opts.Room):
		e.lost.Dropped += e.waiting.Load()
		e.forget()
	case !errors.Is(err, errNotSent):
		// Sending again what may have arrived would count attempts twice.
		e.lost.Unsure += e.waiting.Load()
		e.forget()
	}
	if err != nil {
		return fmt.Errorf("publishing metrics: %w", err)
	}
	return nil
}

func (e *Emitter) forget() {
	e.pending = nil
	e.waiting.Store(0)
}

// take moves what was observed into pending and returns how many there was no
// room for.
func (e *Emitter) take() int64 {
	e.mu.Lock()
	taken := e.filling
	e.filling, e.spare = e.spare[:0], nil
	full := e.dropped
	e.dropped = 0
	e.mu.Unlock()
	e.waiting.Add(int64(len(taken)))
	e.pending = addSamples(e.pending, taken)
	e.mu.Lock()
	e.spare = taken
	e.mu.Unlock()
	return full
}

// stuck is how long after its time a publisher may take to notice that.
const stuck = time.Second

// Close publishes what is left within the context's time and stops. What could
// not be published is dropped, and told in the error and in Lost. It also
// returns when the publisher does not: a pipe without a reader takes for ever.
func (e *Emitter) Close(ctx context.Context) error {
	e.once.Do(func() { close(e.stop) })
	closed := make(chan error, 1)
	go func() { closed <- e.finish(ctx) }()
	select {
	case err := <-closed:
		return err
	case <-ctx.Done():
	}
	timer := time.NewTimer(stuck)
	defer timer.Stop()
	select {
	case err := <-closed:
		return err
	case <-timer.C:
		return fmt.Errorf("closing the emitter: of %d attempts perhaps no metrics were published: the publisher does not return",
			e.countUnpublished())
	}
}

// countUnpublished returns how many attempts are not known to be published.
func (e *Emitter) countUnpublished() int64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.waiting.Load() + int64(len(e.filling)) + e.dropped
}

func (e *Emitter) finish(ctx context.Context) error {
	<-e.stopped
	err := e.Flush(ctx)
	for rest := 100 * time.Millisecond; errors.Is(err, errNotSent) && wait.For(ctx, rest) == nil; rest *= 2 {
		err = e.Flush(ctx)
	}
	e.sending.Lock()
	defer e.sending.Unlock()
	e.lost.Dropped += e.waiting.Load()
	e.forget()
	if lost := e.lost; lost != (Losses{}) {
		text := fmt.Sprintf("closing the emitter: of %d attempts no metrics were published, of %d perhaps not", lost.Dropped, lost.Unsure)
		if err != nil {
			return fmt.Errorf("%s: %w", text, err)
		}
		return errors.New(text)
	}
	return err
}

// Lost returns what was lost so far.
func (e *Emitter) Lost() Losses {
	e.sending.Lock()
	defer e.sending.Unlock()
	return e.lost
}
