package api

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// field reads a place or a list of places, of which the first that is there
// counts. A list in the list is a pair.
func (l *loader) field(n *yaml.Node, r *answer) field {
	var f field
	l.list(n, func(n *yaml.Node) {
		if n = resolveAlias(n); n.Kind != yaml.SequenceNode {
			f = append(f, l.place(n, l.text(n), r))
			return
		}
		p := place{slot: -1}
		l.list(n, func(n *yaml.Node) {
			l.enterStep(strconv.Itoa(len(p.parts)), func() { p.parts = append(p.parts, l.place(n, l.text(n), r)) })
		})
		if len(p.parts) < 2 {
			l.fail(n, "a list in a list is a pair, and has two places or more")
		}
		p.source = "[" + field(p.parts).joinSources(", ") + "]"
		f = append(f, p)
	})
	for i := range f {
		if slices.ContainsFunc(f[:i], func(p place) bool { return p.source == f[i].source }) {
			l.fail(n, "the place %s stands twice in the list", f[i].source)
		}
	}
	return f
}

// readKeyField reads the places of a key: several stand beside each other with " | ".
func (l *loader) readKeyField(n *yaml.Node, r *answer) field {
	var f field
	for _, text := range strings.Split(n.Value, " | ") {
		f = append(f, l.place(n, text, r))
	}
	return f
}

func (l *loader) place(n *yaml.Node, text string, r *answer) place {
	p, err := newPlace(&r.reader, text)
	if err != nil {
		l.fail(n, "%s", err)
	}
	r.spots = append(r.spots, spot{line: n.Line, col: n.Column, role: strings.Join(l.steps, "."), place: p})
	return p
}
