// Package metricdata keeps what was published: samples by metric, second and unit, bounded in memory and in age.
//
// It refuses what it has no room for and never loses data quietly; what age made it forget, it remembers having
// forgotten.
package metricdata

import (
	"slices"
	"time"
)

// Store holds all metrics. Its memory is bounded by refusing data, never by
// quietly losing it; only age makes it forget, and it remembers having done so.
type Store struct {
	Series    map[string]*series
	Arriving  []Arrival // by the time at which it is seen
	retention time.Duration
	limit     int64 // bytes
	Used      int64 // bytes
	Forgotten int64 // the last second of which anything was dropped, 0 without any
}

// Arrival is data that was accepted and cannot be seen yet.
type Arrival struct {
	Visible time.Time
	Metric  Metric
	slot    slot
}

func NewStore(retention time.Duration, limit int64) *Store {
	return &Store{Series: map[string]*series{}, retention: retention, limit: limit}
}

// Find returns the series of a canonical metric, nil without one.
func (st *Store) Find(m Metric) *series { return st.Series[m.key()] }

// HasRoom tells whether these arrivals fit.
func (st *Store) HasRoom(in []Arrival) bool {
	need := st.Used
	for i := range in {
		need += in[i].size()
	}
	return need <= st.limit
}

func (a *Arrival) size() int64 { return a.slot.size() + SeriesSize }

// Arrive accepts data that is seen from its time on.
func (st *Store) Arrive(in Arrival) {
	i, _ := slices.BinarySearchFunc(st.Arriving, in, func(a, b Arrival) int {
		if a.Visible.After(b.Visible) {
			return 1
		}
		return -1 // equal ones stay in the order of arrival
	})
	st.Arriving = slices.Insert(st.Arriving, i, in)
	st.Used += in.size()
}

// Reveal makes what is visible at now seen.
func (st *Store) Reveal(now time.Time) {
	n := 0
	for n < len(st.Arriving) && !st.Arriving[n].Visible.After(now) {
		st.merge(&st.Arriving[n])
		n++
	}
	st.Arriving = slices.Delete(st.Arriving, 0, n)
}

func (st *Store) merge(in *Arrival) {
	st.Used -= in.size()
	st.Used += st.Open(in.Metric).add(in.slot)
}

// Open returns the series of a canonical metric, new if need be.
func (st *Store) Open(m Metric) *series {
	key := m.key()
	if st.Series[key] == nil {
		st.Series[key] = &series{Metric: m}
		st.Used += SeriesSize
	}
	return st.Series[key]
}

// Forget drops what is older than the retention at now.
func (st *Store) Forget(now time.Time) {
	before := now.Add(-st.retention).Unix()
	for key, s := range st.Series {
		last, freed := s.forget(before)
		st.Forgotten = max(st.Forgotten, last)
		st.Used -= freed
		if len(s.slots) == 0 && freed > 0 {
			delete(st.Series, key)
			st.Used -= SeriesSize
		}
	}
}

// IsComplete tells whether a window that starts there can be answered wholly.
func (st *Store) IsComplete(start int64) bool { return start > st.Forgotten || st.Forgotten == 0 }
