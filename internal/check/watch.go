package check

import (
	"cmp"
	"slices"

	"github.com/occbench/occbench/internal/history"
)

// Watch judges a history while it is written. Each operation is added once, and a
// look judges again only the records that something was added about since the last
// one, so a look costs no more when the history is long.
//
// What is missing at a look, the answers that are under way above all, may explain
// what is odd. So a look finds only what holds whatever others did: the operations
// that are missing are among what others may have done.
type Watch struct {
	checker *Checker
	view    view
	fresh   []*record          // added to since the last look
	broken  map[*record]*tally // what the last look at a record found
	proven  map[ID]Anomaly     // with their proofs
}

// watchFold is the number of pages that a record keeps at hand in a watch: a look
// judges all of them again.
const watchFold = 8

// NewWatch returns a watch that has seen nothing.
func NewWatch(options Options) *Watch {
	options.fold = cmp.Or(options.fold, watchFold)
	return &Watch{checker: NewPass(options), broken: map[*record]*tally{}, proven: map[ID]Anomaly{}}
}

// Add takes one operation, as Checker.Add does.
func (w *Watch) Add(o *history.Op, line int) {
	w.checker.Add(o, line)
	if o.Record == "" {
		return
	}
	if k := w.checker.record(o.Record); !k.fresh {
		k.fresh = true
		w.fresh = append(w.fresh, k)
	}
}

// Look returns the anomalies of what was added so far, with their proofs. again
// yields the operations that were added; it is asked only when an invariant is
// broken for the first time, and at most once beside that.
func (w *Watch) Look(again Source) ([]Anomaly, error) {
	w.judgeFresh()
	if w.checker.blind && w.checker.fold > 0 {
		if err := w.unfold(again); err != nil {
			return nil, err
		}
	}
	if !w.checker.trust.isSound() {
		return nil, nil
	}
	sum := w.sum()
	if err := w.prove(&sum, again); err != nil {
		return nil, err
	}
	found := sum.anomalies()
	for i := range found {
		count := found[i].Count
		found[i] = w.proven[found[i].ID]
		found[i].Count = count
	}
	return found, nil
}

// judgeFresh judges the records that were added to.
func (w *Watch) judgeFresh() {
	for _, k := range w.fresh {
		k.fresh = false
		t := w.checker.tally.empty()
		w.view.load(k, true)
		w.view.judge(&t)
		w.checker.blind = w.checker.blind || w.view.bad && len(k.folded) > 0
		if t.hasAny() {
			w.broken[k] = &t
		} else {
			delete(w.broken, k)
		}
	}
	w.fresh = w.fresh[:0]
}

// unfold starts anew with a checker that keeps every version: an operation spoke
// of one that was folded.
func (w *Watch) unfold(again Source) error {
	w.checker, w.broken, w.fresh = New(w.checker.options), map[*record]*tally{}, nil
	if _, err := again(w.Add); err != nil {
		return err
	}
	w.judgeFresh()
	return nil
}

// sum returns what was found of all records.
func (w *Watch) sum() tally {
	sum := w.checker.tally.empty()
	sum.count = w.checker.tally.count
	for id, first := range w.checker.tally.first {
		sum.first[id] = slices.Clone(first)
	}
	if len(w.broken) == 0 {
		return sum
	}
	for _, k := range w.checker.order {
		if t := w.broken[k]; t != nil {
			sum.include(t)
		}
	}
	return sum
}

// prove finds proofs where an invariant is broken that was not before.
func (w *Watch) prove(sum *tally, again Source) error {
	news := false
	for id, n := range sum.count {
		_, known := w.proven[ID(id)]
		news = news || n > 0 && !known
	}
	if !news {
		return nil
	}
	had := w.checker.tally
	w.checker.tally = *sum
	found, err := w.checker.prove(again)
	w.checker.tally = had
	for i := range found {
		w.proven[found[i].ID] = found[i]
	}
	return err
}
