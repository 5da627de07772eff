package evidence

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/run"
)

// rebuilt says that another build served in the middle of a run; "" when one
// served all of it, or two were declared.
func rebuilt(m *run.Manifest) string {
	if len(m.Builds) < 2 || m.Divided {
		return ""
	}
	attempts := int64(0)
	for _, b := range m.Builds {
		attempts += b.Attempts
	}
	const words = "the build changed during the run, and a run judges one build: "
	if attempts == 0 {
		return fmt.Sprintf("%s%s before the load, %s after it; no answer to a move names its build (X-App-Version), so how many attempts met which is not known",
			words, buildName(m.Builds[0]), buildName(m.Builds[len(m.Builds)-1]))
	}
	const most = 5
	var each []string
	for i, b := range m.Builds[:min(len(m.Builds), most)] {
		when := ""
		if i > 0 {
			when = fmt.Sprintf(" from %s on (%s into the run)", b.First.UTC().Format("15:04:05.0 UTC"), b.First.Sub(m.Base).Round(100*time.Millisecond))
		}
		each = append(each, fmt.Sprintf("%s answered %s attempts%s", buildName(b), amount.Count(int(b.Attempts)), when))
	}
	if more := len(m.Builds) - most; more > 0 {
		each = append(each, fmt.Sprintf("and %d more", more))
	}
	return words + strings.Join(each, ", ")
}

// buildName returns the name of a build as text: a target chose it.
func buildName(b run.Build) string {
	quoted := strconv.QuoteToGraphic(b.Build)
	return quoted[1 : len(quoted)-1]
}
