package history

// broken names the first rule of the format that an operation breaks across
// its columns; "" when it keeps them all. The reader and the recorder ask the
// same question, so whatever was recorded can be read.
//
// Judging is left to others: an end before its start is well-formed here, and
// the checker names a clock that goes back.
func (o *Op) broken() string {
	switch {
	case (o.Outcome == NoAnswer) == o.Answered():
		return "an operation has no end if and only if its outcome is no_answer"
	case (o.Kind == Audit) != (o.Operator == 0):
		return "an audit, and only an audit, has operator 0"
	case (o.Kind == Audit) != (o.Attempt == 0):
		return "an audit has no attempt, a read and an update count theirs from 1"
	case o.Outcome == Seen && o.Kind == Update, o.Outcome == Applied && o.Kind != Update:
		return "seen is an outcome of reads and audits, applied one of updates"
	case o.Kind == Update && (o.Record == "" || !o.HasExpected()):
		return "an update names its record and the token it expects"
	case o.Outcome == Seen && o.Record != "" && !o.HasToken():
		return "a record that was seen comes with its token"
	case o.Outcome == Absent && (o.Kind == Update || o.Record == "" || o.HasToken() || o.State != ""):
		return "absent is an outcome of reads and audits that name a record, without token and state"
	case o.Flags&Contradiction != 0 && (o.Kind == Update || o.Record == ""):
		return "x is a flag of reads and audits that name a record"
	}
	return ""
}

// Unrecordable says why an operation cannot stand in a history.
func (o *Op) Unrecordable() string {
	switch {
	case o.Start < 0, o.End < None, o.Scheduled < None, o.Expected < None, o.Token < None, o.Operator < 0:
		return "a number is negative"
	case o.HTTP != 0 && (o.HTTP < 100 || o.HTTP > 999):
		return "the HTTP status has not three digits"
	case o.Kind == 0 || int(o.Kind) >= len(kinds), o.Outcome == 0 || int(o.Outcome) >= len(outcomes), int(o.Flags) >= len(flagWords):
		return "the kind, the outcome or a flag is unknown"
	case o.Expected != None && o.ExpectedText != "", o.Token != None && o.TokenText != "":
		return "a token is a number and a text at once"
	case !canonical(o.ExpectedText), !canonical(o.TokenText):
		return "the text of a token is a number"
	}
	for _, text := range [...]string{o.Record, o.Target, o.State, o.ExpectedText, o.TokenText, o.Marker, o.Generator} {
		if text != "" && !Recordable(text) {
			return "a text is longer than 1024 bytes as it would be written"
		}
	}
	return o.broken()
}

// canonical reports whether a text may stand for a token: a number has its own
// field, so that one token has one form.
func canonical(text string) bool {
	_, number := parseToken(text)
	return !number
}
