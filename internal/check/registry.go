package check

// invariants is indexed by id; each is defined in a file of its own.
var invariants = [afterLast]*Invariant{
	OCC01: &lostUpdate, OCC02: &versionSkew, OCC03: &phantomSuccess, OCC04: &dirtyRefusal, OCC05: &spuriousConflict, OCC06: &maskedConflict,
	OCC07: &staleRead, OCC08: &regression, OCC09: &tornRecord, OCC10: &illegalTransition, OCC11: &phantomFailure, OCC12: &malformedAnswer,
	OCC13: &tokenReuse,
}

// Invariants returns all of them by id; the caller owns the slice.
func Invariants() []Invariant {
	var all []Invariant
	for _, v := range invariants[1:] {
		all = append(all, *v)
	}
	return all
}
