package cli

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// extension is the module that k6 scripts import.
const extension = "k6/x/occ"

// buildFacts are what a bug report needs.
type buildFacts struct {
	Version   string         `json:"version"`
	K6        string         `json:"k6"`
	Go        string         `json:"go"`
	System    string         `json:"system"`
	Extension extensionFacts `json:"extension"`
	Build     sourceFacts    `json:"build"`
}

// extensionFacts name the extension inside; its version is the binary's.
type extensionFacts struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// sourceFacts say what was built, as far as the linker was told: a build
// without version control knows no revision.
type sourceFacts struct {
	Module   string `json:"module"`
	Revision string `json:"revision,omitempty"`
	Time     string `json:"time,omitempty"`     // of the revision
	Modified bool   `json:"modified,omitempty"` // the tree had changes
	CGO      bool   `json:"cgo"`
}

func newVersionCmd(env Env) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Print the versions of occbench and of the k6 inside",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			if asJSON {
				return json.NewEncoder(env.Stdout).Encode(factsOf(env.Version))
			}
			return printVersion(env)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a JSON object with build info")
	return cmd
}

func printVersion(env Env) error {
	facts := factsOf(env.Version)
	_, err := fmt.Fprintf(env.Stdout, "occbench %s (k6 %s, %s, %s)\n", facts.Version, facts.K6, facts.Go, facts.System)
	return err
}

func factsOf(version string) buildFacts {
	facts := buildFacts{
		Version: version, K6: K6Version(), Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH,
		Extension: extensionFacts{extension, version},
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		facts.Build = sourceOf(info)
	}
	return facts
}

// sourceOf reads what the go command wrote into the binary.
func sourceOf(info *debug.BuildInfo) sourceFacts {
	facts := sourceFacts{Module: info.Main.Path}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			facts.Revision = s.Value
		case "vcs.time":
			facts.Time = s.Value
		case "vcs.modified":
			facts.Modified = s.Value == "true"
		case "CGO_ENABLED":
			facts.CGO = s.Value == "1"
		}
	}
	return facts
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
