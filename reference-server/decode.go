package refserver

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-faster/jx"

	"github.com/occbench/occbench/reference-server/appointment"
)

// member is one field that a request's body may have.
type member struct {
	name     string
	optional bool
	read     func(*jx.Decoder) (complaint string)
	seen     bool
}

// decodeMembers reads one JSON object strictly: every member has its type, none is
// given twice (two readers would differ on which one counts), nothing follows
// the object. Members it does not know are skipped; real clients send some.
func decodeMembers(body []byte, members []member) *refusal {
	if !utf8.Valid(body) {
		return &refusal{Code: appointment.ValidationError, Message: "the body is not UTF-8"}
	}
	d := jx.DecodeBytes(body)
	if err := d.Validate(); err != nil {
		return &refusal{Code: appointment.ValidationError, Message: "the body is not one JSON document"}
	}
	d.ResetBytes(body)
	if d.Next() != jx.Object {
		return &refusal{Code: appointment.ValidationError, Message: "the body is not a JSON object"}
	}
	if err := d.Obj(func(d *jx.Decoder, key string) error { return readMember(d, key, members) }); err != nil {
		if wrong := (*wrongMember)(nil); errors.As(err, &wrong) {
			return &wrong.refusal
		}
		return &refusal{Code: appointment.ValidationError, Message: "the body is not JSON"}
	}
	for _, m := range members {
		if !m.seen && !m.optional {
			return new(newInvalid(m.name, "is missing"))
		}
	}
	return nil
}

// wrongMember carries a refusal out of the decoder.
type wrongMember struct{ refusal refusal }

func (e *wrongMember) Error() string { return e.refusal.Message }

func readMember(d *jx.Decoder, key string, members []member) error {
	for i := range members {
		m := &members[i]
		if m.name != key {
			continue
		}
		if m.seen {
			return &wrongMember{newInvalid(key, "is given twice")}
		}
		m.seen = true
		if m.optional && d.Next() == jx.Null {
			return d.Null()
		}
		if complaint := m.read(d); complaint != "" {
			return &wrongMember{newInvalid(key, complaint)}
		}
		return nil
	}
	return d.Skip()
}

// readInteger reads an integer within bounds. A number in quotes is none, nor is
// 3.0: a client that is careless about the type of a version is about to be
// careless about its value.
func readInteger[T int32 | int64](into *T, least, most int64) func(*jx.Decoder) string {
	return func(d *jx.Decoder) string {
		if d.Next() != jx.Number {
			return "must be an integer"
		}
		raw, err := d.Raw()
		if err != nil {
			return "must be an integer"
		}
		n, err := strconv.ParseInt(string(raw), 10, 64)
		if err != nil {
			return "must be an integer of 64 bits"
		}
		if n < least || n > most {
			return "must be from " + strconv.FormatInt(least, 10) + " to " + strconv.FormatInt(most, 10)
		}
		*into = T(n)
		return ""
	}
}

// readOptionalText reads a string of at most limit bytes. PostgreSQL's text cannot
// hold a NUL.
func readOptionalText(into *string, limit int) func(*jx.Decoder) string {
	return func(d *jx.Decoder) string {
		if d.Next() != jx.String {
			return "must be a string"
		}
		s, err := d.Str()
		switch {
		case err != nil:
			return "must be a string"
		case len(s) > limit:
			return "must be at most " + strconv.Itoa(limit) + " bytes long"
		case strings.ContainsRune(s, 0) || !utf8.ValidString(s):
			return "must be Unicode text without NUL"
		}
		*into = s
		return ""
	}
}

// readText reads a string that is not blank.
func readText(into *string, limit int) func(*jx.Decoder) string {
	return func(d *jx.Decoder) string {
		complaint := readOptionalText(into, limit)(d)
		if complaint == "" && strings.TrimSpace(*into) == "" {
			return "must not be blank"
		}
		return complaint
	}
}

// readReference reads the id of another thing: a string, as the API hands ids out,
// or a number, as a client may keep them.
func readReference(into *int64) func(*jx.Decoder) string {
	return func(d *jx.Decoder) string {
		if d.Next() == jx.Number {
			return readInteger(into, 1, math.MaxInt64)(d)
		}
		if d.Next() != jx.String {
			return "must be an id"
		}
		s, err := d.Str()
		id, ok := parseID(s)
		if err != nil || !ok {
			return "must be an id"
		}
		*into = id
		return ""
	}
}

// parseID reads an id in the one form in which the API writes it: 017 is not
// the name of card 17.
func parseID(s string) (int64, bool) {
	id, err := strconv.ParseInt(s, 10, 64)
	return id, err == nil && id > 0 && strconv.FormatInt(id, 10) == s
}
