package draft

import (
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// operation is a call that the document describes.
type operation struct {
	node
	path node // whose parameters it has too
}

// findOperation returns the operation of a path with a method; nil: none.
func findOperation(path node, method string) *operation {
	if o := path.get(method); o.follow().Kind == yaml.MappingNode {
		return &operation{o, path}
	}
	return nil
}

func (o *operation) hasHeader(name string) bool {
	for _, from := range []node{o.node, o.path} {
		for _, p := range from.get("parameters").entries() {
			if p.get("in").text() == "header" && strings.EqualFold(p.get("name").text(), name) {
				return true
			}
		}
	}
	return false
}

func (o *operation) hasStatus(status string) bool { return o.get("responses", status).at != nil }

var success = regexp.MustCompile(`^2\d\d$`)

// listSuccesses returns the 2xx statuses of an operation.
func (o *operation) listSuccesses() []string {
	var all []string
	for status := range o.get("responses").entries() {
		if success.MatchString(status) {
			all = append(all, status)
		}
	}
	return all
}

// findSuccess returns the first answer of an operation with a 2xx status.
func (o *operation) findSuccess() node {
	if all := o.listSuccesses(); len(all) > 0 {
		return o.get("responses", all[0])
	}
	return node{}
}

// readBody returns the members of a request.
func (o *operation) readBody() object { return o.get("requestBody").readJSON().inside }

// readJSON returns what the first media type that is JSON holds.
func (n node) readJSON() member {
	for kind, media := range n.get("content").entries() {
		if strings.Contains(kind, "json") {
			return media.get("schema").readSchema()
		}
	}
	return member{}
}

// findToken returns where an answer shows its token; empty: nowhere.
func (n node) findToken() string {
	for name := range n.get("headers").entries() {
		if strings.EqualFold(name, "ETag") {
			return "header:ETag"
		}
	}
	at, _ := findMember(n.readJSON().inside, tokenNames, "$", (*member).isWord)
	return at
}
