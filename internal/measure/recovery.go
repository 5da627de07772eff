package measure

import (
	"github.com/occbench/occbench/internal/stall"
	"github.com/occbench/occbench/internal/stats"
)

// recovery adds up what became of the turns that met a conflict.
type recovery struct {
	turns, retried, found, late, lost, excused, overtaken, cutOff, warmup int
	attempts                                                              map[int]int
	times                                                                 stats.Sample
}

// add counts a turn that was over by a time. The stalls are those of its generator.
func (r *recovery) add(t *turn, by int64, opt *Options, stalls *stall.List) {
	if t.conflicts == 0 {
		return
	}
	if t.warm {
		r.warmup++
		return
	}
	r.turns++
	switch {
	case t.end == open && t.isOvertaken(opt.States):
		r.overtaken++
	case t.end == open && stalls.SumAffected(t.first, by) > 0:
		r.excused++
	case t.end == open:
		r.lost++
	case t.at-t.first > int64(opt.Budget) &&
		t.at-t.first-int64(stalls.MaxLateness())-stalls.SumAffected(t.first, t.at) <= int64(opt.Budget):
		r.excused++
	case t.at-t.first > int64(opt.Budget):
		r.late++
	default:
		r.countReached(t)
	}
}

func (r *recovery) countReached(t *turn) {
	if t.end == retried {
		r.retried++
	} else {
		r.found++
	}
	if r.attempts == nil {
		r.attempts = map[int]int{}
	}
	r.attempts[t.attempts]++
	r.times.Add(t.at - t.first)
}

// addOpen counts a turn that the end of the run left open. While attempts and
// budget remained, it is not known whether it would have been recovered.
func (r *recovery) addOpen(t *turn, end int64, opt *Options, stalls *stall.List) {
	remained := t.attempts < opt.Attempts && end-t.first < int64(opt.Budget)
	if t.warm || !t.isPending() || t.isOvertaken(opt.States) || !remained {
		r.add(t, end, opt, stalls)
		return
	}
	r.turns++
	r.cutOff++
}

// numbers adds up two recoveries, neither of them changed.
func (r *recovery) numbers(others *recovery) Recovery {
	attempts := map[int]int{}
	for _, from := range []map[int]int{r.attempts, others.attempts} {
		for used, turns := range from {
			attempts[used] += turns
		}
	}
	times := summarizeLatency(&r.times, &others.times)
	return Recovery{
		Turns:        r.turns + others.turns,
		Retried:      r.retried + others.retried,
		FoundThere:   r.found + others.found,
		Late:         r.late + others.late,
		NotRecovered: r.lost + others.lost,
		Excused:      r.excused + others.excused,
		Overtaken:    r.overtaken + others.overtaken,
		CutOff:       r.cutOff + others.cutOff,
		WarmupTurns:  r.warmup + others.warmup,
		Attempts:     attempts,
		MedianMS:     times.P50MS,
		P95MS:        times.P95MS,
		WorstMS:      times.MaxMS,
	}
}
