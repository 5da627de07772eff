package check

import (
	"hash/maphash"
	"strconv"
	"strings"

	"github.com/occbench/occbench/internal/history"
)

// Numbering gives opaque tokens numbers, so that the sweep over versions decides on
// them as on versions that count by one. It learns the parent of each token, the
// one that the update which made it had named: from confirmed updates, and from
// markers, since a read shows the marker of the attempt that made its token. A
// token is one more than its parent.
//
// Tokens that descend from one another are a family, which is judged like a record
// of its own; its oldest token may have been made at any time, see addRootOwner. Of
// two families of a record nothing follows but that their tokens differ. The token
// that an unanswered update made begins one, unless a marker names its author.
//
// A record whose tokens come back is set aside: a token with two parents, or one
// that descends from itself, has no number. Hashes of a content do that.
//
// All tokens are learned before the first is numbered. A token takes 24 bytes and
// its place in a map.
type Numbering struct {
	seed    maphash.Seed
	nodes   []node
	byToken map[uint64]int32
	authors map[uint64]int32 // by marker: the token that its attempt named
	sights  map[int32]uint64 // by token: the marker that a read showed with it
	records map[string]*family
	keys    map[int32]string // by root: the name under which its family is judged
	done    bool
}

// node is a token of a record.
type node struct {
	parent int32 // none: noParent
	root   int32 // of its family, once it is numbered
	number int32 // 1 for the root
	torn   bool  // two confirmed updates that named different tokens answered it
	record *family
}

const noParent = -1

// family says which of a record's families came first, and whether its tokens
// come back.
type family struct {
	salt     uint64
	recent   [4]tokenPlace // the tokens met last, in a ring
	next     uint8
	first    int32 // the token that was met first
	returned bool
}

// tokenPlace is a token and its node.
type tokenPlace struct {
	token string
	at    int32
}

// NewNumbering returns an empty numbering.
func NewNumbering() *Numbering {
	return &Numbering{
		seed:    maphash.MakeSeed(),
		byToken: map[uint64]int32{},
		authors: map[uint64]int32{},
		sights:  map[int32]uint64{},
		records: map[string]*family{},
		keys:    map[int32]string{},
	}
}

// familyOf returns what is known of a record, new if need be.
func (n *Numbering) familyOf(record string) *family {
	f := n.records[record]
	if f == nil {
		f = &family{first: noParent, salt: maphash.String(n.seed, record)}
		n.records[strings.Clone(record)] = f
	}
	return f
}

// hashOf returns the hash of a text of a record. Two of 4 million texts share
// theirs once in 2 million histories.
func (n *Numbering) hashOf(f *family, text string) uint64 {
	const odd = 0x9e3779b97f4a7c15 // keeps (record, text) and (text, record) apart
	return maphash.String(n.seed, text)*odd + f.salt
}

// nodeOf returns the place of a token, new if need be; noParent for "".
func (n *Numbering) nodeOf(f *family, token string) int32 {
	if token == "" {
		return noParent
	}
	for i := range f.recent {
		if f.recent[i].token == token {
			return f.recent[i].at
		}
	}
	key := n.hashOf(f, token)
	at, ok := n.byToken[key]
	if !ok {
		at = int32(len(n.nodes))
		if f.first == noParent {
			f.first = at
		}
		n.nodes = append(n.nodes, node{parent: noParent, root: noParent, record: f})
		n.byToken[key] = at
	}
	f.recent[f.next%uint8(len(f.recent))] = tokenPlace{token, at}
	f.next++
	return at
}

// Learn takes one operation of the history, in any order.
func (n *Numbering) Learn(o *history.Op, _ int) {
	if o.Record == "" {
		return
	}
	f := n.familyOf(o.Record)
	shown := n.nodeOf(f, o.ShownToken())
	if o.Kind != history.Update {
		if shown != noParent && o.Marker != "" {
			n.see(shown, n.hashOf(f, o.Marker))
		}
		return
	}
	sent := n.nodeOf(f, o.SentToken())
	if o.Marker != "" {
		n.authors[n.hashOf(f, o.Marker)] = sent
	}
	if o.Outcome == history.Applied && shown != noParent && shown != sent {
		child := &n.nodes[shown]
		child.torn = child.torn || child.parent != noParent && child.parent != sent
		child.parent = sent
	}
}

// see notes the marker that a read showed with a token. Two markers are two
// contents.
func (n *Numbering) see(token int32, marker uint64) {
	if had, ok := n.sights[token]; ok && had != marker {
		n.nodes[token].record.returned = true
	}
	n.sights[token] = marker
}

// finish numbers all tokens that were learned. A marker knows the parent better
// than an answer does, which may show the token of another update.
func (n *Numbering) finish() {
	if n.done {
		return
	}
	n.done = true
	for token, marker := range n.sights {
		if parent, ok := n.authors[marker]; ok {
			n.nodes[token].parent, n.nodes[token].torn = parent, false
		}
	}
	n.sights, n.authors = nil, nil
	var way []int32
	for at := range n.nodes {
		n.nodes[at].record.returned = n.nodes[at].record.returned || n.nodes[at].torn
		way = n.climb(int32(at), way[:0])
	}
}

// climb numbers a token and its ancestors, oldest first. The way back to a token of
// itself is a circle.
func (n *Numbering) climb(at int32, way []int32) []int32 {
	const climbing = -2
	for n.nodes[at].root == noParent {
		n.nodes[at].root = climbing
		way = append(way, at)
		if n.nodes[at].parent == noParent {
			break
		}
		at = n.nodes[at].parent
	}
	oldest := &n.nodes[at]
	if oldest.root == climbing && oldest.parent != noParent {
		oldest.record.returned = true
	}
	for i := len(way) - 1; i >= 0; i-- {
		this := &n.nodes[way[i]]
		if p := this.parent; p != noParent && n.nodes[p].number > 0 {
			this.root, this.number = n.nodes[p].root, n.nodes[p].number+1
		} else {
			this.root, this.number = way[i], 1
		}
	}
	return way
}

// number replaces the tokens of an operation by their numbers, and its record by
// the family of its token. It reports whether the operation can be judged; one of a
// record whose tokens come back, or which never showed one, cannot.
func (n *Numbering) number(o *history.Op) bool {
	n.finish()
	f := n.familyOf(o.Record)
	o.TokenText, o.ExpectedText = o.ShownToken(), o.SentToken()
	shown, sent := n.nodeOf(f, o.TokenText), n.nodeOf(f, o.ExpectedText)
	o.Token, o.Expected = history.None, history.None
	of := sent
	if of == noParent {
		of = shown
	}
	if of == noParent {
		of = f.first // a list without the record, or a read that failed
	}
	if f.returned || of == noParent {
		return false
	}
	root := n.nodes[of].root
	if sent != noParent {
		o.Expected = int64(n.nodes[sent].number)
	}
	switch {
	case shown != noParent && n.nodes[shown].root == root:
		o.Token = int64(n.nodes[shown].number)
	case o.Outcome == history.Applied:
		o.Token = o.Expected + 1 // it does not say which one it made
	}
	o.Record = n.keyOf(root, o.Record)
	return true
}

// keyOf returns the name under which a family is judged. The last mark in it is
// its own, whatever the record is called.
func (n *Numbering) keyOf(root int32, record string) string {
	key, ok := n.keys[root]
	if !ok {
		key = record + familyMark + strconv.Itoa(int(root))
		n.keys[root] = key
	}
	return key
}

const familyMark = "\x00"

// numbered reports whether the tokens of an operation are numbers of a Numbering.
func numbered(o *history.Op) bool {
	return o.Token != history.None && o.TokenText != "" || o.Expected != history.None && o.ExpectedText != ""
}

// addRootOwner lets the oldest token of a family have been made at any time by an attempt
// that is not known. Counter-example to taking it for one that was there from the
// beginning: an unanswered update makes token b, and an update that names b, a guess,
// is refused before that.
func (k *record) addRootOwner() {
	k.rooted = true
	k.addOwner(maybeOwner{version: 1, start: always + 1})
}
