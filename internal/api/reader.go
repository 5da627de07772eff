package api

import (
	"errors"
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
	slot    int        // where the value goes; -1: only what is below counts
	below   []int      // the slots of this node and of all below it
	names   []edge     // those of one length beside each other
	first   [64]uint16 // by the length of a name: 1 + the index of the first such name; 0: none is so long
	indexes []edge
	members *node   // of an object, whatever its name
	items   *node   // of an array, each
	record  bool    // each value here is a record of the list
	leaf    bool    // nothing below it counts, and it is read wherever it stands
	aside   bool    // only wanted where a person looks
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
		at.leaf, at.passage, at.want = false, true, jx.Object
		if s.kind == byIndex || s.kind == anyItem {
			at.want = jx.Array
		}
		at = at.child(s)
	}
	at.leaf, at.passage, at.record = false, true, true
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
	for _, n := range passed {
		n.leaf = n.slot >= 0 && len(n.below) == 1 && !n.passage
	}
	return at.slot
}

func (n *node) child(s step) *node {
	switch s.kind {
	case byName:
		to := ensureEdge(&n.names, s)
		n.sort()
		return to
	case byIndex:
		return ensureEdge(&n.indexes, s)
	case anyMember:
		if n.members == nil {
			n.members = &node{slot: -1}
		}
		return n.members
	}
	if n.items == nil {
		n.items = &node{slot: -1}
	}
	return n.items
}

// ensureEdge returns where a name or an index leads, which it makes where there is none.
func ensureEdge(all *[]edge, s step) *node {
	for _, e := range *all {
		if e.name == s.name && e.index == s.index {
			return e.to
		}
	}
	to := &node{slot: -1}
	*all = append(*all, edge{s.name, s.index, to})
	return to
}

// findNode returns the node of a slot; nil where there is none.
func (r *reader) findNode(slot int) *node {
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

// findChild returns the child of a name, or nil.
func (n *node) findChild(key []byte) *node {
	i := int(n.first[len(key)&63])
	if i == 0 {
		return n.members
	}
	for i--; i < len(n.names) && (len(n.names[i].name)^len(key))&63 == 0; i++ {
		if n.names[i].name == string(key) {
			return n.names[i].to
		}
	}
	return n.members
}

// sort puts names of one length beside each other, and notes where they begin.
func (n *node) sort() {
	slices.SortStableFunc(n.names, func(a, b edge) int { return len(a.name)&63 - len(b.name)&63 })
	clear(n.first[:])
	for i := len(n.names) - 1; i >= 0; i-- {
		n.first[len(n.names[i].name)&63] = uint16(i + 1)
	}
}

// scan is one walk: the values of the slots.
type scan struct {
	values []value
	self   *scan
	visit  func(*jx.Decoder, []byte) error // of self, made once
	at     *node                           // the object that the scan is in
	terse  bool                            // what is aside is not wanted
}

var errMore = errors.New("there is more after the end of the JSON")

// read walks a body to its end. An error says that it is no JSON, or that there is more
// behind it.
func (r *reader) read(d *jx.Decoder, s *scan) error {
	clear(s.values)
	if r.slots == 0 {
		return nil // nothing of the body is wanted, which may be no JSON
	}
	return s.readAll(d, r.root)
}

// readWhole is read of one value, by a node; nil: nothing of it counts.
func (s *scan) readWhole(d *jx.Decoder, value []byte, n *node) error {
	d.ResetBytes(value)
	return s.readAll(d, n)
}

func (s *scan) readAll(d *jx.Decoder, n *node) (err error) {
	if n == nil {
		err = d.Skip()
	} else {
		err = s.walk(d, n)
	}
	if err != nil {
		return errors.New(strings.ReplaceAll(err.Error(), "callback: ", "")) // which jx puts in front for every object around
	}
	if d.Skip() != io.EOF {
		return errMore
	}
	return nil
}

func (s *scan) walk(d *jx.Decoder, n *node) error {
	kind := d.Next()
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

// keep reads a value of which nothing below counts.
func (s *scan) keep(d *jx.Decoder, kind jx.Type, slot int) (err error) {
	v := &s.values[slot]
	v.kind = kind
	switch kind {
	case jx.String:
		v.text, err = d.StrBytes()
	case jx.Number, jx.Bool:
		var raw jx.Raw
		raw, err = d.Raw()
		v.text = raw
	default:
		v.text = nil
		err = d.Skip()
	}
	return err
}

func (s *scan) object(d *jx.Decoder, n *node) error {
	if s.self != s { // a scan that was copied would go on in the other one
		s.self, s.visit = s, s.members()
	}
	at := s.at
	s.at = n
	err := d.ObjBytes(s.visit)
	s.at = at
	return err
}

// members returns a function that reads one member of the object that the scan is in.
func (s *scan) members() func(d *jx.Decoder, key []byte) error {
	return func(d *jx.Decoder, key []byte) error {
		at := s.at
		next := at.findChild(key)
		switch {
		case next == nil || s.terse && next.aside:
			return d.Skip()
		case next.leaf:
			return s.keep(d, d.Next(), next.slot)
		}
		return s.enter(d, next)
	}
}

func (s *scan) enter(d *jx.Decoder, next *node) error {
	for _, slot := range next.below {
		s.values[slot] = value{}
	}
	return s.walk(d, next)
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
	return pickError(err, elements.Err())
}

func pickError(a, b error) error {
	if a != nil {
		return a
	}
	return b
}
