package merge

import (
	"fmt"
	"time"
)

// wallClocks is how far the wall clocks of machines may be apart before generators that
// ran at the same time seem not to have.
const wallClocks = time.Minute

// findDisjoint says which generators did not run while the first one did. A name of a run may be
// that of a later one again.
func (a *parts) findDisjoint(Options) []string {
	var wrong []string
	first := &a.parts[0]
	for i := range a.parts {
		p := &a.parts[i]
		if p.Start.After(first.end().Add(wallClocks)) || first.Start.After(p.end().Add(wallClocks)) {
			wrong = append(wrong, fmt.Sprintf("%s: it ran from %s to %s, and %s from %s to %s: these are two runs", p.dir,
				p.Start.Format(time.RFC3339), p.end().Format(time.RFC3339), first.dir, first.Start.Format(time.RFC3339),
				first.end().Format(time.RFC3339)))
		}
	}
	return wrong
}

// end returns when a generator ended, or was to end.
func (p *part) end() time.Time {
	if p.End.IsZero() {
		return p.Start.Add(p.Spec.Duration)
	}
	return p.End
}
