package check

import (
	"cmp"
	"slices"
)

// view is one record, version by version, with the bounds that follow from all
// versions together. A view is loaded again and again to reuse its memory.
//
// I[v], the instant at which version v was installed, rises with v. So a lower
// bound holds for every later version and an upper bound for every earlier one:
// one sweep in each direction makes them as tight as they can be.
type view struct {
	record *record
	others bool // others updated the record
	shared bool // nothing follows from their having not: opaque tokens may change by themselves

	row   []row
	runs  []run // that stand for settled pages
	open  []openRefusal
	owned []suspect
	bad   bool // an anomaly of the versions was found on this record
	sure  bool // one that stands whatever others did

	decided bool // a 409 was decided by what the history says only after it

	// Of each row, see chain.go: the latest instant at which it was installed, the
	// least, and the least if it was not there from the beginning.
	latest, least, made []int64

	first int // the first row that is known not to have been there from the beginning
}

// row is one version, or a folded run of them, and its bounds.
type row struct {
	*bounds
	from, to int64 // versions; equal but for a folded run
	hi       int64 // I[from] is at most this; never when the version may not exist
	seen     int64 // the same from observations alone, without acknowledgements
	soon     int64 // the same with what 409s say
	witness  int   // the nearest row from here on whose own bound is hi
	again    int64 // latest start of an observation of this version or a later one
	maybes   []maybeOwner
	said     bool // that its state is wrong is reported
	masked   bool // its refusals other than 409s are reported
	failed   bool // that a 5xx made it is reported
}

func (v *view) load(k *record, shared bool) {
	v.others = shared || k.aside
	v.record, v.shared, v.row, v.owned = k, v.others || k.of != nil, v.row[:0], v.owned[:0]
	v.bad, v.sure, v.decided = false, false, false
	folded, pages := k.folded, k.sortedPages()
	v.row = slices.Grow(v.row, len(pages)*pageSize+len(folded))
	v.runs = slices.Grow(v.runs[:0], len(pages))
	for i := range pages {
		p := &pages[i]
		for len(folded) > 0 && folded[0].to < p.no<<pageBits {
			v.row = append(v.row, folded[0].row())
			folded = folded[1:]
		}
		if p.sum != nil {
			v.addSum(p.sum)
		} else {
			v.addPage(p.page)
		}
	}
	for i := range folded {
		v.row = append(v.row, folded[i].row())
	}
	k.pool.steps += int64(len(v.row))
	v.loadMaybes()
	v.loadUpper()
	v.loadRefusals()
}

// addPage adds a row for each version of a page that something is known about.
func (v *view) addPage(p *page) {
	for i := range p.rec {
		if r := &p.rec[i]; r.flags&touched != 0 {
			at := p.no<<pageBits + int64(i)
			v.row = append(v.row, row{bounds: r, from: at, to: at})
		}
	}
}

// loadMaybes gives each version the attempts that may have made it, earliest
// first.
func (v *view) loadMaybes() {
	all := v.record.maybes
	if len(v.record.skewed) > 0 {
		all = append(slices.Clone(all), v.skewOwners()...)
	}
	slices.SortFunc(all, func(a, b maybeOwner) int {
		return cmp.Or(cmp.Compare(a.version, b.version), cmp.Compare(a.start, b.start))
	})
	for i := 0; i < len(all); {
		n := i + 1
		for n < len(all) && all[n].version == all[i].version {
			n++
		}
		if at, ok := v.find(all[i].version); ok && v.row[at].from == v.row[at].to {
			v.row[at].maybes = all[i:n]
		}
		i = n
	}
}

func (v *view) loadUpper() {
	hi, seen, again, by := int64(never), int64(never), int64(none), len(v.row)-1
	soon := int64(never)
	for i := len(v.row) - 1; i >= 0; i-- {
		r := &v.row[i]
		if r.knownBy() <= hi {
			by = i
		}
		hi, seen, again = min(hi, r.knownBy()), min(seen, r.up), max(again, r.last)
		soon = min(soon, r.soonest())
		r.hi, r.seen, r.again, r.witness, r.soon = hi, seen, again, by, soon
	}
}

// find returns the place of the row that holds a version, or where it would be.
func (v *view) find(version int64) (int, bool) {
	return slices.BinarySearchFunc(v.row, version, func(r row, version int64) int {
		if r.to < version {
			return -1
		}
		return cmp.Compare(r.from, version)
	})
}

// hiOf returns the upper bound of any version, whether or not it has a row.
func (v *view) hiOf(version int64) int64 {
	if i, _ := v.find(version); i < len(v.row) {
		return v.row[i].hi
	}
	return never
}

// follows reports whether row i is the version right after row i-1.
func (v *view) follows(i int) bool { return i > 0 && v.row[i-1].to+1 == v.row[i].from }

// latestInstall is the upper bound of row i with the 409s counted in.
func (v *view) latestInstall(i int) int64 { return min(v.row[i].hi, v.row[i].stale) }

// past sums up the rows before one.
type past struct {
	lo   int64 // lower bound of the next version; always where nothing was seen
	ever int64 // latest start of an observation
	by   int64 // earliest end of an observation or acknowledgement
	told int64 // lo with what 409s tell

	open bool // the maker of a version, or of a state, has to be looked for
	odd  bool // what 409s tell adds something, or does not fit
}

func (p *past) pass(r *row) {
	if r.from == r.to {
		p.open = p.open || !r.acked() && p.told != always && r.soon != never
		p.odd = p.odd || max(p.told, r.own) > r.soon || r.told != 0 && r.status == 0
	}
	p.told = max(p.told, r.own, r.last, r.toldLast)
	p.lo, p.ever, p.by = max(p.lo, r.own, r.last), max(p.ever, r.last), min(p.by, r.knownBy())
}

// needsOwner reports whether a version that was there by hi must have been made
// after the history began, because an older one was seen. Where the older one
// was only seen later still, versions went back, and that is another finding.
func (p *past) needsOwner(hi int64) bool {
	return p.lo != always && hi != never && (p.lo <= hi || p.by <= hi)
}

// reportOwned reports an anomaly of something else than the versions. What follows
// from the maker of a version is kept for the end: on a record whose versions are
// wrong, nothing follows from them.
func (v *view) reportOwned(t *tally, s suspect) {
	s.record = v.record.id
	if s.closed {
		v.owned = append(v.owned, s)
	} else {
		t.add(s)
	}
}

// reportVersion reports an anomaly of the record's versions.
func (v *view) reportVersion(t *tally, s suspect) {
	v.bad, v.sure = true, v.sure || !s.closed
	s.record = v.record.id
	t.add(s)
}

// skewOwners are the versions that the skewed acknowledgements may have made:
// the one after the expected, or, where that has an owner, the one they answer.
func (v *view) skewOwners() []maybeOwner {
	var owners []maybeOwner
	taken := make(map[int64]bool)
	for _, s := range v.record.skewed {
		made := s.expected + 1
		if i, ok := v.find(made); ok && v.row[i].acked() || taken[made] {
			made = max(made, s.version)
		}
		taken[made] = true
		owners = append(owners, maybeOwner{version: made, start: s.start})
	}
	return owners
}

// openRefusal is a 409 that the bounds alone do not decide, at row i (e) and
// i+1 (e+1).
type openRefusal struct {
	refusal
	i int
}

// loadRefusals turns what the upper bounds decide into upper bounds.
func (v *view) loadRefusals() {
	v.open = v.open[:0]
	for _, f := range v.record.open {
		i, ok := v.find(f.expected)
		if !ok || i+1 == len(v.row) || v.row[i+1].from != f.expected+1 {
			continue
		}
		if v.row[i].hi < f.start {
			next := v.row[i+1].bounds
			next.stale, v.decided = min(next.stale, f.end), true
		} else {
			v.open = append(v.open, openRefusal{f, i})
		}
	}
	slices.SortFunc(v.open, func(a, b openRefusal) int { return cmp.Compare(a.i, b.i) })
}

// row returns the run as a row of a view.
func (r *run) row() row { return row{bounds: &r.bounds, from: r.from, to: r.to} }

// addSum adds a row for a settled page, or lengthens the one of the page before.
func (v *view) addSum(sum *run) {
	if n := len(v.runs); n > 0 && v.runs[n-1].to+1 == sum.from {
		v.runs[n-1].join(sum)
		v.runs[n-1].to, v.row[len(v.row)-1].to = sum.to, sum.to
		return
	}
	v.runs = append(v.runs, *sum)
	v.row = append(v.row, v.runs[len(v.runs)-1].row())
}

// witnessOf returns the version whose sight or acknowledgement gives row i its
// upper bound.
func (v *view) witnessOf(i int) int64 { return v.row[v.row[i].witness].from }
