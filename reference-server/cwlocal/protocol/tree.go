package protocol

// What a request or an answer says, whatever the protocol, is a tree of
//
//	nil, bool, float64, string, time.Time, []any, map[string]any   and, read only,
//	text      a scalar of the query protocol, which has no types
//	int       written only: a number without a fraction
//	object    written only: members in their order
//	dictionary  written only: a map from strings, which XML spells differently from an object
type (
	text       string
	Object     []member
	dictionary []member
)

type member struct {
	name  string
	value any
}

// maxDepth is how deep a request may be nested; the deepest real one is 7.
const maxDepth = 16
