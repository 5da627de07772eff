package check

import (
	"cmp"
	"slices"

	"github.com/occbench/occbench/internal/check/lineage"
	"github.com/occbench/occbench/internal/history"
)

// record holds what the history says about one record.
type record struct {
	// What every operation touches comes first, to share a cache line.
	id       string
	hot      *page // the page last used; nil: none
	hotNo    int64 // its number
	pool     *recordPool
	ops      int
	foldedTo int64 // the highest folded version
	full     bool  // it is time to fold
	moved    bool  // an attempt was or may have been applied
	fresh    bool  // added to since a Watch looked at it

	pages    map[int64]*page
	sorted   []pageAt // the same by number; nil: not known
	foldAt   int
	folded   []run // see fold.go
	foldedBy int64 // every folded version was installed by this instant
	audited  int64 // latest start of an audit that showed the record; else none

	maybes  []maybeOwner
	open    []refusal            // 409s whose version was not known before the call
	rejects map[int64]*rejection // by expected version
	skewed  []skew
	aside   bool            // something about the record was set aside
	of      *lineage.Record // its tokens, where it is a family of tokens; else nil
	root    int32           // of the family

	listed *history.Op // the last of contradicting lines, see occ12
	missed int64       // how many lists did not show the record
	missAt int         // the first one's line
}

// maybeOwner is an attempt that may have made a version. When it did, it did so
// at some time after its start: a request whose client gave up can linger in a
// proxy beyond the end of the run.
type maybeOwner struct {
	version int64 // the version it may have made
	start   int64
	status  uint8
	failed  bool // it was answered 5xx
}

// refusal is a 409 that does not tell the current version.
type refusal struct {
	expected   int64
	start, end int64
}

// addSight takes the sight of a version at some instant within [start, end]. It
// was installed by end, and the next one was not before start.
func (k *record) addSight(version, start, end int64, status string) {
	r := k.boundsOf(version)
	r.up = min(r.up, end)
	r.last = max(r.last, start)
	r.addState(k.stateCode(status))
}

func (r *bounds) addState(status uint8) {
	if r.status == 0 {
		r.status = status
	} else if status != 0 && status != r.status {
		r.flags |= torn
	}
}

// addTold takes the version that the body of a 409 tells. It was the current one
// at some instant within [start, end], if the body is right.
func (k *record) addTold(version, start, end int64, status string) {
	r := k.boundsOf(version)
	r.toldUp = min(r.toldUp, end)
	r.toldLast = max(r.toldLast, start)
	if told := k.stateCode(status); r.told == 0 {
		r.told = told
	} else if told != 0 && told != r.told {
		r.flags |= toldTorn
	}
}

// stateCode returns the code of a state. A word that the API does not have is
// set aside: nothing can be proven about a state without a definition.
func (k *record) stateCode(word string) uint8 {
	by := k.pool.states
	status := by.code(word)
	if status == 0 && word != "" && len(by.names) > 0 {
		k.setAside(unknownState)
	}
	return status
}

// addApplied takes an update that was confirmed with the version after the expected one:
// that one was installed within the call, by this attempt.
func (k *record) addApplied(o *history.Op) {
	r := k.boundsOf(o.Token)
	if !r.acked() {
		r.own, r.ownEnd = o.Start, o.End
	} else {
		if o.End < r.ownEnd {
			r.own, r.ownEnd = o.Start, o.End
		}
		r.dups++
		if r.dups == 0 {
			r.dups--
		}
	}
	answered, target := k.stateCode(o.State), k.stateCode(o.Target)
	if answered != 0 && answered != target {
		r.flags |= odd
	} else if answered == 0 {
		answered = target
	}
	r.addState(answered)
}

// addUncertain takes an attempt that may or may not have been applied.
func (k *record) addUncertain(o *history.Op) {
	if o.Expected < k.foldedTo && k.isFolded((o.Expected+1)>>pageBits) {
		return // another attempt made that version
	}
	k.addOwner(maybeOwner{o.Expected + 1, o.Start, k.stateCode(o.Target), o.Outcome == history.ServerError})
}

// addOwner keeps, of many like attempts, the one that began first: it could have
// done whatever a later one could.
func (k *record) addOwner(m maybeOwner) {
	k.boundsOf(m.version).flags |= maybe
	for i := len(k.maybes) - 1; i >= max(0, len(k.maybes)-8); i-- {
		if had := &k.maybes[i]; had.version == m.version && had.status == m.status && had.failed == m.failed {
			had.start = min(had.start, m.start)
			return
		}
	}
	k.maybes = append(k.maybes, m)
}

// addConflict takes a 409. That the version was stale is one thing that it says,
// and which version was current instead is another.
func (k *record) addConflict(o *history.Op, line int) {
	told := o.Token >= 0 && o.Token != o.Expected
	if told {
		k.addTold(o.Token, o.Start, o.End, o.State)
	}
	if o.Expected < k.foldedTo && o.End >= k.foldedBy && k.isFolded(o.Expected>>pageBits) && k.isFolded((o.Expected+1)>>pageBits) {
		return // stale by all means
	}
	k.noteRefused(o)
	switch {
	case o.Token == o.Expected:
		k.pool.tally.add(suspect{id: OCC05, record: k.id, version: o.Expected + 1, other: o.Expected, from: none, line: line})
	case k.boundsOf(o.Expected).knownBy() < o.Start:
		r := k.boundsOf(o.Expected + 1)
		r.stale = min(r.stale, o.End)
	case !told:
		k.boundsOf(o.Expected).flags |= asked
		k.boundsOf(o.Expected + 1).flags |= asked
		k.open = append(k.open, refusal{o.Expected, o.Start, o.End})
	}
}

// noteRefused notes that an attempt asked for the next version and was refused, in
// case that no other attempt turns out to have made it.
func (k *record) noteRefused(o *history.Op) {
	if r := k.boundsOf(o.Expected + 1); r.knownBy() >= o.Start {
		target := bit(k.stateCode(o.Target))
		if target == 0 {
			target = anyTarget
		}
		r.refused |= target
	}
}

// boundsOf returns the record of a version, new if need be. It stays valid.
func (k *record) boundsOf(version int64) *bounds {
	no := version >> pageBits
	p := k.hot
	if p == nil || k.hotNo != no {
		if p = k.pageOf(no); p == nil {
			return k.pool.room.discard()
		}
	}
	r := &p.rec[version&(pageSize-1)]
	r.flags |= touched
	return r
}

// pageOf finds or makes a page; nil when its records are not at hand.
func (k *record) pageOf(no int64) *page {
	if p := k.pages[no]; p != nil {
		k.hot, k.hotNo = p, no
		k.dropSum(no)
		return p
	}
	if k.isFolded(no) {
		k.pool.blind = true
		return nil
	}
	if len(k.pages) > 0 && k.pages[no-1] == nil && k.pages[no+1] == nil && !k.pool.room.takeIsland() {
		k.setAside(scattered)
		return nil
	}
	if k.pages == nil {
		k.pages = make(map[int64]*page, 2)
	}
	k.hot, k.hotNo = k.pool.newPage(no), no
	if n := len(k.sorted); n == len(k.pages) && (n == 0 || k.sorted[n-1].no < no) { // as versions rise
		k.sorted = append(k.sorted, pageAt{no: no, page: k.hot})
	} else {
		k.sorted = nil
	}
	k.pages[no] = k.hot
	k.full = k.pool.fold > 0 && len(k.pages) > k.foldAt
	return k.hot
}

// pageAt is a page in the order of the versions.
type pageAt struct {
	no   int64
	page *page
	sum  *run // stands for the page at looks; nil: nothing does, see settled.go
}

// sortedPages returns the pages that are at hand by number; they stay the record's own.
func (k *record) sortedPages() []pageAt {
	if len(k.sorted) < len(k.pages) {
		k.sorted = k.sorted[:0]
		for no, p := range k.pages {
			k.sorted = append(k.sorted, pageAt{no: no, page: p})
		}
		slices.SortFunc(k.sorted, func(a, b pageAt) int { return cmp.Compare(a.no, b.no) })
	}
	return k.sorted
}

// skew is an acknowledgement with another version than e+1.
type skew struct {
	expected, version, start int64
	line                     int
}

// rejection sums up the refusals of the attempts from one version:
// that it was the current one within each call, and that its state allowed none
// of the targets.
type rejection struct {
	end, start int64 // the earliest end and the latest start
	targets    uint8 // bits 1<<(code-1) of what was asked for
	statuses   uint8 // the same of what the refusals say that the record was
	gone       bool  // one of them may say that the record has been removed
}

func (j *rejection) merge(o *rejection) {
	j.end, j.start = min(j.end, o.end), max(j.start, o.start)
	j.targets, j.statuses, j.gone = j.targets|o.targets, j.statuses|o.statuses, j.gone || o.gone
}
