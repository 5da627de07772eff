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

	name      string            // of the record
	mentioned map[[2]string]int // by token and marker
}

// topic groups operations that say the same of the same version.
type topic struct {
	version int64
	seen    bool // the version seen, else the one expected
	kind    history.Kind
	outcome history.Outcome

	generator string // each has a clock of its own
}

// extremes are the operations of a topic that bound the most.
type extremes struct {
	n                                int
	firstEnd, firstStart, finalStart lined
}

func newDossier(s suspect, operations int) *dossier {
	return &dossier{suspect: s, whole: operations <= wholeRecord, topics: make(map[topic]*extremes)}
}

func (d *dossier) add(l lined) {
	o := &l.op
	if d.whole || l.line == d.line || l.line == d.also {
		d.ops = append(d.ops, l)
		return
	}
	keep := false
	if d.isNear(o.Expected) || d.isNear(o.Expected+1) {
		keep = d.keepExtreme(topic{o.Expected, false, o.Kind, o.Outcome, o.Generator}, l)
	}
	if d.isNear(o.Token) {
		keep = d.keepExtreme(topic{o.Token, true, o.Kind, o.Outcome, o.Generator}, l) || keep
	}
	if d.from != none && o.Token > d.version && o.Start >= d.from {
		keep = d.keepExtreme(topic{none, true, o.Kind, o.Outcome, o.Generator}, l) || keep
	}
	if keep {
		d.ops = append(d.ops, l)
	}
}

// addOpaque takes an operation whose tokens are opaque, with its family.
func (d *dossier) addOpaque(numbered history.Op, family string, named history.Op, recorded *history.Op, line int) {
	l := lined{op: numbered, line: line, raw: &named}
	if d.raw {
		raw := *recorded
		l.raw = &raw
	}
	switch {
	case d.raw || d.record == d.name:
		l.away = farAway
		if line == d.line || line == d.also || d.mentions(recorded) {
			l.away = 0
		} else if d.beside != nil && family == d.beside.record && d.beside.version == numbered.Token {
			if l.away = 1; d.keepExtreme(topic{numbered.Token, true, numbered.Kind, numbered.Outcome, numbered.Generator}, l) {
				d.ops = append(d.ops, l)
			}
			return
		}
		if d.whole || l.away == 0 {
			d.ops = append(d.ops, l)
		}
		return
	case family == d.record:
		l.away = d.distance(&numbered)
	case d.beside != nil && family == d.beside.record:
		other := suspect{version: d.beside.version, other: d.until}
		l.away = other.distance(&numbered)
		if l.away <= 2 && d.keepExtreme(topic{d.beside.version, true, numbered.Kind, numbered.Outcome, numbered.Generator}, l) || d.whole {
			d.ops = append(d.ops, l)
		}
		return
	default:
		if l.away = farAway; !d.whole {
			return
		}
	}
	d.add(l)
}

// farAway is how far an operation is from a proof that is about something else.
const farAway = 1 << 30

// mentions reports whether an operation is one of the first that show the token or the
// marker of the suspect, together with the same other.
func (d *dossier) mentions(o *history.Op) bool {
	token := o.ShownToken()
	if (token == "" || token != d.token) && (o.Marker == "" || o.Marker != d.marker) {
		return false
	}
	const alike = 4
	if d.mentioned == nil {
		d.mentioned = map[[2]string]int{}
	}
	key := [2]string{token, o.Marker}
	d.mentioned[key]++
	return d.mentioned[key] <= alike
}

func (d *dossier) isNear(version int64) bool {
	return version >= 0 && (apart(version, d.version) <= 2 || apart(version, d.other) <= 2)
}

// apart returns by how much two versions differ.
func apart(a, b int64) int64 { return max(a-b, b-a) }

// keepExtreme reports whether an operation is one of the first of its topic, and
// remembers those that bound the most among the others.
func (d *dossier) keepExtreme(at topic, this lined) bool {
	o := &this.op
	x := d.topics[at]
	if x == nil {
		x = &extremes{}
		d.topics[at] = x
	}
	x.n++
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
			d := newDossier(s, c.operationsOf(s.record))
			d.name = c.tally.nameOf(s.record)
			all = append(all, d)
			byRecord[d.name] = append(byRecord[d.name], d)
		}
	}
	_, err := src(func(o *history.Op, line int) {
		about := byRecord[o.Record]
		if len(about) == 0 {
			return
		}
		if !c.tally.opaque {
			for _, d := range about {
				d.add(lined{op: *o, line: line})
			}
			return
		}
		numbered, root, named := c.tokens.InOrder(o)
		family := ""
		if k := c.frames[0].families[root]; k != nil {
			family = k.id
		}
		for _, d := range about {
			d.addOpaque(numbered, family, named, o, line)
		}
	})
	return all, err
}

// operationsOf returns how many operations of a record, or of one of its families, there are.
func (c *Checker) operationsOf(id string) int {
	if c.tally.opaque {
		return c.tokens.Record(c.tally.nameOf(id)).Ops
	}
	if k := c.frames[0].records[id]; k != nil {
		return k.ops
	}
	return wholeRecord + 1
}
