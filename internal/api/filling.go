package api

import (
	"go.yaml.in/yaml/v3"
)

func (l *loader) template(n *yaml.Node, first context) template {
	t, err := parseTemplate(l.text(n), first, l.names)
	if err != nil {
		l.fail(n, "%s", err)
	}
	return t
}
