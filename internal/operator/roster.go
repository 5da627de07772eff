package operator

import "slices"

// Roster is the run's fixed list of records. The index of a record is its name for
// pickers and never changes, while its place on the list does with every
// update. All operators share one; it is safe for concurrent reading.
type Roster struct {
	ids   []string
	index map[string]int
}

// NewRoster returns the roster of these ids, without repetitions.
func NewRoster(ids []string) *Roster {
	r := &Roster{index: make(map[string]int, len(ids))}
	for _, id := range ids {
		if _, known := r.index[id]; !known {
			r.index[id] = len(r.ids)
			r.ids = append(r.ids, id)
		}
	}
	return r
}

// Len is the number of records.
func (r *Roster) Len() int { return len(r.ids) }

// ID returns the record at an index of 0 … Len-1.
func (r *Roster) ID(i int) string { return r.ids[i] }

// IDs returns all records in order; the caller owns the slice.
func (r *Roster) IDs() []string { return slices.Clone(r.ids) }

// Index returns the index of a record, if it is one of the run's.
func (r *Roster) Index(id string) (i int, ok bool) {
	i, ok = r.index[id]
	return i, ok
}
