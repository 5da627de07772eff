package check

// recordPool is shared by the records of a checker: the states of their API, the
// memory that they take, and what is noted about them.
type recordPool struct {
	states *stateTable
	shared bool // others were said to update the records too
	tally  tally
	aside  [reasons]SetAside
	fold   int // pages that a record keeps at hand, or 0: fold nothing
	room   pageBudget
	used   []*page // folded and free
	steps  int64   // pages and rows looked at
	blind  bool    // an operation spoke of a folded version
}

// maxIslands bounds the pages that do not adjoin another one of their record. A
// correct server has none; one that answers random versions must not be able to
// fill the memory. 16,384 pages are 18 MiB.
const maxIslands = 1 << 14

// pageBudget counts the memory that implausible versions have taken.
type pageBudget struct {
	islands int
	scratch bounds
}

func newPageBudget() pageBudget { return pageBudget{scratch: blank} }

// takeIsland reports whether one more may be made.
func (r *pageBudget) takeIsland() bool {
	if r.islands >= maxIslands {
		return false
	}
	r.islands++
	return true
}

// discard returns bounds that are never read.
func (r *pageBudget) discard() *bounds {
	r.scratch = blank
	return &r.scratch
}

// newPage returns a blank page, a used one where there is any.
func (r *recordPool) newPage(no int64) *page {
	var p *page
	if n := len(r.used); n > 0 {
		p, r.used = r.used[n-1], r.used[:n-1]
	} else {
		p = new(page)
	}
	p.no = no
	for i := range p.rec {
		p.rec[i] = blank
	}
	return p
}
