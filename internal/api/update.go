package api

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"unicode"
	"unicode/utf8"

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
	shown    field // the token that a refusal says the record has
	codes    interned
	kinds    map[Kind]condition
	form     condition // of every refusal
	judged   []int
	inJSON   bool // the answer of an applied update has places in JSON
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

// Kind is what a refusal that is no conflict is about.
type Kind string

// The kinds that a file may describe. After a busy one nothing was done, and the
// same request may be answered otherwise a moment later.
const (
	Busy    Kind = "busy"
	Illegal Kind = "illegal" // the token is fresh, and no update leads to that state
	Invalid Kind = "invalid" // the request is no update
	Unknown Kind = "unknown" // there is no such record
)

// Describes reports whether the file says how a refusal of this kind looks.
func (u *Update) Describes(kind Kind) bool {
	_, ok := u.kinds[kind]
	return ok
}

// KindText says in a word or two how a refusal of this kind looks.
func (u *Update) KindText(kind Kind) string {
	c := u.kinds[kind]
	return c.String()
}

// ConflictText says in a word or two how a conflict looks.
func (u *Update) ConflictText() string { return u.conflict[0].String() }

// Refusal is what a refusal says, for a person who reads it.
type Refusal struct {
	Answer
	Kind   Kind   // empty: none that the file describes
	Misses string // what it does not repeat of the request as the file promises; empty: nothing
	Form   string // in what it differs from the form of all refusals; empty: in nothing
}

// Explain reads the answer to an update that was made with these values more
// thoroughly than Judge does.
func (u *Update) Explain(d *jx.Decoder, s *Scratch, r *Response, v *Vars) Refusal {
	x := Refusal{Answer: u.Judge(d, s, r, v)}
	if x.Outcome == history.Conflict {
		for i := range u.conflict {
			if c := &u.conflict[i]; c.fails(s.values, r, v) == "" {
				x.Misses = c.misses(s.values, r, v)
				break
			}
		}
	}
	for kind, c := range u.kinds {
		if c.fails(s.values, r, v) == "" {
			x.Kind, x.Misses = kind, c.misses(s.values, r, v)
		}
	}
	if len(u.form.status) > 0 && r.Status >= 400 {
		f := u.form
		f.status = []statusRange{{400, 599}}
		x.Form = f.fails(s.values, r, v)
	}
	return x
}

// Judge reads the answer to an update that was made with these values. A
// conflict is what the file calls one; then an answer is applied when it keeps
// every promise of the file; else its status decides.
func (u *Update) Judge(d *jx.Decoder, s *Scratch, r *Response, v *Vars) Answer {
	unreadable := u.answers.read(d, s.of(u.answers))
	if unreadable != nil {
		clear(s.values) // half an answer says nothing
	}
	for i := range u.conflict {
		if c := &u.conflict[i]; c.hasStatus(r.Status) && c.fails(s.values, r, v) == "" {
			return u.refusal(history.Conflict, c.token, c.state, s, r)
		}
	}
	if r.Status >= 400 {
		return u.refusal(Classify(r.Status), u.shown, u.from, s, r)
	}
	a := u.acknowledgement(s, r, v)
	if u.inJSON && u.applied.hasStatus(r.Status) && unreadable != nil {
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
	if token := u.token(u.applied.token, s, r); string(token) != "0" {
		a.Token = token
	}
	switch words := u.applied.fails(s.values, r, v); {
	case words != "":
		a.Err = errors.New(words)
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
	if word := u.code.word(s.values, r); len(word) <= history.MaxText && !bytes.ContainsFunc(word, uncoded) {
		a.Code = u.codes.intern(word)
	}
	return a
}

// Code returns the code of any refusal, empty where it names none that is a word.
func (u *Update) Code(d *jx.Decoder, s *Scratch, r *Response) string {
	if u.answers.read(d, s.of(u.answers)) != nil {
		clear(s.values)
	}
	return u.refusal(history.Rejected, nil, nil, s, r).Code
}

// uncoded reports whether a rune makes a text a sentence, or something that a
// terminal would not print: the code of a refusal is for people to read.
func uncoded(r rune) bool {
	return r == ',' || r == '"' || r == utf8.RuneError || !unicode.IsPrint(r)
}

// token returns the token at a place, nil where nothing stands that can be one. A
// counting token that is 0 is what the answer says, and wrong.
func (u *Update) token(f field, s *Scratch, r *Response) []byte {
	word := f.word(s.values, r)
	if u.counting && Integer(string(word)) == 0 && string(word) != "0" {
		return nil
	}
	return word
}

func (u *Update) state(f field, s *Scratch, r *Response) string {
	return u.states.Intern(f.str(s.values, r))
}

// ConflictsWith reports whether an answer with this status may be a conflict.
func (u *Update) ConflictsWith(status int) bool {
	return slices.ContainsFunc(u.conflict, func(c conflict) bool { return c.hasStatus(status) })
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
	case status == 401 || status == 403:
		return history.Unauthorized
	case status == 429:
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

// Forget lets go of the answer that was read last.
func (s *Scratch) Forget() {
	clear(s.values[:cap(s.values)])
	s.group = nil
}

func (s *Scratch) of(r *reader) *scan {
	s.values = slices.Grow(s.values[:0], r.slots)[:r.slots]
	s.rows = nil
	return &s.scan
}
