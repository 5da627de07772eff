package occ

import (
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"time"

	"github.com/sirupsen/logrus"
	"go.k6.io/k6/v2/js/modules"

	"github.com/occbench/occbench/internal/generator"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/stall"
)

// early is by how much a load may end before its time: k6 ends a ramp at its last
// arrival, and two clocks are read one after the other.
const early = 100 * time.Millisecond

// leaveEnd writes into the manifest of this generator how it ended, once, with the hash of what it
// leaves; failed is why the history is not whole.
func (r *process) leaveEnd(failed error) error {
	if r.part.dir == "" || !r.part.ended.CompareAndSwap(false, true) {
		return nil
	}
	m := r.part.manifest
	m.End = time.Now()
	m.State, m.Reason = r.decideState(failed)
	if rec := r.recording.rec.Load(); rec != nil {
		m.HistoryDropped = rec.Dropped()
	}
	m.PlannedIterations, m.DroppedIterations = r.countTurns()
	quota := stall.ReadQuota()
	m.Throttled = run.DurationText(quota.Throttled - r.quota.Throttled)
	if m.Cores = float64(runtime.NumCPU()); quota.Cores > 0 {
		m.Cores = min(m.Cores, quota.Cores)
	}
	m.CPU, m.ClockStep = run.DurationText(processorTime()), run.DurationText(generator.MeasureClockStep(m.Start, m.End))
	m.Builds, m.Troubles = r.listBuilds(), r.listTroubles()
	err := m.HashFiles(r.part.dir)
	if err == nil {
		err = generator.Write(r.part.dir, m)
	}
	if err != nil {
		return fmt.Errorf("writing how generator %s ended: %w", filepath.Base(r.part.dir), err)
	}
	return nil
}

// decideState returns how far this generator came.
func (r *process) decideState(failed error) (run.State, string) {
	last := r.lastAudit.Load() - 1
	switch {
	case failed != nil:
		return run.Failed, failed.Error()
	case r.firstTurn.Load() == 0:
		return run.Failed, "no turn was begun"
	case last < 0:
		last = r.clock.now()
	}
	if left := r.loadEnd.Load() - last; left > int64(early) && r.hasUnplayed() {
		return run.Interrupted, fmt.Sprintf("the load was ended %s before its time", time.Duration(left).Round(100*time.Millisecond))
	}
	return run.Complete, ""
}

// hasUnplayed reports whether turns are left that were to begin: in a closed model there
// are always more.
func (r *process) hasUnplayed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, a := range r.arrivals {
		if a.next.Load() < a.total {
			return true
		}
	}
	return len(r.arrivals) == 0
}

// closeAtExit closes the recording when k6 is about to exit, for scenarios
// without a handleSummary that calls finish.
func closeAtExit(vu modules.VU, r *process, log logrus.FieldLogger) {
	global := vu.Events().Global
	if global == nil { // not in a k6 run
		return
	}
	_, events := global.Subscribe(exitEvent)
	go func() {
		for event := range events {
			r.end(log)
			event.Done() // k6 waits for it
		}
	}()
}

// end closes the recording and says when it is not whole.
func (r *process) end(log logrus.FieldLogger) {
	defer func() {
		if p := recover(); p != nil {
			log.Errorf("closing the history: internal error: %v", p)
		}
	}()
	err := r.recording.close()
	if err = errors.Join(err, r.leaveEnd(err)); err != nil && r.recording.failed.CompareAndSwap(false, true) {
		log.Error(err)
	}
}

// exitEvent is the number of k6's event Exit, whose name is in a package that
// only k6 can import. A test sees that the event comes.
const exitEvent = 6

// listBuilds returns the builds that answered.
func (r *process) listBuilds() []run.Build {
	var all []run.Build
	for _, b := range r.tally.Builds() {
		all = append(all, run.Build{Build: b.Build, First: r.clock.wallTime(b.First).UTC(), Attempts: b.Attempts})
	}
	return all
}

// listTroubles returns why answers are missing or unreadable.
func (r *process) listTroubles() []run.Trouble {
	var all []run.Trouble
	for _, t := range r.tally.Troubles() {
		all = append(all, run.Trouble{Why: t.Trouble.Error(), Attempts: t.Attempts, Reads: t.Reads})
	}
	return all
}
