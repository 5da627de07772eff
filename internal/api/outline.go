package api

import (
	"bytes"
	"fmt"
	"io"

	"github.com/go-faster/jx"
)

// outline is the way through the JSON of a list down to its records, which jx reads. It
// knows where each record begins, as jx does not say, so that one that stands there as
// it did in the last reading is not read again.
type outline struct {
	body []byte
	at   int
	dec  jx.Decoder                             // of one value at a time
	scan *scan                                  // of what stands beside the records
	take func(group []byte, inArray bool) error // inArray: other records follow behind a comma
}

// read walks a body to its end.
func (o *outline) read(root *node) error {
	if err := o.walk(root, nil); err != nil {
		return err
	}
	if o.next(); o.at < len(o.body) {
		return errMore
	}
	return nil
}

// next returns the first byte that is no blank; 0 at the end.
func (o *outline) next() byte {
	for ; o.at < len(o.body); o.at++ {
		switch c := o.body[o.at]; c {
		case ' ', '\t', '\n', '\r':
		default:
			return c
		}
	}
	return 0
}

// takeSign takes one of two signs and reports whether it was the last one.
func (o *outline) takeSign(sign, last byte) (end bool, err error) {
	c := o.next()
	switch {
	case o.at == len(o.body):
		return false, io.ErrUnexpectedEOF
	case c != sign && c != last:
		return false, fmt.Errorf("unexpected byte %d %q at %d", c, c, o.at)
	}
	o.at++
	return c == last, nil
}

// value returns the bytes of the next value, which need not be JSON.
func (o *outline) value() ([]byte, error) {
	o.next()
	length := measureValue(o.body[o.at:])
	if length < 0 {
		return nil, io.ErrUnexpectedEOF
	}
	o.at += length
	return o.body[o.at-length : o.at], nil
}

// decode lets jx read the next value, all of it, by a node; nil: nothing of it counts.
func (o *outline) decode(n *node) error {
	value, err := o.value()
	if err != nil {
		return err
	}
	return o.locate(len(value), o.scan.readWhole(&o.dec, value, n))
}

// locate says of an error where the value begins that was read last.
func (o *outline) locate(length int, err error) error {
	if err != nil && o.at > length {
		return fmt.Errorf("%w in the value at byte %d", err, o.at-length)
	}
	return err
}

func (o *outline) walk(n *node, group []byte) error {
	if !n.passage {
		return o.decode(n)
	}
	if n.record {
		o.next()
		return o.take(group, false)
	}
	kind := o.kind()
	if kind != n.want && kind != jx.Null && kind != jx.Invalid {
		return fmt.Errorf("%s stands where %s was declared", kind, n.want)
	}
	if n.slot >= 0 {
		o.scan.values[n.slot] = value{kind: kind}
	}
	switch kind {
	case jx.Object:
		return o.members(n, group)
	case jx.Array:
		return o.elements(n, group)
	}
	return o.decode(nil)
}

// kind returns the kind of the next value.
func (o *outline) kind() jx.Type {
	switch o.next() {
	case '{':
		return jx.Object
	case '[':
		return jx.Array
	}
	o.dec.ResetBytes(o.body[o.at:])
	return o.dec.Next()
}

func (o *outline) members(n *node, group []byte) error {
	o.at++
	if o.next() == '}' {
		o.at++
		return nil
	}
	for passed := false; ; {
		key, err := o.name()
		if err != nil {
			return err
		}
		if err := o.member(n, key, group, &passed); err != nil {
			return err
		}
		if end, err := o.takeSign(',', '}'); end || err != nil {
			return err
		}
	}
}

// name returns the name of the next member, and takes the colon behind it.
func (o *outline) name() ([]byte, error) {
	if _, err := o.takeSign('"', '"'); err != nil {
		return nil, err
	}
	key, err := o.str()
	if err == nil {
		_, err = o.takeSign(':', ':')
	}
	return key, err
}

// str returns the string behind whose first quote the outline stands. Nearly all are of
// letters and are returned as they are; jx reads the others.
func (o *outline) str() ([]byte, error) {
	for i := o.at; i < len(o.body); i++ {
		switch c := o.body[i]; {
		case c == '"':
			key := o.body[o.at:i]
			o.at = i + 1
			return key, nil
		case c == '\\' || c < ' ':
			return o.readEscaped()
		}
	}
	return o.readEscaped()
}

func (o *outline) readEscaped() ([]byte, error) {
	o.at--
	text, err := o.value()
	if err != nil {
		return nil, err
	}
	o.dec.ResetBytes(text)
	key, err := o.dec.StrBytes()
	return key, o.locate(len(text), err)
}

// member walks into one member of an object; passed says whether a name of it has led to
// the records.
func (o *outline) member(n *node, key, group []byte, passed *bool) error {
	next := n.findChild(key)
	if next == nil {
		return o.decode(nil)
	}
	for _, slot := range next.below {
		o.scan.values[slot] = value{}
	}
	switch {
	case next == n.members:
		group = key
	case next.passage && *passed:
		return fmt.Errorf("the name %q stands twice in one object", key)
	case next.passage:
		*passed = true
	}
	return o.walk(next, group)
}

func (o *outline) elements(n *node, group []byte) error {
	o.at++
	if o.next() == ']' {
		o.at++
		return nil
	}
	for i := 0; ; i++ {
		next := n.items
		for _, e := range n.indexes {
			if e.index == i {
				next = e.to
			}
		}
		err := error(nil)
		switch {
		case next == nil:
			err = o.decode(nil)
		case next.record && len(n.indexes) == 0:
			o.next()
			err = o.take(group, true)
		default:
			err = o.walk(next, group)
		}
		if err != nil {
			return err
		}
		if end, err := o.takeSign(',', ']'); end || err != nil {
			return err
		}
	}
}

// measureValue returns the length of the value that a text begins with, where it is JSON; -1
// where the text ends before the value does.
func measureValue(text []byte) int {
	if len(text) == 0 {
		return -1
	}
	switch text[0] {
	case '"':
		return measureString(text)
	case '{', '[':
		return measureNested(text)
	}
	if end := bytes.IndexAny(text[1:], ",:]} \t\n\r"); end >= 0 {
		return end + 1
	}
	return len(text)
}

// measureNested returns the length of the object or the array that a text begins with.
func measureNested(text []byte) int {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch brackets[text[i]] {
		case quote:
			for i++; i < len(text) && text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
		case opening:
			depth++
		case closing:
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}

// The bytes that tell where a value ends.
const (
	quote = iota + 1
	opening
	closing
)

var brackets = [256]uint8{'"': quote, '{': opening, '[': opening, '}': closing, ']': closing}

// measureString returns the length of the string that a text begins with, quotes included.
func measureString(text []byte) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return -1
}
