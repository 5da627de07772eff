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

// label says what an operation asked and what it was told: "move v3→4 ready 200".
func label(e *check.Evidence) string {
	if e.Kind != history.Update {
		return fmt.Sprintf("%s %s", e.Kind, sight(e))
	}
	text := fmt.Sprintf("move v%d→%d %s", e.Expected, e.Expected+1, word(e.Target))
	switch {
	case e.Expected < 0:
		text = "move without a version to " + word(e.Target)
	case e.ExpectedText != "":
		text = strings.TrimSpace("update " + word(e.ExpectedText) + " " + word(e.Target))
	}
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
	if e.Token >= 0 {
		text += ": " + sight(e)
	}
	return text
}

func sight(e *check.Evidence) string {
	if e.Token < 0 {
		return e.Outcome.String()
	}
	return strings.TrimSpace(word(e.Shown()) + " " + word(e.State))
}

// maxWord is the longest text from the target that is shown.
const maxWord = 24

// word returns text from the target fit for one line of a terminal.
func word(text string) string {
	kept := []rune(strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return '�'
		}
		return r
	}, text))
	if len(kept) > maxWord {
		return string(kept[:maxWord-1]) + "…"
	}
	return string(kept)
}

// who names the lane of an operation.
func who(e *check.Evidence) string {
	if e.Kind == history.Audit {
		return "audit"
	}
	return fmt.Sprintf("operator %d", e.Operator)
}
