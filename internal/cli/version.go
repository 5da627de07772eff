package cli

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// buildFacts are what a bug report needs.
type buildFacts struct {
	Version string `json:"version"`
	K6      string `json:"k6"`
	Go      string `json:"go"`
	System  string `json:"system"`
}

func newVersionCmd(env Env) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Print the versions of occbench and of the k6 inside",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			facts := buildFacts{env.Version, K6Version(), runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH}
			if asJSON {
				return json.NewEncoder(env.Stdout).Encode(facts)
			}
			_, err := fmt.Fprintf(env.Stdout, "occbench %s (k6 %s, %s, %s)\n", facts.Version, facts.K6, facts.Go, facts.System)
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON object")
	return cmd
}

// K6Version returns the version of the k6 that is linked into the binary.
func K6Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, dep := range info.Deps {
		if dep.Path == "go.k6.io/k6/v2" {
			return dep.Version
		}
	}
	return "not linked"
}
