package reports

import (
	"fmt"
	"strings"
)

// mdBrowsers is what people in browsers met. A comment on a pull request cannot
// hold the screenshots; it names their files.
func mdBrowsers(run Run) string {
	text := mdFacts(browsers(run))
	if text == "" || len(run.Screens) == 0 {
		return text
	}
	var names []string
	for _, path := range screenPaths(run) {
		names = append(names, code(path))
	}
	return text + fmt.Sprintf("\nThe first conflict on the screen: %s\n", strings.Join(names, ", "))
}
