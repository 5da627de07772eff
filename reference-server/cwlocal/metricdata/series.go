package metricdata

import (
	"cmp"
	"slices"
)

// series is the data of one metric, by second and unit.
type series struct {
	Metric   Metric
	slots    []slot // by time, then unit
	Accepted int    // data accepted so far, for Faults.DropEvery
}

type slot struct {
	at   int64 // seconds since 1970
	unit string
	Sample
}

// Approximate bytes, for the bound on memory.
const (
	SeriesSize = 512
	SlotSize   = 160
	ValueSize  = 16
)

func (s *slot) size() int64 { return SlotSize + ValueSize*int64(len(s.values)) }

// add merges a slot in and returns by how many bytes the series grew.
func (s *series) add(in slot) int64 {
	i, found := slices.BinarySearchFunc(s.slots, in, compareSlots)
	if !found {
		s.slots = slices.Insert(s.slots, i, in)
		return in.size()
	}
	into := &s.slots[i]
	before := into.size()
	// Joining values on every arrival would sort a hot minute again and again.
	if len(into.values)+len(in.values) > cap(into.values) {
		into.compact()
	}
	into.add(&in.Sample, true)
	return into.size() - before
}

func compareSlots(a, b slot) int {
	return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.unit, b.unit))
}

// forget drops what is older than the second `before`, and returns the last
// second dropped (0: none) and how many bytes that freed.
func (s *series) forget(before int64) (last, freed int64) {
	n := s.indexFrom(before)
	for i := range s.slots[:n] {
		last = s.slots[i].at
		freed += s.slots[i].size()
	}
	s.slots = slices.Delete(s.slots, 0, n)
	return last, freed
}

// indexFrom returns the index of the first slot at or after a second.
func (s *series) indexFrom(at int64) int {
	i, _ := slices.BinarySearchFunc(s.slots, slot{at: at}, compareSlots)
	return i
}

// Latest is the last second that has data, 0 without any.
func (s *series) Latest() int64 {
	if s == nil || len(s.slots) == 0 {
		return 0
	}
	return s.slots[len(s.slots)-1].at
}

// Bucket is a period's worth of data, stamped at its start.
type Bucket struct {
	At   int64
	Unit string // of its first slot
	Sample
}

// Buckets cuts the window into periods and returns those that have data, in
// order. unit "" takes every unit. A nil series has no data.
func (s *series) Buckets(w Window, unit string, keepValues bool) []Bucket {
	var out []Bucket
	if s == nil {
		return nil
	}
	for i := s.indexFrom(w.Start); i < len(s.slots) && s.slots[i].at < w.End; i++ {
		in := &s.slots[i]
		if unit != "" && in.unit != unit {
			continue
		}
		at := w.bucket(in.at)
		if n := len(out); n == 0 || out[n-1].At != at {
			out = append(out, Bucket{At: at, Unit: in.unit})
		}
		out[len(out)-1].add(&in.Sample, keepValues)
	}
	return out
}
