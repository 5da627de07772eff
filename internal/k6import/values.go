package k6import

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// numbers are the values of one metric, by k6's names.
type numbers map[string]float64

// count returns a value that must be a whole number from 0.
func (n numbers) count(name string) (int, error) {
	v, ok := n[name]
	switch {
	case !ok:
		return 0, fmt.Errorf("%s is missing", name)
	case v < 0 || v > 1e15 || v != float64(int(v)):
		return 0, fmt.Errorf("%s is %v, want a whole number", name, v)
	}
	return int(v), nil
}

// percentiles returns the values of a trend by their share of the samples.
func (n numbers) percentiles() map[float64]float64 {
	all := map[float64]float64{}
	for name, v := range n {
		switch name {
		case "min":
			all[0] = v
		case "med":
			all[0.5] = v
		case "max":
			all[1] = v
		}
		if inner, ok := strings.CutPrefix(name, "p"); ok { // p(95), in a machine-readable summary p95
			if p, err := strconv.ParseFloat(strings.Trim(inner, "()"), 64); err == nil && p >= 0 && p <= 100 {
				all[p/100] = v
			}
		}
	}
	return all
}

// metric is one metric of a summary, whatever its kind.
type metric struct {
	values     numbers
	thresholds []Threshold
	legacy     bool
}

// readMetric reads a metric of either summary.
//
// In the legacy export the values stand beside each other, and a threshold is a
// boolean that says whether it was crossed: false is good. In the data of
// handleSummary the values have an object of their own, and a threshold is an
// object that says whether it is ok: true is good.
func readMetric(name string, raw json.RawMessage) (metric, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil {
		return metric{}, fmt.Errorf("metric %s: %s", name, formatJSONError(err))
	}
	m := metric{values: numbers{}}
	_, nested := fields["values"]
	m.legacy = !nested
	source := fields
	if nested {
		source = map[string]json.RawMessage{}
		if err := json.Unmarshal(fields["values"], &source); err != nil {
			return metric{}, fmt.Errorf("metric %s: values: %s", name, formatJSONError(err))
		}
	}
	for key, text := range source {
		var v float64
		if json.Unmarshal(text, &v) == nil && string(text) != "null" {
			m.values[key] = v
		}
	}
	return m, m.readThresholds(name, fields["thresholds"])
}

func (m *metric) readThresholds(name string, raw json.RawMessage) error {
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(raw, &all); err != nil {
		return fmt.Errorf("metric %s: thresholds: %s", name, formatJSONError(err))
	}
	for _, expression := range slices.Sorted(maps.Keys(all)) {
		crossed, err := parseCrossed(all[expression], m.legacy)
		if err != nil {
			return fmt.Errorf("metric %s: threshold %.60q: %w", name, expression, err)
		}
		m.thresholds = append(m.thresholds, Threshold{name, expression, crossed})
	}
	return nil
}

func parseCrossed(raw json.RawMessage, legacy bool) (bool, error) {
	if legacy {
		var crossed bool
		if err := json.Unmarshal(raw, &crossed); err != nil {
			return false, fmt.Errorf("it is %.40s, want true or false", raw)
		}
		return crossed, nil
	}
	var t struct {
		OK *bool `json:"ok"`
	}
	if err := json.Unmarshal(raw, &t); err != nil || t.OK == nil {
		return false, fmt.Errorf("it is %.40s, want {\"ok\": true} or {\"ok\": false}", raw)
	}
	return !*t.OK, nil
}
