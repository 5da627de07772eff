package api

import "github.com/go-faster/jx"

// readFlat reads the object that a text begins with and returns its length, where it is what the
// records of nearly all lists are: texts without escapes, whole numbers, true, false and null,
// by names. It takes a third of the time of jx, which reads all others: ok is false for one
// that is another JSON or none, and for one of which more than single values is wanted.
func (s *scan) readFlat(text []byte, n *node) (length int, ok bool) {
	if len(text) == 0 || text[0] != '{' || n.slot >= 0 || n.members != nil {
		return 0, false
	}
	f := flatText{text: text, at: 1}
	for f.skip('"') {
		key := f.str()
		if !f.skip(':') {
			return 0, false
		}
		kind, word := f.scalar()
		if kind == jx.Invalid {
			return 0, false
		}
		switch next := n.findChild(key); {
		case next == nil || s.terse && next.aside:
		case next.leaf:
			s.values[next.slot] = value{kind, word}
		default:
			return 0, false
		}
		if f.skip('}') {
			return f.at, true
		}
		if !f.skip(',') {
			return 0, false
		}
	}
	return 0, false
}

// flatText is a text that is read from left to right. At what is not flat it goes to its end.
type flatText struct {
	text []byte
	at   int
}

// skip takes a sign, and the blanks before it, and reports whether it was there.
func (f *flatText) skip(sign byte) bool {
	for ; f.at < len(f.text); f.at++ {
		switch c := f.text[f.at]; c {
		case sign:
			f.at++
			return true
		case ' ', '\t', '\n', '\r':
		default:
			return false
		}
	}
	return false
}

// str returns the string behind whose first quote the text stands.
func (f *flatText) str() []byte {
	begin := f.at
	for i := begin; i < len(f.text); i++ {
		if c := f.text[i]; c == '"' {
			f.at = i + 1
			return f.text[begin:i]
		} else if c == '\\' || c < ' ' {
			break
		}
	}
	f.at = len(f.text)
	return nil
}

// scalar returns the next value, which is Invalid where it is not flat.
func (f *flatText) scalar() (jx.Type, []byte) {
	if f.skip('"') {
		word := f.str()
		if f.at == len(f.text) { // an object goes on behind its values
			return jx.Invalid, nil
		}
		return jx.String, word
	}
	begin := f.at
	for f.at < len(f.text) && !isBlankOrEnd(f.text[f.at]) {
		f.at++
	}
	switch word := f.text[begin:f.at]; {
	case isWhole(word):
		return jx.Number, word
	case string(word) == "null":
		return jx.Null, nil
	case string(word) == "true" || string(word) == "false":
		return jx.Bool, word
	}
	return jx.Invalid, nil
}

// isBlankOrEnd reports whether a byte ends a number or a word.
func isBlankOrEnd(c byte) bool {
	return c == ',' || c == '}' || c == ' ' || c == '\t' || c == '\n' || c == '\r'
}

// isWhole reports whether a text is a whole number from 0 as JSON writes it.
func isWhole(text []byte) bool {
	for _, c := range text {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(text) > 0 && (text[0] != '0' || len(text) == 1)
}

// rebaseValues makes values that stand in a text those of a copy of it.
func (s *scan) rebaseValues(from, to []byte) {
	for i := range s.values {
		if v := &s.values[i]; v.text != nil {
			at := cap(from) - cap(v.text)
			v.text = to[at : at+len(v.text)]
		}
	}
}
