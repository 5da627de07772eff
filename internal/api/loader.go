package api

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// loader compiles the nodes of one file. What is wrong ends it by a panic with
// a *FileError, which Compile recovers: a file is compiled at start, and the
// first mistake is the one that its author mends first.
type loader struct {
	file  string
	saved []string
}

// FileError is a mistake in an API file.
type FileError struct {
	File      string
	Line, Col int
	Problem   string
}

func (e *FileError) Error() string {
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
			l.fail(key, "key %q is unknown here; want one of %s", key.Value, strings.Join(sorted(known), ", "))
		}
		use(value)
	})
}

func sorted(known keys) []string {
	var names []string
	for name := range known {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// each hands out the keys and values of an object in the order of the file.
func (l *loader) each(n *yaml.Node, use func(key, value *yaml.Node)) {
	n = resolve(n)
	if n.Kind != yaml.MappingNode {
		l.fail(n, "want an object with keys%s", braces(n))
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if seen[key.Value] {
			l.fail(key, "key %q stands twice", key.Value)
		}
		seen[key.Value] = true
		use(key, n.Content[i+1])
	}
}

// braces explains the mistake that is made most often: {id} without quotes is
// an object to YAML.
func braces(n *yaml.Node) string {
	if n.Kind == yaml.ScalarNode && strings.ContainsAny(n.Value, "{}") {
		return "; a template stands in quotes: \"{id}\""
	}
	return ""
}

func resolve(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// text reads a scalar as it is written.
func (l *loader) text(n *yaml.Node) string {
	n = resolve(n)
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
	n = resolve(n)
	if n.Kind != yaml.SequenceNode {
		use(n)
		return
	}
	if len(n.Content) == 0 {
		l.fail(n, "the list is empty")
	}
	for _, element := range n.Content {
		use(element)
	}
}

func (l *loader) texts(n *yaml.Node) []string {
	var all []string
	l.list(n, func(n *yaml.Node) { all = append(all, l.text(n)) })
	return all
}

// field reads a place or a list of places, of which the first that is there
// counts.
func (l *loader) field(n *yaml.Node, r *reader) field {
	var f field
	l.list(n, func(n *yaml.Node) { f = append(f, l.place(n, l.text(n), r)) })
	return f
}

// keyField reads the places of a key: several stand beside each other with " | ".
func (l *loader) keyField(n *yaml.Node, r *reader) field {
	var f field
	for _, text := range strings.Split(n.Value, " | ") {
		f = append(f, l.place(n, text, r))
	}
	return f
}

func (l *loader) place(n *yaml.Node, text string, r *reader) place {
	p, err := newPlace(r, text)
	if err != nil {
		l.fail(n, "%s", err)
	}
	return p
}

func (l *loader) template(n *yaml.Node, first context) template {
	t, err := parseTemplate(l.text(n), first, func(name string) bool { return slices.Contains(l.saved, name) })
	if err != nil {
		l.fail(n, "%s", err)
	}
	return t
}
