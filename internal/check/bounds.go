package check

import "math"

// Instants that no clock shows. A bound of never says "not installed as far as
// is known", one of always "installed before the history began".
const (
	never  = math.MaxInt64
	always = math.MinInt64
	none   = math.MinInt64 // no such operation
)

// bounds holds the instants that the history gives for one version of one record. Times are ns
// on the history's clock. It is a line of the cache long.
//
// What the body of a 409 tells is kept apart from what was read: it is the word
// of one answer, and it is that answer that is wrong when the two disagree.
type bounds struct {
	up       int64 // earliest end of an observation of the version; else never
	last     int64 // latest start of an observation of the version; else none
	own      int64 // start of the acknowledged update that made it; else none
	ownEnd   int64 // that update's end; else never
	stale    int64 // earliest end of a 409 that says the version was installed; else never
	toldUp   int64 // earliest end of a 409 whose body tells the version; else never
	toldLast int64 // latest start of such a 409; else none
	dups     uint16
	status   uint8 // code of the state first seen with the version; 0 is unknown
	told     uint8 // the same of the bodies of 409s
	refused  uint8 // bits 1<<(code-1): targets of refused attempts that may have made it; anyTarget
	flags    uint8
}

const (
	touched  = 1 << iota // something is known or was asked about the version
	torn                 // it was seen with two states
	odd                  // its acknowledgement shows another state than was asked for
	maybe                // an attempt without a known fate may have made it
	asked                // a question about it or the next one is open
	toldTorn             // 409s tell two states
)

// anyTarget is the bit of an attempt that asked for no state.
const anyTarget = 1 << 7

func (r *bounds) acked() bool { return r.own != none }

// knownBy returns the earliest instant at which the version is known to be
// installed by observation or acknowledgement.
func (r *bounds) knownBy() int64 { return min(r.up, r.ownEnd) }

const (
	pageBits = 4
	pageSize = 1 << pageBits
)

// page holds the records of pageSize versions in a row. Records have pages and
// not one slice, because a broken server may answer version 1,000,000,000.
type page struct {
	rec [pageSize]bounds // first, so that each begins on a line of the cache
	no  int64            // version >> pageBits
}

var blank = bounds{up: never, last: none, own: none, ownEnd: never, stale: never, toldUp: never, toldLast: none}
