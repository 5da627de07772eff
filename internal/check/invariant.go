package check

import "fmt"

// ID numbers an invariant; its text is OCC-01 to OCC-12.
type ID uint8

// String returns the name under which reports know the invariant.
func (id ID) String() string { return fmt.Sprintf("OCC-%02d", uint8(id)) }

// MarshalText makes an id a word in JSON.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText is the inverse of MarshalText.
func (id *ID) UnmarshalText(text []byte) error {
	var n uint8
	if _, err := fmt.Sscanf(string(text), "OCC-%d", &n); err != nil || ID(n).String() != string(text) || n < 1 || n > ids {
		return fmt.Errorf("invariant %.20q is none of OCC-01 to OCC-%02d", text, ids)
	}
	*id = ID(n)
	return nil
}

// ids is the number of invariants.
const ids = 12

// Invariant is one promise of a correct server.
type Invariant struct {
	ID        ID
	Title     string // what is wrong when it is broken
	Statement string
	Why       string // why it matters to a client
	Fix       string // what to change on the server

	sentence func(*Anomaly) string // the anomaly in words
}

// invariants is indexed by id; each is defined in a file of its own.
var invariants = [ids + 1]*Invariant{
	1: &lostUpdate, 2: &versionSkew, 3: &phantomSuccess, 4: &dirtyRefusal, 5: &spuriousConflict, 6: &maskedConflict,
	7: &staleRead, 8: &regression, 9: &tornRecord, 10: &illegalTransition, 11: &phantomFailure, 12: &malformedAnswer,
}

// Invariants returns all of them by id; the caller owns the slice.
func Invariants() []Invariant {
	var all []Invariant
	for _, v := range invariants[1:] {
		all = append(all, *v)
	}
	return all
}
