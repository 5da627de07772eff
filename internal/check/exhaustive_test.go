package check

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/occbench/occbench/internal/history"
)

// alphabet returns the operations that small histories are made of. Three
// statuses are enough to have legal moves, illegal ones and a dead end; three
// versions to have one that nobody saw between two that were seen.
func alphabet(versions int64, statuses []string) (all []history.Op) {
	add := func(kind history.Kind, outcome history.Outcome, http int16, expected, version int64, target, status string) {
		o := history.New()
		o.Kind, o.Outcome, o.HTTP, o.Expected, o.Version, o.Target, o.Status = kind, outcome, http, expected, version, target, status
		o.Card, o.Operator, o.Attempt = "c", 1, 1
		all = append(all, o)
	}
	for version := int64(1); version <= versions; version++ {
		for _, status := range statuses {
			add(history.Read, history.Seen, 200, history.None, version, "", status)
			add(history.Move, history.Rejected, 422, version, history.None, status, "")
			if version < versions {
				add(history.Move, history.Moved, 200, version, version+1, status, status)
				add(history.Move, history.NoAnswer, 0, version, history.None, status, "")
				add(history.Move, history.ServerError, 500, version, history.None, status, "")
			}
			for told := int64(1); told <= versions; told++ {
				if told != version {
					add(history.Move, history.Conflict, 409, version, told, statuses[0], status)
				}
			}
		}
		add(history.Move, history.Conflict, 409, version, history.None, statuses[0], "")
	}
	return all
}

// intervals returns one set of times for each way in which n operations can
// overlap, but for the order in which they are named.
func intervals(n int) [][][2]int64 {
	var all [][][2]int64
	seen := make(map[string]bool)
	var next func(times [][2]int64)
	next = func(times [][2]int64) {
		if len(times) == n {
			if key := overlaps(times); !seen[key] {
				seen[key] = true
				all = append(all, slices.Clone(times))
			}
			return
		}
		for start := range int64(n) {
			for end := start; end < int64(n); end++ {
				next(append(times, [2]int64{10 * start, 10*end + 5}))
			}
		}
	}
	next(nil)
	return all
}

// overlaps names which intervals end before which begin, alike for all orders in
// which they are named.
func overlaps(times [][2]int64) string {
	least := ""
	permute(len(times), func(order []int) {
		var key []byte
		for _, a := range order {
			for _, b := range order {
				key = append(key, ".<"[btoi(times[a][1] < times[b][0])])
			}
		}
		if least == "" || string(key) < least {
			least = string(key)
		}
	})
	return least
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func permute(n int, use func([]int)) {
	order := make([]int, 0, n)
	var next func()
	next = func() {
		if len(order) == n {
			use(order)
			return
		}
		for i := range n {
			if !slices.Contains(order, i) {
				order = append(order, i)
				next()
				order = order[:len(order)-1]
			}
		}
	}
	next()
}

// compare judges a history by both, on a board of the run's own and on a shared
// one, and says in which case they differ.
func (o *oracle) compare(ops []history.Op) error {
	for _, shared := range []bool{false, true} {
		o.others, o.effects = shared, false
		right := o.explains(ops)
		if found := anyAnomaly(ops, shared); found == right {
			return fmt.Errorf("shared %v: explained %v, anomaly %v in\n%s", shared, right, found, csv(ops))
		}
	}
	return nil
}

func anyAnomaly(ops []history.Op, shared bool) bool {
	c := New(Options{Excerpt: true, SharedBoard: shared})
	for i := range ops {
		c.Add(&ops[i], i+2)
	}
	c.judge(shared)
	return c.tally.any()
}

func (o *oracle) setTimes(op *history.Op, times [2]int64) {
	op.Start, op.End = times[0], times[1]
	if op.Outcome == history.NoAnswer {
		op.End = history.None
	}
}

// TestExhaustive compares the checker with the oracle.
func TestExhaustive(t *testing.T) {
	letters := alphabet(3, []string{"scheduled", "in_progress", "completed"})
	var o oracle
	wrong, all := 0, 0
	try := func(ops []history.Op) {
		all++
		if err := o.compare(ops); err != nil {
			if wrong++; wrong <= 10 {
				t.Error(err)
			}
		}
	}
	for n := 1; n <= 3; n++ {
		for _, times := range intervals(n) {
			ops := make([]history.Op, n)
			var fill func(i int)
			fill = func(i int) {
				if i == n {
					try(ops)
					return
				}
				for _, l := range letters {
					ops[i] = l
					ops[i].Operator = int32(i + 1)
					o.setTimes(&ops[i], times[i])
					fill(i + 1)
				}
			}
			fill(0)
		}
	}
	t.Logf("%d letters, %d histories, %d wrong", len(letters), all, wrong)
	_ = rand.Int
}
