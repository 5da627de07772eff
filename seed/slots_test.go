package seed

import (
	"testing"
	"time"
)

func TestSlots(t *testing.T) {
	for _, c := range []struct {
		name, date, now string
		first, last     string // empty: refused
	}{
		{"tomorrow", "2026-03-02", "2026-03-01T12:00:00Z", "2026-03-02T08:00:00Z", "2026-03-02T17:30:00Z"},
		{"today, before the shop opens", "2026-03-02", "2026-03-02T05:00:00Z", "2026-03-02T08:00:00Z", "2026-03-02T17:30:00Z"},
		{"today, in the middle", "2026-03-02", "2026-03-02T12:01:00Z", "2026-03-02T12:10:00Z", "2026-03-02T17:30:00Z"},
		{"today, in the evening", "2026-03-02", "2026-03-02T19:00:00Z", "2026-03-02T19:10:00Z", "2026-03-02T23:25:00Z"},
		{"today, before midnight", "2026-03-02", "2026-03-02T23:30:00Z", "", ""},
		{"yesterday", "2026-03-01", "2026-03-02T00:00:00Z", "", ""},
		{"today of a zone ahead of UTC", "2026-03-02", "2026-03-02T01:00:00+14:00", "2026-03-02T08:00:00Z", "2026-03-02T17:30:00Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			now, err := time.Parse(time.RFC3339, c.now)
			if err != nil {
				t.Fatal(err)
			}
			w, err := NewSlots(c.date, now)
			if c.first == "" {
				if err == nil {
					t.Errorf("got %v, want an error", w)
				}
				return
			}
			if err != nil || w.first.Format(time.RFC3339) != c.first || w.last.Format(time.RFC3339) != c.last {
				t.Errorf("got %v to %v, want %s to %s; %v", w.first, w.last, c.first, c.last, err)
			}
		})
	}
}

func TestSlotsSpreadOverTheDay(t *testing.T) {
	w, err := NewSlots("2026-03-02", time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{1, 8, 115, 100_000} {
		var before time.Time
		for i := range n {
			start, end := w.At(i, n)
			if start.Before(w.first) || start.After(w.last) || start.Before(before) || end.Sub(start) != length {
				t.Fatalf("slot %d of %d is %v to %v", i, n, start, end)
			}
			before = start
		}
		if n >= 8 && w.last.Sub(before) > 75*time.Minute {
			t.Errorf("the last of %d slots is %v, the day ends with %v", n, before, w.last)
		}
	}
}
