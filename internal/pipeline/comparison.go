package pipeline

import (
	"fmt"
	"os"

	"github.com/occbench/occbench/internal/compare"
	"github.com/occbench/occbench/internal/evidence"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/reports/view"
)

// mostCompared bounds the histories that a report compares on its way, in bytes:
// a report of ten million operations does not wait for twenty.
const mostCompared = 1 << 28

// compareWithLast returns the comparison of a run with the last comparable run
// of its folder, or why there is none; nil for a run without a recording. An
// unreadable earlier run does not prevent the report of this one.
func compareWithLast(e *evidence.Evidence, v gate.Verdict) *view.Since {
	if e.Manifest == nil || e.Recording == nil {
		return nil
	}
	base, why, err := compare.FindEarlier(e.Dir, e.Manifest)
	if err != nil {
		why = err.Error()
	}
	if why != "" {
		return &view.Since{Why: why}
	}
	s := &view.Since{Base: base.Name()}
	if n := readHistorySize(e.Dir) + readHistorySize(base); n > mostCompared {
		s.Why = fmt.Sprintf("together their histories have %d MiB; `occbench compare %s %s` takes its time for them",
			n>>20, base.Path(), e.Dir.Path())
		return s
	}
	r, err := compareWith(base, e, v)
	if err != nil {
		s.Why = err.Error()
		return s
	}
	s.Comparison = &r
	return s
}

func compareWith(base run.Dir, e *evidence.Evidence, v gate.Verdict) (compare.Report, error) {
	earlier, err := compare.Open(base)
	if err != nil {
		return compare.Report{}, err
	}
	before, err := compare.NewSide(earlier)
	if err != nil {
		return compare.Report{}, err
	}
	if e.Recording.Samples == nil { // a report of numbers that were kept without them
		if e, err = compare.Open(e.Dir); err != nil {
			return compare.Report{}, err
		}
	}
	now, err := compare.NewSide(e)
	if err != nil {
		return compare.Report{}, err
	}
	now.Verdict = v.Verdict
	return compare.Compare(before, now, compare.Options{})
}

func readHistorySize(dir run.Dir) int64 {
	info, err := os.Stat(dir.File(run.HistoryFile))
	if err != nil {
		return 0 // reading it says what is wrong
	}
	return info.Size()
}
