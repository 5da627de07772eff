package predict

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

// Causes names what is likely behind a disagreement.
func (a Agreement) Causes() []string {
	switch a {
	case TooFew:
		return []string{
			"the server lets stale moves through (lost updates)",
			"stale moves are refused with another code than 409",
			"moves answered with success are not applied (phantom success)",
		}
	case TooMany:
		return []string{
			"the server answers other failures as conflicts (spurious conflicts)",
			"other clients update the same records",
			"boards are read from a cache or a lagging replica (stale reads)",
		}
	}
	return nil
}
