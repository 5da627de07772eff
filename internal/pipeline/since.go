package pipeline

import (
	"fmt"
	"os"

	"github.com/occbench/occbench/internal/compare"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/reports"
)

// mostCompared bounds the histories that a report compares on its way, in bytes:
// who draws a report of ten million operations does not wait for twenty.
const mostCompared = 1 << 28

// since compares a run with the last comparable one of its folder. What is wrong
// with the other run is no reason against a report of this one.
func since(dir run.Dir, m *run.Manifest, v gate.Verdict) *reports.Since {
	if m == nil || !dir.Has(run.HistoryFile) {
		return nil
	}
	base, why, err := compare.Earlier(dir, m)
	if err != nil {
		why = err.Error()
	}
	if why != "" {
		return &reports.Since{Why: why}
	}
	s := &reports.Since{Base: base.Name()}
	if n := size(dir) + size(base); n > mostCompared {
		s.Why = fmt.Sprintf("together their histories have %d MiB; `occbench compare %s %s` takes its time for them", n>>20, base.Path(), dir.Path())
		return s
	}
	r, err := against(base, dir, v)
	if err != nil {
		s.Why = err.Error()
		return s
	}
	s.Comparison = &r
	return s
}

func against(base, dir run.Dir, v gate.Verdict) (compare.Report, error) {
	before, err := compare.Read(base)
	if err != nil {
		return compare.Report{}, err
	}
	now, err := compare.Read(dir)
	if err != nil {
		return compare.Report{}, err
	}
	now.Verdict = v.Verdict
	return compare.Compare(before, now, compare.Options{})
}

func size(dir run.Dir) int64 {
	info, err := os.Stat(dir.File(run.HistoryFile))
	if err != nil {
		return 0 // reading it says what is wrong
	}
	return info.Size()
}
