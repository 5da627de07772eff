package run

import (
	"math"
	"strings"
	"time"
)

// Difference is something in which two runs are unlike.
type Difference struct {
	What string `json:"what"`
	Base string `json:"base"`
	Run  string `json:"run"`
}

// DiffSpecs returns in what two declared loads differ, so that a difference of
// their numbers would say nothing about the server.
func DiffSpecs(base, other *Spec) []Difference {
	var all []Difference
	for _, f := range Fields(time.Now) {
		if f.Free {
			continue
		}
		b, o := f.comparedText(base), f.comparedText(other)
		if b != o && !f.isNear(base, other) {
			all = append(all, Difference{f.title(), b, o})
		}
	}
	return all
}

func (f *Field) comparedText(s *Spec) string {
	if f.Compared != nil {
		return f.Compared(s)
	}
	return f.Text(s)
}

// isNear reports whether two numbers differ by less than the row allows.
func (f *Field) isNear(base, other *Spec) bool {
	b, ok := f.at(base).(*int)
	if !ok || f.Near == 0 {
		return false
	}
	o := f.at(other).(*int)
	return math.Abs(float64(*b-*o)) <= f.Near*float64(max(*b, *o))
}

func (f *Field) title() string {
	if f.What != "" {
		return f.What
	}
	return strings.ReplaceAll(f.Name, "-", " ")
}
