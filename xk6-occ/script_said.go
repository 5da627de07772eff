package occ

import (
	"fmt"
	"slices"
	"strings"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/history"
)

// said is the value that a function returned.
type said struct {
	script *script
	name   string
	object *sobek.Object
}

// text returns a member as text; empty: it is not there, or cannot be recorded.
func (g *said) text(name string) string {
	value := g.object.Get(name)
	if common.IsNullish(value) {
		return ""
	}
	text := value.String()
	if text != "" && !history.Recordable(text) {
		g.addMistake("%s is longer than a history takes", name)
		return ""
	}
	return text
}

// status returns the member http; 0: none.
func (g *said) status() int {
	value := g.object.Get("http")
	if common.IsNullish(value) {
		return 0
	}
	status := int(value.ToInteger())
	if status != 0 && (status < 100 || status > 599) {
		g.addMistake("http is %d, which is no HTTP status", status)
		return 0
	}
	return status
}

// outcome returns the member outcome or, without one, what the HTTP status says: a
// good end for 2xx, a conflict for 409 and 412. An answer with neither is good: it
// came.
func (g *said) outcome(good history.Outcome, status int) history.Outcome {
	word := g.object.Get("outcome")
	if common.IsNullish(word) {
		switch {
		case status >= 200 && status < 300, status == 0 && common.IsNullish(g.object.Get("http")):
			return good
		case good == history.Applied && (status == 409 || status == 412):
			return history.Conflict
		case good == history.Seen && (status == 404 || status == 410):
			return history.Absent
		default:
			return api.Classify(status)
		}
	}
	o, err := history.ParseOutcome(word.String())
	if allowed := listAllowed(g.name); err != nil || !slices.Contains(allowed, o) {
		g.addMistake("outcome is %q; want %s", word.String(), joinOutcomes(allowed))
		return history.Malformed
	}
	return o
}

func (g *said) addMistake(format string, args ...any) {
	g.script.misuse = fmt.Errorf("reading what %s returned: "+format, append([]any{g.name}, args...)...)
}

func listAllowed(name string) []history.Outcome {
	if name == updateOption {
		return history.UpdateOutcomes()
	}
	return slices.DeleteFunc(history.Outcomes(), func(o history.Outcome) bool { return o == history.Applied || o == history.Conflict })
}

func joinOutcomes(all []history.Outcome) string {
	var texts []string
	for _, o := range all {
		texts = append(texts, o.String())
	}
	return strings.Join(texts, ", ")
}
