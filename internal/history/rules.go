package history

// broken names the first rule of the format that an operation breaks across
// its columns; "" when it keeps them all. The reader and the recorder ask the
// same question, so whatever was recorded can be read.
//
// Judging is left to others: an end before its start is well-formed here, and
// it is the checker who names a clock that goes back.
func (o *Op) broken() string {
	switch {
	case (o.Outcome == NoAnswer) == o.Answered():
		return "an operation has no end if and only if its outcome is no_answer"
	case (o.Kind == Audit) != (o.Operator == 0):
		return "an audit, and only an audit, has operator 0"
	case (o.Kind == Audit) != (o.Attempt == 0):
		return "an audit has no attempt, a read and a move count theirs from 1"
	case o.Outcome == Seen && o.Kind == Move, o.Outcome == Moved && o.Kind != Move:
		return "seen is an outcome of reads and audits, moved one of moves"
	case o.Kind == Move && (o.Card == "" || o.Target == "" || o.Expected == None):
		return "a move names its card, the version it expects and its target"
	case o.Outcome == Moved && (o.Version == None || o.Status == ""):
		return "moved comes with the version and the status of the answer"
	case o.Outcome == Seen && o.Card != "" && (o.Version == None || o.Status == ""):
		return "a card that was seen comes with its version and its status"
	case o.Outcome == Absent && (o.Kind == Move || o.Card == "" || o.Version != None || o.Status != ""):
		return "absent is an outcome of reads and audits that name a card, without version and status"
	case o.Flags&Contradiction != 0 && (o.Kind == Move || o.Card == ""):
		return "x is a flag of reads and audits that name a card"
	}
	return ""
}

// unrecordable says why an operation cannot stand in a history.
func (o *Op) unrecordable() string {
	switch {
	case o.Start < 0, o.End < None, o.Scheduled < None, o.Expected < None, o.Version < None, o.Operator < 0:
		return "a number is negative"
	case o.HTTP != 0 && (o.HTTP < 100 || o.HTTP > 999):
		return "the HTTP status has not three digits"
	case o.Kind == 0 || int(o.Kind) >= len(kinds), o.Outcome == 0 || int(o.Outcome) >= len(outcomes), int(o.Flags) >= len(flagWords):
		return "the kind, the outcome or a flag is unknown"
	case o.Card != "" && !Recordable(o.Card), o.Target != "" && !Recordable(o.Target), o.Status != "" && !Recordable(o.Status):
		return "the card, the target or the status is longer than 1024 bytes as it would be written"
	}
	return o.broken()
}
