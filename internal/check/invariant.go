package check

import "fmt"

// ID numbers an invariant; its text is OCC-01, OCC-02, and so on.
type ID uint8

// String returns the name under which reports know the invariant.
func (id ID) String() string { return fmt.Sprintf("OCC-%02d", uint8(id)) }

// MarshalText makes an id a word in JSON.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText is the inverse of MarshalText.
func (id *ID) UnmarshalText(text []byte) error {
	var n uint8
	if _, err := fmt.Sscanf(string(text), "OCC-%d", &n); err != nil || ID(n).String() != string(text) || n < 1 || int(n) > ids {
		return fmt.Errorf("invariant %.20q is none of OCC-01 to OCC-%02d", text, ids)
	}
	*id = ID(n)
	return nil
}

// The invariants; each is defined in a file of its own.
const (
	OCC01 ID = iota + 1 // lost update
	OCC02               // version skew
	OCC03               // phantom success
	OCC04               // dirty refusal
	OCC05               // spurious conflict
	OCC06               // masked conflict
	OCC07               // stale read
	OCC08               // version regression or gap
	OCC09               // torn record
	OCC10               // illegal transition
	OCC11               // phantom failure
	OCC12               // malformed answer
	OCC13               // token reuse

	afterLast

	ids = int(afterLast) - 1 // how many there are
)

// Invariant is one promise of a correct server.
type Invariant struct {
	ID        ID
	Title     string // what is wrong when it is broken
	Statement string
	Why       string // why it matters to a client
	Fix       string // what to change on the server

	sentence func(*Anomaly) string // the anomaly in words
}
