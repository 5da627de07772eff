package client

import "strings"

// TagWord returns the word that marks a record as made by occbench under a name.
func TagWord(name string) string { return "occbench:" + name }

// HasTag reports whether notes contain TagWord(name) as a whole word. Only white
// space, commas and semicolons end a word: occbench:load-2 is another tag than
// occbench:load, and it is safer to update too few records than too many.
func HasTag(notes, name string) bool {
	tag := TagWord(name)
	for word := range strings.FieldsFuncSeq(notes, isSeparator) {
		if word == tag {
			return true
		}
	}
	return false
}

func isSeparator(r rune) bool {
	return r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == ',' || r == ';'
}
