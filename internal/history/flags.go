package history

import "fmt"

// flagWords is indexed by the flags themselves: two letters need no loop.
var flagWords = [...]string{0: "", Warmup: "w", Double: "d", Warmup | Double: "wd"}

// String returns the letters of the file's flags column.
func (f Flags) String() string {
	if int(f) >= len(flagWords) {
		return fmt.Sprintf("flags(%d)", uint8(f))
	}
	return flagWords[f]
}

// ParseFlags is the inverse of String; the letters have one order, so that one
// set of flags has one spelling.
func ParseFlags(letters string) (Flags, error) {
	for f, word := range flagWords {
		if word == letters {
			return Flags(f), nil
		}
	}
	return 0, fmt.Errorf("flags %.40q is none of w, d, wd and nothing", letters)
}
