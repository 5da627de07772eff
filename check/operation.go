package check

import (
	"fmt"

	"github.com/occbench/occbench/internal/history"
)

// Operation is one read, update or audit of one record. Tokens are text, also those that
// count.
type Operation struct {
	Kind     Kind
	Record   string
	Operator int     // which client, from 1; 0 for audits. A client does one thing at a time.
	Start    int64   // ns of one monotonic clock, when the request was sent
	End      int64   // when the answer was complete; ignored after NoAnswer
	Outcome  Outcome //
	Status   int     // of HTTP; 0: not known

	Expected string // updates: the token that was sent
	Token    string // the token of the answer; empty: none
	Target   string // updates: the state that was asked for; empty: none
	State    string // the state of the answer; empty: none
	Marker   string // a word that one attempt alone writes: updates: the one sent, reads: the one seen
}

// Kind tells reads, updates and audits apart.
type Kind string

// The kinds. An audit is a read of a record before the first update or after the last.
const (
	Read   Kind = "read"
	Update Kind = "update"
	Audit  Kind = "audit"
)

// Outcome is how an operation ended.
type Outcome string

// The outcomes. Seen is of reads and audits, the others are of updates, NoAnswer of both.
const (
	Seen        Outcome = "seen"         // it was answered, with the token
	Applied     Outcome = "applied"      // the server says that the update is done
	Conflict    Outcome = "conflict"     // the server says that the token was stale
	Rejected    Outcome = "rejected"     // it was refused for another reason: certainly not done
	ServerError Outcome = "server_error" // 5xx
	NoAnswer    Outcome = "no_answer"    // it may have been done, or may be at any later time
)

// op returns the operation as it is recorded.
func (p *Operation) op() (history.Op, error) {
	o := history.New()
	var err error
	if o.Kind, err = history.ParseKind(string(p.Kind)); err != nil {
		return o, err
	}
	if o.Outcome, err = history.ParseOutcome(string(p.Outcome)); err != nil {
		return o, err
	}
	o.Record, o.Operator, o.Start, o.HTTP = p.Record, int32(p.Operator), p.Start, int16(p.Status)
	o.Target, o.State, o.Marker = p.Target, p.State, p.Marker
	if o.Outcome != history.NoAnswer {
		o.End = p.End
	}
	if o.Kind != history.Audit {
		o.Attempt = 1
	}
	o.SetExpected(p.Expected)
	o.SetToken(p.Token)
	if why := o.Unrecordable(); why != "" {
		return o, fmt.Errorf("%s of record %q: %s", p.Kind, p.Record, why)
	}
	return o, nil
}

// toOperation returns a recorded operation as an Operation, the inverse of op.
func toOperation(o *history.Op) Operation {
	p := Operation{Kind: Kind(o.Kind.String()), Record: o.Record, Operator: int(o.Operator), Start: o.Start, End: o.End,
		Status: int(o.HTTP), Outcome: Outcome(o.Outcome.String()), Expected: o.SentToken(), Token: o.ShownToken(),
		Target: o.Target, State: o.State, Marker: o.Marker}
	return p
}
