package measure

import (
	"maps"
	"slices"
)

// Attempts hands the attempts that still wait for a second click to
// Options.Attempt: the history is over. The numbers stay the same.
func (m *Measure) Attempts() {
	for _, id := range slices.Sorted(maps.Keys(m.operators)) {
		m.operators[id].clicks.release(m.commit)
	}
}
