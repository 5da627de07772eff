// Package check decides from the history of a run alone which invariants the
// server broke, and shows the fewest operations that prove it.
//
// It holds that an anomaly is a proof or nothing. It bounds the instant at
// which each version of each record was installed, and speaks where the bounds
// contradict each other; a lost answer may stand for anything that a correct
// server could have done. What can be neither proven nor refuted is counted as
// unproven and never guessed. A history that breaks the assumptions which the
// proofs rest on is named and not judged.
package check

import (
	"strconv"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/check/lineage"
	"github.com/occbench/occbench/internal/clocks"
	"github.com/occbench/occbench/internal/history"
)

// Options say what is known about a history.
type Options struct {
	// Shared says that others updated the records too. A version that no attempt of
	// the run can have made is then a foreign update and not an anomaly; only what
	// holds whatever others did is found.
	Shared bool

	// Excerpt says that the operations are a part of a history: audits and updates
	// are not missed, and an operator's lines may be in any order. Findings are
	// excerpts.
	Excerpt bool

	// Unaudited says that the history has no audits, as one that another program
	// recorded. Only what holds whatever others did is found, and an update that was
	// lost after the last read of its record is not seen.
	Unaudited bool

	// API is the server's promise: the states, the legal ways between them, the
	// refusals that judge a request, and the nouns of sentences. Without one no
	// state is known, and nothing that rests on states is proven.
	API *api.API

	// Opaque says that tokens do not count by one: they are compared and nothing else. So
	// it is too where the API says so.
	Opaque bool

	// Clocks say how the clocks of the generators that recorded the history relate; nil:
	// all times are of one clock.
	Clocks *clocks.Bounds

	fold   int         // pages that a record keeps at hand; 0 stands for foldAt
	states *stateTable // of the API, when they are made already
	sealed bool        // opaque tokens are known not to come back
	framed bool        // judge on the clock of one generator alone:
	frame  int
}

// Checker takes the operations of one history, in any order but best in that of
// completion, and keeps 64 bytes for each version of each record, 32 more for each
// opaque token, and 48 for each marker. It is not for use by several goroutines at
// once. Start from New.
type Checker struct {
	recordPool
	options Options
	trust   trust
	records map[string]*record
	recent  []*record // a shortcut past records; nil for excerpts, of which there are many
	order   []*record
	ops     int64
	tokens  *lineage.Numbering // nil: tokens count by one, and no marker was met

	frames []*Checker // by clock, see frames.go; itself where there is one
	frame  int        // the place of its clock among them
	placer placer

	families map[int32]*record // by their root, see package lineage
	watched  bool              // keep what is added to
	fresh    []*record         // added to since a Watch looked
}

// New returns a checker of one history.
func New(options Options) *Checker {
	c := &Checker{options: options, records: make(map[string]*record), trust: newTrust()}
	c.shared, c.room = options.Shared, newPageBudget()
	if options.API != nil && !options.API.Counting {
		c.options.Opaque = true
	}
	if c.states = options.states; c.states == nil {
		c.states = newStates(options.API)
	}
	c.frames = []*Checker{c}
	if options.Clocks != nil {
		c.useClocks()
	}
	if c.options.Opaque {
		c.useNumbers(lineage.New(false))
	}
	c.tally.states = c.states
	if a := options.API; a != nil {
		c.tally.words = a.Words
	}
	if !options.Excerpt {
		c.recent = make([]*record, recentRecords)
	}
	return c
}

// Add takes one operation; line is its place in the history's file and only
// identifies it. The operation is not kept.
func (c *Checker) Add(o *history.Op, line int) {
	c.ops++
	c.trust.add(o, line)
	if o.Outcome == history.Malformed {
		c.tally.addMalformed(o, line)
	}
	if o.Record == "" {
		return
	}
	if c.tokens == nil && o.Marker != "" {
		c.useNumbers(lineage.New(true))
	}
	if c.tokens != nil {
		if c.tokens.Take(o, line); !c.tokens.Counting {
			return
		}
	}
	c.addToRecord(o, line)
}

// addToRecord takes an operation of a record whose tokens count by one.
func (c *Checker) addToRecord(o *history.Op, line int) {
	for _, f := range c.frames {
		f.addTo(f.record(o.Record), f.placer.place(o), line, o.Start)
	}
}

// useNumbers takes numbers for tokens from a numbering.
func (c *Checker) useNumbers(n *lineage.Numbering) {
	n.Judge, n.Report, n.SetAside = c.addNumbered, c.tally.addContradiction, c.setTokensAside
	c.tokens, c.tally.opaque = n, !n.Counting
	for _, f := range c.frames {
		f.tokens, f.tally.opaque, f.families = n, !n.Counting, map[int32]*record{}
	}
}

// addNumbered takes an operation of a family of tokens.
func (c *Checker) addNumbered(of *lineage.Record, root int32, o *history.Op, line int) {
	if c.tokens.Counting {
		c.addToRecord(o, line)
		return
	}
	for _, f := range c.frames {
		f.addTo(f.family(of, root), f.placer.place(o), line, o.Start)
	}
}

// families are the records under which the families of one record's tokens are judged.
type families struct {
	main     *record // the one that most operations speak of
	mainRoot int32
	all      []*record

	onOthers []*families // the same on every clock but the first
}

// familiesOf returns the families of a record's tokens.
func (c *Checker) familiesOf(f *lineage.Record) *families {
	first, ok := f.Data.(*families)
	if !ok {
		first = &families{}
		f.Data = first
	}
	if c.frame == 0 {
		return first
	}
	for len(first.onOthers) < c.frame {
		first.onOthers = append(first.onOthers, &families{})
	}
	return first.onOthers[c.frame-1]
}

// family returns the record under which a family of tokens is judged.
func (c *Checker) family(f *lineage.Record, root int32) *record {
	all := c.familiesOf(f)
	if all.main != nil && all.mainRoot == root {
		return all.main
	}
	k := c.families[root]
	if k == nil {
		k = &record{id: f.ID + familyMark + strconv.Itoa(int(root)), of: f, root: root, audited: none, foldAt: c.fold, pool: &c.recordPool}
		c.families[root] = k
		c.order = append(c.order, k)
		all.all = append(all.all, k)
	}
	if all.main == nil {
		all.main, all.mainRoot = k, root
	}
	return k
}

// addTo takes an operation of a record, which began at a reading of its own clock.
func (c *Checker) addTo(k *record, o *history.Op, line int, began int64) {
	k.ops++
	if c.watched && !k.fresh {
		k.fresh, c.fresh = true, append(c.fresh, k)
	}
	if !k.usable(o) {
		return
	}
	if o.Kind == history.Update {
		k.addUpdate(o, line)
	} else if o.Answered() {
		k.addRead(o, line)
		if o.Kind == history.Audit && (o.Outcome == history.Seen && o.Token >= 0 || o.Outcome == history.Absent) {
			k.audited = max(k.audited, began)
		}
	}
	if k.full {
		k.fold()
	}
}

// setTokensAside sets aside an operation whose tokens have no order.
func (c *Checker) setTokensAside(f *lineage.Record, stray bool) {
	why := tokensReturn
	if stray {
		why = strayToken
	}
	(&record{id: f.ID, pool: &c.recordPool}).setAside(why)
}

// recentRecords is the size of the shortcut past the map of records; a power of 2.
const recentRecords = 1 << 11

func (c *Checker) record(id string) *record {
	if c.recent == nil {
		return c.find(id)
	}
	n := uint(len(id))
	at := n
	for i := n - min(n, 4); i < n; i++ {
		at = at*37 + uint(id[i])
	}
	at &= recentRecords - 1
	if k := c.recent[at]; k != nil && k.id == id {
		return k
	}
	k := c.find(id)
	c.recent[at] = k
	return k
}

func (c *Checker) find(id string) *record {
	k := c.records[id]
	if k == nil {
		k = &record{id: id, audited: none, foldAt: c.fold, pool: &c.recordPool}
		c.records[id] = k
		c.order = append(c.order, k)
	}
	return k
}

// addRead takes what a read or an audit says of a record.
func (k *record) addRead(o *history.Op, line int) {
	switch {
	case o.Outcome == history.Seen && o.Token >= 0:
		k.addSight(o.Token, o.Start, o.End, o.State)
		if o.Flags&history.Contradiction != 0 {
			k.addRepeat(o, line)
		}
	case o.Outcome == history.Absent:
		k.addAbsence(line)
	}
}

// addUpdate takes one update of a record.
func (k *record) addUpdate(o *history.Op, line int) {
	k.moved = k.moved || o.Outcome == history.Applied || o.Outcome.Uncertain()
	switch {
	case o.Outcome == history.Applied && o.Answered() && o.Token == o.Expected+1:
		k.addApplied(o)
	case o.Outcome == history.Applied && o.Answered() && o.Token >= 0:
		k.addSkew(o, line)
	case o.Outcome == history.Applied || o.Outcome.Uncertain():
		k.addUncertain(o)
	case o.Outcome == history.Conflict && o.Answered():
		k.addConflict(o, line)
	case o.Answered():
		k.addRejection(o, line)
	}
}

// judge looks at each record once.
func (c *Checker) judge(shared bool) {
	if c.tokens != nil {
		c.tokens.End()
	}
	if len(c.frames) > 1 {
		c.judgeFrames(shared)
		return
	}
	c.judgeRecords(shared)
	c.tally.nameGaps(c.tally.gapCount[unasked] > 0)
}

// judgeRecords looks at each record once, and at the families of each.
func (c *Checker) judgeRecords(shared bool) {
	var v view
	var apart zones
	for _, k := range c.order {
		if !c.hasOrder(k, shared) {
			k.setAsideAll(tokensReturn)
			continue
		}
		v.load(k, shared)
		v.judgeFamily(&c.tally)
		apart.add(&v, c.familiesBeside(k))
		c.blind = c.blind || v.bad && len(k.folded) > 0
	}
	c.blind = apart.judge(&c.tally, &c.placer) || c.blind
}

// hasOrder reports whether the tokens of a record can be taken not to come back.
// Counter-example: tokens are hashes of a content that has no marker. An update from
// token a makes b, one whose answer is lost makes a again, and so a second one from a
// is confirmed.
func (c *Checker) hasOrder(k *record, shared bool) bool {
	f := k.of
	return f == nil || !f.Returned && (f.Marked && !f.Bare || c.options.sealed || c.tokens.Unique || !shared && !f.Loose)
}

// familiesBeside returns how many families the tokens of a record have, of one of which it is;
// 0 where tokens count by one.
func (c *Checker) familiesBeside(k *record) int {
	if k.of == nil {
		return 0
	}
	return len(c.familiesOf(k.of).all)
}
