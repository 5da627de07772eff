package history

import (
	"iter"
	"maps"
	"slices"
)

// OperatorTable holds a value for each operator of a history. The zero table is
// empty and ready. Operators count from 1, so a slice finds them in a fifth of the
// time that a map takes; numbers beyond mostPlain are kept in one.
type OperatorTable[T any] struct {
	plain []*T
	rest  map[int32]*T
	n     int
}

// mostPlain bounds the slice, which a hostile file could otherwise make huge.
const mostPlain = 1 << 16

// At returns the value of an operator, the zero value at first. It stays valid.
func (t *OperatorTable[T]) At(operator int32) *T {
	if operator >= 0 && int(operator) < len(t.plain) {
		if v := t.plain[operator]; v != nil {
			return v
		}
	}
	return t.add(operator)
}

func (t *OperatorTable[T]) add(operator int32) *T {
	if operator < 0 || operator >= mostPlain {
		v := t.rest[operator]
		if v == nil {
			if t.rest == nil {
				t.rest = map[int32]*T{}
			}
			v = new(T)
			t.rest[operator] = v
			t.n++
		}
		return v
	}
	if more := int(operator) + 1 - len(t.plain); more > 0 {
		t.plain = append(t.plain, make([]*T, more)...)
	}
	t.plain[operator] = new(T)
	t.n++
	return t.plain[operator]
}

// Len returns how many operators have a value.
func (t *OperatorTable[T]) Len() int { return t.n }

// All yields operators and their values by number.
func (t *OperatorTable[T]) All() iter.Seq2[int32, *T] {
	return func(yield func(int32, *T) bool) {
		for i, v := range t.plain {
			if v != nil && !yield(int32(i), v) {
				return
			}
		}
		for _, operator := range slices.Sorted(maps.Keys(t.rest)) {
			if !yield(operator, t.rest[operator]) {
				return
			}
		}
	}
}

// RecordTable holds a value for each record of a history. The zero table is empty
// and ready.
type RecordTable[T any] struct {
	known  map[string]*T
	recent []recentRecord[T] // a shortcut past the map
}

type recentRecord[T any] struct {
	id string
	of *T
}

// recentRecords is the size of the shortcut; a power of 2.
const recentRecords = 1 << 11

// Find returns the value of a record; nil where it has none.
func (t *RecordTable[T]) Find(id string) *T {
	if t.recent == nil {
		return nil
	}
	r := &t.recent[recentSlot(id)]
	if r.of != nil && r.id == id {
		return r.of
	}
	v := t.known[id]
	if v != nil {
		*r = recentRecord[T]{id, v}
	}
	return v
}

// At returns the value of a record, the zero value at first. It stays valid.
func (t *RecordTable[T]) At(id string) *T {
	v := t.Find(id)
	if v == nil {
		if t.recent == nil {
			t.known, t.recent = map[string]*T{}, make([]recentRecord[T], recentRecords)
		}
		v = new(T)
		t.known[id] = v
	}
	return v
}

// Len returns how many records have a value.
func (t *RecordTable[T]) Len() int { return len(t.known) }

// All yields records and their values in no order.
func (t *RecordTable[T]) All() iter.Seq2[string, *T] { return maps.All(t.known) }

// recentSlot tells ids apart by their last four bytes.
func recentSlot(id string) uint {
	n := uint(len(id))
	at := n
	for i := n - min(n, 4); i < n; i++ {
		at = at*37 + uint(id[i])
	}
	return at & (recentRecords - 1)
}
