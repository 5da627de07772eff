package draft

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// document is an OpenAPI document.
type document struct {
	root    *yaml.Node
	schemas int   // that may still be read
	err     error // of the first reference that leads to nothing
}

// node is a place in a document; the zero value: there is none. What is of a wrong kind counts as absent.
type node struct {
	at       *yaml.Node
	document *document // nil: references are not followed
	merged   bool      // by <<, which is followed once: it may go in a circle
}

// maxChain bounds how many references are followed one after another: they may go in a circle.
const maxChain = 16

// parseNodes returns the root of a document in YAML or JSON.
func parseNodes(text []byte) (node, error) {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if json.Valid(text) {
		text = jsonText.ReplaceAllFunc(text, quoteJSON)
	}
	var file yaml.Node
	if err := yaml.Unmarshal(text, &file); err != nil || len(file.Content) == 0 {
		return node{}, err
	}
	return node{at: file.Content[0], document: &document{root: file.Content[0]}}, nil
}

var jsonText = regexp.MustCompile(`"(\\.|[^"\\])*"`)

// quoteJSON quotes a text of JSON as YAML reads it: YAML knows neither \/ nor characters of two escapes.
func quoteJSON(quoted []byte) []byte {
	var text string
	_ = json.Unmarshal(quoted, &text) // it is valid
	return []byte(strconv.QuoteToASCII(text))
}

// follow returns what a node holds, or what it refers to.
func (n node) follow() *yaml.Node {
	for i := 0; i < maxChain && n.at != nil; i++ {
		if n.at.Kind == yaml.AliasNode {
			n.at = n.at.Alias
		}
		ref := findReference(n.at)
		if n.document == nil || ref == "" {
			return n.at
		}
		n = n.document.findComponent(ref)
	}
	return &yaml.Node{}
}

func findReference(n *yaml.Node) string {
	for i := 1; i < len(n.Content) && n.Kind == yaml.MappingNode; i += 2 {
		if n.Content[i-1].Value == "$ref" && n.Content[i].Kind == yaml.ScalarNode {
			return n.Content[i].Value
		}
	}
	return ""
}

var unescape = strings.NewReplacer("~1", "/", "~0", "~")

// findComponent returns what a reference such as #/components/schemas/Book names.
func (d *document) findComponent(ref string) node {
	pointer, err := url.PathUnescape(strings.TrimPrefix(ref, "#"))
	steps := strings.Split(pointer, "/")
	for i, step := range steps {
		steps[i] = unescape.Replace(step)
	}
	found := node{at: d.root}.get(steps[1:]...)
	switch {
	case d.err != nil:
	case !strings.HasPrefix(ref, "#"):
		d.err = fmt.Errorf("it refers to another document, %q; want one document with all its parts", ref)
	case err != nil || steps[0] != "" || found.at == nil:
		d.err = fmt.Errorf("component %q does not exist", ref)
	}
	return node{at: found.at, document: d}
}

// entries yields the keys and values of an object, or the items of a list, in the order of the document.
func (n node) entries() iter.Seq2[string, node] {
	return func(yield func(string, node) bool) {
		all := n.follow()
		for i, value := range all.Content {
			key, value := &yaml.Node{Value: strconv.Itoa(i)}, node{at: value, document: n.document}
			if all.Kind == yaml.MappingNode {
				if i%2 == 0 {
					continue
				}
				key = all.Content[i-1]
			}
			if key.Tag == "!!merge" && !n.merged {
				value.merged = true
				for name, more := range value.entries() {
					if !yield(name, more) {
						return
					}
				}
			} else if !yield(key.Value, value) {
				return
			}
		}
	}
}

// get returns the value to which keys lead.
func (n node) get(keys ...string) node {
	for _, key := range keys {
		var found node
		for name, value := range n.entries() {
			if name == key {
				found = value
			}
		}
		n = found
	}
	return n
}

// text returns a scalar as it is written; empty: it is null or no scalar.
func (n node) text() string {
	if at := n.follow(); at.Tag != "!!null" {
		return at.Value
	}
	return ""
}

// texts returns the scalars in a list, or the only one, without those that are empty.
func (n node) texts() []string {
	all := []string{n.text()}
	for _, item := range n.entries() {
		all = append(all, item.text())
	}
	return slices.DeleteFunc(all, func(text string) bool { return text == "" })
}
