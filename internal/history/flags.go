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
