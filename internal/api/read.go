package api

import (
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
	if err := rd.ok.check(rd.answer, d, s, r, v); err != nil {
		return Sight{}, err
	}
	return Sight{
		Token: rd.token.word(s.values, r),
		State: rd.states.Intern(rd.state.str(s.values, r)),
	}, nil
}

// Health is the call that says how a server is, and which build it runs.
type Health struct {
	Request
	ok     condition
	answer *reader
	build  field
	tells  []told
}

// told is what a health call says beside the build, under a name of the file.
type told struct {
	name string
	at   field
}

// Build reads the answer to a health call: the build, empty where the answer
// names none. An error says why the server is not well.
func (h *Health) Build(d *jx.Decoder, s *Scratch, r *Response) (string, error) {
	err := h.ok.check(h.answer, d, s, r, &Vars{})
	return string(h.build.word(s.values, r)), err
}

// Tells reads the answer to a health call: what it says beside the build, by the
// names of the file; empty where it lacks something.
func (h *Health) Tells(d *jx.Decoder, s *Scratch, r *Response) map[string]string {
	if h.answer.read(d, s.of(h.answer)) != nil {
		clear(s.values)
	}
	said := map[string]string{}
	for i := range h.tells {
		said[h.tells[i].name] = string(h.tells[i].at.word(s.values, r))
	}
	return said
}

// Extra is a call beside those of a run.
type Extra struct {
	Name string
	Request
	ok     condition
	answer *reader
}

// Check returns what the answer lacks of what the file promises, or nil.
func (e *Extra) Check(d *jx.Decoder, s *Scratch, r *Response, v *Vars) error {
	return e.ok.check(e.answer, d, s, r, v)
}
