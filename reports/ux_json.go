package reports

import (
	"github.com/occbench/occbench/internal/ux"
)

// cleanUX is what people in browsers met, without the control characters that a
// page may have put in.
func cleanUX(n *ux.Numbers) *ux.Numbers {
	if n == nil {
		return nil
	}
	c := *n
	c.Outcomes, c.Toasts = cleanKeys(n.Outcomes), cleanKeys(n.Toasts)
	c.Failures = cleanAll(n.Failures)
	c.Conflicts.First = clean(n.Conflicts.First)
	for _, d := range []*ux.Defects{&c.Lost, &c.Duplicated, &c.Rollbacks, &c.Unsettled} {
		d.First = clean(d.First)
	}
	return &c
}

func cleanKeys(counts map[string]int) map[string]int {
	cleaned := map[string]int{}
	for name, n := range counts {
		cleaned[clean(name)] += n
	}
	return cleaned
}

func screenPaths(run Run) []string {
	var paths []string
	for _, s := range run.Screens {
		paths = append(paths, s.Path)
	}
	return paths
}
