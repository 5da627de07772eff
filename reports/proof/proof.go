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

// formatLabel returns what an operation asked for and what was answered: "v3 →
// ready 200".
func formatLabel(e *check.Evidence) string {
	if e.Kind != history.Update {
		return fmt.Sprintf("%s %s", e.Kind, formatSeen(e))
	}
	text := fmt.Sprintf("v%d → %s", e.Expected, cleanWord(e.Target))
	switch {
	case e.ExpectedText != "" && e.Target != "":
		text = cleanWord(e.Sent()) + " → " + cleanWord(e.Target)
	case e.ExpectedText != "":
		text = "update " + cleanWord(e.Sent())
	case e.Expected < 0:
		text = "update without a token to " + cleanWord(e.Target)
	}
	text += FormatMarker(e)
	switch e.Outcome {
	case history.NoAnswer:
		return text + " no answer"
	case history.Applied:
		text += fmt.Sprintf(" %d", e.HTTP)
		if e.Token != e.Expected+1 || e.State != e.Target || e.TokenText != "" {
			text += ": " + formatSeen(e)
		}
		return text
	}
	text += fmt.Sprintf(" %d", e.HTTP)
	if e.Token >= 0 || e.TokenText != "" {
		text += ": " + formatSeen(e)
	}
	return text
}

// NameWritten names what an update writes: the state and, where there is one,
// the marker, since rivals may want the same state.
func NameWritten(e *check.Evidence) string {
	return strings.TrimSpace(cleanWord(e.Target) + FormatMarker(e))
}

// FormatMarker returns the end of an operation's marker after " #": it tells
// which attempt wrote what a read shows, or what an update writes. Markers of
// a run begin alike, so the end suffices. It is empty without a marker.
func FormatMarker(e *check.Evidence) string {
	const tail = 8
	runes := []rune(e.Marker)
	switch {
	case len(runes) == 0:
		return ""
	case len(runes) > tail:
		return " #…" + cleanWord(string(runes[len(runes)-tail:]))
	}
	return " #" + cleanWord(e.Marker)
}

// formatSeen returns what an operation read, or its outcome when it read
// nothing.
func formatSeen(e *check.Evidence) string {
	if e.Token < 0 && e.TokenText == "" {
		return e.Outcome.String()
	}
	text := strings.TrimSpace(cleanWord(e.Shown()) + " " + cleanWord(e.State))
	if e.Kind != history.Update {
		text += FormatMarker(e)
	}
	return text
}

// maxWord is the longest text from the target that is shown.
const maxWord = 24

// cleanWord returns a word from the target in a form that fits one line of a
// terminal.
func cleanWord(text string) string { return shortenText(text, maxWord) }

// shortenText returns at most the given number of characters of a text from
// the target, without those that move a cursor or end a line.
func shortenText(text string, most int) string {
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

// NameActor returns the name of the client that made an operation. Operations with the same name are
// drawn in the same lane.
func NameActor(e *check.Evidence) string {
	who := "audit"
	if e.Kind != history.Audit {
		who = fmt.Sprintf("operator %d", e.Operator)
	}
	if e.Generator != "" {
		who += " of generator " + cleanWord(e.Generator)
	}
	return who
}
