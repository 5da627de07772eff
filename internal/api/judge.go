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

// Explain reads the answer to an update that was made with these values more
// thoroughly than Judge does.
func (u *Update) Explain(d *jx.Decoder, s *Scratch, r *Response, v *Vars) Refusal {
	x := Refusal{Answer: u.Judge(d, s, r, v)}
	if x.Outcome == history.Conflict {
		for i := range u.conflict {
			if c := &u.conflict[i]; c.as == history.Conflict && c.explainFailure(s.values, r, v) == "" {
				x.Misses = c.explainMissingEcho(s.values, r, v)
				break
			}
		}
	}
	for kind, c := range u.kinds {
		if c.explainFailure(s.values, r, v) == "" {
			x.Kind, x.Misses = kind, c.explainMissingEcho(s.values, r, v)
		}
	}
	if len(u.form.status) > 0 && r.Status >= 400 {
		f := u.form
		f.status = []statusRange{{400, 599}}
		x.Form = f.explainFailure(s.values, r, v)
	}
	return x
}

// Judge reads the answer to an update that was made with these values. A
// conflict matches what the file calls one; then an answer is applied when it keeps
// every promise of the file; else its status decides.
func (u *Update) Judge(d *jx.Decoder, s *Scratch, r *Response, v *Vars) Answer {
	unreadable := u.answers.read(d, s.scanFor(&u.answers.reader))
	if unreadable != nil {
		clear(s.values) // half an answer says nothing
	}
	for i := range u.conflict {
		c := &u.conflict[i]
		if !c.hasStatus(r.Status) || c.inJSON && unreadable != nil {
			continue // a place of a text that is no JSON is not absent, it is unknown
		}
		if c.explainFailure(s.values, r, v) == "" {
			return u.refusal(c.as, c.token, c.state, s, r)
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
	if token := u.token(u.applied.token, s, r); !u.counting || string(token) != "0" {
		a.Token = token
	}
	switch words := u.applied.explainFailure(s.values, r, v); {
	case words != "":
		a.Err = errors.New(words)
	case len(u.applied.token) > 0 && a.Token == nil:
		a.Err = fmt.Errorf("it holds no token at %s", u.applied.token)
	case len(u.applied.state) > 0 && !u.states.IsValid(a.State):
		a.Err = fmt.Errorf("%q at %s is no state of the API file", a.State, u.applied.state)
	}
	return a
}

func (u *Update) refusal(outcome history.Outcome, token, state field, s *Scratch, r *Response) Answer {
	a := Answer{Outcome: outcome, Token: u.token(token, s, r), State: u.state(state, s, r)}
	if a.State != "" && !u.states.IsValid(a.State) {
		a.State = ""
	}
	if word := u.code.word(s.values, r); len(word) <= history.MaxText && !bytes.ContainsFunc(word, isOutsideCode) {
		a.Code = u.codes.intern(word)
	}
	return a
}

// Code returns the code of any refusal, empty where it names none that is a word.
func (u *Update) Code(d *jx.Decoder, s *Scratch, r *Response) string {
	if u.answers.read(d, s.scanFor(&u.answers.reader)) != nil {
		clear(s.values)
	}
	return u.refusal(history.Rejected, nil, nil, s, r).Code
}

// isOutsideCode reports whether a character cannot be part of the code of a refusal: it makes the
// text a sentence, or a terminal would not print it.
func isOutsideCode(r rune) bool {
	return r == ',' || r == '"' || r == utf8.RuneError || !unicode.IsPrint(r)
}

// token returns the token at a place, nil where nothing stands that can be one. A
// counting token that is 0 is what the answer says, and wrong.
func (u *Update) token(f field, s *Scratch, r *Response) []byte {
	word := f.word(s.values, r)
	if len(word) == 0 {
		return nil
	}
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
	for i := range u.conflict {
		if c := &u.conflict[i]; c.as == history.Conflict && c.hasStatus(status) {
			return true
		}
	}
	return false
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
