package apicheck

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/nearest"
)

// findDisagreements finds places of one list at which unlike values stand: only the first counts.
func (s *session) findDisagreements(shown []api.Seen) {
	first := map[string]*api.Seen{}
	for i := range shown {
		at := &shown[i]
		if !at.There || isConditional(at.Role) || at.Value == "{…}" || at.Value == "[…]" {
			continue
		}
		is := first[at.Role]
		if is == nil {
			first[at.Role] = at
		} else if is.Value != at.Value {
			s.findAt(at, "two places disagree: %s stands at %s and %s at %s; the first counts, as %s",
				cutExcerpt([]byte(is.Value)), is.Place, cutExcerpt([]byte(at.Value)), at.Place, at.Role)
		}
	}
}

// findMissing finds the places at which nothing stands, and says what the answer has. It
// reports whether there was one.
func (s *session) findMissing(r *api.Response, shown []api.Seen) bool {
	s.findDisagreements(shown)
	there := map[string]bool{} // roles of which one place is there
	for _, at := range shown {
		there[at.Role] = there[at.Role] || at.There
	}
	found := false
	for _, at := range shown {
		if at.There || there[at.Role] || isConditional(at.Role) {
			continue
		}
		found = true
		there[at.Role] = true // one sentence for each
		s.findAt(&at, "nothing stands at %s, the place of %s%s", at.Place, at.Role, suggestPlace(r, at.Place))
	}
	return found
}

// isConditional reports whether a place is one of a condition, which need not be there.
func isConditional(role string) bool {
	for _, key := range []string{"when", "unless", "absent", "require", "same", "echo"} {
		if cutLastKey(role) == key {
			return true
		}
	}
	return false
}

// suggestPlace returns the place of an answer that was probably meant, or the places that the
// answer has, as the end of a sentence.
func suggestPlace(r *api.Response, place string) string {
	var have []string
	if strings.HasPrefix(place, "header:") {
		for _, name := range slices.Sorted(maps.Keys(r.Header)) {
			have = append(have, "header:"+name)
		}
	} else {
		var any any
		if json.Unmarshal(r.Body, &any) != nil {
			return "; the answer is no JSON: " + cutExcerpt(r.Body)
		}
		have = listPaths(any, "$", nil)
	}
	if near := nearest.Name(place, have); near != "" {
		return "; did you mean " + near + "?"
	}
	const most = 12
	if len(have) > most {
		have = append(have[:most], "…")
	}
	if len(have) == 0 {
		return "; the answer has nothing that could be one"
	}
	return "; the answer has " + strings.Join(have, ", ")
}

// listPaths returns the paths of all texts and numbers in a value.
func listPaths(v any, at string, all []string) []string {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			all = listPaths(v[name], at+formatMember(name), all)
		}
	case []any:
		for i := range min(len(v), 2) {
			all = listPaths(v[i], fmt.Sprintf("%s[%d]", at, i), all)
		}
	case nil:
	default:
		all = append(all, at)
	}
	return all
}

var plainName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// formatMember returns the step of a path that leads to a member: .name or ['name'].
func formatMember(name string) string {
	if plainName.MatchString(name) {
		return "." + name
	}
	return "['" + strings.ReplaceAll(name, "'", `\'`) + "']"
}
