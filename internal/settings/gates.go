package settings

import (
	"fmt"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// Gates are the changes to the default policy that the file declares.
type Gates struct {
	Confidence float64          // one-sided, 0–1; 0 when the file says nothing
	Gate       map[string]*Gate // by gate name
	Tolerate   []string         // ids of anomalies that are reported and fail nothing

	ConfidenceAt, TolerateAt string // file:line; empty when the file says nothing
}

// Gate is the entry of one gate in the file.
type Gate struct {
	Off   bool
	Limit *float64 // rates 0–1, p95_ms in milliseconds
	Where string   // file:line
}

// readGates reads the mapping under the key gates: a name maps to a limit, or
// to off.
func readGates(file string, node *yaml.Node, into *Gates) error {
	if node.Kind != yaml.MappingNode {
		return fmt.Errorf("%s:%d: gates is a mapping of gate names, e.g. `p95_ms: 400`", file, node.Line)
	}
	into.Gate = map[string]*Gate{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		where := fmt.Sprintf("%s:%d", file, key.Line)
		if into.Gate[key.Value] != nil {
			return fmt.Errorf("%s: gate %s is set twice", where, key.Value)
		}
		if value.Value == "off" || value.Value == "false" {
			into.Gate[key.Value] = &Gate{Off: true, Where: where}
			continue
		}
		limit, err := strconv.ParseFloat(value.Value, 64)
		if value.Kind != yaml.ScalarNode || err != nil || !(limit > 0) {
			return fmt.Errorf("%s: gate %s: %q is neither a limit above 0 nor `off`", where, key.Value, value.Value)
		}
		into.Gate[key.Value] = &Gate{Limit: &limit, Where: where}
	}
	return nil
}

// readTolerate reads the key tolerate: a list of invariants.
func readTolerate(file string, node *yaml.Node, into *Gates) error {
	if node.Kind != yaml.SequenceNode {
		return fmt.Errorf("%s:%d: tolerate is a list of invariants, e.g. [OCC-11]", file, node.Line)
	}
	for _, id := range node.Content {
		into.Tolerate = append(into.Tolerate, id.Value)
	}
	into.TolerateAt = fmt.Sprintf("%s:%d", file, node.Line)
	return nil
}

// readConfidence reads the key confidence.
func readConfidence(file string, node *yaml.Node, into *Gates) error {
	c, err := strconv.ParseFloat(node.Value, 64)
	if err != nil || !(c >= 0.5 && c < 1) {
		return fmt.Errorf("%s:%d: confidence %q is not a number from 0.5 to below 1, e.g. 0.95", file, node.Line, node.Value)
	}
	into.Confidence = c
	into.ConfidenceAt = fmt.Sprintf("%s:%d", file, node.Line)
	return nil
}
