package fault

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/occbench/occbench/reference-server/appointment"
	"github.com/occbench/occbench/reference-server/items"
)

// APIs are those of the reference server, by the names of their API files.
func APIs() []string { return []string{appointment.Name, items.Name} }

// faults are all there are; first those that break an invariant.
var faults = []Fault{
	lostUpdate, checkThenAct, retryOnConflict,
	noIncrement, versionSkew,
	phantomSuccess, ackThenRollback,
	dirtyRefusal, spuriousConflict, weakTag, maskedConflict,
	staleBoard, doubleIncrement, versionReset, doubleApply,
	tornStatus, misplacedCard, unversionedWriter, illegalTransition,
	phantomFailure, malformedAnswer, cardTwice, hiddenCard, tokenReuse,
	futureVersion, idAlias, frozenUpdatedAt, unversionedEdit,
	foreignTag, unconditionalWrite, collectionTag, representationTag,
	latency, error500, throttle429, dropReply, hang, versionBase, noTokenInAnswer,
}

// List returns the faults that can exist in an API, as they are there: first those
// that break an invariant, in the order of the invariants, then those that only the
// probe finds, then those that only get in a client's way.
func List(api string) []Fault {
	var all []Fault
	for _, f := range faults {
		if there, err := f.adaptTo(api); err == nil {
			all = append(all, there)
		}
	}
	slices.SortStableFunc(all, func(a, b Fault) int { return cmp.Compare(a.rankFinder(), b.rankFinder()) })
	return all
}

// rankFinder is 0 for a fault that a load finds, 1 for one that the probe finds, and 2
// for one that breaks nothing.
func (f Fault) rankFinder() int {
	switch {
	case f.Invariant != "":
		return 0
	case f.Question != "":
		return 1
	}
	return 2
}

// Names returns the names of all faults, in the order of List.
func Names() []string {
	var all []string
	for _, f := range faults {
		all = append(all, f.Name)
	}
	return all
}

// adaptTo returns the fault as it is in an API.
func (f Fault) adaptTo(api string) (Fault, error) {
	if lack := f.lacks[api]; lack != "" {
		return f, fmt.Errorf("%s cannot be in the API %s, which %s", f.Name, api, lack)
	}
	if api == items.Name && f.etag != nil {
		f.etag(&f)
	}
	return f, nil
}
