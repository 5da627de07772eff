package check

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/occbench/occbench/internal/history"
)

// vocabulary is how much the operations of small histories say.
type vocabulary int

const (
	plain  vocabulary = iota // no states in 409s
	bodies                   // and those
	rich                     // and in 422s; acknowledgements of anything, refusals that contradict themselves
)

// alphabet returns the operations that small histories are made of. Three
// states are enough to have legal updates, illegal ones and a dead end; three
// versions to have one that was not seen between two that were.
func alphabet(size vocabulary) (all []letter) {
	const versions = 3
	statuses := []string{"scheduled", "in_progress", "completed"}
	told := []string{""}
	if size >= bodies {
		told = statuses
	}
	add := func(kind history.Kind, outcome history.Outcome, http int16, expected, version int64, target, status string) {
		all = append(all, newLetter(kind, outcome, http, expected, version, target, status))
	}
	for version := int64(1); version <= versions; version++ {
		for _, status := range statuses {
			add(history.Read, history.Seen, 200, history.None, version, "", status)
			add(history.Update, history.Rejected, 422, version, history.None, status, "")
			if version < versions {
				add(history.Update, history.Applied, 200, version, version+1, status, status)
				add(history.Update, history.NoAnswer, 0, version, history.None, status, "")
				add(history.Update, history.ServerError, 500, version, history.None, status, "")
			}
		}
		for other := int64(1); other <= versions; other++ {
			for _, status := range told {
				if other != version {
					add(history.Update, history.Conflict, 409, version, other, statuses[0], status)
				}
			}
		}
		add(history.Update, history.Conflict, 409, version, history.None, statuses[0], "")
		if size < rich {
			continue
		}
		for _, status := range statuses {
			for _, from := range statuses {
				add(history.Update, history.Rejected, 422, version, history.None, status, from)
			}
			add(history.Update, history.Throttled, 429, version, history.None, status, "")
			add(history.Update, history.Applied, 200, version, version%versions+1, status, statuses[0])
		}
		add(history.Update, history.Conflict, 409, version, version, statuses[0], statuses[0])
		add(history.Update, history.Conflict, 409, version, 0, statuses[0], "")
	}
	return all
}

// intervals returns one set of times for each way in which n operations can
// overlap, but for the order in which they are named. At each instant one operation
// starts and one ends: any other instant tells no two operations apart. Operations
// with the same times are adjacent.
func intervals(n int) (all [][][2]int64) {
	for instants := range n {
		var next func(times [][2]int64, starts, ends int)
		next = func(times [][2]int64, starts, ends int) {
			if len(times) == n {
				if every := 1<<(instants+1) - 1; starts == every && ends == every {
					all = append(all, slices.Clone(times))
				}
				return
			}
			for start := range instants + 1 {
				for end := start; end <= instants; end++ {
					at := [2]int64{int64(10 * start), int64(10*end + 5)}
					if len(times) == 0 || slices.Compare(times[len(times)-1][:], at[:]) <= 0 {
						next(append(times, at), starts|1<<start, ends|1<<end)
					}
				}
			}
		}
		next(nil, 0, 0)
	}
	return all
}

// TestIntervals compares their numbers with those of Fishburn (OEIS A022493).
func TestIntervals(t *testing.T) {
	for i, want := range []int{1, 2, 5, 15, 53, 217} {
		if got := len(intervals(i + 1)); got != want {
			t.Errorf("%d operations can overlap in %d ways, want %d", i+1, got, want)
		}
	}
}

// letter is an operation without times, and what the oracle makes of it.
type letter struct {
	op   history.Op
	step oracleStep
}

func newLetter(kind history.Kind, outcome history.Outcome, http int16, expected, version int64, target, status string) letter {
	o := history.New()
	o.Kind, o.Outcome, o.HTTP, o.Expected, o.Token, o.Target, o.State = kind, outcome, http, expected, version, target, status
	o.Record, o.Attempt = "c", 1
	return letter{o, stepOf(&o)}
}

// word is a small history that is being made.
type word struct {
	oracle
	ops   []history.Op
	steps []oracleStep

	judged, right int
}

func (w *word) set(i int, l *letter, times [2]int64) {
	o := &w.ops[i]
	*o, w.steps[i] = l.op, l.step
	o.Operator, o.Start, o.End = int32(i+1), times[0], times[1]
	if o.Outcome == history.NoAnswer {
		o.End = history.None
	}
}

// compare judges the word by both, on a list of the run's own and on a shared
// one, and says in which case they differ.
func (w *word) compare() error {
	for _, shared := range []bool{false, true} {
		w.others = shared
		right := w.explains(w.ops, w.steps)
		if found := anyAnomaly(w.ops, shared); found == right {
			return fmt.Errorf("shared %v: a correct server can have answered so: %v, an anomaly is found: %v, in\n%s", shared, right, found, csv(w.ops))
		}
		w.judged++
		w.right += btoi(right)
	}
	return nil
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func anyAnomaly(ops []history.Op, shared bool) bool {
	c := New(Options{API: shop, Excerpt: true, Shared: shared})
	for i := range ops {
		c.Add(&ops[i], i+2)
	}
	c.judge(shared)
	return c.tally.hasAny()
}

// TestExhaustive compares the checker with the oracle on every history of up to
// three operations, and in the long test of four; the longest without states
// in 409s.
func TestExhaustive(t *testing.T) {
	few, all := alphabet(plain), alphabet(bodies)
	most := mostOperations(t, 2, 3, 4)
	for n := 1; n < most; n++ {
		enumerate(t, all, n)
	}
	enumerate(t, few, most)
}

// mostOperations returns the number that belongs to the short test, the usual one
// or the long one.
func mostOperations(t *testing.T, short, usual, long int) int {
	switch {
	case fuzzCheck(t) > 0:
		return long
	case testing.Short():
		return short
	}
	return usual
}

// enumerate compares all words of n letters. Words that differ in the names of
// operations alone are compared once.
func enumerate(t *testing.T, letters []letter, n int) {
	t.Run(fmt.Sprintf("%d operations", n), func(t *testing.T) {
		var judged, right atomic.Int64
		t.Cleanup(func() {
			t.Logf("%d verdicts, of which a correct server can have earned %d", judged.Load(), right.Load())
		})
		for i, times := range intervals(n) {
			t.Run(strconv.Itoa(i), func(t *testing.T) {
				t.Parallel()
				w := &word{ops: make([]history.Op, n), steps: make([]oracleStep, n)}
				w.extend(t, letters, times, 0, 0)
				judged.Add(int64(w.judged))
				right.Add(int64(w.right))
			})
		}
	})
}

// extend compares all words that begin with the first i letters, of which the last
// is number l. Operations with the same times are named in the order of their
// letters, and one without an answer ends last.
func (w *word) extend(t *testing.T, letters []letter, times [][2]int64, i, l int) {
	if i == len(times) {
		if err := w.compare(); err != nil {
			t.Fatal(err)
		}
		return
	}
	if i == 0 || times[i] != times[i-1] {
		l = 0
	}
	last := slices.MaxFunc(times, func(a, b [2]int64) int { return cmp.Compare(a[1], b[1]) })[1]
	for ; l < len(letters); l++ {
		if letters[l].op.Outcome == history.NoAnswer && times[i][1] < last {
			continue
		}
		w.set(i, &letters[l], times[i])
		w.extend(t, letters, times, i+1, l)
	}
}

// TestSampled does so for random histories of four to six operations.
func TestSampled(t *testing.T) {
	letters := alphabet(rich)
	words := countHistories(t, 6_000)
	for n := 4; n <= 6; n++ {
		t.Run(fmt.Sprintf("%d operations", n), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(uint64(n), 1))
			right := 0
			for range words {
				w := randomWord(r, letters, n)
				if err := w.compare(); err != nil {
					t.Fatal(err)
				}
				w.others = false
				if w.explains(w.ops, w.steps) {
					right++
				}
			}
			t.Logf("%d histories, of which a correct server can have answered %d", words, right)
		})
	}
}

// randomWord draws letters. Half of the words are drawn again and again until a
// correct server can have answered so or patience is over: most random answers are
// wrong at first sight.
func randomWord(r *rand.Rand, letters []letter, n int) *word {
	w := &word{ops: make([]history.Op, 0, n), steps: make([]oracleStep, 0, n)}
	patience := 200 * r.IntN(2)
	for len(w.ops) < n {
		i := len(w.ops)
		w.ops, w.steps = w.ops[:i+1], w.steps[:i+1]
		start := int64(r.IntN(2 * n))
		w.set(i, &letters[r.IntN(len(letters))], [2]int64{10 * start, 10*(start+int64(r.IntN(n))) + 5*int64(r.IntN(2))})
		if patience > 0 && r.IntN(8) > 0 && !w.explains(w.ops, w.steps) {
			w.ops, w.steps = w.ops[:i], w.steps[:i]
			patience--
		}
	}
	return w
}
