package api

import (
	"errors"
	"fmt"

	"github.com/go-faster/jx"
	"go.yaml.in/yaml/v3"
)

// Read is the call that shows one record.
type Read struct {
	Request
	ok           condition
	answer       *answer
	token, state field
	marker       field
	changed      field
	missing      condition
	states       *States
}

// Sight is a record as a read shows it. Its texts belong to the body; nil or
// empty where nothing usable stands.
type Sight struct {
	Token   []byte
	State   string
	Marker  []byte // of the update that wrote the record last
	Changed []byte // when it was written, as the server says it
}

// ReadSight reads the answer to a read that was made with these values.
func (rd *Read) ReadSight(d *jx.Decoder, s *Scratch, r *Response, v *Vars) (Sight, error) {
	if err := rd.ok.check(rd.answer, d, s, r, v); err != nil {
		return Sight{}, err
	}
	if words := rd.explainNoToken(s, r); words != "" {
		return Sight{}, errors.New(words)
	}
	return Sight{
		Token:   rd.token.word(s.values, r),
		State:   rd.states.Intern(rd.state.str(s.values, r)),
		Marker:  rd.marker.str(s.values, r),
		Changed: rd.changed.word(s.values, r),
	}, nil
}

// explainNoToken says why an answer holds no token; empty where it holds one.
func (rd *Read) explainNoToken(s *Scratch, r *Response) string {
	if len(rd.token.word(s.values, r)) > 0 {
		return ""
	}
	if v := rd.token.valueIn(s.values, r); v.kind == jx.String {
		return fmt.Sprintf("the token at %s is empty", rd.token)
	}
	if rd.token.isPresent(s.values, r) {
		return fmt.Sprintf("%s is neither a text nor a number, and was to be the token", rd.token)
	}
	return fmt.Sprintf("it holds no token at %s", rd.token)
}

// IsMissing reports whether the answer to a read that was made with these values says
// that there is no such record.
func (rd *Read) IsMissing(d *jx.Decoder, s *Scratch, r *Response, v *Vars) bool {
	return rd.missing.isMet(rd.answer, d, s, r, v)
}

// Health is the call that says how a server is, and which build it runs.
type Health struct {
	Request
	ok     condition
	answer *answer
	build  field
	tells  []told
}

// told is a value of a health call beside the build, under a name of the file.
type told struct {
	name string
	at   field
}

// ReadBuild reads the answer to a health call: the build, empty where the answer
// names none. An error says why the server is not well.
func (h *Health) ReadBuild(d *jx.Decoder, s *Scratch, r *Response) (string, error) {
	err := h.ok.check(h.answer, d, s, r, &Vars{})
	return string(h.build.word(s.values, r)), err
}

// ReadDetails reads the answer to a health call: what it says beside the build, by the
// names of the file; empty where it lacks something.
func (h *Health) ReadDetails(d *jx.Decoder, s *Scratch, r *Response) map[string]string {
	if h.answer.read(d, s.scanFor(&h.answer.reader)) != nil {
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
	answer *answer
}

// Check returns what the answer lacks of what the file promises, or nil.
func (e *Extra) Check(d *jx.Decoder, s *Scratch, r *Response, v *Vars) error {
	return e.ok.check(e.answer, d, s, r, v)
}

func (l *loader) read(n *yaml.Node, states *States) *Read {
	r := &Read{answer: newAnswer(), ok: anySuccess(), states: states, missing: condition{status: []statusRange{{404, 404}, {410, 410}}}}
	r.Request = l.request(n, keys{
		"ok":      func(n *yaml.Node) { r.ok = l.condition(n, r.answer) },
		"token":   func(n *yaml.Node) { r.token = l.field(n, r.answer) },
		"state":   func(n *yaml.Node) { r.state = l.field(n, r.answer) },
		"marker":  func(n *yaml.Node) { r.marker = l.field(n, r.answer) },
		"changed": func(n *yaml.Node) { r.changed = l.field(n, r.answer) },
		"missing": func(n *yaml.Node) { r.missing = l.condition(n, r.answer) },
	})
	l.checkOr(n, &r.missing, &r.ok, "missing", "no record would ever be read")
	if len(r.token) == 0 {
		l.fail(n, "a read needs token, the place of what an update sends back")
	}
	return r
}

func (l *loader) health(n *yaml.Node) *Health {
	h := &Health{answer: newAnswer(), ok: anySuccess()}
	h.Request = l.request(n, keys{
		"ok":    func(n *yaml.Node) { h.ok = l.condition(n, h.answer) },
		"build": func(n *yaml.Node) { h.build = l.field(n, h.answer) },
		"tells": func(n *yaml.Node) {
			l.each(n, func(key, value *yaml.Node) {
				l.enterStep(key.Value, func() { h.tells = append(h.tells, told{key.Value, l.field(value, h.answer)}) })
			})
		},
	})
	return h
}

// extra reads a call that only the probe makes.
func (l *loader) extra(name string, n *yaml.Node) Extra {
	e := Extra{Name: name, answer: newAnswer(), ok: anySuccess()}
	e.Request = l.request(n, keys{"ok": func(n *yaml.Node) { e.ok = l.condition(n, e.answer) }})
	return e
}
