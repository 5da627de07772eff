package settings

import (
	"errors"
	"fmt"
)

// Shape is what the values of a setting look like. The validation itself is
// asked for it, so the manual and the editors' schema cannot say something else
// than what is accepted.
type Shape struct {
	Kind        Kind
	Least, Most float64  // of Integer and Number; a Most of 0: no upper bound
	Words       []string // of Choice: all values; else: words taken beside the kind
	Zero        bool     // of Duration: 0 is taken
}

// Kind is the kind of value of a setting.
type Kind string

// The kinds. Text is everything with a notation of its own.
const (
	Text     Kind = "text"
	Integer  Kind = "integer"
	Number   Kind = "number"
	Duration Kind = "duration"
	Boolean  Kind = "boolean"
	Date     Kind = "date"
	Choice   Kind = "choice"
	List     Kind = "list"
)

// refusal is the error of a parser that knows the shape of what it takes.
type refusal struct {
	words string
	shape Shape
}

func (r *refusal) Error() string { return r.words }

func refuse(shape Shape, format string, args ...any) error {
	return &refusal{fmt.Sprintf(format, args...), shape}
}

// orWord adds a word that is taken beside the shape that an error carries.
func orWord(err error, word string) error {
	var r *refusal
	if !errors.As(err, &r) {
		return err
	}
	shape := r.shape
	shape.Words = append([]string{word}, shape.Words...)
	return &refusal{err.Error(), shape}
}

// nonsense is a value that only a parser without an opinion takes.
const nonsense = "\x00"

// shapeOf asks the parser of a row, which says what would have been right.
func shapeOf(row *setting) Shape {
	if row.list {
		return Shape{Kind: List}
	}
	var r *refusal
	if err := row.parse(&Settings{}, nonsense); errors.As(err, &r) {
		shape := r.shape
		shape.Zero = shape.Kind == Duration && row.parse(&Settings{}, "0") == nil
		return shape
	}
	return Shape{Kind: Text}
}
