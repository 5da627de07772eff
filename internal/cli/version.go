package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/cli/command"
)

// extension is the module that k6 scripts import.
const extension = "k6/x/occ"

// buildFacts are the versions that a bug report needs.
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

type versionOptions struct {
	command.Options
	json bool
}

func newVersionCmd(env command.Env, run func(context.Context, *versionOptions) error) *cobra.Command {
	o := &versionOptions{Options: command.Options{Env: env}}
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Print the versions of occbench and of the k6 inside",
		Args:  command.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), o) },
	}
	cmd.Flags().BoolVar(&o.json, "json", false, "print a JSON object with build info")
	return cmd
}

func runVersion(_ context.Context, o *versionOptions) error {
	if o.json {
		return json.NewEncoder(o.Env.Stdout).Encode(readBuildFacts(o.Env.Version))
	}
	return printVersion(o.Env)
}

func printVersion(env command.Env) error {
	facts := readBuildFacts(env.Version)
	_, err := fmt.Fprintf(env.Stdout, "occbench %s (k6 %s, %s, %s)\n", facts.Version, facts.K6, facts.Go, facts.System)
	return err
}

func readBuildFacts(version string) buildFacts {
	facts := buildFacts{
		Version: version, K6: command.K6Version(), Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH,
		Extension: extensionFacts{extension, version},
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		facts.Build = readSource(info)
	}
	return facts
}

// readSource returns the build information that the go command wrote into the
// binary.
func readSource(info *debug.BuildInfo) sourceFacts {
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
