package conformance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/occbench/occbench/apis"
	"github.com/occbench/occbench/internal/api"
)

// TestAPIFiles compiles the API file of every server, those that come with the
// binary and those of servers that need one of their own.
func TestAPIFiles(t *testing.T) {
	for i := range Servers {
		s := &Servers[i]
		t.Run(s.Name, func(t *testing.T) {
			text, err := apis.Files.ReadFile(s.API + ".yaml")
			if strings.HasSuffix(s.API, ".yaml") {
				text, err = os.ReadFile(filepath.Join("testdata", s.API))
			}
			if err != nil {
				t.Fatal(err)
			}
			if _, err := api.Compile(s.API, text); err != nil {
				t.Error(err)
			}
		})
	}
}
