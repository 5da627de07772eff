package manual

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/run"
)

// Options returns the members of OperatorOptions in xk6-occ/index.d.ts.
func Options() string {
	var b strings.Builder
	for _, f := range listScriptFields() {
		if name := f.OptionName(); name != "" {
			fmt.Fprintf(
				&b,
				"    /** %s (`%s`, default%s). */\n    %s?: %s;\n",
				capitalize(describeField(f)),
				f.K6Variable(),
				inSentence(describeDefault(f)),
				name,
				scriptType(f.Shape),
			)
		}
	}
	return b.String()
}

// Parameters returns the rows of the parameters in scenarios/README.md.
func Parameters() string {
	var b strings.Builder
	for _, f := range listScriptFields() {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", f.K6Variable(), describeDefault(f), describeField(f))
	}
	return b.String()
}

// listScriptFields returns the fields that authors of k6 scripts set. Fields
// about browsers belong to the board scenario and are left out.
func listScriptFields() []run.Field {
	var all []run.Field
	for _, f := range run.Fields(time.Now) {
		if f.K6Variable() != "" && f.Section != "The status board" {
			all = append(all, f)
		}
	}
	return all
}

// describeField returns the description of a field in the parameters of a
// script.
func describeField(f run.Field) string {
	if f.Script != "" {
		return f.Script
	}
	return placeholder.ReplaceAllStringFunc(f.Usage, func(word string) string { return strings.ToLower(strings.Trim(word, "`")) })
}

// placeholder is where the usage of a flag names its value.
var placeholder = regexp.MustCompile("`[A-Z]+`")

// inSentence sets words, as opposed to a value, apart from what is before them.
func inSentence(text string) string {
	if strings.HasPrefix(text, "`") {
		return " " + text
	}
	return ": " + text
}

// describeDefault returns what holds when a field is not set.
func describeDefault(f run.Field) string {
	if f.Without != "" {
		return f.Without
	}
	return "`" + f.Default + "`"
}

// scriptType returns the type of a value in TypeScript.
func scriptType(s run.Shape) string {
	switch {
	case s.Kind == run.Choice:
		return "'" + strings.Join(s.Words, "' | '") + "'"
	case s.Kind == run.Integer, s.Kind == run.Number, s.Bare:
		return "number | string"
	}
	return "string"
}
