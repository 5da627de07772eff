package history

import (
	"fmt"
	"slices"
)

var kinds = [...]string{Read: "read", Update: "update", Audit: "audit"}

// String returns the word of the file's kind column.
func (k Kind) String() string {
	if k == 0 || int(k) >= len(kinds) {
		return fmt.Sprintf("kind(%d)", uint8(k))
	}
	return kinds[k]
}

// ParseKind is the inverse of String.
func ParseKind(word string) (Kind, error) {
	if i := slices.Index(kinds[1:], word); i >= 0 {
		return Kind(i + 1), nil
	}
	return 0, fmt.Errorf("kind %.40q is none of %s", word, oneOf(kinds[1:]))
}

// MarshalText makes a kind a word in JSON, as a value and as a key.
func (k Kind) MarshalText() ([]byte, error) {
	if k == 0 || int(k) >= len(kinds) {
		return nil, fmt.Errorf("%s has no word", k)
	}
	return []byte(kinds[k]), nil
}

// UnmarshalText is the inverse of MarshalText.
func (k *Kind) UnmarshalText(text []byte) (err error) {
	*k, err = ParseKind(string(text))
	return err
}
