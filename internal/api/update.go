package api

import (
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/occbench/occbench/internal/history"
)

// Update is the write that names a token, and what its answers mean.
type Update struct {
	Request
	Answered      bool // the answer to an applied update carries the new token
	answers       *answer
	applied       applied
	conflict      []conflict
	code          field // of any refusal
	from          field // where a refusal says that the record stands
	shown         field // the token that a refusal says the record has
	codes         interned
	kinds         map[Kind]condition
	form          condition // of every refusal
	judged        []int
	unconditional unconditional
	inJSON        bool // the answer of an applied update has places in JSON
	states        *States
	counting      bool
}

// unconditional is the file's promise about an update that names no token.
type unconditional struct {
	never bool      // there is none
	body  *template // nil: that of the update, without its token
}

// applied is the answer of an update that was done.
type applied struct {
	condition
	token, state field // empty: the answer does not carry it
}

// conflict is one way to say that the token was stale; or a refusal that looks
// like one and is another: as is its outcome.
type conflict struct {
	condition
	token, state field
	as           history.Outcome
}

// Answer is the meaning of an answer to an update. Its token belongs to the body.
type Answer struct {
	Outcome history.Outcome
	Token   []byte // that the answer shows; nil: none that is usable
	State   string // that the answer shows; empty: none
	Code    string // of a refusal; empty: it names none that is a word
	// Err is why a 2xx or 3xx is malformed; else nil.
	Err error
}

// Kind is the subject of a refusal that is no conflict.
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

// ConflictShows reports whether a conflict shows the token or the state that the
// record has.
func (u *Update) ConflictShows() (token, state bool) {
	for i := range u.conflict {
		if c := &u.conflict[i]; c.as == history.Conflict {
			token, state = token || len(c.token) > 0, state || len(c.state) > 0
		}
	}
	return token, state
}

// DescribesForm reports whether the file says what all refusals have in common.
func (u *Update) DescribesForm() bool { return len(u.form.status) > 0 }

// ConflictText says in a word or two how a conflict looks.
func (u *Update) ConflictText() string {
	i := slices.IndexFunc(u.conflict, func(c conflict) bool { return c.as == history.Conflict })
	return u.conflict[i].String()
}

// Refusal is the content of a refusal, for a reader.
type Refusal struct {
	Answer
	Kind   Kind   // empty: none that the file describes
	Misses string // what it does not repeat of the request as the file promises; empty: nothing
	Form   string // in what it differs from the form of all refusals; empty: in nothing
}

func (l *loader) update(n *yaml.Node, states *States, counting bool) Update {
	u := Update{answers: newAnswer(), states: states, counting: counting, codes: interned{}, kinds: map[Kind]condition{}}
	u.applied.condition = anySuccess()
	var conflicts []*yaml.Node
	u.Request = l.request(n, keys{
		"applied": func(n *yaml.Node) {
			rest := keys{
				"token": func(n *yaml.Node) {
					if n.Value != "none" {
						u.applied.token = l.field(n, u.answers)
					}
				},
				"state": func(n *yaml.Node) { u.applied.state = l.field(n, u.answers) },
			}
			u.applied.condition = l.readCondition(n, u.answers, rest)
		},
		"conflict": func(n *yaml.Node) {
			l.list(n, func(n *yaml.Node) {
				u.conflict = append(u.conflict, l.conflict(n, u.answers))
				l.checkReached(n, u.conflict)
				conflicts = append(conflicts, n)
			})
		},
		"unconditional": func(n *yaml.Node) { u.unconditional = l.unconditional(n) },
		"refused": func(n *yaml.Node) {
			l.object(n, keys{
				"code":    func(n *yaml.Node) { u.code = l.field(n, u.answers) },
				"state":   func(n *yaml.Node) { u.from = l.field(n, u.answers) },
				"token":   func(n *yaml.Node) { u.shown = l.field(n, u.answers) },
				"form":    func(n *yaml.Node) { u.form = l.readCondition(n, u.answers, keys{}) },
				"busy":    func(n *yaml.Node) { u.kinds[Busy] = l.readCondition(n, u.answers, keys{}) },
				"illegal": func(n *yaml.Node) { u.kinds[Illegal] = l.readCondition(n, u.answers, keys{}) },
				"invalid": func(n *yaml.Node) { u.kinds[Invalid] = l.readCondition(n, u.answers, keys{}) },
				"unknown": func(n *yaml.Node) { u.kinds[Unknown] = l.readCondition(n, u.answers, keys{}) },
				"judged":  func(n *yaml.Node) { l.list(n, func(n *yaml.Node) { u.judged = append(u.judged, l.status(n).from) }) },
			})
		},
	})
	if !slices.ContainsFunc(u.conflict, func(c conflict) bool { return c.as == history.Conflict }) {
		l.fail(n, "it has no conflict: how does the API say that the token was stale?")
	}
	l.checkApplied(n, conflicts, &u)
	u.Answered = len(u.applied.token) > 0
	conditions := slices.Collect(maps.Values(u.kinds))
	for _, c := range u.conflict {
		conditions = append(conditions, c.condition)
	}
	for _, c := range conditions {
		for _, e := range c.when {
			u.codes[e.text] = e.text
		}
	}
	u.inJSON = u.applied.inJSON || u.applied.token.readsJSON() || u.applied.state.readsJSON()
	return u
}

// unconditional reads the body of an update without a token, or none.
func (l *loader) unconditional(n *yaml.Node) unconditional {
	if resolveAlias(n).Value == "none" {
		return unconditional{never: true}
	}
	t := l.document(n)
	if t.uses("token") {
		l.fail(n, "the unconditional body sends {token}")
	}
	return unconditional{body: &t}
}

func (l *loader) conflict(n *yaml.Node, r *answer) conflict {
	c := conflict{as: history.Conflict}
	c.condition = l.readCondition(n, r, keys{
		"as":    func(n *yaml.Node) { c.as = l.refusal(n) },
		"token": func(n *yaml.Node) { c.token = l.field(n, r) },
		"state": func(n *yaml.Node) { c.state = l.field(n, r) },
	})
	return c
}

// refusal reads what an answer that looks like a conflict is instead. After a busy
// one nothing was done and the same request may be answered otherwise a moment
// later, which is what a throttled one says.
func (l *loader) refusal(n *yaml.Node) history.Outcome {
	switch text := l.text(n); text {
	case "conflict":
		return history.Conflict
	case "busy":
		return history.Throttled
	case "rejected":
		return history.Rejected
	default:
		l.fail(n, "as is %q; want conflict, busy (nothing was done, try again) or rejected", text)
		return history.Rejected
	}
}

// checkReached refuses an entry of the conflicts that no answer comes to.
func (l *loader) checkReached(n *yaml.Node, all []conflict) {
	last := &all[len(all)-1]
	for i := range all[:len(all)-1] {
		if before := &all[i]; before.isBare() && before.covers(&last.condition) {
			l.fail(n, "no answer comes here: the entry before it takes every %s; want the entry with `when` first", &last.condition)
		}
	}
}

// checkApplied refuses an update whose every answer would be one thing.
func (l *loader) checkApplied(n *yaml.Node, conflicts []*yaml.Node, u *Update) {
	applied := &u.applied.condition
	if status := applied.findSharedStatus(&condition{status: []statusRange{{400, 599}}}); status > 0 {
		l.fail(n, "an update that was applied is answered with a status below 400, and applied says %d", status)
	}
	for i := range u.conflict {
		c := &u.conflict[i].condition
		if status := c.findSharedStatus(applied); status > 0 && c.isBare() {
			l.fail(conflicts[i], "this holds for every answer with HTTP status %d, so none would be applied; "+
				"want `when`, `unless`, `require` or `absent`, which tell them apart", status)
		}
	}
}
