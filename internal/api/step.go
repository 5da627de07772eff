package api

import (
	"fmt"
	"regexp"

	"github.com/theory/jsonpath"
	"github.com/theory/jsonpath/spec"
)

// step is one step of a path through JSON.
type step struct {
	name  string
	index int
	kind  stepKind
}

type stepKind uint8

const (
	byName    stepKind = iota
	byIndex            // one element of an array
	anyMember          // .* every member of an object
	anyItem            // [*] every element of an array
)

// parsePath returns the steps of a JSON path: RFC 9535 with names, indexes from
// 0 and, where many is true, wildcards.
func parsePath(text string, many bool) ([]step, error) {
	path, err := jsonpath.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%q is not a JSON path: %w", text, err)
	}
	wildcards := parseWildcards(text)
	var steps []step
	for _, segment := range path.Query().Segments() {
		selectors := segment.Selectors()
		if segment.IsDescendant() || len(selectors) != 1 {
			return nil, fmt.Errorf("%q uses .. or a list of selectors; a place has names and indexes only", text)
		}
		s, err := parseStep(selectors[0], &wildcards)
		if err != nil || !many && (s.kind == anyMember || s.kind == anyItem) {
			return nil, fmt.Errorf("%q is more than names and indexes from 0 on (* stands in items only)", text)
		}
		steps = append(steps, s)
	}
	return steps, nil
}

func parseStep(selector spec.Selector, wildcards *[]stepKind) (step, error) {
	switch s := selector.(type) {
	case spec.Name:
		return step{kind: byName, name: string(s)}, nil
	case spec.Index:
		if s < 0 {
			return step{}, fmt.Errorf("index %d counts from the end", s)
		}
		return step{kind: byIndex, index: int(s)}, nil
	case spec.WildcardSelector:
		kind := (*wildcards)[0]
		*wildcards = (*wildcards)[1:]
		return step{kind: kind}, nil
	}
	return step{}, fmt.Errorf("%s is no name and no index", selector)
}

var wildcard = regexp.MustCompile(`\.\*|\[\*\]`)

// parseWildcards returns what each * of a path stands for: .* for the members of
// an object, [*] for the elements of an array. To RFC 9535 both are the same,
// and an array of columns would be read where an object was declared.
func parseWildcards(text string) []stepKind {
	var kinds []stepKind
	for _, found := range wildcard.FindAllString(text, -1) {
		kind := anyItem
		if found == ".*" {
			kind = anyMember
		}
		kinds = append(kinds, kind)
	}
	return append(kinds, anyItem) // one in quotes is no wildcard and costs a kind too many
}
