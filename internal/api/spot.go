package api

import (
	"github.com/go-faster/jx"
)

// spot is where an API file names a place.
type spot struct {
	line, col int
	role      string // the keys that lead to it, such as update.applied.token
	place     place
}

// Seen is the value at a place of an answer, for the author of an API file.
type Seen struct {
	Line, Col int    // of the file
	Role      string // the keys that lead to the place, such as update.applied.token
	Place     string
	Value     string
	There     bool // something other than null stands there
}

// answer is an answer to one kind of call: how its JSON is read, and where the file
// names a place of it.
type answer struct {
	reader
	spots []spot
}

func newAnswer() *answer { return &answer{reader: *newReader()} }

// listSeen returns what stands at every place of an answer that a file names.
func (a *answer) listSeen(is *Response) []Seen {
	var s Scratch
	if a.read(jx.DecodeBytes(is.Body), s.scanFor(&a.reader)) != nil {
		clear(s.values)
	}
	return a.values(s.values, is)
}

func (a *answer) values(values []value, is *Response) []Seen {
	var all []Seen
	for i := range a.spots {
		at := &a.spots[i]
		v := at.place.valueIn(values, is)
		all = append(all, Seen{
			Line: at.line, Col: at.col, Role: at.role, Place: at.place.source,
			Value: v.describe(), There: v.kind != jx.Invalid && v.kind != jx.Null,
		})
	}
	return all
}

// describe returns a value for a person: of an object or an array only that it is one.
func (v value) describe() string {
	switch v.kind {
	case jx.Object:
		return "{…}"
	case jx.Array:
		return "[…]"
	}
	return string(v.text)
}
