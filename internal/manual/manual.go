// Package manual produces what people and editors read about the settings: the
// commented sample file, the JSON schema and the page docs/configuration.md.
//
// Its opinion: a manual that is written beside the program is wrong within
// a month. Everything here is asked of the code that validates.
package manual

import (
	"fmt"
	"strings"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/settings"
)

// schemaURL is where editors find the schema.
const schemaURL = "https://raw.githubusercontent.com/occbench/occbench/main/docs/occbench.schema.json"

// describeKey returns the description of a setting, without the backquotes
// around its placeholder.
func describeKey(k settings.Key) string { return strings.ReplaceAll(k.Usage, "`", "") }

// describeValues says which values a setting accepts.
func describeValues(s run.Shape) string {
	var text string
	switch s.Kind {
	case run.Choice:
		return "one of " + strings.Join(s.Words, ", ")
	case run.List:
		return "a list"
	case run.Boolean:
		return "true or false"
	case run.Duration:
		text = "a duration such as 250ms or 2s"
	case run.Date:
		text = "a date YYYY-MM-DD"
	case run.Integer:
		text = fmt.Sprintf("a whole number from %.0f", s.Least)
		if s.Most > 0 {
			text += fmt.Sprintf(" to %.0f", s.Most)
		}
	case run.Number:
		text = fmt.Sprintf("a number from %g to %g", s.Least, s.Most)
	default:
		return "text"
	}
	return strings.Join(append([]string{text}, s.Words...), ", or ")
}

// listInvariants returns the ids that can be tolerated.
func listInvariants() []string {
	var ids []string
	for _, v := range check.Invariants() {
		ids = append(ids, v.ID.String())
	}
	return ids
}
