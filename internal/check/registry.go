package check

// invariants is indexed by id; each is defined in a file of its own.
var invariants = [ids + 1]*Invariant{
	1: &lostUpdate, 2: &versionSkew, 3: &phantomSuccess, 4: &dirtyRefusal, 5: &spuriousConflict, 6: &maskedConflict,
	7: &staleRead, 8: &regression, 9: &tornRecord, 10: &illegalTransition, 11: &phantomFailure, 12: &malformedAnswer,
	13: &tokenReuse,
}

// Invariants returns all of them by id; the caller owns the slice.
func Invariants() []Invariant {
	var all []Invariant
	for _, v := range invariants[1:] {
		all = append(all, *v)
	}
	return all
}
