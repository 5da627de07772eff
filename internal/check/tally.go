package check

import (
	"math"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/check/lineage"
	"github.com/occbench/occbench/internal/noun"
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
	also    int   // another line that takes part, or 0

	// Of what opaque tokens show: what more of the history a proof may need.
	token, marker string // operations that show this token, or have this marker
	raw           bool   // tokens as they were sent and shown prove it
	beside        *place // a version of another family
	until         int64  // and a later one of it
	by            *stateTable
	opaque        bool    // the tokens of its record
	on            clockOf // on which it was found
}

// meets reports whether two suspects are about a same version.
func (s *suspect) meets(o *suspect) bool {
	return s.version <= max(o.version, o.to) && o.version <= max(s.version, s.to)
}

// place is a version of a family of tokens.
type place struct {
	record  string
	version int64
}

// kept is how many suspects of an invariant are looked at in full, and keptDivided how
// many in a run of several generators: most of them may be of one generator.
const (
	kept        = 6
	keptDivided = 48
)

// tally counts what was found.
type tally struct {
	count    [afterLast]int64
	closed   [afterLast]int64 // of these, how many rest on there being no other writer
	first    [afterLast][]suspect
	words    noun.Words
	opaque   bool // records are families, see package lineage
	states   *stateTable
	on       clockOf
	all      bool // keep all suspects and not only the first
	foreign  int64
	unproven int64

	gaps     [disputed + 1][]suspect // the first of the versions without an owner
	gapCount [disputed + 1]int64
}

// nameOf returns the name of a record without its family.
func (t *tally) nameOf(id string) string {
	if at := strings.LastIndex(id, familyMark); t.opaque && at >= 0 {
		return id[:at]
	}
	return id
}

// complete notes what all suspects of a tally have in common.
func (t *tally) complete(s *suspect) { s.by, s.opaque, s.on = t.states, t.opaque, t.on }

func (t *tally) add(s suspect) {
	t.complete(&s)
	t.count[s.id]++
	if s.closed {
		t.closed[s.id]++
	}
	t.first[s.id] = t.keepFirst(t.first[s.id], s)
}

// addContradiction adds what tokens and markers alone prove.
func (t *tally) addContradiction(c lineage.Contradiction) {
	id := [...]ID{lineage.Refused: OCC04, lineage.Failed: OCC11, lineage.Torn: OCC09, lineage.Skewed: OCC02, lineage.Reused: OCC13}[c.Kind]
	t.add(suspect{id: id, record: c.Record,
		version: none, other: none, from: none, line: c.Line, also: c.Also, token: c.Token, marker: c.Marker, raw: true})
}

// empty returns a tally that counts alike and has counted nothing.
func (t *tally) empty() tally {
	return tally{words: t.words, opaque: t.opaque, states: t.states, on: t.on, all: t.all}
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

// includeOnly adds what another tally counted of some invariants.
func (t *tally) includeOnly(other *tally, ids ...ID) {
	some := other.empty()
	for _, id := range ids {
		some.count[id], some.closed[id], some.first[id] = other.count[id], other.closed[id], other.first[id]
	}
	t.include(&some)
}

// keepFirst holds on to the first suspects, and to those first that stand whatever
// others did.
func (t *tally) keepFirst(had []suspect, s suspect) []suspect {
	most := kept
	if t.on.clocks != nil {
		most = keptDivided
	}
	if t.all || len(had) < most {
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
	t.complete(&s)
	t.gapCount[as]++
	t.gaps[as] = t.keepFirst(t.gaps[as], s)
}

// nameGaps names the versions without an owner. After a refused attempt for
// just that version and state the simplest story is that the refusal lied
// (OCC-04). But where some versions have not even such an attempt, there is another
// writer, which explains all of them (OCC-08), and whatever else was only found
// because there seemed to be none.
func (t *tally) nameGaps(foreign bool) {
	id := OCC04
	if foreign {
		t.dropClosed()
	}
	if foreign || t.gapCount[disputed] == 0 {
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

// familyMark stands between a record and its family. The last one in an id is that,
// whatever the record is called.
const familyMark = "\x00"
