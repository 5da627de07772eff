package cwlocal

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Dimension is one part of a metric's identity.
type Dimension struct {
	Name  string
	Value string
}

// metric is an identity: two metrics with the same name and other dimensions
// have nothing in common. Asking for {} does not find {Service=MoveAPI}.
type metric struct {
	Namespace  string
	MetricName string
	Dimensions []Dimension
}

// canonical returns the metric with its dimensions in order, so that the order
// in which a client names them means nothing.
func (m metric) canonical() metric {
	m.Dimensions = slices.Clone(m.Dimensions)
	slices.SortFunc(m.Dimensions, func(a, b Dimension) int { return cmp.Compare(a.Name, b.Name) })
	if m.Dimensions == nil {
		m.Dimensions = []Dimension{}
	}
	return m
}

// key is unique among canonical metrics, and sorts them by namespace and name.
func (m metric) key() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%q %q", m.Namespace, m.MetricName)
	for _, d := range m.Dimensions {
		fmt.Fprintf(&b, " %q=%q", d.Name, d.Value)
	}
	return b.String()
}

// check finds what cannot be a metric; path is where the client named it.
func (m *metric) check(path string) *apiError {
	if m.Namespace == "" || len(m.Namespace) > 255 || m.Namespace[0] == ':' {
		return invalidValue("The value %q for parameter %s is invalid.", m.Namespace, join(path, "Namespace"))
	}
	if m.MetricName == "" || len(m.MetricName) > 255 {
		return invalidValue("The value %q for parameter %s is invalid.", m.MetricName, join(path, "MetricName"))
	}
	return checkDimensions(m.Dimensions, join(path, "Dimensions"))
}

func checkDimensions(dimensions []Dimension, path string) *apiError {
	if len(dimensions) > 30 {
		return invalidValue("The collection %s must not have a size greater than 30.", path)
	}
	seen := map[string]bool{}
	for i, d := range dimensions {
		at := fmt.Sprintf("%s.member.%d", path, i+1)
		if d.Name == "" || len(d.Name) > 255 || d.Name[0] == ':' || seen[d.Name] {
			return invalidValue("The value %q for parameter %s.Name is invalid or given twice.", d.Name, at)
		}
		if d.Value == "" || len(d.Value) > 1024 {
			return invalidValue("The value %q for parameter %s.Value is invalid.", d.Value, at)
		}
		seen[d.Name] = true
	}
	return nil
}

var units = strings.Fields(`Seconds Microseconds Milliseconds Bytes Kilobytes Megabytes Gigabytes Terabytes
	Bits Kilobits Megabits Gigabits Terabits Percent Count Bytes/Second Kilobytes/Second Megabytes/Second
	Gigabytes/Second Terabytes/Second Bits/Second Kilobits/Second Megabits/Second Gigabits/Second
	Terabits/Second Count/Second None`)

func checkUnit(unit, path string) *apiError {
	if unit != "" && !slices.Contains(units, unit) {
		return invalidValue("The value %q for parameter %s is invalid.", unit, path)
	}
	return nil
}
