package telemetry

import (
	"cmp"
	"slices"
	"strings"
)

// Identity identifies a metric in CloudWatch. Two metrics of one name and
// other dimensions have nothing in common: asking for {} does not find
// {Service=MoveAPI}.
type Identity struct {
	Namespace  string     `json:"namespace"`
	Name       string     `json:"name"`
	Dimensions Dimensions `json:"dimensions"`
}

// Dimensions are a set; their order means nothing.
type Dimensions []Dimension

// Dimension is one part of an identity.
type Dimension struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// sorted returns the dimensions by name.
func (d Dimensions) sorted() Dimensions {
	s := slices.Clone(d)
	slices.SortFunc(s, func(a, b Dimension) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Value, b.Value))
	})
	return s
}

// String writes a set as "{Environment=prod, Service=MoveAPI}".
func (d Dimensions) String() string {
	var parts []string
	for _, one := range d.sorted() {
		parts = append(parts, one.Name+"="+one.Value)
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// Equal reports whether two sets are the same.
func (d Dimensions) Equal(other Dimensions) bool { return slices.Equal(d.sorted(), other.sorted()) }

// Equal reports whether two identities are the same metric.
func (i Identity) Equal(other Identity) bool {
	return i.Namespace == other.Namespace && i.Name == other.Name && i.Dimensions.Equal(other.Dimensions)
}

// String writes an identity as "MoveLatency {Service=MoveAPI}".
func (i Identity) String() string { return i.Name + " " + i.Dimensions.String() }

// IsAmong reports whether the metric is one of those.
func (i Identity) IsAmong(published []Identity) bool { return slices.ContainsFunc(published, i.Equal) }
