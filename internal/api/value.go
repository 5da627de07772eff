package api

import (
	"strconv"
	"strings"

	"github.com/go-faster/jx"
)

// Response is the answer to one request, complete.
type Response struct {
	Status int
	Header map[string][]string // by canonical name; nil: the Fields hold it
	Fields Fields
	Body   []byte
}

// header returns the first value of a header, nil where there is none.
func (r *Response) header(name string) []byte {
	if r.Header == nil {
		return r.Fields.Get(name)
	}
	if all := r.Header[name]; len(all) > 0 {
		return []byte(all[0])
	}
	return nil
}

// value is the value at one place of an answer. Its text belongs to the body
// and is valid as long as that.
type value struct {
	kind jx.Type // jx.Invalid: nothing is there
	text []byte  // of a string without quotes and escapes; of a number and a bool as written
}

// isScalar reports whether the value is a text, a number or a bool.
func (v value) isScalar() bool {
	return v.kind == jx.String || v.kind == jx.Number || v.kind == jx.Bool
}

// word returns the text of a string or of a number; a token or an id is never
// anything else.
func (v *value) word() []byte {
	if v.kind == jx.String || v.kind == jx.Number {
		return v.text
	}
	return nil
}

// str returns the text of a string alone: a state or a tag is never a number.
func (v *value) str() []byte {
	if v.kind == jx.String {
		return v.text
	}
	return nil
}

// Integer returns the integer from 1 that a counting token is, 0 for any other
// text. 3.0 and 3e0 are the integer 3: stores whose numbers are floats write it so.
func Integer(number string) int64 {
	v, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		v, err = strconv.ParseInt(expandInteger(number), 10, 64)
	}
	if err != nil {
		return 0
	}
	return max(v, 0)
}

// expandInteger returns a number with fraction or exponent as the digits of the
// integer that it is; "" when it is none, or none of 64 bits.
func expandInteger(number string) string {
	mantissa, exponent, scaled := strings.Cut(strings.ToLower(number), "e")
	shift, err := 0, error(nil)
	if scaled {
		shift, err = strconv.Atoi(exponent)
	}
	if err != nil || shift < -len(number) || shift > 19 { // an integer of 64 bits has 19 digits
		return ""
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := whole + fraction
	point := len(whole) + shift
	if point <= 0 {
		return ""
	}
	digits += strings.Repeat("0", max(point-len(digits), 0))
	if strings.Trim(digits[point:], "0") != "" {
		return ""
	}
	return digits[:point]
}

// interned holds the one copy of each of some texts.
type interned map[string]string

func (i interned) intern(text []byte) string {
	if one, ok := i[string(text)]; ok {
		return one
	}
	return string(text)
}
