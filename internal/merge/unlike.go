package merge

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/occbench/occbench/internal/run"
)

// listDifferences says in which fields generators differ that those of one run have in common.
// The value that most of them have is taken for the right one.
func (a *parts) listDifferences(Options) []string {
	fields := make([]map[string]string, len(a.parts))
	names := map[string]bool{}
	for i := range a.parts {
		var err error
		if fields[i], err = commonFields(&a.parts[i]); err != nil {
			return []string{fmt.Sprintf("%s: %v", a.parts[i].dir, err)}
		}
		for name := range fields[i] {
			names[name] = true
		}
	}
	var wrong []string
	for _, name := range slices.Sorted(maps.Keys(names)) {
		norm := findMostFrequent(fields, name)
		for i := range a.parts {
			if is := fields[i][name]; is != fields[norm][name] {
				wrong = append(wrong, fmt.Sprintf("%s: its %s is %s, and %s in %s", a.parts[i].dir, name, formatValue(is),
					formatValue(fields[norm][name]), a.parts[norm].dir))
			}
		}
	}
	return wrong
}

// findMostFrequent returns the index of the first generator that has the most frequent value of a
// field.
func findMostFrequent(fields []map[string]string, name string) int {
	count := map[string]int{}
	for i := range fields {
		count[fields[i][name]]++
	}
	best := 0
	for i := range fields {
		if count[fields[i][name]] > count[fields[best][name]] {
			best = i
		}
	}
	return best
}

// commonFields returns the fields that must be equal in all generators of a run, by their names in
// generator.json.
func commonFields(p *part) (map[string]string, error) {
	text, err := run.Encode(p.Spec)
	if err != nil {
		return nil, err
	}
	var declared map[string]any
	if err := json.Unmarshal(text, &declared); err != nil {
		return nil, err
	}
	fields := map[string]string{
		"format": strconv.Itoa(p.Format), "run": p.Run, "sequence": p.Sequence,
		"tool_version": p.ToolVersion, "k6_version": p.K6Version,
		"target_build": p.TargetBuild, "dialect": p.Dialect, "divided": strconv.FormatBool(p.Divided),
	}
	flattenValue(declared, "", fields)
	return fields, nil
}

func flattenValue(value any, name string, into map[string]string) {
	members, ok := value.(map[string]any)
	if !ok {
		into[name] = fmt.Sprint(value)
		return
	}
	for member, inner := range members {
		if name != "" {
			member = name + "." + member
		}
		flattenValue(inner, member, into)
	}
}

// formatValue returns a value for a line of an error, cut to 100 characters.
func formatValue(value string) string {
	if value == "" {
		return "not there"
	}
	return fmt.Sprintf("%.100s", value)
}
