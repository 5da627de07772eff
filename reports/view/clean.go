package view

import (
	"fmt"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/evidence"
)

// CleanText makes text from elsewhere safe to show on a terminal and in a log: one
// line, no control characters, no escape sequences, no characters that reorder
// or hide their neighbours. A record called "\x1b[2J" must not clear the screen,
// and "\u202eSSAP" must not read PASS. What is replaced stays visible as �.
func CleanText(s string) string { return evidence.CleanText(s) }

// CleanAll cleans every string; the result is never nil.
func CleanAll(texts []string) []string {
	cleaned := make([]string, len(texts))
	for i, s := range texts {
		cleaned[i] = CleanText(s)
	}
	return cleaned
}

// ShortenText cleans a text and cuts it to so many characters.
func ShortenText(s string, limit int) string {
	runes := []rune(CleanText(s))
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
