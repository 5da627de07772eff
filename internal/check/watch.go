package check

import (
	"cmp"
	"slices"

	"github.com/occbench/occbench/internal/check/lineage"
	"github.com/occbench/occbench/internal/history"
)

// Watch judges a history while it is written. Each operation is added once, and a
// look judges again only the records that something was added about since the last
// one, so a look costs no more when the history is long.
//
// What is missing at a look, the answers that are under way above all, may explain
// what is odd. So a look finds only what holds whatever others did: the operations
// that are missing are among what others may have done.
//
// Opaque tokens are numbered as they come. Three things wait for the end of the
// run: tokens without markers, which others may have brought back; tokens whose
// parent is not known yet; and most looks at records whose tokens contradict
// themselves, since each such look reads the history again. It is made when their number
// has doubled.
type Watch struct {
	checker *Checker
	view    view
	broken  map[any]*tally // what the last look at a record, or at all families of one, found
	proven  map[ID]Anomaly // with their proofs

	apart   []Anomaly // of records whose tokens contradict themselves
	checked int       // how many of those there were then
}

// watchFold is the number of pages that a record keeps at hand in a watch: a look
// judges all of them again.
const watchFold = 8

// NewWatch returns a watch that has seen nothing.
func NewWatch(options Options) *Watch {
	options.fold, options.Clocks = cmp.Or(options.fold, watchFold), nil
	w := &Watch{checker: NewPass(options), broken: map[any]*tally{}, proven: map[ID]Anomaly{}}
	w.checker.watched = true
	return w
}

// Add takes one operation, as Checker.Add does.
func (w *Watch) Add(o *history.Op, line int) { w.checker.Add(o, line) }

// Look returns the anomalies of what was added so far, with their proofs. again
// yields the operations that were added; it is asked only when an invariant is
// broken for the first time, and seldom beside that.
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
	if err := w.judgeDoubts(again); err != nil {
		return nil, err
	}
	return withOthers(found, w.apart), nil
}

// withOthers returns anomalies and those of an invariant that is not among them, by
// invariant.
func withOthers(found, others []Anomaly) []Anomaly {
	for i := range others {
		at := slices.IndexFunc(found, func(f Anomaly) bool { return f.ID == others[i].ID })
		if at < 0 {
			found = append(found, others[i])
		} else {
			found[at].Count = max(found[at].Count, others[i].Count)
		}
	}
	slices.SortFunc(found, func(a, b Anomaly) int { return cmp.Compare(a.ID, b.ID) })
	return found
}

// judgeFresh judges the records that were added to, all families of one together.
func (w *Watch) judgeFresh() {
	done := map[*lineage.Record]bool{}
	for _, k := range w.checker.fresh {
		k.fresh = false
		if k.of == nil {
			w.judge(k, []*record{k})
		} else if !done[k.of] {
			done[k.of] = true
			w.judge(k.of, w.checker.familiesOf(k.of).all)
		}
	}
	w.checker.fresh = w.checker.fresh[:0]
}

// judge judges all families of a record. Where anything is odd the pages that were summed
// up are judged version by version.
func (w *Watch) judge(about any, records []*record) {
	alone := len(records) == 1 && (records[0].of == nil || len(records[0].of.Told) == 0)
	if alone && w.broken[about] == nil {
		records[0].sumSettled()
		if _, odd := w.judgeAll(records); !odd {
			return
		}
	}
	for _, k := range records {
		k.dropSums()
	}
	if t, _ := w.judgeAll(records); t.hasAny() {
		w.broken[about] = &t
	} else {
		delete(w.broken, about)
	}
}

// judgeAll returns what is found of some records, and whether anything does not fit.
func (w *Watch) judgeAll(records []*record) (t tally, odd bool) {
	t = w.checker.tally.empty()
	var apart zones
	for _, k := range records {
		if k.of != nil && (k.of.Doubt || !w.checker.hasOrder(k, true)) {
			continue
		}
		w.view.load(k, true)
		w.view.judgeFamily(&t)
		apart.add(&w.view, w.checker.familiesBeside(k))
		odd = odd || w.view.bad
		w.checker.blind = w.checker.blind || w.view.bad && len(k.folded) > 0
	}
	w.checker.blind = apart.judge(&t, &w.checker.placer) || w.checker.blind
	return t, odd || t.hasAny()
}

// judgeDoubts judges the records whose tokens contradict themselves, where there are
// twice as many as last time.
func (w *Watch) judgeDoubts(again Source) error {
	n := w.checker.tokens
	if n == nil || n.Doubts < max(1, 2*w.checked) {
		return nil
	}
	w.checked = n.Doubts
	doubtful := func(take func(*history.Op, int)) func(*history.Op, int) {
		return func(o *history.Op, line int) {
			if f := n.Find(o.Record); f != nil && f.Doubt {
				take(o, line)
			}
		}
	}
	src := func(yield func(*history.Op, int)) (bool, error) { return again(doubtful(yield)) }
	c, err := w.checker.anew(src)
	if err != nil {
		return err
	}
	if _, err := src(c.Add); err != nil {
		return err
	}
	c.judge(true)
	w.apart, err = c.prove(src)
	return err
}

// unfold starts anew with a checker that keeps every version: an operation spoke
// of one that was folded.
func (w *Watch) unfold(again Source) error {
	options := w.checker.options
	options.fold = 0
	w.checker, w.broken = New(options), map[any]*tally{}
	w.checker.watched = true
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
	done := map[*lineage.Record]bool{}
	for _, k := range w.checker.order {
		about := any(k)
		if k.of != nil {
			if done[k.of] {
				continue
			}
			done[k.of], about = true, k.of
		}
		if t := w.broken[about]; t != nil {
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
