package lineage

// table finds places by hashes: a third of the memory and half the time of a map.
// Two of 4 million texts share their hash once in 2 million histories.
//
// Most keys are new, and a new one has to read no more than a byte of prints, of
// which 16 times as many fit into a processor's cache as entries.
type table struct {
	prints  []uint8 // of the entry at the same place: its key's highest bits; 0: free
	entries []entry
	used    int
}

type entry struct {
	key uint64
	at  int32
}

// find returns the place of a key, which it makes where there is none: noNode.
func (t *table) find(key uint64) *int32 {
	if 3*len(t.entries) <= 4*t.used {
		t.grow()
	}
	print, mask := printOf(key), uint64(len(t.entries)-1)
	for i := key & mask; ; i = (i + 1) & mask {
		switch t.prints[i] {
		case print:
			if e := &t.entries[i]; e.key == key {
				return &e.at
			}
		case 0:
			t.prints[i] = print
			t.used++
			e := &t.entries[i]
			*e = entry{key, noNode}
			return &e.at
		}
	}
}

// printOf returns a byte of a key that does not decide on its place, and is not 0.
func printOf(key uint64) uint8 { return uint8(key>>56) | 1 }

func (t *table) grow() {
	prints, entries := t.prints, t.entries
	size := max(1<<6, 2*len(entries))
	t.prints, t.entries = make([]uint8, size), make([]entry, size)
	mask := uint64(size - 1)
	for at, print := range prints {
		if print == 0 {
			continue
		}
		i := entries[at].key & mask
		for t.prints[i] != 0 {
			i = (i + 1) & mask
		}
		t.prints[i], t.entries[i] = print, entries[at]
	}
}

// blocks is a sequence that grows without a copy of what it holds: a slice of ten
// million values would be copied, and held twice, some twenty times.
type blocks[T any] struct{ all [][]T }

const (
	blockBits = 16
	blockSize = 1 << blockBits
)

// at returns a value, which stays there until the next add.
func (b *blocks[T]) at(i int32) *T { return &b.all[uint32(i)>>blockBits][i&(blockSize-1)] }

// add takes a value and returns its place.
func (b *blocks[T]) add(v T) int32 {
	last := len(b.all) - 1
	switch {
	case last < 0:
		b.all, last = append(b.all, nil), 0
	case len(b.all[last]) == blockSize:
		b.all, last = append(b.all, make([]T, 0, blockSize)), last+1
	}
	b.all[last] = append(b.all[last], v)
	return b.length() - 1
}

func (b *blocks[T]) length() int32 {
	last := len(b.all) - 1
	if last < 0 {
		return 0
	}
	return int32(last)<<blockBits + int32(len(b.all[last]))
}
