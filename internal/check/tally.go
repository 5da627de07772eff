package check

import (
	"math"
	"slices"
	"strings"
)

// suspect is a broken invariant whose operations are not at hand.
type suspect struct {
	id      ID
	record  string
	version int64 // the version at which the bounds contradict each other
	to      int64 // the last of the versions that are missing from version on, or 0
	other   int64 // another version the proof may need, or the same
	from    int64 // start of a sight of an older version; none if there is none
	line    int   // the line that shows it, or 0
	closed  bool  // it is none if others updated the record too
	by      *stateTable
}

// meets reports whether two suspects are about a same version.
func (s *suspect) meets(o *suspect) bool {
	return s.version <= max(o.version, o.to) && o.version <= max(s.version, s.to)
}

// kept is how many suspects of an invariant are looked at in full.
const kept = 6

// tally counts what was found.
type tally struct {
	count    [ids + 1]int64
	closed   [ids + 1]int64 // of these, how many rest on there being no other writer
	first    [ids + 1][]suspect
	words    Words
	opaque   bool // records are families, see Numbering
	states   *stateTable
	all      bool // keep all suspects and not only the first
	foreign  int64
	unproven int64

	gaps     [disputed + 1][]suspect // the first of the versions without an owner
	gapCount [disputed + 1]int64
}

// nameOf returns the name of a record without its family.
func (t *tally) nameOf(id string) string {
	if t.opaque {
		return id[:max(0, strings.LastIndex(id, familyMark))]
	}
	return id
}

func (t *tally) add(s suspect) {
	s.by = t.states
	t.count[s.id]++
	if s.closed {
		t.closed[s.id]++
	}
	t.first[s.id] = t.keepFirst(t.first[s.id], s)
}

// empty returns a tally that counts alike and has counted nothing.
func (t *tally) empty() tally {
	return tally{words: t.words, opaque: t.opaque, states: t.states, all: t.all}
}

// include adds what another tally counted.
func (t *tally) include(other *tally) {
	for id := range other.count {
		t.count[id] += other.count[id]
		for _, s := range other.first[id] {
			t.first[id] = t.keepFirst(t.first[id], s)
		}
	}
}

// keepFirst holds on to the first suspects, and to those first that stand whatever
// others did.
func (t *tally) keepFirst(had []suspect, s suspect) []suspect {
	if t.all || len(had) < kept {
		return append(had, s)
	}
	for i := range had {
		if had[i].closed && !s.closed {
			had[i] = s
			break
		}
	}
	return had
}

// countForeign counts versions that others made. Versions are untrusted: the count
// stops before it overflows.
func (t *tally) countForeign(n int64) {
	t.foreign += min(n, math.MaxInt64-t.foreign)
}

// story is how a version without an owner may be explained.
type story uint8

const (
	unasked  story = iota // no attempt asked for it
	unseen                // a refused attempt asked for it, but it or the one before was passed by unseen
	disputed              // a refused attempt asked for just what was seen then
)

func (t *tally) addGap(s suspect, as story) {
	s.by = t.states
	t.gapCount[as]++
	t.gaps[as] = t.keepFirst(t.gaps[as], s)
}

// nameGaps names the versions without an owner. After a refused attempt for
// just that version and state the simplest story is that the refusal lied
// (OCC-04). But where some versions have not even such an attempt, there is another
// writer, who explains all of them (OCC-08), and whatever else was only found
// because there seemed to be none.
func (t *tally) nameGaps() {
	id := OCC04
	if t.gapCount[unasked] > 0 {
		t.dropClosed()
	}
	if t.gapCount[unasked] > 0 || t.gapCount[disputed] == 0 {
		id = OCC08
	}
	for as, gaps := range t.gaps {
		t.count[id] += t.gapCount[as]
		for _, s := range gaps {
			if s.id = id; id == OCC08 || story(as) == disputed {
				t.first[id] = t.keepFirst(t.first[id], s)
			}
		}
	}
	clear(t.gaps[:])
	clear(t.gapCount[:])
}

// needClosed are the invariants whose suspects may rest on no other writer having
// updated the records.
var needClosed = []ID{OCC05, OCC06, OCC09, OCC10, OCC11, OCC12}

func (t *tally) dropClosed() {
	for _, id := range needClosed {
		t.count[id] -= t.closed[id]
		t.closed[id] = 0
		t.first[id] = slices.DeleteFunc(t.first[id], func(s suspect) bool { return s.closed })
	}
}
