package machine

import (
	"github.com/occbench/occbench/internal/ux"
	"github.com/occbench/occbench/reports/view"
)

// cleanUX returns what people in browsers met, without the control characters that a
// page may have put in.
func cleanUX(n *ux.Numbers) *ux.Numbers {
	if n == nil {
		return nil
	}
	c := *n
	c.Outcomes, c.Toasts = cleanKeys(n.Outcomes), cleanKeys(n.Toasts)
	c.Failures = view.CleanAll(n.Failures)
	c.Conflicts.First = view.CleanText(n.Conflicts.First)
	for _, d := range []*ux.Defects{&c.Lost, &c.Duplicated, &c.Rollbacks, &c.Unsettled} {
		d.First = view.CleanText(d.First)
	}
	return &c
}

func cleanKeys(counts map[string]int) map[string]int {
	cleaned := map[string]int{}
	for name, n := range counts {
		cleaned[view.CleanText(name)] += n
	}
	return cleaned
}
