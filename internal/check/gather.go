package check

import (
	"cmp"
	"slices"

	"github.com/occbench/occbench/internal/history"
)

// A proof may need any operation that speaks of its versions, and of a version
// there can be millions. wholeRecord is up to how many operations of a record are
// taken without asking, perTopic how many alike of a larger one.
const (
	wholeRecord = 1 << 10
	perTopic    = 32
)

// dossier collects the operations that may take part in the proof of a suspect.
type dossier struct {
	suspect
	whole  bool
	ops    []lined
	topics map[topic]*extremes
}

// topic groups operations that say the same of the same version.
type topic struct {
	version int64
	seen    bool // the version seen, else the one expected
	kind    history.Kind
	outcome history.Outcome
}

// extremes are the operations of a topic that bound the most.
type extremes struct {
	n                                int
	firstEnd, firstStart, finalStart lined
}

func newDossier(s suspect, operations int) *dossier {
	return &dossier{suspect: s, whole: operations <= wholeRecord, topics: make(map[topic]*extremes)}
}

func (d *dossier) add(o *history.Op, line int) {
	if d.whole || line == d.line {
		d.ops = append(d.ops, lined{*o, line})
		return
	}
	keep := false
	if d.isNear(o.Expected) || d.isNear(o.Expected+1) {
		keep = d.keepExtreme(topic{o.Expected, false, o.Kind, o.Outcome}, o, line)
	}
	if d.isNear(o.Token) {
		keep = d.keepExtreme(topic{o.Token, true, o.Kind, o.Outcome}, o, line) || keep
	}
	if d.from != none && o.Token > d.version && o.Start >= d.from {
		keep = d.keepExtreme(topic{none, true, o.Kind, o.Outcome}, o, line) || keep
	}
	if keep {
		d.ops = append(d.ops, lined{*o, line})
	}
}

func (d *dossier) isNear(version int64) bool {
	return version >= 0 && (apart(version, d.version) <= 2 || apart(version, d.other) <= 2)
}

// apart returns by how much two versions differ.
func apart(a, b int64) int64 { return max(a-b, b-a) }

// keepExtreme reports whether an operation is one of the first of its topic, and
// remembers those that bound the most among the others.
func (d *dossier) keepExtreme(at topic, o *history.Op, line int) bool {
	x := d.topics[at]
	if x == nil {
		x = &extremes{}
		d.topics[at] = x
	}
	x.n++
	this := lined{*o, line}
	if x.n == 1 {
		x.firstEnd, x.firstStart, x.finalStart = this, this, this
	}
	if o.Answered() && (!x.firstEnd.op.Answered() || o.End < x.firstEnd.op.End) {
		x.firstEnd = this
	}
	if o.Start < x.firstStart.op.Start {
		x.firstStart = this
	}
	if o.Start >= x.finalStart.op.Start {
		x.finalStart = this
	}
	return x.n <= perTopic
}

// operations returns what was collected, by line.
func (d *dossier) operations() []lined {
	all := d.ops
	for _, x := range d.topics {
		all = append(all, x.firstEnd, x.firstStart, x.finalStart)
	}
	slices.SortFunc(all, func(a, b lined) int { return cmp.Compare(a.line, b.line) })
	return slices.CompactFunc(all, func(a, b lined) bool { return a.line == b.line })
}

// gather reads the history again for the operations of the suspects.
func (c *Checker) gather(src Source) ([]*dossier, error) {
	var all []*dossier
	byRecord := make(map[string][]*dossier)
	for _, first := range c.tally.first {
		for _, s := range first {
			n := wholeRecord + 1
			if k := c.records[s.record]; k != nil {
				n = k.ops
			}
			d := newDossier(s, n)
			all = append(all, d)
			byRecord[s.record] = append(byRecord[s.record], d)
		}
	}
	_, err := src(func(o *history.Op, line int) {
		if o = c.withNumbers(o); o == nil {
			return
		}
		for _, d := range byRecord[o.Record] {
			d.add(o, line)
		}
	})
	return all, err
}
