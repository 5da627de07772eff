package history

import "fmt"

// flagLetters are the letters of the flags, from the lowest bit up; a set of
// flags is written in this order.
const flagLetters = "wdrsxc"

// flagWords is indexed by the flags themselves, so that neither reading nor
// writing a line needs a loop.
var flagWords = func() (words [1 << len(flagLetters)]string) {
	for set := range words {
		for bit, letter := range flagLetters {
			if set&(1<<bit) != 0 {
				words[set] += string(letter)
			}
		}
	}
	return words
}()

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
	return 0, fmt.Errorf("flags %.40q are not some of the letters %s in this order", letters, flagLetters)
}
