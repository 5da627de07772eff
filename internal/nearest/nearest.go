// Package nearest finds the name that a mistyped word stands for.
package nearest

import "github.com/agnivade/levenshtein"

// Name returns the name that a mistyped word probably stands for; "" when none is
// within two letters.
func Name(word string, names []string) string {
	best, least := "", 3
	for _, name := range names {
		if d := levenshtein.ComputeDistance(word, name); d < least && d < len(word) {
			best, least = name, d
		}
	}
	return best
}

// Question returns "; did you mean NAME?" for a mistyped word, "" when no name is near.
func Question(word string, names []string) string {
	if near := Name(word, names); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}
