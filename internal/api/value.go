package api

import (
	"net/http"
	"strconv"

	"github.com/go-faster/jx"
)

// Response is the answer to one request, complete.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// value is what stands at one place of an answer. Its text belongs to the body
// and is valid as long as that.
type value struct {
	kind jx.Type // jx.Invalid: nothing is there
	text []byte  // of a string without quotes and escapes; of a number and a bool as written
}

// scalar reports whether the value is a text, a number or a bool.
func (v value) scalar() bool {
	return v.kind == jx.String || v.kind == jx.Number || v.kind == jx.Bool
}

// word returns the text of a string or of a number; a token or an id is never
// anything else.
func (v value) word() []byte {
	if v.kind == jx.String || v.kind == jx.Number {
		return v.text
	}
	return nil
}

// str returns the text of a string alone: a state or a tag is never a number.
func (v value) str() []byte {
	if v.kind == jx.String {
		return v.text
	}
	return nil
}

// Integer reads a counting token: 3, "3", 3.0 and 3e0 are the integer 3.
// It reports false for anything that is no integer of 64 bits from 1 on.
func Integer(text []byte) (int64, bool) {
	v, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil {
		v, err = wholeNumber(string(text))
	}
	return v, err == nil && v >= 1
}

// wholeNumber reads a decimal number with a fraction or an exponent whose value
// is an integer. Floats hold integers exactly up to 2^53; beyond, only digits
// count as an integer.
func wholeNumber(text string) (int64, error) {
	const exact = 1 << 53
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, err
	}
	if f != float64(int64(f)) || f > exact || f < -exact {
		return 0, strconv.ErrRange
	}
	return int64(f), nil
}
