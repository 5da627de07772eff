package metricdata

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/occbench/occbench/reference-server/cwlocal/protocol"
)

// Dimension is one part of a metric's identity.
type Dimension struct {
	Name  string
	Value string
}

// Metric is an identity: two metrics with the same name and other dimensions
// have nothing in common. Asking for {} does not find {Service=MoveAPI}.
type Metric struct {
	Namespace  string
	MetricName string
	Dimensions []Dimension
}

// Canonical returns the metric with its dimensions in order, so that the order
// in which a client names them means nothing.
func (m Metric) Canonical() Metric {
	m.Dimensions = slices.Clone(m.Dimensions)
	slices.SortFunc(m.Dimensions, func(a, b Dimension) int { return cmp.Compare(a.Name, b.Name) })
	if m.Dimensions == nil {
		m.Dimensions = []Dimension{}
	}
	return m
}

// key is unique among canonical metrics, and sorts them by namespace and name.
func (m Metric) key() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%q %q", m.Namespace, m.MetricName)
	for _, d := range m.Dimensions {
		fmt.Fprintf(&b, " %q=%q", d.Name, d.Value)
	}
	return b.String()
}

// Check finds what cannot be a metric; path is where the client named it.
func (m *Metric) Check(path string) *protocol.Error {
	if m.Namespace == "" || len(m.Namespace) > 255 || m.Namespace[0] == ':' {
		return protocol.InvalidValue("The value %q for parameter %s is invalid.", m.Namespace, protocol.JoinPath(path, "Namespace"))
	}
	if m.MetricName == "" || len(m.MetricName) > 255 {
		return protocol.InvalidValue("The value %q for parameter %s is invalid.", m.MetricName, protocol.JoinPath(path, "MetricName"))
	}
	return checkDimensions(m.Dimensions, protocol.JoinPath(path, "Dimensions"))
}

func checkDimensions(dimensions []Dimension, path string) *protocol.Error {
	if len(dimensions) > 30 {
		return protocol.InvalidValue("The collection %s must not have a size greater than 30.", path)
	}
	seen := map[string]bool{}
	for i, d := range dimensions {
		at := fmt.Sprintf("%s.member.%d", path, i+1)
		if d.Name == "" || len(d.Name) > 255 || d.Name[0] == ':' || seen[d.Name] {
			return protocol.InvalidValue("The value %q for parameter %s.Name is invalid or given twice.", d.Name, at)
		}
		if d.Value == "" || len(d.Value) > 1024 {
			return protocol.InvalidValue("The value %q for parameter %s.Value is invalid.", d.Value, at)
		}
		seen[d.Name] = true
	}
	return nil
}

var Units = strings.Fields(`Seconds Microseconds Milliseconds Bytes Kilobytes Megabytes Gigabytes Terabytes
	Bits Kilobits Megabits Gigabits Terabits Percent Count Bytes/Second Kilobytes/Second Megabytes/Second
	Gigabytes/Second Terabytes/Second Bits/Second Kilobits/Second Megabits/Second Gigabits/Second
	Terabits/Second Count/Second None`)

func CheckUnit(unit, path string) *protocol.Error {
	if unit != "" && !slices.Contains(Units, unit) {
		return protocol.InvalidValue("The value %q for parameter %s is invalid.", unit, path)
	}
	return nil
}
