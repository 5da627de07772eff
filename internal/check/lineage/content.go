package lineage

import (
	"slices"
	"strconv"
	"strings"

	"github.com/occbench/occbench/internal/history"
)

// content is a marker that was claimed for a token.
type content struct {
	marker uint64
	how    uint8 // byRead, byAnswer
	node   int32 // what stands for it, where the token was given to several contents; else noNode
}

// bases are the contents that an operator last knew: what it read, and what its own
// update was answered.
type bases [2]base

type base struct {
	token  int32
	marker uint64
	end    int64
}

// NewLearned returns a numbering of a history that is learned as a whole before it is
// taken: learn, finish, take.
func NewLearned(counting bool) *Numbering {
	n := New(counting)
	n.learned, n.base = true, 1
	n.contents, n.bases, n.reused = map[int32][]content{}, map[int32]*bases{}, map[int32]*reuse{}
	return n
}

// Learn takes one operation of the history.
func (n *Numbering) Learn(o *history.Op, _ int) {
	if o.Record == "" || n.Counting && o.Marker == "" {
		return
	}
	f := n.Record(o.Record)
	sent, shown := n.nodeOf(f, o.Expected, o.ExpectedText), n.nodeOf(f, o.Token, o.TokenText)
	if f.anchor == noNode {
		if f.anchor = sent; sent == noNode {
			f.anchor = shown
		}
	}
	marker := n.markerKey(f, o.Marker)
	switch {
	case o.Kind != history.Update:
		if shown != noNode {
			f.Blank = f.Blank || marker == 0
			n.learnRead(o, shown, marker)
			n.noteState(f, shown, o.State)
		}
	case marker == 0:
		n.noteBare(f, o, sent, shown)
	default:
		f.Marked = true
		n.learnAttempt(o, sent, shown, marker)
	}
}

func (n *Numbering) learnRead(o *history.Op, shown int32, marker uint64) {
	n.basesOf(o.Operator)[0] = base{shown, marker, o.End}
	if marker == 0 {
		return
	}
	n.addClaim(shown, marker, byRead)
	switch a := n.attempts.at(n.attemptOf(marker)); {
	case a.token == noNode:
		a.token = shown
	case a.token != shown:
		a.second = shown
	}
}

func (n *Numbering) learnAttempt(o *history.Op, sent, shown int32, marker uint64) {
	a := n.attempts.at(n.attemptOf(marker))
	a.twice = a.known
	a.known, a.sent, a.outcome = true, sent, o.Outcome
	had := n.basesOf(o.Operator)
	for _, b := range had {
		if b.token == sent && b.end <= o.Start {
			a.base = b.marker
		}
	}
	if o.Outcome == history.Applied && shown != noNode {
		a.answer = shown
		n.addClaim(shown, marker, byAnswer)
		had[1] = base{shown, marker, o.End}
	}
}

func (n *Numbering) basesOf(operator int32) *bases {
	b := n.bases[operator]
	if b == nil {
		b = &bases{{token: noNode}, {token: noNode}}
		n.bases[operator] = b
	}
	return b
}

func (n *Numbering) addClaim(token int32, marker uint64, how uint8) {
	t := n.nodes.at(token)
	if t.marker == 0 {
		t.marker = marker
	}
	if t.marker == marker {
		t.flags |= how
		return
	}
	all := n.contents[token]
	for i := range all {
		if all[i].marker == marker {
			all[i].how |= how
			return
		}
	}
	n.contents[token] = append(all, content{marker: marker, how: how, node: noNode})
}

// Finish numbers all tokens that were learned.
func (n *Numbering) Finish() {
	for token := range n.contents {
		n.classify(token)
	}
	if n.Counting {
		return
	}
	for i := range n.attempts.length() {
		a := n.attempts.at(i)
		if !a.known || a.twice || a.sent == noNode {
			continue
		}
		if f := n.order[n.nodes.at(a.sent).of]; a.token == a.sent || a.second == a.sent {
			f.Reused = true // it stands for what was there before the update, and for what it made
		}
		if made, parent := n.madeBy(a), n.baseOf(a.sent, a.base); made != noNode && parent != noNode && made != parent {
			n.link(n.order[n.nodes.at(made).of], made, parent)
		}
	}
}

// classify decides for what a token stands that several markers were claimed for. A
// marker that reads show with another token too does not belong to this one. Where
// reads show two others, or two updates are answered with it, it was given to
// all of them. Where one read and one answer differ, the read is right, unless
// the attempt whose marker it shows was answered another token.
func (n *Numbering) classify(token int32) {
	t := n.nodes.at(token)
	all := append([]content{{marker: t.marker, how: t.flags & (byRead | byAnswer), node: noNode}}, n.contents[token]...)
	var owners []content
	reads, answers := 0, 0
	for _, c := range all {
		if a := n.attempts.at(n.attemptOf(c.marker)); a.token != noNode && (a.token != token || a.second != noNode) {
			continue
		}
		owners = append(owners, c)
		reads, answers = reads+int(c.how&byRead)/byRead, answers+int(c.how&byAnswer)/byAnswer
	}
	switch {
	case reads >= 2 || answers >= 2 || len(owners) == 0:
		t.flags |= isReused
		n.order[t.of].Reused = true
		for i := range owners {
			owners[i].node = n.newNode(n.order[t.of])
			n.nodes.at(owners[i].node).flags |= isContent
			t = n.nodes.at(token)
		}
		n.contents[token] = owners
	default:
		slices.SortStableFunc(owners, func(a, b content) int { return int(b.how&byRead) - int(a.how&byRead) })
		t.marker = owners[0].marker
		if a := n.attempts.at(n.attemptOf(t.marker)); len(owners) > 1 && a.answer != noNode && a.answer != token {
			t.marker = owners[1].marker
		}
		n.contents[token] = nil
	}
}

// contentOf returns the node that stands for a marker's content of a token; noNode where it
// is not known to be one.
func (n *Numbering) contentOf(token int32, marker uint64) int32 {
	if token == noNode {
		return noNode
	}
	t := n.nodes.at(token)
	if t.flags&isReused == 0 {
		if t.marker == marker {
			return token
		}
		return noNode
	}
	for _, c := range n.contents[token] {
		if c.marker == marker {
			return c.node
		}
	}
	return noNode
}

// madeBy returns the one token of what an attempt made. Where it has several their
// order is not known: the server changes tokens by itself.
func (n *Numbering) madeBy(a *attempt) int32 {
	made := int32(noNode)
	for _, token := range [...]int32{a.token, a.second, a.answer} {
		of := n.contentOf(token, a.marker)
		if of != noNode && made != noNode && of != made {
			return noNode
		}
		if of != noNode {
			made = of
		}
	}
	return made
}

// baseOf returns the node from which an attempt started that sent a token.
func (n *Numbering) baseOf(sent int32, base uint64) int32 {
	if sent == noNode || n.nodes.at(sent).flags&isReused == 0 {
		return sent
	}
	return n.contentOf(sent, base)
}

// takeLearned takes an operation after all were learned.
func (n *Numbering) takeLearned(f *Record, o *history.Op, line int) {
	marker := n.markerKey(f, o.Marker)
	decided := n.reportFate(f, o, line, marker)
	n.reportContents(f, o, line, marker)
	sent, shown, ok := n.contentsOf(f, o, marker)
	switch {
	case n.Counting:
		if decided {
			n.pass(f, o, line, sent, shown, true)
		}
	case f.Returned:
		n.SetAside(f, false)
	case !ok:
		n.SetAside(f, true)
	default:
		n.pass(f, o, line, sent, shown, decided)
	}
}

// reportFate reports an attempt that had to have no effect and has one, and tells whether
// it was applied though it is not known to be confirmed.
func (n *Numbering) reportFate(f *Record, o *history.Op, line int, marker uint64) (decided bool) {
	if o.Kind != history.Update || marker == 0 || o.Outcome == history.Applied || !n.attempts.at(n.attemptOf(marker)).seen() {
		return false
	}
	switch {
	case o.Outcome == history.ServerError:
		n.reportToken(Failed, f, o, line, 0)
	case !o.Outcome.Uncertain():
		n.reportToken(Refused, f, o, line, 0)
	}
	return true
}

// Kind is a contradiction that tokens and markers alone prove.
type Kind uint8

// The kinds.
const (
	Refused Kind = iota // an attempt was refused, and its marker was read
	Failed              // an attempt was answered 5xx, and its marker was read
	Torn                // a read shows a token with the content of another
	Skewed              // an attempt was answered the token of another content
	Reused              // a token was given to a second content
)

// Contradiction is a proof and what of the history it may need: its line, another one or 0, and
// what shows the same token or has the same marker.
type Contradiction struct {
	Kind          Kind
	Record        string
	Line, Also    int
	Token, Marker string
}

func (n *Numbering) reportToken(kind Kind, f *Record, o *history.Op, line, also int) {
	n.Report(Contradiction{Kind: kind, Record: f.ID, Line: line, Also: also, Token: o.ShownToken(), Marker: o.Marker})
}

// reportContents reports a token that was given to another content before, and one that is
// another content's.
func (n *Numbering) reportContents(f *Record, o *history.Op, line int, marker uint64) {
	update := o.Kind == history.Update
	shown := n.nodeOf(f, o.Token, o.TokenText)
	if shown == noNode || update && o.Outcome != history.Applied {
		return
	}
	how := uint8(byRead)
	if update {
		how = byAnswer
	}
	switch {
	case marker == 0 && update:
		n.noteReuse(f, o, line, shown, uint64(f.stateCode(o.Target)), how)
	case marker == 0:
	case n.contentOf(shown, marker) != noNode:
		n.noteReuse(f, o, line, shown, marker, how)
		n.noteKept(f, o, line, shown, marker)
		if t := n.nodes.at(shown); t.flags&isCircle != 0 && t.flags&isReused == 0 {
			t.flags &^= isCircle
			n.reportToken(Reused, f, o, line, 0)
		}
	case !update:
		n.reportToken(Torn, f, o, line, 0)
	case !n.Counting: // where tokens count, the version tells
		n.reportToken(Skewed, f, o, line, 0)
	}
}

// contentsOf returns the nodes of the contents that an operation sent and shows, and
// whether it can be judged by them.
func (n *Numbering) contentsOf(f *Record, o *history.Op, marker uint64) (sent, shown int32, ok bool) {
	update := o.Kind == history.Update
	sent, shown = n.nodeOf(f, o.Expected, o.ExpectedText), n.nodeOf(f, o.Token, o.TokenText)
	ok = true
	switch {
	case shown == noNode:
	case marker != 0 && (!update || o.Outcome == history.Applied):
		shown = n.contentOf(shown, marker)
		ok = update || shown != noNode
	case n.nodes.at(shown).flags&isReused != 0:
		shown = noNode
		ok = update
	}
	if from := sent; update && from != noNode {
		base := uint64(0)
		if marker != 0 {
			base = n.attempts.at(n.attemptOf(marker)).base
		}
		sent = n.baseOf(from, base)
		ok = ok && sent != noNode
	}
	return sent, shown, ok
}

// InOrder returns an operation with numbers for its tokens, its family, and the operation
// with a name of its own for each content of a reused token.
func (n *Numbering) InOrder(o *history.Op) (numbered history.Op, root int32, named history.Op) {
	f := n.Record(o.Record)
	sent, shown := n.nodeOf(f, o.Expected, o.ExpectedText), n.nodeOf(f, o.Token, o.TokenText)
	if n.learned {
		sent, shown, _ = n.contentsOf(f, o, n.markerKey(f, o.Marker))
	}
	c, root := n.numbered(f, o, sent, shown)
	named = *o
	if sent != noNode && n.nodes.at(sent).flags&isContent != 0 {
		named.Expected, named.ExpectedText = history.None, o.SentToken()+contentMark+strconv.Itoa(int(sent))
	}
	if shown != noNode && n.nodes.at(shown).flags&isContent != 0 {
		named.Token, named.TokenText = history.None, o.ShownToken()+contentMark+strconv.Itoa(int(shown))
	}
	return *c, root, named
}

// contentMark stands between a reused token and the number of one of its contents.
const contentMark = "\x00"

// PlainToken returns a token without the number of its content.
func PlainToken(text string) string {
	text, _, _ = strings.Cut(text, contentMark)
	return text
}
