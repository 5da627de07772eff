package api

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-faster/jx"
)

// condition is a test of an answer: equalities, presence and absence.
type condition struct {
	status  []statusRange
	when    []equality // all hold
	unless  []equality // none holds
	require []field    // each is there, whatever its type, and not null
	absent  []field    // none is there
	same    []sameness
	echo    []sameness // what it should repeat of the request; nothing depends on it
	inJSON  bool       // it looks at a place in JSON
}

// statusRange is one status, or the hundred of 2xx.
type statusRange struct{ from, to int }

// equality compares what stands at a place with a value of the file.
type equality struct {
	at     field
	kind   jx.Type // String, Number or Bool, as the file writes it
	text   string
	suffix bool // the text only has to end so
}

// sameness compares what stands at a place with a value of the request.
type sameness struct {
	at   field
	want template
}

func (c *condition) hasStatus(status int) bool {
	return slices.ContainsFunc(c.status, func(r statusRange) bool { return status >= r.from && status <= r.to })
}

// explainFailure returns why the condition does not hold; empty when it does.
func (c *condition) explainFailure(values []value, r *Response, v *Vars) string {
	if !c.hasStatus(r.Status) {
		return fmt.Sprintf("it has HTTP status %d", r.Status)
	}
	for i := range c.unless {
		if e := &c.unless[i]; e.holds(values, r) {
			return fmt.Sprintf("it says %s: %s", e.at, e.text)
		}
	}
	for i := range c.require {
		if !c.require[i].isPresent(values, r) {
			return fmt.Sprintf("it has no %s", c.require[i])
		}
	}
	for i := range c.absent {
		if c.absent[i].isPresent(values, r) {
			return fmt.Sprintf("it has %s", c.absent[i])
		}
	}
	for i := range c.when {
		if e := &c.when[i]; !e.holds(values, r) {
			return fmt.Sprintf("its %s is %.64q, want %s", e.at, e.at.valueIn(values, r).text, e.text)
		}
	}
	for i := range c.same {
		if words := c.same[i].explainFailure(values, r, v); words != "" {
			return words
		}
	}
	return ""
}

// explainMissingEcho returns what an answer that meets the condition does not repeat of the
// request as it should; empty: nothing.
func (c *condition) explainMissingEcho(values []value, r *Response, v *Vars) string {
	for i := range c.echo {
		if words := c.echo[i].explainFailure(values, r, v); words != "" {
			return words
		}
	}
	return ""
}

// String says the condition in a word or two, such as "409" and the code that is wanted with it.
func (c *condition) String() string {
	var words []string
	for _, r := range c.status {
		text := strconv.Itoa(r.from)
		if r.to != r.from {
			text = text[:1] + "xx"
		}
		words = append(words, text)
	}
	text := strings.Join(words, " or ")
	for _, e := range c.when {
		text += " " + e.text
	}
	return text
}

// check reads an answer and says why the condition does not hold for it, or why
// its JSON cannot be read where the file has places in it.
func (c *condition) check(by *answer, d *jx.Decoder, s *Scratch, r *Response, v *Vars) error {
	unreadable := by.read(d, s.scanFor(&by.reader))
	if unreadable != nil {
		clear(s.values) // half an answer says nothing
	}
	if unreadable != nil && by.slots > 0 && c.hasStatus(r.Status) {
		return unreadable
	}
	if words := c.explainFailure(s.values, r, v); words != "" {
		return errors.New(words)
	}
	return nil
}

// isMet reads an answer and reports whether the condition holds. One whose JSON cannot
// be read lacks every place, which is no sign of absence.
func (c *condition) isMet(by *answer, d *jx.Decoder, s *Scratch, r *Response, v *Vars) bool {
	if !c.hasStatus(r.Status) {
		return false
	}
	if by.read(d, s.scanFor(&by.reader)) != nil {
		clear(s.values)
		if c.inJSON {
			return false
		}
	}
	return c.explainFailure(s.values, r, v) == ""
}

// readsJSON reports whether the condition looks at a place in JSON.
func (c *condition) readsJSON() bool {
	fields := slices.Concat(c.require, c.absent)
	for _, e := range slices.Concat(c.when, c.unless) {
		fields = append(fields, e.at)
	}
	for _, s := range c.same {
		fields = append(fields, s.at)
	}
	return slices.ContainsFunc(fields, field.readsJSON)
}

func (e *equality) holds(values []value, r *Response) bool {
	got := e.at.valueIn(values, r)
	switch {
	case !got.isScalar():
		return false
	case e.suffix:
		return got.kind == jx.String && strings.HasSuffix(string(got.text), e.text)
	case (got.kind == jx.Bool) != (e.kind == jx.Bool):
		return false
	}
	return string(got.text) == e.text
}

func (s *sameness) explainFailure(values []value, r *Response, v *Vars) string {
	got := s.at.valueIn(values, r)
	if got.word() == nil {
		return fmt.Sprintf("it has no %s", s.at)
	}
	want, err := s.want.append(v.text[:0], v)
	if err != nil {
		return err.Error()
	}
	number := Integer(string(got.text))
	if string(got.word()) != string(want) && !(got.kind == jx.Number && number > 0 && number == Integer(string(want))) {
		return fmt.Sprintf("its %s is %.64q, and %q was asked for", s.at, got.word(), want)
	}
	return ""
}

// isPresent reports whether anything but null stands at one of the places.
func (f field) isPresent(values []value, r *Response) bool {
	for i := range f {
		if v := f[i].valueIn(values, r); v.kind != jx.Invalid && v.kind != jx.Null {
			return true
		}
	}
	return false
}
