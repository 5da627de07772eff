package api

import (
	"strconv"
	"strings"

	"github.com/go-faster/jx"
	"go.yaml.in/yaml/v3"
)

// anySuccess is the condition of a call that declares none.
func anySuccess() condition { return condition{status: []statusRange{{200, 299}}} }

// condition reads a condition: a status alone, or an object.
func (l *loader) condition(n *yaml.Node, r *answer) condition {
	if at := resolveAlias(n); at.Kind != yaml.MappingNode {
		return condition{status: l.statuses(at)}
	}
	return l.readCondition(n, r, keys{})
}

// readCondition reads a condition whose object has further keys.
func (l *loader) readCondition(n *yaml.Node, r *answer, rest keys) condition {
	c, n := anySuccess(), resolveAlias(n)
	equalities := func(to *[]equality) func(*yaml.Node) {
		return func(n *yaml.Node) {
			l.each(n, func(key, value *yaml.Node) { *to = append(*to, l.equality(key, value, r)) })
			l.requireParts(n, len(*to))
		}
	}
	fields := func(to *[]field) func(*yaml.Node) {
		return func(n *yaml.Node) {
			l.list(n, func(n *yaml.Node) { *to = append(*to, field{l.place(n, l.text(n), r)}) })
		}
	}
	rest["status"] = func(n *yaml.Node) { c.status = l.statuses(n) }
	rest["when"], rest["unless"] = equalities(&c.when), equalities(&c.unless)
	rest["require"], rest["absent"] = fields(&c.require), fields(&c.absent)
	samenesses := func(to *[]sameness) func(*yaml.Node) {
		return func(n *yaml.Node) {
			l.each(n, func(key, value *yaml.Node) {
				*to = append(*to, sameness{at: l.readKeyField(key, r), want: l.template(value, inText)})
			})
			l.requireParts(n, len(*to))
		}
	}
	rest["same"], rest["echo"] = samenesses(&c.same), samenesses(&c.echo)
	l.object(n, rest)
	c.inJSON = c.readsJSON()
	if words := c.contradiction(); words != "" {
		l.fail(n, "the condition never holds: %s", words)
	}
	return c
}

// requireParts refuses a part of a condition that says nothing.
func (l *loader) requireParts(n *yaml.Node, count int) {
	if count == 0 {
		l.fail(n, "%s is empty, so it always holds; leave it out, or say what is to be where", l.steps[len(l.steps)-1])
	}
}

func (l *loader) equality(key, n *yaml.Node, r *answer) equality {
	e := equality{at: l.readKeyField(key, r), kind: jx.String, text: l.text(n)}
	switch n = resolveAlias(n); n.Tag {
	case "!!bool":
		e.kind, e.text = jx.Bool, strings.ToLower(n.Value)
	case "!!int", "!!float":
		e.kind = jx.Number
	default:
		e.text, e.suffix = strings.CutPrefix(e.text, "~")
	}
	return e
}

func (l *loader) statuses(n *yaml.Node) []statusRange {
	var all []statusRange
	l.list(n, func(n *yaml.Node) { all = append(all, l.status(n)) })
	return all
}

func (l *loader) status(n *yaml.Node) statusRange {
	text := l.text(n)
	if len(text) == 3 && text[0] >= '1' && text[0] <= '5' && text[1:] == "xx" {
		from := int(text[0]-'0') * 100
		return statusRange{from, from + 99}
	}
	status, err := strconv.Atoi(text)
	if err != nil || status < 100 || status > 599 {
		l.fail(n, "%q is no HTTP status; want 409, 2xx or a list", text)
	}
	return statusRange{status, status}
}

// checkOr refuses a condition that is asked before another one and always holds where
// the other one does.
func (l *loader) checkOr(n *yaml.Node, first, other *condition, key, words string) {
	if status := first.findSharedStatus(other); status > 0 && first.isBare() {
		l.fail(n, "`%s` holds for every answer with HTTP status %d, so %s; want `when`, `unless`, `require` or `absent` in it",
			key, status, words)
	}
}
