package api

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/go-faster/jx"

	"github.com/occbench/occbench/internal/history"
)

// Update is the write that names a token, and what its answers mean.
type Update struct {
	Request
	answers  *reader
	applied  applied
	conflict []conflict
	code     field // of any refusal
	from     field // where a refusal says that the record stands
	judged   []int
	states   *States
	counting bool
}

// applied is the answer of an update that was done.
type applied struct {
	condition
	token, state field // empty: the answer does not carry it
}

// conflict is one way to say that the token was stale.
type conflict struct {
	condition
	token, state field
}

// Answer is what an answer to an update means. Its token belongs to the body.
type Answer struct {
	Outcome history.Outcome
	Token   []byte // that the answer shows; nil: none that is usable
	State   string // that the answer shows; empty: none
	Code    string // of a refusal; empty: it names none that is a word
	// Err is why a 2xx or 3xx is malformed; else nil.
	Err error
}

// Judge reads the answer to an update that was made with these values. A
// conflict is what the file calls one; then an answer is applied when it keeps
// every promise of the file; else its status decides.
func (u *Update) Judge(d *jx.Decoder, s *Scratch, r *Response, v *Vars) Answer {
	unreadable := u.answers.read(d, s.of(u.answers))
	for i := range u.conflict {
		if c := &u.conflict[i]; c.fails(s.values, r, v) == "" {
			return u.refusal(history.Conflict, c.token, c.state, s, r)
		}
	}
	if r.Status >= 400 {
		return u.refusal(Classify(r.Status), nil, u.from, s, r)
	}
	a := u.acknowledgement(s, r, v)
	if a.Err == nil && unreadable != nil && u.answers.slots > 0 {
		a.Err = unreadable
	}
	if a.Err == nil {
		a.Outcome = history.Applied
	}
	return a
}

func (u *Update) acknowledgement(s *Scratch, r *Response, v *Vars) Answer {
	a := Answer{Outcome: history.Malformed}
	a.State = u.state(u.applied.state, s, r)
	a.Token = u.token(u.applied.token, s, r)
	switch words := u.applied.fails(s.values, r, v); {
	case words != "":
		a.Err = fmt.Errorf("%s", words)
	case len(u.applied.token) > 0 && a.Token == nil:
		a.Err = fmt.Errorf("it holds no token at %s", u.applied.token)
	case len(u.applied.state) > 0 && !u.states.Valid(a.State):
		a.Err = fmt.Errorf("%q at %s is no state of the API file", a.State, u.applied.state)
	}
	return a
}

func (u *Update) refusal(outcome history.Outcome, token, state field, s *Scratch, r *Response) Answer {
	a := Answer{Outcome: outcome, Token: u.token(token, s, r), State: u.state(state, s, r)}
	if a.State != "" && !u.states.Valid(a.State) {
		a.State = ""
	}
	if word := u.code.at(s.values, r).word(); history.Recordable(string(word)) {
		a.Code = string(word)
	}
	return a
}

func (u *Update) token(f field, s *Scratch, r *Response) []byte {
	word := f.at(s.values, r).word()
	if u.counting && Integer(string(word)) == 0 {
		return nil
	}
	return word
}

func (u *Update) state(f field, s *Scratch, r *Response) string {
	return u.states.Intern(f.at(s.values, r).str())
}

// Judges reports whether a refusal with this status judges the request itself,
// so that it is wrong for one that was legal.
func (u *Update) Judges(status int) bool { return slices.Contains(u.judged, status) }

// Classify returns the class of a status as far as the status alone tells, the
// same for every API: a 2xx or 3xx still has to keep the promises of its file.
func Classify(status int) history.Outcome {
	switch {
	case status == 0:
		return history.NoAnswer
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return history.Unauthorized
	case status == http.StatusTooManyRequests:
		return history.Throttled
	case status >= 500:
		return history.ServerError
	case status >= 400:
		return history.Rejected
	}
	return history.Malformed
}

// Scratch is the memory of one reading at a time; reuse saves allocations.
type Scratch struct{ scan }

func (s *Scratch) of(r *reader) *scan {
	s.values = slices.Grow(s.values[:0], r.slots)[:r.slots]
	s.rows = nil
	return &s.scan
}
