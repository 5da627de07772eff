package lineage

import (
	"hash/maphash"
	"strings"

	"github.com/occbench/occbench/internal/history"
)

// noNode stands for a token that there is not.
const noNode = -1

// node is a token of a record, or one of the contents that a token was reused for.
// Nodes hold no pointers: there are millions of them.
type node struct {
	marker uint64 // of the content that it stands for; 0: not known
	up     int32  // a token of its family that is nearer to the root; noNode: it is the root
	off    int32  // its number minus that of up
	parent int32  // the token that the update which made it had named; or noNode
	child  int32  // the token of whose maker it is the parent; or noNode
	of     int32  // its record
	state  uint8  // the first state that was seen with it, see stateCode
	made   uint8  // the state for which an update without a marker says that it made it
	flags  uint8
}

const (
	isFinal   = 1 << iota // a root: its family is judged, and its numbers stand
	byRead                // a read showed it with its marker
	byAnswer              // an update that wrote its marker answered it
	isReused              // it stands for several contents
	isContent             // it is one of the contents of a reused token
	isCircle              // it descends from itself: an update that its maker built on had named it
	madeTwice             // updates without a marker say that they made it for two states
)

// Record holds the tokens of one record. What every operation touches
// comes first.
type Record struct {
	ID     string
	recent [recentTokens]uint64 // hashes of the tokens met last, in a ring
	places [recentTokens]int32  // and where they are
	next   uint8

	Marked   bool // an update with a marker was sent
	Bare     bool // an update without a marker was sent
	Blank    bool // a read showed a token without a marker
	Loose    bool // what an update without a marker made, if anything, is not known
	Returned bool // tokens come back, or contradict each other: they have no order
	Doubt    bool // an order that was taken for true may be wrong
	Reused   bool // a token stands for several contents
	Changed  bool // an update was or may have been applied

	anchor  int32 // the token that was met first: its family is judged as it comes
	Data    any   // of the judge
	at      int32 // among all records
	Ops     int
	salt    uint64
	Audited int64 // latest start of an audit that showed the record, or that it is not there; else none

	early  []waiting // operations without a token, from before the first one
	Told   []Telling // bodies of conflicts
	tokens [mostStates + 1]uint8
	states [mostStates]string
}

// recentTokens is how many tokens of a record are found without a look at the table; a
// power of 2.
const recentTokens = 8

// Record returns what is known of a record, new if need be.
func (n *Numbering) Record(record string) *Record {
	slot := len(record)
	for i := max(0, len(record)-4); i < len(record); i++ {
		slot = slot*37 + int(record[i])
	}
	recent := &n.recent[slot&(len(n.recent)-1)]
	if f := *recent; f != nil && f.ID == record {
		return f
	}
	f := n.records[record]
	if f == nil {
		f = &Record{ID: record, anchor: noNode, Audited: None, at: int32(len(n.order)), salt: maphash.String(n.seed, record)}
		n.records[f.ID] = f
		n.order = append(n.order, f)
	}
	*recent = f
	return f
}

// count takes what an operation says of its record whatever its tokens are.
func (f *Record) count(o *history.Op) {
	f.Ops++
	f.Changed = f.Changed || o.Kind == history.Update && (o.Outcome == history.Applied || o.Outcome.Uncertain())
	if o.Kind == history.Audit && (o.Outcome == history.Seen && o.HasToken() || o.Outcome == history.Absent) {
		f.Audited = max(f.Audited, o.Start)
	}
}

const oddFactor = 0x9e3779b97f4a7c15 // keeps (record, text) and (text, record) apart

// nodeOf returns the node of a token, new if need be; noNode where there is none.
func (n *Numbering) nodeOf(f *Record, number int64, text string) int32 {
	var key uint64
	switch {
	case text != "":
		key = maphash.String(n.seed, text)*oddFactor + f.salt
	case number == history.None:
		return noNode
	default:
		key = (uint64(number)+oddFactor)*oddFactor ^ f.salt
		key ^= key >> 29
		key *= oddFactor
	}
	key = max(1, key)
	for i, recent := range f.recent {
		if recent == key {
			return f.places[i]
		}
	}
	place := n.places.find(key)
	if *place == noNode {
		*place = n.newNode(f)
	}
	f.recent[f.next], f.places[f.next] = key, *place
	f.next = (f.next + 1) % recentTokens
	return *place
}

func (n *Numbering) newNode(f *Record) int32 {
	return n.nodes.add(node{up: noNode, parent: noNode, child: noNode, of: f.at})
}

// markerKey returns the hash of a marker of a record; 0 for none.
func (n *Numbering) markerKey(f *Record, marker string) uint64 {
	if marker == "" {
		return 0
	}
	return max(1, maphash.String(n.seed, marker)*oddFactor^f.salt)
}

// stateCode returns a byte for the state of a record; 0 for none and for those of
// which there are too many.
func (f *Record) stateCode(word string) uint8 {
	if word == "" {
		return 0
	}
	for i := range f.states {
		switch f.states[i] {
		case word:
			return uint8(i + 1)
		case "":
			f.states[i] = strings.Clone(word)
			return uint8(i + 1)
		}
	}
	return 0
}
