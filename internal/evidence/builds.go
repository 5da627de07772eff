package evidence

import (
	"fmt"
	"strconv"
	"time"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/run"
)

// tellBuildChange returns the reason that another build answered in the middle of a run; none when
// one answered all of it, or two were declared.
func tellBuildChange(m *run.Manifest) reason.Reason {
	if len(m.Builds) < 2 || m.Divided {
		return reason.Reason{}
	}
	attempts := int64(0)
	for _, b := range m.Builds {
		attempts += b.Attempts
	}
	if attempts == 0 {
		return reason.New("builds", "first", buildName(m.Builds[0]), "last", buildName(m.Builds[len(m.Builds)-1]))
	}
	const most = 5
	var each []string
	for i, b := range m.Builds[:min(len(m.Builds), most)] {
		when := ""
		if i > 0 {
			when = fmt.Sprintf(" from %s on (%s into the run)",
				b.First.UTC().Format("15:04:05.0 UTC"), b.First.Sub(m.Base).Round(100*time.Millisecond))
		}
		each = append(each, fmt.Sprintf("%s answered %s attempts%s", buildName(b), amount.Count(int(b.Attempts)), when))
	}
	if more := len(m.Builds) - most; more > 0 {
		each = append(each, fmt.Sprintf("and %d more", more))
	}
	return reason.New("builds", "each", each)
}

// buildName returns the name of a build as text: a target chose it.
func buildName(b run.Build) string {
	quoted := strconv.QuoteToGraphic(b.Build)
	return quoted[1 : len(quoted)-1]
}
