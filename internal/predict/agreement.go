package predict

import "github.com/occbench/occbench/internal/reason"

// Agreement is how an observed conflict rate compares with the expected one.
type Agreement uint8

// The agreements.
const (
	Agrees  Agreement = iota
	TooFew            // fewer conflicts than a correct server must give
	TooMany           // more
)

// tolerance is how far observed and expected may lie apart, as a rate, before
// it means anything: a client's clock does not see the server's.
const tolerance = 0.03

// Compare judges an observed conflict rate. It disagrees when it is further
// from the expected rate than 3 percentage points and than twice the distance
// to the bound on its side. A disagreement is a warning, not a proof: only a
// history proves what a server did.
func (e Expected) Compare(observed float64) Agreement {
	switch {
	case e.Attempts == 0:
		return Agrees
	case observed < e.Rate-max(tolerance, 2*(e.Rate-e.Lower)):
		return TooFew
	case observed > e.Rate+max(tolerance, 2*(e.Upper-e.Rate)):
		return TooMany
	}
	return Agrees
}

func (a Agreement) String() string {
	switch a {
	case TooFew:
		return "too few conflicts"
	case TooMany:
		return "too many conflicts"
	}
	return "agrees"
}

// Causes returns what is likely behind a disagreement.
func (a Agreement) Causes() []reason.Reason {
	switch a {
	case TooFew:
		return []reason.Reason{reason.New("stale_applied"), reason.New("stale_rejected"), reason.New("success_not_applied")}
	case TooMany:
		return []reason.Reason{reason.New("failures_as_conflicts"), reason.New("other_clients"), reason.New("old_reads")}
	}
	return nil
}
