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
	"github.com/occbench/occbench/internal/api"
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

	// API is what the server promised: the states, the legal ways between them, the
	// refusals that judge a request, and the nouns of sentences. Without one no
	// state is known, and nothing that rests on states is proven.
	API *api.API

	// Opaque says that tokens do not count by one. File and History then read the
	// history once more, to number its tokens.
	Opaque bool

	// Tokens numbers opaque tokens for a Checker of the caller's own, and has learned
	// those of the history; nil: they are versions that count by one.
	Tokens *Numbering

	fold   int         // pages that a record keeps at hand; 0 stands for foldAt
	states *stateTable // of the API, when they are made already
}

// Checker takes the operations of one history, in any order but best in that of
// completion, and keeps 64 bytes for each version of each record. It is not
// for use by several goroutines at once. Start from New.
type Checker struct {
	options Options
	states  *stateTable
	trust   trust
	records map[string]*record
	recent  []*record // a shortcut past records; nil for excerpts, of which there are many
	order   []*record
	room    pageBudget
	aside   [reasons]SetAside
	tally   tally
	used    []*page // folded and free
	fold    int     // pages that a record keeps at hand, or 0: fold nothing
	steps   int64   // pages and rows looked at
	blind   bool    // an operation spoke of a folded version
	ops     int64
	copy    history.Op // of an operation, with its tokens numbered
}

// New returns a checker of one history.
func New(options Options) *Checker {
	c := &Checker{options: options, records: make(map[string]*record), trust: newTrust(), room: newPageBudget()}
	c.tally.opaque = options.Tokens != nil
	if c.states = options.states; c.states == nil {
		c.states = newStates(options.API)
	}
	c.tally.states = c.states
	if a := options.API; a != nil {
		c.tally.words = Words(a.Words)
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
	raw := o
	if o = c.withNumbers(o); o == nil {
		c.setTokensAside(raw)
		return
	}
	if o.Outcome == history.Malformed {
		c.addMalformed(o, line)
	}
	if o.Record == "" {
		return
	}
	k := c.record(o.Record)
	if k.ops++; !k.rooted && numbered(o) {
		k.addRootOwner()
	}
	if !k.usable(o) {
		return
	}
	if o.Kind == history.Update {
		c.addUpdate(k, o, line)
	} else if o.Answered() {
		k.addRead(o, line)
	}
	if c.fold > 0 && len(k.pages) > k.foldAt {
		k.fold()
	}
}

// withNumbers returns an operation with numbers for its tokens, itself where they are
// versions; nil when it cannot be judged. A copy is valid until the next call.
func (c *Checker) withNumbers(o *history.Op) *history.Op {
	if c.tally.opaque {
		return c.number(o)
	}
	return o
}

// number is withNumbers for tokens that are no versions; apart, so that versions
// cost no call.
func (c *Checker) number(o *history.Op) *history.Op {
	if o.Record == "" {
		return o
	}
	c.copy = *o
	if !c.options.Tokens.number(&c.copy) {
		return nil
	}
	return &c.copy
}

// setTokensAside sets aside an operation of a record whose tokens come back.
func (c *Checker) setTokensAside(o *history.Op) {
	if o.HasToken() || o.HasExpected() {
		c.record(o.Record + familyMark).setAside(tokensReturn)
	}
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
		k = &record{id: id, audited: none, foldAt: c.fold, checker: c}
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
	default:
		return
	}
	if o.Kind == history.Audit && o.Start > k.audited {
		k.audited = o.Start
	}
}

// addUpdate takes one update of a record.
func (c *Checker) addUpdate(k *record, o *history.Op, line int) {
	k.moved = k.moved || o.Outcome == history.Applied || o.Outcome.Uncertain()
	switch {
	case o.Outcome == history.Applied && o.Answered() && o.Token >= 0:
		k.addApplied(o, line)
	case o.Outcome == history.Applied || o.Outcome.Uncertain():
		k.addUncertain(o)
	case o.Outcome == history.Conflict && o.Answered():
		k.addConflict(o, line)
	case o.Answered():
		k.addRejection(o, line)
	}
}

// Finish ends the history and returns the verdict without the operations that
// prove it, which the checker does not keep: use File or History for those.
func (c *Checker) Finish() Report {
	c.judge(c.options.Shared)
	return c.report()
}

// judge looks at each record once.
func (c *Checker) judge(shared bool) {
	var v view
	for _, k := range c.order {
		v.load(k, shared || k.aside)
		v.judge(&c.tally)
		c.blind = c.blind || v.bad && len(k.folded) > 0
	}
	c.tally.nameGaps()
}
