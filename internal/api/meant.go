package api

import (
	"strings"

	"github.com/occbench/occbench/internal/nearest"
)

// meant returns the name that was meant, or all that there are.
func meant(word string, all []string) string {
	if question := nearest.Question(word, all); question != "" {
		return question
	}
	if len(all) == 0 {
		return "; want none"
	}
	return "; want one of " + strings.Join(all, ", ")
}
