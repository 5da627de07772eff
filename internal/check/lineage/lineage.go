// Package lineage learns which token of a record came from which, and gives tokens that do
// not count by one numbers that do.
//
// It holds that a token says nothing but whether it is another one. What an update named and
// what it was answered, and which marker a read shows beside a token, says the rest; what
// contradicts itself is named and gets no number.
package lineage

import "github.com/occbench/occbench/internal/history"

// None stands for an instant that there is not.
const None = -1 << 63

const (
	never         = 1<<63 - 1
	mostStates    = 7
	recentRecords = 1 << 11 // a power of 2
)

// Telling is a conflict whose body tells a token of another family than that of the one
// which was sent.
type Telling struct {
	Start, End int64
	Generator  string
	Line       int
	Root       int32 // of the token that it tells
	Version    int64
}

// mostTold is how many of them are kept of a record.
const mostTold = 1 << 16

// Records returns what is known of all records, in the order in which they were met.
func (n *Numbering) Records() []*Record { return n.order }

// Find returns what is known of a record; nil where it was not met.
func (n *Numbering) Find(record string) *Record { return n.records[record] }

// Waits returns how many operations wait for the number of a token.
func (n *Numbering) Waits() int { return n.waitN }

// IsReused reports whether a token of a record stands for several contents.
func (n *Numbering) IsReused(record, token string) bool {
	var o history.Op
	o.SetExpected(token)
	at := n.nodeOf(n.Record(record), o.Expected, o.ExpectedText)
	return at != noNode && n.nodes.at(at).flags&(isReused|madeTwice) != 0
}
