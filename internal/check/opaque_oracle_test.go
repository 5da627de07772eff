package check

import (
	"math/rand/v2"
	"slices"

	"github.com/occbench/occbench/internal/history"
)

// opaqueOracle decides a small history of one record with opaque tokens by brute
// force: it plays a correct server in every order that the times allow, with every
// fate of the attempts that have none. It shares no code with the checker.
type opaqueOracle struct {
	ops     []history.Op
	others  bool // another writer may write between any two operations
	returns bool // a token may come back, with the content that it had; else the server may change tokens by itself

	alternates bool // the server is not correct: it takes back a token that the same content had before
}

// explainable reports whether a correct server of any kind can have given all the
// answers. Where no update has a marker, contents can be the same, and tokens may be
// hashes of them.
func explainable(ops []history.Op, others bool) bool {
	return (&opaqueOracle{ops: ops, others: others}).explainsAny()
}

// explainsAny reports whether a server of any kind can have given all the answers.
func (o *opaqueOracle) explainsAny() bool {
	if o.explains() {
		return true
	}
	hashes := *o
	hashes.returns = true
	marked := slices.ContainsFunc(o.ops, func(op history.Op) bool { return op.Marker != "" })
	return !marked && hashes.explains()
}

// tokenRegister is a record of a server whose tokens say nothing but that they
// differ. A version whose token has not been shown yet may have any but some.
type tokenRegister struct {
	token   string
	not     []string // what the token of the version is not, while it is unknown
	past    []string
	own     []string // past tokens of the same content, where these may come back
	marker  string
	foreign bool // no attempt of the history made it, and its marker was not shown yet
	returns bool // past tokens may come back
}

func (r tokenRegister) is(token string) (tokenRegister, bool) {
	if r.token != "" {
		return r, r.token == token
	}
	if slices.Contains(r.not, token) || !r.returns && slices.Contains(r.past, token) {
		return r, false
	}
	r.token = token
	return r, true
}

func (r tokenRegister) isNot(token string) (tokenRegister, bool) {
	if r.token != "" {
		return r, r.token != token
	}
	r.not = append(slices.Clone(r.not), token)
	return r, true
}

func (r tokenRegister) next(token, marker string) (tokenRegister, bool) {
	past := append(slices.Clone(r.past), r.own...)
	if r.token != "" {
		past = append(past, r.token)
	}
	next := tokenRegister{token: token, marker: marker, past: past, returns: r.returns}
	return next, token == "" || r.returns || !slices.Contains(past, token)
}

// explains reports whether a correct server can have given all the answers.
func (o *opaqueOracle) explains() bool {
	return o.place(tokenRegister{foreign: true, returns: o.returns}, 0)
}

// place tries every operation that can come next.
func (o *opaqueOracle) place(r tokenRegister, done uint) bool {
	first, owed := int64(never), false
	for i := range o.ops {
		if op := &o.ops[i]; done&(1<<i) == 0 && op.Answered() {
			first, owed = min(first, op.End), true
		}
	}
	if !owed {
		return true
	}
	for i := range o.ops {
		if op := &o.ops[i]; done&(1<<i) == 0 && op.Start <= first {
			for _, after := range o.answers(r, op, done) {
				if o.place(after, done|1<<i) {
					return true
				}
			}
		}
	}
	return false
}

// answers returns the registers that an operation may leave behind, when its answer
// is right; with another writer also after a version of that one.
func (o *opaqueOracle) answers(r tokenRegister, op *history.Op, done uint) []tokenRegister {
	all := o.answersOf(r, op)
	if o.others {
		foreign, _ := r.next("", "")
		foreign.foreign = true
		all = append(all, o.answersOf(foreign, op)...)
	}
	if !o.returns {
		all = append(all, o.answersOf(o.retagged(r, done), op)...)
	}
	return all
}

// retagged returns the register after the server gave its content another token by itself.
func (o *opaqueOracle) retagged(r tokenRegister, done uint) tokenRegister {
	same, _ := r.next("", r.marker)
	same.foreign = r.foreign
	if o.alternates {
		same.past, same.own = r.past, r.own
		if r.token != "" {
			same.own = append(slices.Clone(r.own), r.token)
		}
		return same
	}
	for i := range o.ops { // a new token is none that was named before
		if done&(1<<i) != 0 && o.ops[i].ExpectedText != "" {
			same.not = append(same.not, o.ops[i].ExpectedText)
		}
	}
	return same
}

func (o *opaqueOracle) answersOf(r tokenRegister, op *history.Op) (all []tokenRegister) {
	add := func(r tokenRegister, ok bool) {
		if ok {
			all = append(all, r)
		}
	}
	switch op.Outcome {
	case history.Seen:
		r, ok := r.is(op.TokenText)
		if op.Marker != "" && r.foreign {
			r.foreign, r.marker, ok = false, op.Marker, ok && !o.attempted(op.Marker)
		}
		add(r, ok && (op.Marker == "" || r.marker == op.Marker))
	case history.Applied:
		if r, ok := r.is(op.ExpectedText); ok {
			add(r.next(op.TokenText, op.Marker))
		}
	case history.Conflict:
		r, ok := r.isNot(op.ExpectedText)
		if ok && op.TokenText != "" {
			r, ok = r.is(op.TokenText)
		}
		add(r, ok)
	case history.NoAnswer:
		add(r, true)
		if r, ok := r.is(op.ExpectedText); ok {
			add(r.next("", op.Marker))
		}
	default: // a 5xx and any other refusal have no effect
		add(r, true)
	}
	return all
}

func (o *opaqueOracle) attempted(marker string) bool {
	return slices.ContainsFunc(o.ops, func(op history.Op) bool { return op.Kind == history.Update && op.Marker == marker })
}

// opaqueHistory draws 2 to 6 operations on one record of a correct server, with
// markers in half of the histories and with tokens missing in the answers of some,
// and changes some of what they say in most.
func opaqueHistory(r *rand.Rand) []history.Op {
	const names = "abcdefghijklmnop"
	ops := make([]history.Op, 2+r.IntN(5))
	current, marker, marked, silent := 0, "", r.IntN(3) > 0, r.IntN(4) == 0
	foreign := r.IntN(4) == 0
	spread := 1 + r.IntN(10)
	for i := range ops {
		at := int64(20 + 4*i)
		o := &ops[i]
		*o = history.New()
		o.Record, o.Operator, o.Attempt = "r", int32(i+1), 1
		o.Start, o.End = at-int64(r.IntN(spread)), at+int64(r.IntN(spread))
		if foreign && r.IntN(4) == 0 {
			current++
			marker = ""
			if marked {
				marker = "f" + names[i:i+1]
			}
		}
		if r.IntN(5) < 2 {
			o.Kind, o.Outcome, o.HTTP, o.TokenText, o.Marker = history.Read, history.Seen, 200, names[current:current+1], marker
			continue
		}
		named := max(0, current-r.IntN(2))
		o.Kind, o.Outcome, o.HTTP, o.ExpectedText = history.Update, history.Conflict, 409, names[named:named+1]
		if marked {
			o.Marker = "m" + names[i:i+1]
		}
		lost := r.IntN(5) == 0
		switch {
		case named != current:
			if r.IntN(2) == 0 {
				o.TokenText = names[current : current+1]
			}
		case lost && r.IntN(2) == 0: // it never arrived
		default:
			current++
			marker = o.Marker
			o.Outcome, o.HTTP, o.TokenText = history.Applied, 200, names[current:current+1]
			if silent {
				o.TokenText = ""
			}
		}
		if lost {
			o.Outcome, o.HTTP, o.End, o.TokenText = history.NoAnswer, 0, history.None, ""
			if r.IntN(3) == 0 && (named != current-1 || o.Marker != marker) {
				o.Outcome, o.HTTP, o.End = history.ServerError, 500, at+int64(r.IntN(spread))
			}
		}
	}
	if r.IntN(4) > 0 {
		for range 1 + r.IntN(3) {
			spoil(&ops[r.IntN(len(ops))], r, names, len(ops))
		}
	}
	return ops
}

// spoil changes one thing that an operation says.
func spoil(o *history.Op, r *rand.Rand, names string, n int) {
	at := r.IntN(n)
	switch other := names[at : at+1]; {
	case r.IntN(5) == 0:
		by := int64(r.IntN(17)) - 8
		o.Start = max(0, o.Start+by)
		if o.Answered() {
			o.End = max(o.Start, o.End+by)
		}
	case o.Kind == history.Update && r.IntN(3) == 0:
		o.ExpectedText = other
	case o.TokenText != "" && r.IntN(2) == 0:
		o.TokenText = other
	case o.Kind == history.Read && o.Marker != "":
		o.Marker = "m" + other
	case o.Kind == history.Update && o.Answered() && o.Outcome == history.Conflict:
		o.Outcome, o.HTTP, o.TokenText = history.Applied, 200, other
	case o.Kind == history.Update && o.Answered():
		o.Outcome, o.HTTP, o.TokenText = history.Conflict, 409, ""
	}
}
