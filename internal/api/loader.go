package api

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// loader compiles the nodes of one file. What is wrong ends it by a panic with
// a *FileError, which Compile recovers: a file is compiled at start, and the
// first mistake is the one that its author mends first.
type loader struct {
	file  string
	names names    // that a template may use where the loader is
	steps []string // of keys, to where the loader is
}

// FileError is a mistake in an API file.
type FileError struct {
	File      string
	Line, Col int // Col is 0 where only the line is known
	Problem   string
}

func (e *FileError) Error() string {
	if e.Col == 0 {
		return fmt.Sprintf("reading API file %s:%d: %s", e.File, e.Line, e.Problem)
	}
	return fmt.Sprintf("reading API file %s:%d:%d: %s", e.File, e.Line, e.Col, e.Problem)
}

func (l *loader) fail(n *yaml.Node, format string, values ...any) {
	panic(&FileError{File: l.file, Line: n.Line, Col: n.Column, Problem: fmt.Sprintf(format, values...)})
}

// keys are the keys that an object may have, and what to do with each.
type keys map[string]func(*yaml.Node)

// object reads an object whose keys are known. One that is not is an error with
// the names that would be right.
func (l *loader) object(n *yaml.Node, known keys) {
	l.each(n, func(key, value *yaml.Node) {
		use := known[key.Value]
		if use == nil {
			names := slices.Sorted(maps.Keys(known))
			l.fail(key, "key %q is unknown here%s", key.Value, suggestName(key.Value, names))
		}
		l.enterStep(key.Value, func() { use(value) })
	})
}

// enterStep goes into a value of the file, whose place messages name.
func (l *loader) enterStep(step string, use func()) {
	outside := l.steps
	l.steps = append(outside[:len(outside):len(outside)], step)
	use()
	l.steps = outside
}

// each hands out the keys and values of an object in the order of the file.
func (l *loader) each(n *yaml.Node, use func(key, value *yaml.Node)) {
	n = resolveAlias(n)
	if n.Kind != yaml.MappingNode {
		l.fail(n, "want an object with keys%s", explainBraces(n))
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if line := seen[key.Value]; line > 0 {
			l.fail(key, "key %q stands twice, first in line %d", key.Value, line)
		}
		seen[key.Value] = key.Line
		use(key, n.Content[i+1])
	}
}

// explainBraces returns a hint at the most frequent mistake, "" where it was not made: {id}
// without quotes is an object to YAML.
func explainBraces(n *yaml.Node) string {
	if n.Kind == yaml.ScalarNode && strings.ContainsAny(n.Value, "{}") {
		return "; a template stands in quotes: \"{id}\""
	}
	return ""
}

func resolveAlias(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// text reads a scalar as it is written.
func (l *loader) text(n *yaml.Node) string {
	n = resolveAlias(n)
	switch {
	case n.Kind == yaml.MappingNode:
		l.fail(n, "want a text; one with {braces} stands in quotes")
	case n.Kind != yaml.ScalarNode || n.Value == "":
		l.fail(n, "want a text")
	}
	return n.Value
}

// list reads a list, or one element without the brackets.
func (l *loader) list(n *yaml.Node, use func(*yaml.Node)) {
	n = resolveAlias(n)
	if n.Kind != yaml.SequenceNode {
		use(n)
		return
	}
	if len(n.Content) == 0 {
		l.fail(n, "the list is empty")
	}
	for i, element := range n.Content {
		if resolveAlias(element).Kind != yaml.MappingNode {
			use(element)
			continue
		}
		l.enterStep(strconv.Itoa(i), func() { use(element) })
	}
}

func (l *loader) texts(n *yaml.Node) []string {
	var all []string
	l.list(n, func(n *yaml.Node) { all = append(all, l.text(n)) })
	return all
}
