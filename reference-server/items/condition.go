package items

import (
	"net/http"
	"strings"

	"github.com/occbench/occbench/reference-server/store"
)

// readExpected returns the version that the If-Match of a request wishes an item to be
// in. A header may name several tags, of which any will do, or be *; false means
// that it is neither.
func readExpected(tags Tags, r *http.Request, is store.Item) (int64, bool) {
	header := strings.Join(r.Header.Values("If-Match"), ",")
	if strings.TrimSpace(header) == "*" {
		return is.Version, true
	}
	given, ok := parseTags(header)
	if !ok {
		return Unknown, false
	}
	wished := int64(Unknown)
	for _, tag := range given {
		version := tags.Version(r, tag, is)
		if version == is.Version {
			return version, true
		}
		wished = max(wished, version)
	}
	return wished, true
}

// parseTags reads a list of at least one entity tag as RFC 9110, section 8.8.3 has
// it.
func parseTags(header string) (tags []string, ok bool) {
	for rest := header; ; {
		rest = strings.TrimLeft(rest, " \t,")
		if rest == "" {
			return tags, len(tags) > 0
		}
		text := strings.TrimPrefix(rest, "W/")
		if !strings.HasPrefix(text, `"`) {
			return nil, false
		}
		end := strings.IndexByte(text[1:], '"')
		if end < 0 {
			return nil, false
		}
		size := len(rest) - len(text) + 1 + end + 1
		tags, rest = append(tags, rest[:size]), rest[size:]
		if after := strings.TrimLeft(rest, " \t"); after != "" && after[0] != ',' {
			return nil, false
		}
	}
}
