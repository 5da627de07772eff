package check

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
