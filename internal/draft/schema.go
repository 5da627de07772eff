package draft

import (
	"slices"
	"strings"

	"github.com/pb33f/libopenapi/datamodel/high/base"
	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"
)

// The names by which APIs call a token, a state, and a text that a user may write.
var (
	tokenNames = []string{"version", "etag", "_etag", "eTag", "revision", "rev", "_rev", "lock_version", "lockVersion", "resourceVersion",
		"resource_version", "row_version", "rowVersion", "generation"}
	stateNames = []string{"status", "state"}
	noteNames  = []string{"note", "notes", "comment", "comments", "description", "remark", "remarks", "text", "summary", "title", "name",
		"label"}
	idNames = []string{"id", "_id", "uuid", "key", "name"}
)

// object describes the members of an object in a schema.
type object struct{ members []member }

// member is one member of an object.
type member struct {
	name     string
	kind     string // string, integer, number, boolean, object, array; empty: the schema does not say
	format   string
	enum     []string
	example  string // of a scalar, or its default
	required bool
	readOnly bool
	inside   *object // of an object
	items    *object // of an array of objects
}

func (o *object) findMember(name string) *member {
	if o == nil {
		return nil
	}
	for i := range o.members {
		if o.members[i].name == name {
			return &o.members[i]
		}
	}
	return nil
}

// isWord reports whether a member is a text or a number.
func (m *member) isWord() bool {
	return m.kind == "string" || m.kind == "integer" || m.kind == "number" || m.kind == ""
}

// depth bounds how far a schema is followed: one may hold itself.
const depth = 4

func toObject(proxy *base.SchemaProxy, left int) *object {
	if proxy == nil || left == 0 {
		return nil
	}
	schema := proxy.Schema()
	if schema == nil {
		return nil
	}
	o := &object{}
	for _, part := range schema.AllOf {
		if more := toObject(part, left-1); more != nil {
			o.members = append(o.members, more.members...)
		}
	}
	for name, property := range schema.Properties.FromOldest() {
		o.members = append(o.members, toMember(name, property, slices.Contains(schema.Required, name), left-1))
	}
	return o
}

func toMember(name string, proxy *base.SchemaProxy, required bool, left int) member {
	m := member{name: name, required: required}
	schema := proxy.Schema()
	if schema == nil {
		return m
	}
	if len(schema.Type) > 0 {
		m.kind = schema.Type[0]
	}
	m.format, m.readOnly = schema.Format, schema.ReadOnly != nil && *schema.ReadOnly
	for _, value := range schema.Enum {
		m.enum = append(m.enum, value.Value)
	}
	switch {
	case schema.Example != nil:
		m.example = schema.Example.Value
	case len(schema.Examples) > 0:
		m.example = schema.Examples[0].Value
	case schema.Default != nil:
		m.example = schema.Default.Value
	}
	if schema.Properties != nil || len(schema.AllOf) > 0 {
		m.inside = toObject(proxy, left)
	}
	if schema.Items != nil && schema.Items.IsA() {
		m.items = toObject(schema.Items.A, left)
	}
	return m
}

func findRequestSchema(o *v3.Operation) *object {
	if o.RequestBody == nil {
		return nil
	}
	for kind, media := range o.RequestBody.Content.FromOldest() {
		if strings.Contains(kind, "json") {
			return toObject(media.Schema, depth)
		}
	}
	return nil
}

// findResponse returns the answer of an operation with a status; nil: none.
func findResponse(o *v3.Operation, status string) *v3.Response {
	if o == nil || o.Responses == nil || o.Responses.Codes == nil {
		return nil
	}
	return o.Responses.Codes.GetOrZero(status)
}

// listStatuses returns the statuses of an operation that begin with a digit.
func listStatuses(o *v3.Operation, first string) []string {
	var all []string
	if o == nil || o.Responses == nil {
		return nil
	}
	for status := range o.Responses.Codes.KeysFromOldest() {
		if strings.HasPrefix(status, first) && len(status) == 3 && !strings.HasSuffix(status, "XX") {
			all = append(all, status)
		}
	}
	return all
}

// findSuccess returns the first answer of an operation with a 2xx status; nil: none.
func findSuccess(o *v3.Operation) *v3.Response {
	if all := listStatuses(o, "2"); len(all) > 0 {
		return findResponse(o, all[0])
	}
	return nil
}

// findJSONSchema returns the schema of an answer in JSON, or nil.
func findJSONSchema(r *v3.Response) *base.SchemaProxy {
	if r == nil {
		return nil
	}
	for kind, media := range r.Content.FromOldest() {
		if strings.Contains(kind, "json") {
			return media.Schema
		}
	}
	return nil
}

// findTokenPlace returns where an answer shows its token.
func findTokenPlace(r *v3.Response) (place string, ok bool) {
	if r == nil {
		return "", false
	}
	for name := range r.Headers.KeysFromOldest() {
		if strings.EqualFold(name, "ETag") {
			return "header:ETag", true
		}
	}
	at, _ := findMember(toObject(findJSONSchema(r), depth), tokenNames, "$", (*member).isWord)
	return at, at != ""
}

// findMember returns the path of the first member that has one of the names and for which is
// returns true. Members of the object come before those of objects in it.
func findMember(o *object, names []string, from string, is func(*member) bool) (path string, m *member) {
	for _, name := range names {
		if m := o.findMember(name); m != nil && is(m) {
			return from + "." + name, m
		}
	}
	if o == nil {
		return "", nil
	}
	for i := range o.members {
		if at, m := findMember(o.members[i].inside, names, from+"."+o.members[i].name, is); m != nil {
			return at, m
		}
	}
	return "", nil
}
