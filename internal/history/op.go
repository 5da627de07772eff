// Package history is the recording of a run: what was asked, what was
// answered, and when, one line per operation.
//
// It is plain CSV because every tool reads it and because a file that was cut
// off loses one line and no more. Everything that judges a run reads this and
// nothing else, so a run can be judged again years later, without its server.
package history

// Op is one operation of one operator. Times are nanoseconds of one monotonic
// clock since the base that the run's manifest names.
//
// The zero Op is not meaningful; start from New.
type Op struct {
	// What all readers of a history look at comes first, to share a line of the cache.

	Start    int64  // when the request was sent
	End      int64  // when the answer was complete; None when there was no answer
	Expected int64  // updates: the token sent; else None
	Token    int64  // the token seen in the answer; None when there was none
	Record   string // the record's id; empty for an audit that failed as a whole
	Operator int32  // its number; audits have operator 0, operators count from 1
	HTTP     int16  // the HTTP status; 0 without an answer
	Attempt  uint8  // 1 for the first attempt of a turn and for the read before it
	Kind     Kind
	Outcome  Outcome
	Flags    Flags

	State     string // the state seen in the answer; empty when there was none
	Target    string // updates: the state asked for
	Scheduled int64  // when an open model wanted it sent; None in a closed model
	Marker    string // the word that is unique to one attempt: updates: the one sent, reads: the one seen; empty without
	Generator string // the k6 process of a run that made the operation; empty where there is one only

	// A token that is no integer from 0 to 2^63-1 in its shortest spelling, such as an
	// ETag, stands here, and its number is None.
	ExpectedText, TokenText string
}

// ListFault reports whether the line is there because a list was wrong: it does
// not show the record, or says several things of it. Such a line may stand beside
// the one of the record that the list was read for, with the same times, so where
// reads are counted it is left out.
func (o *Op) ListFault() bool { return o.Outcome == Absent || o.Flags&Contradiction != 0 }

// None stands for a number that is absent: an empty field in the file.
const None = -1

// New returns an operation in which every optional number is absent.
func New() Op {
	return Op{End: None, Scheduled: None, Expected: None, Token: None}
}

// Answered reports whether an answer was received.
func (o *Op) Answered() bool { return o.End != None }

// Kind tells reads, updates and audits apart.
type Kind uint8

// The kinds: a read is an operator's view of the record it picked, an update is one
// attempt, an audit is one record as it is read before the first or after the last
// turn.
const (
	Read Kind = iota + 1
	Update
	Audit
)

// Outcome is the one class an operation falls into.
type Outcome uint8

// The outcomes. Seen is the good end of a read or an audit, Applied that of an
// update; Absent is one of reads and audits alone. After ServerError, NoAnswer and
// Malformed an update may have been applied; after Conflict, Rejected, Unauthorized
// and Throttled it certainly was not. Which answer is a conflict the API says.
const (
	Seen         Outcome = iota + 1
	Applied              // 2xx with all promised fields
	Conflict             // the token was stale
	Rejected             // any other 4xx
	Unauthorized         // 401, 403
	Throttled            // 429
	ServerError          // 5xx
	NoAnswer             // timeout, reset, refused connection
	Malformed            // 2xx or 3xx without the promised fields
	Absent               // a list was answered and does not show the record
)

// Uncertain reports whether an update with this outcome may or may not have been
// applied.
func (o Outcome) Uncertain() bool {
	return o == ServerError || o == NoAnswer || o == Malformed
}

// Flags qualify an operation; they are letters in the file.
type Flags uint8

// The flags, in the order of their letters.
const (
	Warmup        Flags = 1 << iota // w: the operation began in the warm-up
	Double                          // d: an impatient second click that carries the same version as the first
	Race                            // r: an operation of the run's own race crew
	Stalled                         // s: it overlaps a stall of the generator
	Contradiction                   // x: one of several contradicting things that one list said of one record
	Clock                           // c: an operation on a clock record, of which each of several generators has one
)

// IsProbe reports whether an operation is made to find something out, in a race or on a
// clock record, so that no rate of the load counts it.
func (o *Op) IsProbe() bool { return o.Flags&(Race|Clock) != 0 }

// HasToken reports whether the answer showed a token.
func (o *Op) HasToken() bool { return o.Token != None || o.TokenText != "" }

// HasExpected reports whether a token was sent.
func (o *Op) HasExpected() bool { return o.Expected != None || o.ExpectedText != "" }

// SetToken notes the token of an answer, as text; "" is none.
func (o *Op) SetToken(text string) { o.Token, o.TokenText = splitToken(text) }

// SetExpected notes the token that was sent, as text.
func (o *Op) SetExpected(text string) { o.Expected, o.ExpectedText = splitToken(text) }

// ShownToken returns the token of the answer as text; "" when there was none.
func (o *Op) ShownToken() string { return joinToken(o.Token, o.TokenText) }

// SentToken returns the token that was sent as text; "" when there was none.
func (o *Op) SentToken() string { return joinToken(o.Expected, o.ExpectedText) }
