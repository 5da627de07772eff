package draft

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// FromOpenAPI returns an API file of the resource in an OpenAPI document that looks
// most like one with versioned updates. What the document does not tell is marked
// TODO. An error says why the document cannot be read, or that nothing in it can be
// read and written by an id.
func FromOpenAPI(file string, document []byte) ([]byte, error) {
	root, err := parseDocument(document)
	if err != nil {
		return nil, fmt.Errorf("reading the OpenAPI document %s: %w", file, err)
	}
	best, ok := chooseResource(root.get("paths"))
	var text []byte
	if ok {
		text = best.write(root, file)
	}
	if err := root.document.err; err != nil {
		return nil, fmt.Errorf("reading the OpenAPI document %s: %w", file, err)
	}
	if !ok {
		return nil, fmt.Errorf(
			"drafting an API file from %s: no path with a parameter, such as /items/{id}, has both a GET and a PUT, PATCH or POST; "+
				"`occbench api init` without --openapi writes a file to fill in by hand", file)
	}
	return text, nil
}

func parseDocument(text []byte) (node, error) {
	root, err := parseNodes(text)
	if err != nil {
		return root, err
	}
	switch version := cmp.Or(root.get("openapi").text(), root.get("swagger").text()); {
	case version == "":
		return root, errors.New("it names no version; want openapi: 3.0.3, for example")
	case version != "3" && !strings.HasPrefix(version, "3."):
		return root, fmt.Errorf("it is of version %s; want OpenAPI 3", version)
	case root.get("paths").follow().Kind != yaml.MappingNode:
		return root, errors.New("it has no paths")
	}
	return root, nil
}

// resource is a record of the API, and the calls that the document has for it.
type resource struct {
	path       string // of one record, with {id} and TODO for what else it takes
	collection string
	read       *operation
	list       *operation // nil: none
	create     *operation // nil: none
	remove     *operation // nil: none
	method     string     // of the update
	updatePath string
	update     *operation
	score      int
}

// chooseResource returns the resource whose update has the most signs of a version check.
func chooseResource(paths node) (best resource, ok bool) {
	for path, item := range paths.entries() {
		end, read := strings.LastIndex(path, "/{"), findOperation(item, "get")
		if read == nil || end < 0 {
			continue
		}
		r := resource{path: path, collection: path[:end], read: read, remove: findOperation(item, "delete")}
		all := paths.get(r.collection)
		r.list, r.create = findOperation(all, "get"), findOperation(all, "post")
		try := func(path string, item node, methods ...string) {
			for _, r.method = range methods {
				r.updatePath, r.update = path, findOperation(item, r.method)
				if r.update == nil {
					continue
				}
				if r.score = r.computeScore(); !ok || r.score > best.score {
					best, ok = r, true
				}
			}
		}
		try(path, item, "put", "patch", "post")
		for below, other := range paths.entries() { // such as /items/{id}/move
			if rest, inside := strings.CutPrefix(below, path+"/"); inside && !strings.ContainsAny(rest, "/{") {
				try(below, other, "post", "put")
			}
		}
	}
	return best, ok
}

// computeScore returns how many signs of a version check the update of a resource has.
func (r *resource) computeScore() int {
	score := 0
	if r.update.hasHeader("If-Match") {
		score += 5
	}
	if r.findBodyToken() != nil {
		score += 5
	}
	for _, status := range []string{"412", "409"} {
		if r.update.hasStatus(status) {
			score += 3
		}
	}
	if r.method == "put" || r.method == "patch" {
		score++
	}
	if r.read.findSuccess().findToken() != "" {
		score += 2
	}
	return score
}

// findBodyToken returns the member of the body that names the token, or nil.
func (r *resource) findBodyToken() *member {
	body := r.update.readBody()
	for _, prefix := range []string{"expected_", "expected", "if_", ""} {
		for _, name := range tokenNames {
			if prefix == "expected" { // expectedVersion
				name = strings.ToUpper(name[:1]) + name[1:]
			}
			if m := body.findMember(prefix + name); m != nil && m.isWord() {
				return m
			}
		}
	}
	return nil
}
