package ux

import "fmt"

// hasConflict reports whether the first move of a gesture was refused as stale.
func (g *Gesture) hasConflict() bool {
	return len(g.Moves) > 0 && g.Moves[0].Outcome == "conflict"
}

// isOvertaken reports whether the rival was faster.
func (g *Gesture) isOvertaken() bool {
	return g.Rival != nil && g.Rival.Outcome == "applied" && len(g.Moves) > 0
}

// oldestVersion returns the oldest version that a screen may show after the answers: a refusal
// says that the version it was sent is gone, even where it does not say which one is there.
func (g *Gesture) oldestVersion() int64 {
	least := int64(0)
	for _, m := range g.Moves {
		switch m.Outcome {
		case "conflict":
			least = max(least, m.Expected+1, versionOrZero(m.Version))
		case "applied":
			least = max(least, versionOrZero(m.Version))
		}
	}
	return least
}

// explainWrong says how the screen contradicts what the server said when the move was
// settled; empty: it does not. A card that is not there is counted as lost
// instead, if it does not come back.
func (g *Gesture) explainWrong(person int) string {
	s := g.Shown
	if s == nil || len(g.Moves) == 0 || !g.Settled {
		return ""
	}
	if least := g.oldestVersion(); s.Version < least {
		return fmt.Sprintf(
			"card %s was settled in %s as version %d although the server had version %d already: a wrong rollback (person %d, gesture %d)",
			g.Card,
			s.Status,
			s.Version,
			least,
			person,
			g.N,
		)
	}
	for _, truth := range g.listKnown() {
		if s.Version == truth.Version && s.Status != truth.Status {
			return fmt.Sprintf("card %s was settled in %s although its version %d stands in %s (person %d, gesture %d)",
				g.Card, s.Status, s.Version, truth.Status, person, g.N)
		}
	}
	return ""
}

// listKnown returns the known versions of the card: each has one status for
// ever.
func (g *Gesture) listKnown() []Seen {
	var all []Seen
	for _, m := range g.Moves {
		if (m.Outcome == "applied" || m.Outcome == "conflict") && m.Version != nil && m.Status != "" {
			all = append(all, Seen{m.Status, *m.Version})
		}
	}
	if g.Rival != nil && g.Rival.Outcome == "applied" && g.Rival.Version != nil {
		all = append(all, Seen{g.Rival.Status, *g.Rival.Version})
	}
	if g.Server != nil {
		all = append(all, *g.Server)
	}
	return append(all, Seen{g.From, g.Version})
}

func versionOrZero(version *int64) int64 {
	if version == nil {
		return 0
	}
	return *version
}

// hasMessage reports whether the page showed a message of one of these kinds about the card.
func (g *Gesture) hasMessage(kinds ...string) bool {
	for _, t := range g.Toasts {
		for _, kind := range kinds {
			if t.Kind == kind && (t.Card == g.Card || t.Card == "") {
				return true
			}
		}
	}
	return false
}
