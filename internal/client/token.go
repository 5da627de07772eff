package client

import (
	"strconv"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/history"
)

// read takes over the token and the marker that an answer shows of a record. Texts
// that the record has already are not copied: a record is mostly read again before
// it changes.
func (r *Record) read(by *api.API, token, marker []byte) {
	if by.Counting {
		r.Token = api.Integer(string(token))
	} else if string(token) != r.TokenText {
		r.TokenText = keepRecordable(token)
	}
	if string(marker) != r.Marker {
		r.Marker = keepRecordable(marker)
	}
}

// keepRecordable returns a text, or "" for one that cannot be written into a
// history.
func keepRecordable(text []byte) string {
	if s := string(text); history.Recordable(s) {
		return s
	}
	return ""
}

// read takes over the token that the answer to an update shows.
func (a *Answer) read(by *api.API, token []byte) {
	switch {
	case token == nil:
	case !by.Counting:
		a.TokenText = keepRecordable(token)
	case string(token) == "0":
		a.Token = 0 // it is what the answer says, and wrong
	default:
		a.Token = api.Integer(string(token))
	}
}

// appendToken appends the text of a token as an update sends it.
func (u *Attempt) appendToken(dst []byte) []byte {
	if u.TokenText != "" {
		return append(dst, u.TokenText...)
	}
	return strconv.AppendInt(dst, u.Token, 10)
}
