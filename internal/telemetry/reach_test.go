package telemetry

import (
	"strings"
	"testing"
	"time"
)

// A threshold out of reach is found through metric math and with every
// comparison, as is one that is always crossed.
func TestReach(t *testing.T) {
	s := Source{Namespace: "N", Stage: "prod"}
	published := []Identity{s.Metric(Conflicts), s.Metric(Latency)}
	one := func(metric, stat string) []Line { return []Line{{Metric: s.Metric(metric), Stat: stat, Watched: true}} }
	math := func(expression, c string) []Line {
		return []Line{{ID: "e", Expression: expression, Watched: true}, {ID: "c", Metric: s.Metric(Conflicts), Stat: c},
			{ID: "a", Metric: s.Metric(Latency), Stat: "SampleCount"}, {ID: "f", Expression: "c / a"}, {ID: "x", Expression: "x + 1"}}
	}
	const never, always = true, false
	for name, c := range map[string]struct {
		lines      []Line
		comparison string
		threshold  float64
		never      bool
		words      string // of the remark; empty: there is none
	}{
		"a share held against per cent": {math("c / a", "Sum"), "GreaterThanThreshold", 10, never, "its value is from 0 to 1, so it is never > 10"},
		"a share through another line":  {math("100 * f", "Sum"), "GreaterThanThreshold", 100, never, "never > 100"},
		"more than all":                 {math("100 * c / a", "Sum"), "GreaterThanThreshold", 100, never, "from 0 to 100"},
		"all":                           {math("100 * c / a", "Sum"), "GreaterThanOrEqualToThreshold", 100, never, ""},
		"at least more than all":        {math("100 * c / a", "Sum"), "GreaterThanOrEqualToThreshold", 101, never, "never >= 101"},
		"the declared share":            {math("IF(a >= 300, 100 * c / a, 0)", "Sum"), "GreaterThanThreshold", 10, never, ""},
		"always at least 0":             {math("IF(a >= 300, 100 * c / a, 0)", "Sum"), "GreaterThanOrEqualToThreshold", 0, always, "it is always >= 0"},
		"at most more than all":         {math("c / a * 100", "Sum"), "LessThanOrEqualToThreshold", 100, always, "it is always <= 100"},
		"a maximum by math":             {math("c", "Maximum"), "GreaterThanThreshold", 30, never, "its Maximum is never > 30; a Sum counts conflicts"},
		"an average by math":            {math("100 * c", "Average"), "GreaterThanThreshold", 100, never, "from 0 to 100"},
		"a difference":                  {math("a - c", "Sum"), "LessThanThreshold", 0, never, ""},
		"a negative share":              {math("-c / a", "Sum"), "GreaterThanThreshold", 0, never, "from -1 to 0"},
		"a filled share":                {math("FILL(c, 0) / a", "Sum"), "GreaterThanThreshold", 10, never, ""},
		"a function that is not known":  {math("RATE(c)", "Sum"), "GreaterThanThreshold", 1000, never, ""},
		"no expression":                 {math("100 * (c / a", "Sum"), "GreaterThanThreshold", 1000, never, ""},
		"a circle":                      {math("x", "Sum"), "GreaterThanThreshold", 1000, never, ""},
		"below 0":                       {one(Conflicts, "Sum"), "LessThanThreshold", 0, never, "its value is 0 or more, so it is never < 0"},
		"at most below 0":               {one(Latency, "p95"), "LessThanOrEqualToThreshold", -1, never, "never <= -1"},
		"a number of conflicts":         {one(Conflicts, "Sum"), "GreaterThanThreshold", 30, never, ""},
		"a maximum":                     {one(Conflicts, "Maximum"), "GreaterThanThreshold", 30, never, "its Maximum is never > 30"},
		"attempts for conflicts":        {one(Conflicts, "SampleCount"), "GreaterThanThreshold", 30, always, "counts attempts"},
		"attempts by math":              {math("c", "SampleCount"), "GreaterThanThreshold", 30, always, "counts attempts"},
		"seconds":                       {one(Latency, "p95"), "GreaterThanThreshold", 0.4, always, "if seconds were meant, the threshold is 400"},
		"milliseconds":                  {one(Latency, "p95"), "GreaterThanThreshold", 400, never, ""},
		"a sum of latencies":            {one(Latency, "Sum"), "GreaterThanThreshold", 400, always, "grows with the number of updates"},
	} {
		t.Run(name, func(t *testing.T) {
			r := Rule{Name: name, Lines: c.lines, Period: 5 * time.Minute, Periods: 1, ToAlarm: 1, Comparison: c.comparison, Threshold: c.threshold, Missing: "missing", Enabled: true, Actions: []string{"arn"}}
			found := Lint([]Rule{r}, published, Load{})
			if c.words == "" {
				if len(found) > 0 {
					t.Errorf("%+v", found)
				}
				return
			}
			if len(found) != 1 || found[0].Never != c.never || !strings.Contains(found[0].Words, c.words) {
				t.Errorf("%+v, want %q", found, c.words)
			}
		})
	}
}
