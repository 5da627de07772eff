package client

import "strings"

// Tag returns the word that marks a record as made by occbench under a name.
func TagWord(name string) string { return "occbench:" + name }

// HasTag reports whether notes carry Tag(name) as a whole word. Words end at
// white space, commas and semicolons and nowhere else: occbench:load-2 is
// another tag than occbench:load, and moving too few records is the better
// mistake.
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
