package check

import "slices"

// foldAt is the number of pages that a card keeps at hand: 512 versions, 24
// KiB. In the file's order an operation speaks of older versions only when it
// took longer than hundreds of moves of its card.
const foldAt = 32

// run stands for versions in a row that are settled: each has one acknowledged
// owner, one status and bounds that agree. A run takes as much as one version,
// however long it is, so memory does not grow with the length of a history.
//
// Nothing rests on the guess that a settled version is not heard of again: when
// it is, the checker is blind for it, and File reads the history once more
// without folding. So it does where a card with a run shows an anomaly, because
// the run cannot tell which version takes part in it.
type run struct {
	from, to int64
	bounds   record // up and own bound all of them, last is the latest of all
}

// row returns the run as a row of a view.
func (r *run) row() row { return row{record: &r.bounds, from: r.from, to: r.to} }

// fold settles what it can of the older half of the pages.
func (k *card) fold() {
	half := len(k.pages) / 2
	hi := int64(never)
	for _, p := range k.pages[half:] {
		hi = min(hi, p.earliest())
	}
	stay := make([]*page, 0, len(k.pages))
	for i := half - 1; i >= 0; i-- {
		p := k.pages[i]
		if i > 0 && k.settled(k.pages[i-1], p, k.pages[i+1], hi) {
			k.take(p, hi)
			k.checker.used = append(k.checker.used, p)
		} else {
			stay = append(stay, p)
		}
		hi = min(hi, p.earliest())
	}
	slices.Reverse(stay)
	k.pages = append(stay, k.pages[half:]...)
	k.hot = nil
	k.foldAt = len(k.pages) + k.checker.fold/2
	k.maybes = slices.DeleteFunc(k.maybes, func(m maybeOwner) bool { return k.isFolded(m.version >> pageBits) })
}

func (p *page) earliest() int64 {
	at := int64(never)
	for i := range p.rec {
		at = min(at, p.rec[i].by())
	}
	return at
}

// settled reports whether every version of p is settled between its
// neighbours. hi is the upper bound of the first version after p.
func (k *card) settled(before, p, after *page, hi int64) bool {
	if before.no+1 != p.no || p.no+1 != after.no || k.pending(p.no) {
		return false
	}
	next := &after.rec[0]
	if next.status == 0 {
		return false
	}
	for i := pageSize - 1; i >= 0; i-- {
		r := &p.rec[i]
		if !r.acked() || r.dups > 0 || r.flags&^maybe != touched || r.status == 0 || illegal(r.status, next.status) {
			return false
		}
		if r.last > min(hi, next.stale) {
			return false
		}
		hi = min(hi, r.by())
		if r.own > min(hi, r.stale) {
			return false
		}
		next = r
	}
	first, last := &p.rec[0], &before.rec[pageSize-1]
	return last.status != 0 && !illegal(last.status, first.status) && last.last <= min(hi, first.stale)
}

// pending reports whether a question about a version of the page is open.
func (k *card) pending(no int64) bool {
	in := func(version int64) bool { return version>>pageBits == no || (version+1)>>pageBits == no }
	for expected := range k.rejects {
		if in(expected) {
			return true
		}
	}
	return slices.ContainsFunc(k.open, func(f refusal) bool { return in(f.expected) }) ||
		slices.ContainsFunc(k.skewed, func(s skew) bool { return in(s.expected) })
}

// take turns a settled page into a run, or lengthens one with it. hi is the
// upper bound of the first version after the page.
func (k *card) take(p *page, hi int64) {
	b := blank
	b.flags = touched
	for i := range p.rec {
		r := &p.rec[i]
		b.last, b.own = max(b.last, r.last), max(b.own, r.own)
	}
	b.up = min(hi, p.earliest())
	k.foldedTo = max(k.foldedTo, p.no<<pageBits+pageSize-1)
	k.foldedBy = max(k.foldedBy, min(hi, p.rec[pageSize-1].by()))
	k.fuse(run{from: p.no << pageBits, to: p.no<<pageBits + pageSize - 1, bounds: b})
}

// fuse puts a run among the others, as one with those that it adjoins.
func (k *card) fuse(r run) {
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
func (k *card) isFolded(no int64) bool {
	for i := len(k.folded) - 1; i >= 0; i-- {
		if r := &k.folded[i]; r.from <= no<<pageBits && no<<pageBits <= r.to {
			return true
		}
	}
	return false
}

// folded judges a run: whether its bounds still agree with those of the later
// rows, which may have become tighter since.
func (v *view) folded(i int) {
	if r := &v.row[i]; i+1 < len(v.row) && max(r.last, r.own) > v.row[i+1].hi {
		v.bad = true
	}
}
