package view

import (
	"fmt"

	"github.com/occbench/occbench/internal/amount"
)

// ShortenText cuts a text to so many characters.
func ShortenText(s string, limit int) string {
	runes := []rune(s)
	if len(runes) <= limit {
		return string(runes)
	}
	return string(runes[:limit-1]) + "…"
}

func ShortenAll(texts []string) []string {
	var all []string
	for _, t := range texts {
		all = append(all, ShortenText(t, Longest))
	}
	return all
}

// MostNotes bounds a list whose length is not ours.
const MostNotes = 20

// LimitLines returns at most MostNotes lines, and a last one that counts those
// left out.
func LimitLines(lines []string) []string {
	if len(lines) <= MostNotes {
		return lines
	}
	return append(append([]string{}, lines[:MostNotes]...), fmt.Sprintf("and %s more", amount.Count(len(lines)-MostNotes)))
}

// Longest is how many characters of one reason are shown: it may quote a target
// that answers with a page of HTML.
const Longest = 600
