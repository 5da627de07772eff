package pipeline

import (
	"fmt"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/settings"
)

// BuildPolicy returns the default policy with the changes that the settings declare.
func BuildPolicy(g settings.Gates) (gate.Policy, error) {
	policy := gate.Default()
	if g.Confidence > 0 {
		policy.Confidence = g.Confidence
	}
	for name, change := range g.Gate {
		err := applyGate(&policy, name, change)
		if err == nil {
			err = policy.Check() // now, as long as it is known where the limit stands
		}
		if err != nil {
			return policy, &UsageError{fmt.Sprintf("%s: gate %s: %v", change.Where, name, err)}
		}
	}
	slices.Sort(policy.Off)
	if err := checkInvariantIDs(g.Tolerate); err != nil {
		return policy, &UsageError{fmt.Sprintf("%s: %v", g.TolerateAt, err)}
	}
	policy.Tolerated = g.Tolerate
	if err := policy.Check(); err != nil {
		return policy, &UsageError{err.Error()}
	}
	return policy, nil
}

func applyGate(policy *gate.Policy, name string, change *settings.Gate) error {
	if !slices.Contains(gate.Names(), name) {
		return fmt.Errorf("there is no such gate; the gates are %s", strings.Join(gate.Names(), ", "))
	}
	if change.Off {
		return policy.SwitchOff(name)
	}
	return policy.SetLimit(name, *change.Limit)
}

// checkInvariantIDs returns an error for an id that no invariant has: with a
// typing error, nothing would be tolerated and it would look as if it were.
func checkInvariantIDs(ids []string) error {
	for _, text := range ids {
		var id check.ID
		if err := id.UnmarshalText([]byte(text)); err != nil {
			return fmt.Errorf("tolerate: %w", err)
		}
	}
	return nil
}
