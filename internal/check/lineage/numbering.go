package lineage

import (
	"hash/maphash"

	"github.com/occbench/occbench/internal/history"
)

// Numbering gives tokens that do not count by one numbers that do, so that the sweep
// over versions decides on them. It learns the parent of each token, the one that
// the update which made it had named: from confirmed updates, and from markers,
// since a read shows the marker of the attempt that made its token. A token is one
// more than its parent.
//
// Tokens that descend from one another are a family, which is judged like a record
// of its own. Of two families of a record no order follows.
//
// A history is numbered as it comes. An operation on a token whose family is not
// known yet waits. Where something that comes later contradicts what was taken for
// true (a token with two parents or two contents), the record is in doubt, and the
// history has to be read twice more: learn takes all of it first, and then nothing
// waits. That is so on broken servers and where tokens come back, not on others.
//
// With counting tokens only the markers are learned.
type Numbering struct {
	Counting bool
	learned  bool // all operations were learned before they are taken
	base     int64

	Judge    func(of *Record, root int32, o *history.Op, line int) // takes an operation with its tokens numbered
	Report   func(c Contradiction)                                 // takes what tokens and markers alone prove
	SetAside func(of *Record, stray bool)                          // counts an operation that has no order

	seed     maphash.Seed
	nodes    blocks[node]
	places   table // of tokens
	authors  table // of attempts, by marker
	attempts blocks[attempt]
	records  map[string]*Record
	order    []*Record
	recent   [recentRecords]*Record

	waits   map[int32][]waiting // by the root that they wait for
	waitN   int
	undated map[int32]waiting // by attempt: those whose fate is not known
	Doubt   bool              // a record is in doubt
	Doubts  int               // how many records are
	Unique  bool              // a state came back with another token each time: tokens are no hashes of states
	copy    history.Op

	contents map[int32][]content // of tokens that several markers were claimed for
	bases    map[int32]*bases    // by operator
	reused   map[int32]*reuse    // the first that showed a reused token
}

// attempt describes an attempt, found by its marker.
type attempt struct {
	marker  uint64
	base    uint64 // the marker that its sender had read with the token it sent; 0: not known
	sent    int32  // the token that it named
	token   int32  // the token of what it made, as a read showed it
	second  int32  // another such token
	answer  int32  // the token that its own answer showed
	outcome history.Outcome
	known   bool // it was taken; else only its marker was seen
	kept    bool // that it kept the token is reported
	twice   bool // two attempts sent the same marker, so that it names none
}

// seen reports whether a read showed what the attempt wrote.
func (a *attempt) seen() bool { return a.token != noNode && !a.twice }

// waiting is an operation that waits for the number of a token.
type waiting struct {
	op          history.Op
	line        int
	sent, shown int32
	decided     bool // it was applied, whatever became of its answer
}

// mostWaiting is how many operations may wait: some 250 MiB.
const mostWaiting = 1 << 20

// firstNumber is the number of the first token of a record. What comes before it
// in its family may only be learned later.
const firstNumber = 1 << 40

func New(counting bool) *Numbering {
	return &Numbering{Counting: counting, base: firstNumber, seed: maphash.MakeSeed(),
		records: map[string]*Record{}, waits: map[int32][]waiting{}, undated: map[int32]waiting{}}
}

// Take takes one operation of the history.
func (n *Numbering) Take(o *history.Op, line int) {
	f := n.Record(o.Record)
	f.count(o)
	if n.learned {
		n.takeLearned(f, o, line)
		return
	}
	if f.Doubt || n.Counting && o.Marker == "" {
		return
	}
	sent, shown := n.nodeOf(f, o.Expected, o.ExpectedText), n.nodeOf(f, o.Token, o.TokenText)
	at := n.note(f, o, sent, shown)
	decided := false
	if at != noNode && o.Outcome.Uncertain() {
		if decided = n.attempts.at(at).seen(); !decided {
			n.undated[at] = waiting{op: *o, line: line, sent: sent, shown: shown}
		}
	}
	switch {
	case f.Doubt || n.Counting && !decided:
	case f.anchor == noNode && !n.Counting:
		n.takeEarly(f, o, line, sent, shown)
	default:
		n.route(f, o, line, sent, shown, decided)
	}
}

// takeEarly takes an operation of a record of which no token was met before. The
// family of the first one is judged as it comes.
func (n *Numbering) takeEarly(f *Record, o *history.Op, line int, sent, shown int32) {
	if f.anchor = sent; sent == noNode {
		f.anchor = shown
	}
	if f.anchor == noNode {
		f.early = append(f.early, waiting{op: *o, line: line, sent: sent, shown: shown})
		return
	}
	n.settle(n.rootOf(f.anchor))
	early := f.early
	f.early = nil
	n.routeAll(f, early)
	n.route(f, o, line, sent, shown, false)
}

// note learns what an operation says of its tokens, and returns the place of the
// attempt; noNode for reads and attempts without a marker.
func (n *Numbering) note(f *Record, o *history.Op, sent, shown int32) int32 {
	marker := n.markerKey(f, o.Marker)
	if o.Kind != history.Update {
		if marker != 0 && shown != noNode {
			if t := n.nodes.at(shown); t.marker != marker || t.flags&(byRead|byAnswer) == 0 { // else nothing is new
				n.claim(f, shown, n.attemptOf(marker), byRead)
			}
		}
		f.Blank = f.Blank || marker == 0 && shown != noNode
		n.noteState(f, shown, o.State)
		return noNode
	}
	if marker == 0 {
		n.noteBare(f, o, sent, shown)
		return noNode
	}
	f.Marked = true
	at := n.attemptOf(marker)
	a := n.attempts.at(at)
	if a.known {
		n.spoil(f)
		return noNode
	}
	a.known, a.sent, a.outcome = true, sent, o.Outcome
	if o.Outcome == history.Applied && shown != noNode {
		n.claim(f, shown, at, byAnswer)
	}
	if a.seen() {
		n.checkFate(f, at)
	}
	n.follow(f, at)
	return at
}

// noteBare learns from an update that has no marker.
func (n *Numbering) noteBare(f *Record, o *history.Op, sent, shown int32) {
	f.Bare = true
	f.Loose = f.Loose || o.Outcome.Uncertain() || o.Outcome == history.Applied && shown == noNode
	if o.Outcome != history.Applied || shown == noNode {
		return
	}
	n.noteState(f, shown, o.State)
	if made := f.stateCode(o.Target); made != 0 {
		if t := n.nodes.at(shown); t.made == 0 {
			t.made = made
		} else if t.made != made {
			t.flags |= madeTwice
			n.spoil(f) // two contents under one token
		}
	}
	if shown != sent && !n.Counting {
		n.link(f, shown, sent)
	}
}

// noteState counts the tokens that a state of a record was seen with. More than a few
// say that tokens are not made from the state; a few may be spellings of one.
func (n *Numbering) noteState(f *Record, shown int32, state string) {
	const few = 3
	if shown == noNode || state == "" || n.Unique || n.nodes.at(shown).state != 0 {
		return
	}
	code := f.stateCode(state)
	n.nodes.at(shown).state = code
	if f.tokens[code]++; code != 0 && f.tokens[code] > few {
		n.Unique = true
	}
}

// attemptOf returns the place of what is known of a marker's attempt.
func (n *Numbering) attemptOf(marker uint64) int32 {
	place := n.authors.find(marker)
	if *place == noNode {
		*place = n.attempts.add(attempt{marker: marker, sent: noNode, token: noNode, second: noNode, answer: noNode})
	}
	return *place
}

// claim learns that a token stands for the content of a marker.
func (n *Numbering) claim(f *Record, token, at int32, how uint8) {
	t, a := n.nodes.at(token), n.attempts.at(at)
	if t.marker == 0 {
		t.marker = a.marker
	}
	t.flags |= how
	if t.marker != a.marker || a.token != noNode && a.token != token || a.answer != noNode && a.answer != token {
		n.spoil(f)
		return
	}
	if how == byAnswer {
		a.answer = token
	} else if a.token == noNode {
		a.token = token
		if a.known {
			n.checkFate(f, at)
		}
	}
	n.follow(f, at)
	if o, ok := n.undated[at]; ok && how == byRead && !f.Doubt {
		delete(n.undated, at)
		n.route(f, &o.op, o.line, o.sent, o.shown, true)
	}
}

// checkFate looks at an attempt whose effect was seen: where it had to have none, the
// proof needs all of the history.
func (n *Numbering) checkFate(f *Record, at int32) {
	if a := n.attempts.at(at); a.outcome != history.Applied && a.outcome != history.NoAnswer && a.outcome != history.Malformed {
		n.spoil(f)
	}
}

// follow links the token of what an attempt made to the one that it named.
func (n *Numbering) follow(f *Record, at int32) {
	a := n.attempts.at(at)
	token := a.token
	if token == noNode {
		token = a.answer
	}
	if !a.known || token == noNode || a.sent == noNode || n.Counting || f.Doubt {
		return
	}
	n.link(f, token, a.sent)
}

// spoil says that what is known of the tokens of a record contradicts itself.
func (n *Numbering) spoil(f *Record) {
	if n.learned {
		f.Returned = true
		return
	}
	if !f.Doubt {
		n.Doubts++
	}
	f.Doubt, n.Doubt, f.early = true, true, nil
}

// routeAll routes operations of a record in turn.
func (n *Numbering) routeAll(f *Record, all []waiting) {
	for i := range all {
		w := &all[i]
		n.route(f, &w.op, w.line, w.sent, w.shown, w.decided)
	}
}

// route judges an operation whose tokens have numbers, and lets others wait.
func (n *Numbering) route(f *Record, o *history.Op, line int, sent, shown int32, decided bool) {
	if f.Doubt {
		return
	}
	for _, token := range [...]int32{sent, shown} {
		if token == noNode || n.Counting {
			continue
		}
		if root := n.rootOf(token); n.nodes.at(root).flags&isFinal == 0 {
			n.waits[root] = append(n.waits[root], waiting{*o, line, sent, shown, decided})
			if n.waitN++; n.waitN > mostWaiting {
				n.Doubt = true
			}
			return
		}
	}
	n.pass(f, o, line, sent, shown, decided)
}

// settle makes the numbers of a family stand, and lets go what waited for them.
func (n *Numbering) settle(root int32) {
	n.nodes.at(root).flags |= isFinal
	n.release(root)
}

// release routes what waited for a root.
func (n *Numbering) release(root int32) {
	all := n.waits[root]
	if len(all) == 0 {
		return
	}
	delete(n.waits, root)
	n.waitN -= len(all)
	n.routeAll(n.order[n.nodes.at(root).of], all)
}

// End lets go what still waits: no more is going to be learned.
func (n *Numbering) End() {
	for _, f := range n.order {
		if len(f.early) > 0 {
			early := f.early
			f.early = nil
			for i := range early {
				n.pass(f, &early[i].op, early[i].line, noNode, noNode, false)
			}
		}
	}
	for len(n.waits) > 0 {
		for root := range n.waits {
			n.settle(root)
		}
	}
}

// pass judges an operation with its tokens numbered. One that is decided was applied,
// whatever became of its answer.
func (n *Numbering) pass(f *Record, o *history.Op, line int, sent, shown int32, decided bool) {
	keeps := sent == shown && sent != noNode && o.Outcome == history.Applied && !n.changes(f, o, sent)
	o, root := n.numbered(f, o, sent, shown)
	switch {
	case decided:
		o.Outcome, o.Token, o.State, o.End = history.Applied, o.Expected+1, "", never
	case keeps:
		o.Kind, o.Outcome, o.Expected = history.Read, history.Seen, history.None
	}
	if shown != noNode && o.Outcome == history.Conflict && o.Token == history.None && len(f.Told) < mostTold {
		root, version := n.find(shown)
		f.Told = append(f.Told, Telling{o.Start, o.End, o.Generator, line, root, version})
	}
	n.Judge(f, root, o, line)
}

// changes reports whether an update that was answered with the token it named is known to
// have changed the content. Of one without a marker only the states tell.
func (n *Numbering) changes(f *Record, o *history.Op, token int32) bool {
	if n.Counting || o.Marker != "" {
		return true
	}
	had, made := n.nodes.at(token).state, f.stateCode(o.Target)
	return had != 0 && made != 0 && had != made
}

// numbered returns a copy of an operation with numbers for tokens, and the root of the
// family that it speaks of. The copy is valid until the next call.
func (n *Numbering) numbered(f *Record, o *history.Op, sent, shown int32) (*history.Op, int32) {
	c := &n.copy
	*c = *o
	if n.Counting {
		return c, noNode
	}
	c.Token, c.Expected, c.TokenText, c.ExpectedText = history.None, history.None, "", ""
	root, told := int32(noNode), int32(noNode)
	if shown != noNode {
		told, c.Token = n.find(shown)
	}
	if sent != noNode {
		root, c.Expected = n.find(sent)
	} else if root = told; shown == noNode && f.anchor != noNode {
		root = n.rootOf(f.anchor) // a list without the record, or a read that failed
	}
	if told != root {
		c.Token = history.None
		if o.Outcome == history.Applied {
			c.Token = c.Expected + 1 // it does not say which one it made
		}
	}
	return c, root
}
