package draft

import "slices"

// The names by which APIs call a token, a state, and a text that a user may write.
var (
	tokenNames = []string{"version", "etag", "_etag", "eTag", "revision", "rev", "_rev", "lock_version", "lockVersion", "resourceVersion",
		"resource_version", "row_version", "rowVersion", "generation"}
	stateNames = []string{"status", "state"}
	noteNames  = []string{"note", "notes", "comment", "comments", "description", "remark", "remarks", "text", "summary", "title", "name",
		"label"}
	idNames = []string{"id", "_id", "uuid", "key", "name"}
)

// object describes the members of an object in a schema; nil: it is not of an object.
type object []member

// member is one member of an object.
type member struct {
	name     string
	kind     string // string, integer, number, boolean, object, array; empty: the schema does not say
	format   string
	enum     []string
	example  string // of a scalar, or its default
	required bool
	readOnly bool
	inside   object // of an object
	items    object // of an array of objects
}

func (o object) findMember(name string) *member {
	for i := range o {
		if o[i].name == name {
			return &o[i]
		}
	}
	return nil
}

// isWord reports whether a member is a text or a number.
func (m *member) isWord() bool {
	return m.kind == "string" || m.kind == "integer" || m.kind == "number" || m.kind == ""
}

const (
	depth      = 4       // bounds how far a schema is followed: one may hold itself
	maxSchemas = 100_000 // bounds how many are read of one: each may hold many, which are the same
)

// readSchema returns what a schema describes, as a member without a name.
func (n node) readSchema() member {
	if n.at == nil {
		return member{}
	}
	n.document.schemas = maxSchemas
	return n.readMember("", depth)
}

func (n node) readMember(name string, left int) member {
	n = n.enter()
	m := member{name: name, format: n.get("format").text(), readOnly: n.get("readOnly").text() == "true", enum: n.get("enum").texts()}
	for _, kind := range n.get("type").texts() {
		if m.kind == "" || m.kind == "null" {
			m.kind = kind
		}
	}
	for _, key := range []string{"default", "examples", "example"} {
		if all := n.get(key).texts(); len(all) > 0 {
			m.example = all[0]
		}
	}
	m.inside, m.items = n.readObject(left), n.get("items").enter().readObject(left)
	return m
}

func (n node) readObject(left int) object {
	properties, parts := n.get("properties"), n.get("allOf")
	if left == 0 || properties.at == nil && parts.at == nil {
		return nil
	}
	o, required := object{}, n.get("required").texts()
	for _, part := range parts.entries() {
		o = append(o, part.enter().readObject(left-1)...)
	}
	for name, property := range properties.entries() {
		m := property.readMember(name, left-1)
		m.required = slices.Contains(required, name)
		o = append(o, m)
	}
	return o
}

// enter returns the place that a schema refers to; none: too many schemas are read.
func (n node) enter() node {
	if n.at == nil || n.document.schemas == 0 {
		return node{}
	}
	n.document.schemas--
	return node{at: n.follow(), document: n.document}
}

// findMember returns the path of the first member that has one of the names and for which is
// returns true. Members of the object come before those of objects in it.
func findMember(o object, names []string, from string, is func(*member) bool) (path string, m *member) {
	for _, name := range names {
		if m := o.findMember(name); m != nil && is(m) {
			return from + "." + name, m
		}
	}
	for _, outer := range o {
		if at, m := findMember(outer.inside, names, from+"."+outer.name, is); m != nil {
			return at, m
		}
	}
	return "", nil
}
