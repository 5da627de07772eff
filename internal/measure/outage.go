package measure

import "github.com/occbench/occbench/internal/history"

// streak is how many operations in a row must fail for the end of a run to
// count as the target's death and not as bad luck: at an error rate of 1 % four
// do so by chance once in a hundred million runs.
const streak = 4

// tail follows the failures at the end of the history. A server that died
// answers nothing; one behind a proxy goes on answering 5xx.
type tail struct {
	failures int
	since    int64 // start of the first of them, ns
	last     int64 // end of the last good answer, ns; None when there was none
	seen     bool
}

func (t *tail) add(op *history.Op) {
	if !t.seen {
		t.seen, t.last = true, history.None
	}
	if op.Outcome != history.NoAnswer && op.Outcome != history.ServerError {
		t.failures, t.last = 0, max(t.last, op.End)
		return
	}
	if t.failures == 0 || op.Start < t.since {
		t.since = op.Start
	}
	t.failures++
}

// numbers returns the outage that the history ends in, or nil.
func (t *tail) numbers() *Outage {
	if t.failures < streak {
		return nil
	}
	out := &Outage{SinceS: toSeconds(t.since), Failures: t.failures}
	if t.last != history.None {
		last := toSeconds(t.last)
		out.LastAnswerS = &last
	}
	return out
}
