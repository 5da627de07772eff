package telemetry

import (
	"strconv"
	"strings"
)

// Difference is one way in which an existing alarm is not the declared one.
type Difference struct {
	Alarm    string `json:"alarm"`
	Field    string `json:"field"`
	Declared string `json:"declared"`
	Existing string `json:"existing"`
}

// Compare returns how existing alarms differ from the declared ones. Alarms that
// are not declared are left alone, and so is whom an alarm calls.
func Compare(declared, existing []Rule) []Difference {
	var all []Difference
	for _, want := range declared {
		have := findRule(existing, want.Name)
		if have == nil {
			all = append(all, Difference{want.Name, "alarm", want.Condition(), "does not exist"})
			continue
		}
		all = append(all, want.differences(have)...)
	}
	return all
}

func findRule(rules []Rule, name string) *Rule {
	for i := range rules {
		if rules[i].Name == name {
			return &rules[i]
		}
	}
	return nil
}

func (r Rule) differences(have *Rule) []Difference {
	var all []Difference
	wants, haves := r.fields(), have.fields()
	for i, want := range wants {
		if want[1] != haves[i][1] {
			all = append(all, Difference{r.Name, want[0], want[1], haves[i][1]})
		}
	}
	return all
}

// fields returns the compared values, by name.
func (r Rule) fields() [][2]string {
	return [][2]string{
		{"metrics", strings.TrimSpace(r.formatLine() + " " + r.Unsupported)},
		{"period", r.Period.String()},
		{"evaluation periods", strconv.Itoa(r.Periods)},
		{"datapoints to alarm", strconv.Itoa(r.ToAlarm)},
		{"comparison", r.Comparison},
		{"threshold", formatNumber(r.Threshold)},
		{"missing data", r.Missing},
		{"actions enabled", strconv.FormatBool(r.Enabled)},
	}
}
