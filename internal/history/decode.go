package history

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"strings"
)

// The columns, counted from 1 as awk and spreadsheets do; 0 is no column.
const (
	colStart = iota + 1
	colEnd
	colScheduled
	colOperator
	colKind
	colRecord
	colExpected
	colTarget
	colOutcome
	colHTTP
	colToken
	colState
	colAttempt
	colFlags
	colMarker
	colGenerator
)

// wantText and wantToken are the wants of several columns.
const (
	wantText  = "printable text of at most 1024 bytes, in which %2C is a comma and %25 a percent sign"
	wantToken = "a token of at most 1024 bytes, in which %2C is a comma and %25 a percent sign, or empty"
)

// wants says for each column what would have been right.
var wants = [...]string{
	colStart:     "a time in nanoseconds since the base, 0 or more",
	colEnd:       "a time in nanoseconds since the base, or empty",
	colScheduled: "a time in nanoseconds since the base, or empty",
	colOperator:  "an integer from 0 to 2147483647",
	colKind:      oneOf(kinds[1:]),
	colRecord:    wantText,
	colExpected:  wantToken,
	colTarget:    wantText,
	colOutcome:   oneOf(outcomes[1:]),
	colHTTP:      "an integer from 100 to 999, or empty",
	colToken:     wantToken,
	colState:     wantText,
	colAttempt:   "an integer from 1 to 255, or empty",
	colFlags:     "some of the letters " + flagLetters + " in this order, or empty",
	colMarker:    wantText + ", or empty",
	colGenerator: wantText + ", or empty",
}

// decode fills o from one line, line end included. The fast path only finds
// which column is wrong; explain finds the words.
func (r *Reader) decode(line []byte, o *Op) error {
	c := cursor{rest: line, tokens: &r.tokens}
	o.Start = c.number(colStart, 0, math.MaxInt64)
	o.End = c.optional(colEnd, 0, math.MaxInt64, None)
	o.Scheduled = c.optional(colScheduled, 0, math.MaxInt64, None)
	o.Operator = int32(c.number(colOperator, 0, math.MaxInt32))
	o.Kind = Kind(c.word(colKind, kindFields) + 1)
	o.Record = c.text(colRecord, ',', &r.texts)
	o.Expected, o.ExpectedText = c.token(colExpected)
	o.Target = c.text(colTarget, ',', &r.texts)
	o.Outcome = Outcome(c.word(colOutcome, outcomeFields) + 1)
	o.HTTP = int16(c.optional(colHTTP, 100, 999, 0))
	o.Token, o.TokenText = c.token(colToken)
	o.State = c.text(colState, ',', &r.texts)
	o.Attempt = uint8(c.optional(colAttempt, 1, math.MaxUint8, 0))
	o.Flags = Flags(c.word(colFlags, flagFields))
	o.Marker = c.text(colMarker, ',', &r.tokens)
	o.Generator = c.text(colGenerator, '\n', &r.texts)
	if c.bad != 0 || len(c.rest) != 0 {
		return r.explain(line, c.bad)
	}
	if rule := o.broken(); rule != "" {
		return r.foreign(rule)
	}
	return nil
}

func (r *Reader) explain(line []byte, column int) error {
	text := strings.TrimSuffix(string(line), "\n")
	if strings.HasSuffix(text, "\r") {
		return r.foreign("the line ends in CR LF, a history's lines end in LF alone")
	}
	fields := strings.Split(text, ",")
	if want := len(wants) - 1; len(fields) != want {
		columns := "columns"
		if len(fields) == 1 {
			columns = "column"
		}
		return r.foreign(fmt.Sprintf("the line has %d %s, want %d", len(fields), columns, want))
	}
	name := strings.Split(Header, ",")[column-1]
	return r.foreign(fmt.Sprintf("%s %.80q is wrong, want %s", name, fields[column-1], wants[column]))
}

// The words of columns with the comma behind them, as they stand in a line.
var (
	kindFields    = fieldsOf(kinds[1:])
	outcomeFields = fieldsOf(outcomes[1:])
	flagFields    = fieldsOf(flagWords[:])
)

func fieldsOf(words []string) []string {
	fields := make([]string, len(words))
	for i, word := range words {
		fields[i] = word + ","
	}
	return fields
}

// cursor takes the fields of a line from left to right. The first wrong column
// sticks in bad; what is taken after it has no meaning.
type cursor struct {
	rest   []byte
	tokens *interner
	bad    int
}

func (c *cursor) fail(column int) {
	if c.bad == 0 {
		c.bad = column
	}
}

// optional takes a number that may be absent.
func (c *cursor) optional(column int, low, high, absent int64) int64 {
	if len(c.rest) > 0 && c.rest[0] == ',' {
		c.rest = c.rest[1:]
		return absent
	}
	return c.number(column, low, high)
}

// number takes a decimal number without sign and leading zeros, so that one
// number has one spelling.
func (c *cursor) number(column int, low, high int64) int64 {
	n, ok := c.integer()
	if !ok || n < low || n > high {
		c.fail(column)
		return None
	}
	return n
}

// integer takes an integer from 0 to 2^63-1 in its shortest spelling, if that is what
// comes next; else it takes nothing. Nineteen digits fit into an uint64 and cannot wrap.
func (c *cursor) integer() (int64, bool) {
	rest := c.rest
	var n uint64
	i := 0
	if len(rest) >= 16 {
		if eight := binary.LittleEndian.Uint64(rest); areDigits(eight) {
			n, i = parseEight(eight), 8
		}
	}
	for i < len(rest) {
		digit := rest[i] - '0'
		if digit > 9 {
			break
		}
		n = n*10 + uint64(digit)
		i++
	}
	if i == 0 || i > 19 || i == len(rest) || rest[i] != ',' || i > 1 && rest[0] == '0' || n > math.MaxInt64 {
		return 0, false
	}
	c.rest = rest[i+1:]
	return int64(n), true
}

// areDigits reports whether eight bytes are decimal digits: their high halves are
// 3, and adding 6 does not change that.
func areDigits(eight uint64) bool {
	const high, three = 0xF0F0F0F0F0F0F0F0, 0x3030303030303030
	return eight&high == three && (eight+0x0606060606060606)&high == three
}

// parseEight returns the number that eight digits are, the first one in the lowest
// byte: pairs become numbers below 100, those numbers below 10,000, and so on.
func parseEight(eight uint64) uint64 {
	eight -= 0x3030303030303030
	eight = eight*10 + eight>>8
	const pairs = 0x000000FF000000FF
	return ((eight&pairs)*(100+1000000<<32) + (eight>>16&pairs)*(1+10000<<32)) >> 32
}

// token takes a token, or nothing.
func (c *cursor) token(column int) (number int64, text string) {
	if len(c.rest) > 0 && c.rest[0] == ',' {
		c.rest = c.rest[1:]
		return None, ""
	}
	if n, ok := c.integer(); ok {
		return n, ""
	}
	return None, c.text(column, ',', c.tokens)
}

// text takes an id, a state or another text, or nothing.
func (c *cursor) text(column int, end byte, known *interner) string {
	if len(c.rest) > 0 && c.rest[0] == end {
		c.rest = c.rest[1:]
		return ""
	}
	field := c.field(column, end)
	if len(field) == 0 {
		return ""
	}
	s, ok := known.intern(field)
	if !ok {
		c.fail(column)
	}
	return s
}

// word takes one of the given words, which end with a comma, and returns its index.
func (c *cursor) word(column int, fields []string) int {
	for i, field := range fields {
		if len(c.rest) >= len(field) && c.rest[0] == field[0] && string(c.rest[:len(field)]) == field {
			c.rest = c.rest[len(field):]
			return i
		}
	}
	c.fail(column)
	c.field(column, ',')
	return 0
}

func (c *cursor) field(column int, end byte) []byte {
	i := indexNear(c.rest, end)
	if i < 0 {
		c.fail(column)
		return nil
	}
	field := c.rest[:i]
	c.rest = c.rest[i+1:]
	return field
}

// indexNear returns the place of a byte that mostly is among the first eight; -1 when it
// is not there. The lowest high bit of zeros is that of the lowest zero byte of x.
func indexNear(b []byte, c byte) int {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	if len(b) >= 8 {
		x := binary.LittleEndian.Uint64(b) ^ ones*uint64(c)
		if zeros := (x - ones) &^ x & highs; zeros != 0 {
			return bits.TrailingZeros64(zeros) / 8
		}
	}
	return bytes.IndexByte(b, c)
}
