package check

import (
	"cmp"
	"slices"
)

// foldAt is the number of pages that a record keeps at hand: 512 versions, 24
// KiB. In the file's order an operation speaks of older versions only when it
// took longer than hundreds of updates of its record.
const foldAt = 32

// run stands for versions in a row that are settled: each has one acknowledged
// owner, one state and bounds that agree. A run takes as much as one version,
// however long it is, so memory does not grow with the length of a history.
//
// Nothing rests on the guess that a settled version is not heard of again: when
// it is, the checker is blind for it, and File reads the history once more
// without folding. So it does where a record with a run shows an anomaly, because
// the run cannot tell which version takes part in it, nor whether it was read or
// told by a 409.
type run struct {
	from, to int64
	bounds   bounds // up and own bound all of them, last is the latest of all
}

// fold settles what it can of the older half of the pages. The next time comes
// when there are half as many again as could not be settled, so however many
// those are, each page is looked at a few times and no more.
func (k *record) fold() {
	pages := k.sortedPages()
	half := len(pages) / 2
	k.pool.steps += int64(len(pages) + len(k.maybes))
	hi := int64(never)
	for _, p := range pages[half:] {
		hi = min(hi, p.page.earliest())
	}
	for i := half - 1; i >= 0; i-- {
		p := pages[i].page
		next := min(hi, p.earliest())
		if i > 0 && k.isSettled(pages[i-1].page, p, pages[i+1].page, hi) {
			k.foldPage(p, hi)
			delete(k.pages, p.no)
			k.pool.used = append(k.pool.used, p)
			pages[i].no = foldedPage
		}
		hi = next
	}
	k.sorted = slices.DeleteFunc(pages, func(p pageAt) bool { return p.no == foldedPage })
	k.hot = nil
	k.full, k.foldAt = false, len(k.pages)+max(k.pool.fold, len(k.pages))/2
	k.maybes = slices.DeleteFunc(k.maybes, func(m maybeOwner) bool { return k.isFolded(m.version >> pageBits) })
}

// foldedPage stands for the number of a page that became part of a run.
const foldedPage = -1

func (p *page) earliest() int64 {
	at := int64(never)
	for i := range p.rec {
		at = min(at, p.rec[i].soonest())
	}
	return at
}

// soonest returns the earliest instant at which anything says that the version
// is installed.
func (r *bounds) soonest() int64 { return min(r.up, r.ownEnd, r.stale, r.toldUp) }

// isSettled reports whether every version of p is settled between its
// neighbours. hi is the upper bound of the first version after p.
func (k *record) isSettled(before, p, after *page, hi int64) bool {
	if before.no+1 != p.no || p.no+1 != after.no {
		return false
	}
	next := &after.rec[0]
	if next.status == 0 {
		return false
	}
	for i := pageSize - 1; i >= 0; i-- {
		r := &p.rec[i]
		if !r.acked() || r.dups > 0 || r.flags&^maybe != touched || r.status == 0 || k.pool.states.illegal(r.status, next.status) {
			return false
		}
		if r.told != 0 && r.told != r.status || max(r.last, r.toldLast) > hi {
			return false
		}
		if hi = min(hi, r.soonest()); r.own > hi {
			return false
		}
		next = r
	}
	first, last := &p.rec[0], &before.rec[pageSize-1]
	return last.status != 0 && !k.pool.states.illegal(last.status, first.status) && max(last.last, last.toldLast) <= hi
}

// foldPage turns a settled page into a run, or lengthens one with it. hi is the
// upper bound of the first version after the page.
func (k *record) foldPage(p *page, hi int64) {
	k.foldedTo = max(k.foldedTo, p.no<<pageBits+pageSize-1)
	k.foldedBy = max(k.foldedBy, p.rec[pageSize-1].knownBy())
	k.addRun(p.sumUp(hi))
}

// sumUp returns the run that stands for a settled page. hi is the upper bound of the
// first version after the page.
func (p *page) sumUp(hi int64) run {
	b := blank
	b.flags = touched
	for i := range p.rec {
		r := &p.rec[i]
		b.last, b.own = max(b.last, r.last, r.toldLast), max(b.own, r.own)
	}
	b.up = min(hi, p.earliest())
	return run{from: p.no << pageBits, to: p.no<<pageBits + pageSize - 1, bounds: b}
}

// addRun puts a run among the others, as one with those that it adjoins.
func (k *record) addRun(r run) {
	i, _ := slices.BinarySearchFunc(k.folded, r.from, func(had run, from int64) int {
		if had.to < from {
			return -1
		}
		return 1
	})
	if i < len(k.folded) && k.folded[i].from == r.to+1 {
		r.join(&k.folded[i])
		r.to = k.folded[i].to
		k.folded = slices.Delete(k.folded, i, i+1)
	}
	if i > 0 && k.folded[i-1].to+1 == r.from {
		r.join(&k.folded[i-1])
		r.from = k.folded[i-1].from
		k.folded = slices.Delete(k.folded, i-1, i)
		i--
	}
	k.folded = slices.Insert(k.folded, i, r)
}

func (r *run) join(o *run) {
	r.bounds.up = min(r.bounds.up, o.bounds.up)
	r.bounds.last = max(r.bounds.last, o.bounds.last)
	r.bounds.own = max(r.bounds.own, o.bounds.own)
}

// isFolded reports whether a page has become part of a run.
func (k *record) isFolded(no int64) bool {
	_, found := slices.BinarySearchFunc(k.folded, no<<pageBits, func(r run, version int64) int {
		if r.to < version {
			return -1
		}
		return cmp.Compare(r.from, version)
	})
	return found
}
