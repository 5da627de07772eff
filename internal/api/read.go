package api

import (
	"errors"

	"github.com/go-faster/jx"
)

// Read is the call that shows one record.
type Read struct {
	Request
	ok           condition
	answer       *reader
	token, state field
	states       *States
}

// Sight is what a read shows of its record. Its token belongs to the body; nil
// or empty where nothing usable stands.
type Sight struct {
	Token []byte
	State string
}

// See reads the answer to a read that was made with these values.
func (rd *Read) See(d *jx.Decoder, s *Scratch, r *Response, v *Vars) (Sight, error) {
	unreadable := rd.answer.read(d, s.of(rd.answer))
	if words := rd.ok.fails(s.values, r, v); words != "" {
		return Sight{}, errors.New(words)
	}
	if unreadable != nil && rd.answer.slots > 0 {
		return Sight{}, unreadable
	}
	return Sight{
		Token: rd.token.at(s.values, r).word(),
		State: rd.states.Intern(rd.state.at(s.values, r).str()),
	}, nil
}

// Health is the call that says how a server is, and which build it runs.
type Health struct {
	Request
	ok     condition
	answer *reader
	build  field
}

// Build reads the answer to a health call: the build, empty where the answer
// names none. An error says why the server is not well.
func (h *Health) Build(d *jx.Decoder, s *Scratch, r *Response) (string, error) {
	unreadable := h.answer.read(d, s.of(h.answer))
	build := string(h.build.at(s.values, r).word())
	if words := h.ok.fails(s.values, r, &Vars{}); words != "" {
		return build, errors.New(words)
	}
	return build, unreadable
}
