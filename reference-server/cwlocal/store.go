package cwlocal

import (
	"slices"
	"time"
)

// store holds all metrics. Its memory is bounded by refusing data, never by
// quietly losing it; only age makes it forget, and it remembers having done so.
type store struct {
	series    map[string]*series
	arriving  []arrival // by the time at which it is seen
	retention time.Duration
	limit     int64 // bytes
	used      int64 // bytes
	forgotten int64 // the last second of which anything was dropped, 0 without any
}

// arrival is data that was accepted and cannot be seen yet.
type arrival struct {
	visible time.Time
	metric  metric
	slot    slot
}

func newStore(retention time.Duration, limit int64) store {
	return store{series: map[string]*series{}, retention: retention, limit: limit}
}

// find returns the series of a canonical metric, nil without one.
func (st *store) find(m metric) *series { return st.series[m.key()] }

// room tells whether these arrivals fit.
func (st *store) room(in []arrival) bool {
	need := st.used
	for i := range in {
		need += in[i].size()
	}
	return need <= st.limit
}

func (a *arrival) size() int64 { return a.slot.size() + seriesSize }

// arrive accepts data that is seen from its time on.
func (st *store) arrive(in arrival) {
	i, _ := slices.BinarySearchFunc(st.arriving, in, func(a, b arrival) int {
		if a.visible.After(b.visible) {
			return 1
		}
		return -1 // equal ones stay in the order of arrival
	})
	st.arriving = slices.Insert(st.arriving, i, in)
	st.used += in.size()
}

// reveal makes what is visible at now seen.
func (st *store) reveal(now time.Time) {
	n := 0
	for n < len(st.arriving) && !st.arriving[n].visible.After(now) {
		st.merge(&st.arriving[n])
		n++
	}
	st.arriving = slices.Delete(st.arriving, 0, n)
}

func (st *store) merge(in *arrival) {
	st.used -= in.size()
	st.used += st.open(in.metric).add(in.slot)
}

// open returns the series of a canonical metric, new if need be.
func (st *store) open(m metric) *series {
	key := m.key()
	if st.series[key] == nil {
		st.series[key] = &series{metric: m}
		st.used += seriesSize
	}
	return st.series[key]
}

// forget drops what is older than the retention at now.
func (st *store) forget(now time.Time) {
	before := now.Add(-st.retention).Unix()
	for key, s := range st.series {
		last, freed := s.forget(before)
		st.forgotten = max(st.forgotten, last)
		st.used -= freed
		if len(s.slots) == 0 && freed > 0 {
			delete(st.series, key)
			st.used -= seriesSize
		}
	}
}

// complete tells whether a window that starts there can be answered wholly.
func (st *store) complete(start int64) bool { return start > st.forgotten || st.forgotten == 0 }
