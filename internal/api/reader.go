package api

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/go-faster/jx"
)

// reader reads all places of one kind of answer in one walk over its JSON.
type reader struct {
	root  *node
	slots int
}

// node is one value of the JSON that a path leads to or through.
type node struct {
	slot    int   // where the value goes; -1: only what is below counts
	below   []int // the slots of this node and of all below it
	names   []edge
	lengths uint64 // the bits of the lengths of the names: most keys are ruled out by theirs
	indexes []edge
	members *node   // of an object, whatever its name
	items   *node   // of an array, each
	record  bool    // each value here is a record of the list
	passage bool    // the records are here or below
	want    jx.Type // on the way to the records; Invalid: any
}

type edge struct {
	name  string
	index int
	to    *node
}

func newReader() *reader { return &reader{root: &node{slot: -1}} }

// addRecords declares where the records of a list stand. What is on the way has
// to be an object or an array, as the path says.
func (r *reader) addRecords(steps []step) {
	at := r.root
	for _, s := range steps {
		at.passage, at.want = true, jx.Object
		if s.kind == byIndex || s.kind == anyItem {
			at.want = jx.Array
		}
		at = at.child(s)
	}
	at.passage, at.record = true, true
}

// add makes a slot for a path and returns it; the same path has one slot.
func (r *reader) add(steps []step) int {
	at := r.root
	passed := []*node{at}
	for _, s := range steps {
		at = at.child(s)
		passed = append(passed, at)
	}
	if at.slot < 0 {
		at.slot = r.slots
		r.slots++
		for _, n := range passed {
			n.below = append(n.below, at.slot)
		}
	}
	return at.slot
}

func (n *node) child(s step) *node {
	find := func(edges *[]edge) *node {
		for _, e := range *edges {
			if e.name == s.name && e.index == s.index {
				return e.to
			}
		}
		to := &node{slot: -1}
		*edges = append(*edges, edge{s.name, s.index, to})
		return to
	}
	switch s.kind {
	case byIndex:
		return find(&n.indexes)
	case anyMember:
		if n.members == nil {
			n.members = &node{slot: -1}
		}
		return n.members
	case byName:
		n.lengths |= 1 << (len(s.name) & 63)
	case anyItem:
		if n.items == nil {
			n.items = &node{slot: -1}
		}
		return n.items
	}
	return find(&n.names)
}

// nodeOf returns the node of a slot; nil where there is none.
func (r *reader) nodeOf(slot int) *node {
	at := r.root
	for slot >= 0 && at.slot != slot {
		i := slices.IndexFunc(at.names, func(e edge) bool { return slices.Contains(e.to.below, slot) })
		if i < 0 {
			return nil
		}
		at = at.names[i].to
	}
	if slot < 0 {
		return nil
	}
	return at
}

// named returns the child of a name, or nil.
func (n *node) named(key []byte) *node {
	if n.lengths&(1<<(len(key)&63)) == 0 {
		return n.members
	}
	for i := range n.names {
		if n.names[i].name == string(key) {
			return n.names[i].to
		}
	}
	return n.members
}

// scan is one walk: the values of the slots, and where records go.
type scan struct {
	values []value
	group  []byte       // the name that the last .* stood for
	skip   *node        // a name that is not wanted; nil: none
	rows   *ListScratch // gets each record of a list; nil where the answer is no list
}

// read walks a body to its end. An error says that it is no JSON, that there is
// more behind it, or that a value on the way to the records is of another type.
func (r *reader) read(d *jx.Decoder, s *scan) error {
	clear(s.values)
	if err := s.walk(d, r.root); err != nil {
		return err
	}
	if d.Skip() != io.EOF {
		return errors.New("there is more after the end of the JSON")
	}
	return nil
}

func (s *scan) walk(d *jx.Decoder, n *node) error {
	kind := d.Next()
	if n.record {
		return s.rows.take(d, s.group)
	}
	if n.want != jx.Invalid && kind != n.want && kind != jx.Null && kind != jx.Invalid {
		return fmt.Errorf("%s stands where %s was declared", kind, n.want)
	}
	if n.slot >= 0 {
		s.values[n.slot] = value{kind: kind}
	}
	switch {
	case kind == jx.Object && (len(n.names) > 0 || n.members != nil):
		return s.object(d, n)
	case kind == jx.Array && (len(n.indexes) > 0 || n.items != nil):
		return s.array(d, n)
	case n.slot < 0:
		return d.Skip()
	}
	return s.keep(d, kind, n.slot)
}

// keep reads the text of a scalar.
func (s *scan) keep(d *jx.Decoder, kind jx.Type, slot int) (err error) {
	switch kind {
	case jx.String:
		s.values[slot].text, err = d.StrBytes()
	case jx.Number, jx.Bool:
		var raw jx.Raw
		raw, err = d.Raw()
		s.values[slot].text = raw
	default:
		err = d.Skip()
	}
	return err
}

func (s *scan) object(d *jx.Decoder, n *node) error {
	passed := false // a name that leads to the records
	fields, err := d.ObjIter()
	for err == nil && fields.Next() {
		key := fields.Key()
		next := n.named(key)
		if next == nil || next == s.skip {
			err = d.Skip()
			continue
		}
		for _, slot := range next.below {
			s.values[slot] = value{}
		}
		switch {
		case next == n.members:
			s.group = key
		case next.passage && passed:
			return fmt.Errorf("the name %q stands twice in one object", key)
		case next.passage:
			passed = true
		}
		err = s.walk(d, next)
	}
	return firstError(err, fields.Err())
}

func (s *scan) array(d *jx.Decoder, n *node) error {
	elements, err := d.ArrIter()
	for i := 0; err == nil && elements.Next(); i++ {
		next := n.items
		for _, e := range n.indexes {
			if e.index == i {
				next = e.to
			}
		}
		if next == nil {
			err = d.Skip()
			continue
		}
		err = s.walk(d, next)
	}
	return firstError(err, elements.Err())
}

func firstError(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// at returns the value of a place.
func (p *place) at(values []value, r *Response) value {
	switch {
	case p.slot >= 0:
		return values[p.slot]
	case p.header != "":
		if all := r.Header[p.header]; len(all) > 0 {
			return value{kind: jx.String, text: []byte(all[0])}
		}
	case p.text != nil:
		if found := p.text.FindSubmatch(r.Body); found != nil {
			return value{kind: jx.String, text: found[1]}
		}
	}
	return value{}
}

// field is a list of places: the value is that of the first where a scalar is.
type field []place

func (f field) at(values []value, r *Response) value {
	for i := range f {
		if v := f[i].at(values, r); v.scalar() {
			return v
		}
	}
	return value{}
}

// word and str are at(…).word() and at(…).str(), with a short way to a single place
// in JSON: a list asks for four of each of its records.
func (f field) word(values []value, r *Response) []byte {
	if len(f) == 1 && f[0].slot >= 0 {
		return values[f[0].slot].word()
	}
	v := f.at(values, r)
	return v.word()
}

func (f field) str(values []value, r *Response) []byte {
	if len(f) == 1 && f[0].slot >= 0 {
		return values[f[0].slot].str()
	}
	v := f.at(values, r)
	return v.str()
}

func (f field) readsJSON() bool {
	return slices.ContainsFunc(f, func(p place) bool { return p.slot >= 0 })
}

// String returns the places as the file says them.
func (f field) String() string {
	sources := make([]string, len(f))
	for i := range f {
		sources[i] = f[i].source
	}
	return strings.Join(sources, " | ")
}

// canonicalHeader returns a name of a header as net/http writes it.
func canonicalHeader(name string) string {
	text, upper := []byte(strings.ToLower(name)), true
	for i, b := range text {
		if upper && b >= 'a' && b <= 'z' {
			text[i] = b - ('a' - 'A')
		}
		upper = b == '-'
	}
	return string(text)
}

// newPlace compiles the text of one place for a reader.
func newPlace(r *reader, text string) (place, error) {
	p := place{source: text, slot: -1}
	switch {
	case isPath(text):
		steps, err := parsePath(text, false)
		if err != nil {
			return p, err
		}
		p.slot = r.add(steps)
		return p, nil
	case strings.HasPrefix(text, "header:") && len(text) > len("header:"):
		p.header = canonicalHeader(text[len("header:"):])
		return p, nil
	case strings.HasPrefix(text, "re:"):
		var err error
		p.text, err = textPattern(text)
		return p, err
	}
	return p, fmt.Errorf("%q is no place; want a JSON path such as $.data.version, header:NAME or re:/(…)/", text)
}
