package run

// Shape describes the values of a setting, for the manual and for the
// schema of editors. The codec that validates the values carries it.
type Shape struct {
	Kind        Kind
	Least, Most float64  // of Integer and Number; a Most of 0: no upper bound
	Words       []string // of Choice: all values; else: words taken beside the kind
	Zero        bool     // of Duration: 0 is taken
	Bare        bool     // of Text: a plain number is taken
}

// Kind is the kind of value of a setting.
type Kind string

// The kinds. Text is everything with a notation of its own.
const (
	Text     Kind = "text"
	Integer  Kind = "integer"
	Number   Kind = "number"
	Duration Kind = "duration"
	Boolean  Kind = "boolean"
	Date     Kind = "date"
	Choice   Kind = "choice"
	List     Kind = "list"
)
