// Package proof draws an anomaly: as lanes of operators over time, and as curl
// lines that play it again by hand.
//
// It holds that a proof must be seen at a glance by a reader who has never read
// the checker, and that it must be possible to doubt it: with nothing but curl
// and a second terminal.
package proof

import (
	"fmt"
	"strings"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/history"
)

// label says what an operation asked and what it was told: "v3 → ready 200".
func label(e *check.Evidence) string {
	if e.Kind != history.Update {
		return fmt.Sprintf("%s %s", e.Kind, sight(e))
	}
	text := fmt.Sprintf("v%d → %s", e.Expected, word(e.Target))
	switch {
	case e.ExpectedText != "" && e.Target != "":
		text = word(e.Sent()) + " → " + word(e.Target)
	case e.ExpectedText != "":
		text = "update " + word(e.Sent())
	case e.Expected < 0:
		text = "update without a token to " + word(e.Target)
	}
	text += Marker(e)
	switch e.Outcome {
	case history.NoAnswer:
		return text + " no answer"
	case history.Applied:
		text += fmt.Sprintf(" %d", e.HTTP)
		if e.Token != e.Expected+1 || e.State != e.Target || e.TokenText != "" {
			text += ": " + sight(e)
		}
		return text
	}
	text += fmt.Sprintf(" %d", e.HTTP)
	if e.Token >= 0 || e.TokenText != "" {
		text += ": " + sight(e)
	}
	return text
}

// Wrote names what an update writes: the state, with the marker where there is one, since
// rivals may want the same state.
func Wrote(e *check.Evidence) string {
	return strings.TrimSpace(word(e.Target) + Marker(e))
}

// Marker tells which attempt wrote what an operation shows, or will write it: the end
// of its marker after " #", since markers of a run begin alike; empty where there is none.
func Marker(e *check.Evidence) string {
	const tail = 8
	runes := []rune(e.Marker)
	switch {
	case len(runes) == 0:
		return ""
	case len(runes) > tail:
		return " #…" + word(string(runes[len(runes)-tail:]))
	}
	return " #" + word(e.Marker)
}

func sight(e *check.Evidence) string {
	if e.Token < 0 && e.TokenText == "" {
		return e.Outcome.String()
	}
	text := strings.TrimSpace(word(e.Shown()) + " " + word(e.State))
	if e.Kind != history.Update {
		text += Marker(e)
	}
	return text
}

// maxWord is the longest text from the target that is shown.
const maxWord = 24

// word returns a word from the target fit for one line of a terminal.
func word(text string) string { return shorten(text, maxWord) }

// shorten returns so many characters of a text from the target, without those that move
// a cursor or end a line.
func shorten(text string, most int) string {
	kept := []rune(strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return '�'
		}
		return r
	}, text))
	if len(kept) > most {
		return string(kept[:most-1]) + "…"
	}
	return string(kept)
}

// Who names who made an operation, and with that its lane.
func Who(e *check.Evidence) string {
	who := "audit"
	if e.Kind != history.Audit {
		who = fmt.Sprintf("operator %d", e.Operator)
	}
	if e.Generator != "" {
		who += " of generator " + word(e.Generator)
	}
	return who
}
