package api

import (
	"strings"

	"github.com/occbench/occbench/internal/nearest"
)

// suggestName returns "; did you mean NAME?" for a mistyped word, or all names that there are.
func suggestName(word string, all []string) string {
	if question := nearest.Question(word, all); question != "" {
		return question
	}
	if len(all) == 0 {
		return "; want none"
	}
	return "; want one of " + strings.Join(all, ", ")
}
