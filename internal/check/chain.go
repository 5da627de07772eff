package check

import "slices"

// The sweep over the bounds knows when a version was there, but not in which
// state, nor which of the attempts that may have made it did. chain looks
// whether the versions of a record can have come about one from the other: it
// follows, for each state that a version may have had, the lowest instant at
// which it can have been installed with it. Lower is always better for what
// comes later, so nothing needs to be searched.
//
// It is asked once for each kind of claim, and what fails first has the name:
// with what was read and acknowledged alone the server has made an illegal
// update, and where only the bodies of 409s do not fit, the bodies are wrong.

// claims is how much of what the history says is believed.
type claims uint8

const (
	ofReads     claims = iota // reads, acknowledgements
	ofConflicts               // and that the version of a 409 was stale
	ofBodies                  // and what the body of a 409 tells
	ofRefusals                // and that other refusals were right
	ofFailures                // and that a 5xx had no effect
	allClaims
)

// instants holds, by code of a state, the lowest instant at which a version
// can have been installed with it; never: not at all.
type instants [mostStates + 1]int64

var (
	nowhere  = instants{never, never, never, never, never, never, never, never}
	anywhere = instants{always, always, always, always, always, always, always, always}
)

// first returns the lowest of all; never when there is none.
func (s *instants) first() int64 { return min(s[1], s[2], s[3], s[4], s[5], s[6], s[7]) }

// after returns the same for the next version, as far as the transitions go.
func (s *instants) after(by *stateTable) instants {
	next := nowhere
	for to := 1; to < len(next); to++ {
		for from := 1; from < len(s); from++ {
			if by.from[to]&bit(uint8(from)) != 0 {
				next[to] = min(next[to], s[from])
			}
		}
	}
	return next
}

// firstBroken returns the first row that no chain of legal updates explains, given the
// claims that are believed; -1 when there is none. Others may change a state as
// they like, so on a shared list only acknowledged updates have to be legal.
func (v *view) firstBroken(c claims, shared bool) int {
	v.loadLatest(c, shared)
	v.record.pool.steps += int64(len(v.row) + len(v.open))
	v.least, v.made = resize(v.least, len(v.row)), resize(v.made, len(v.row))
	var low instants
	at := int64(always) // by the reads of earlier versions
	for i := range v.row {
		r := &v.row[i]
		made := low.after(v.record.pool.states)
		if !v.follows(i) || r.said || v.row[i-1].from != v.row[i-1].to || !r.acked() && shared {
			made = anywhere
		}
		low = made
		original := at == always && i < v.first // it may have been there from the beginning
		if original && !r.acked() {
			low = anywhere
		} else if i > 0 && !v.follows(i) && (at != always || i > v.first) && !shared {
			low = nowhere
		}
		if r.from == r.to {
			statuses := v.statusesOf(i, c, shared)
			v.raiseBounds(&made, i, at, statuses, c, !shared)
			v.raiseBounds(&low, i, at, statuses, c, !shared && !original)
		}
		if v.least[i], v.made[i] = low.first(), made.first(); v.least[i] == never && v.latest[i] != never {
			return i
		}
		at = max(at, v.installedAfter(i, c, shared))
	}
	return -1
}

// installedAfter returns the instant after which the version after row i was installed,
// by what is said of row i.
func (v *view) installedAfter(i int, c claims, shared bool) int64 {
	r := &v.row[i]
	at := max(r.last, r.own)
	if c >= ofBodies {
		at = max(at, r.toldLast)
	}
	if j := v.rejectedAt(i, c, shared); j != nil {
		at = max(at, j.start)
	}
	return at
}

// rejectedAt returns what other refusals than 409s say of row i, if they are
// believed; else nil.
func (v *view) rejectedAt(i int, c claims, shared bool) *rejection {
	if c < ofRefusals {
		return nil
	}
	j := v.record.rejects[v.row[i].from]
	if j != nil && (j.gone && shared || v.row[i].masked) {
		return nil
	}
	return j
}

// raiseBounds raises the instants of row i to what is known of it, and drops the
// states that it cannot have had. A version that was made in the run has an
// owner.
func (v *view) raiseBounds(low *instants, i int, at int64, statuses uint8, c claims, owned bool) {
	r := &v.row[i]
	for status := 1; status < len(low); status++ {
		begun := int64(always)
		if owned && !r.acked() && !r.said {
			begun = r.begunFor(uint8(status), c < ofFailures || r.failed)
		}
		low[status] = max(low[status], at, r.own, begun)
		if statuses&bit(uint8(status)) == 0 || low[status] > v.latest[i] {
			low[status] = never
		}
	}
	low[0] = never
}

// begunFor returns the earliest start of an attempt that can have made the
// version with a state.
func (r *row) begunFor(status uint8, failed bool) int64 {
	for _, m := range r.maybes {
		if (m.status == 0 || m.status == status) && (failed || !m.failed) {
			return m.start
		}
	}
	return never
}

// statusesOf returns the bits of the states that row i can have had. One that
// shows two is another finding, and tells nothing here.
func (v *view) statusesOf(i int, c claims, shared bool) uint8 {
	r := &v.row[i]
	statuses := v.record.pool.states.all
	if r.flags&torn == 0 && r.dups == 0 && r.status != 0 {
		statuses = bit(r.status)
	} else if c >= ofBodies && r.flags&toldTorn == 0 && r.told != 0 && r.status == 0 {
		statuses = bit(r.told)
	}
	if j := v.rejectedAt(i, c, shared); j != nil {
		statuses &= j.allowedStates(v.record.pool.states)
	}
	return statuses
}

func resize(s []int64, n int) []int64 { return slices.Grow(s[:0], n)[:n] }

// loadLatest fills in the latest instants at which the rows were installed.
func (v *view) loadLatest(c claims, shared bool) {
	v.latest = resize(v.latest, len(v.row))
	hi := int64(never)
	for i := len(v.row) - 1; i >= 0; i-- {
		r := &v.row[i]
		hi = min(hi, r.knownBy())
		if c >= ofConflicts {
			hi = min(hi, r.stale)
		}
		if c >= ofBodies {
			hi = min(hi, r.toldUp)
		}
		if j := v.rejectedAt(i, c, shared); j != nil {
			hi = min(hi, j.end)
		}
		v.latest[i] = hi
	}
}

// findBrokenChain reports the first kind of claim that no chain of updates explains: first
// whatever others did, and then if they did nothing. One is enough; what is
// known to be wrong on the record without it is left out.
func (v *view) findBrokenChain(t *tally) {
	if !v.sure && !v.findBrokenChainOf(t, true) && !v.bad && !v.shared {
		v.findBrokenChainOf(t, false)
	}
}

func (v *view) findBrokenChainOf(t *tally, shared bool) bool {
	for c := ofReads; c < allClaims; c++ {
		v.first = len(v.row)
		i := v.firstBroken(c, shared)
		if i < 0 {
			i = v.firstOverdue(c, shared)
		}
		if i >= 0 {
			s := v.nameBroken(c, i)
			s.closed = !shared
			v.reportVersion(t, s)
			return true
		}
	}
	return false
}

// nameBroken names what does not fit at row i.
func (v *view) nameBroken(c claims, i int) suspect {
	r := &v.row[i]
	s := suspect{version: r.from, other: v.lastKnown(i), from: none}
	switch c {
	case ofReads:
		s.id = OCC10
	case ofConflicts:
		s.id, s.other = OCC05, r.from-1
	case ofBodies:
		return v.nameBody(i)
	case ofRefusals:
		s.id = OCC06
	case ofFailures:
		s.id = OCC11
	}
	return s
}

// lastKnown returns the nearest version before row i whose state was seen.
func (v *view) lastKnown(i int) int64 {
	for j := i - 1; j >= 0; j-- {
		if v.row[j].status != 0 {
			return v.row[j].to
		}
	}
	return v.row[i].from
}

// nameBody names what the body of a 409 does not fit with, up to row i. Where it
// tells a version that had been there and was over, or one that came and was not
// there for a later read, something was shown too late; else the body is wrong.
func (v *view) nameBody(i int) suspect {
	by := i // the row whose body says that row i was there
	for by+1 < len(v.row) && v.row[by].toldUp != v.latest[i] {
		by++
	}
	told := &v.row[by]
	came := told.toldUp == v.latest[i] &&
		(told.acked() && told.own <= told.toldUp || len(told.maybes) > 0 && told.maybes[0].start <= told.toldUp)
	for j := i - 1; j >= 0; j-- {
		r := &v.row[j]
		switch {
		case r.toldLast > v.latest[i] && r.knownBy() == never:
			return suspect{id: OCC12, version: r.to + 1, other: r.to, from: none}
		case r.toldLast > v.latest[i]:
			return suspect{id: OCC07, version: r.to, other: v.row[by].from, from: r.toldLast}
		case came && r.last > v.latest[i]:
			return suspect{id: OCC07, version: r.to, other: told.from, from: r.last}
		}
	}
	return suspect{id: OCC12, version: told.from + 1, other: told.from, from: none}
}
