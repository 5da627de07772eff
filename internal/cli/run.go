package cli

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/pipeline"
	"github.com/occbench/occbench/internal/run"
)

func newRunCmd(env Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "run [flags] [-- K6 ARGUMENTS]",
		Short: "Load the target with k6 and record every operation",
		Long:  long("run"),
		Args:  afterDash,
	}
	load := bind(cmd, env, names(targetFlags, loadFlags, browserFlags, metricFlags, []string{"out", "format"})...)
	tellFlag(cmd, "target", targetUsage)
	var shown progress
	shown.bind(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		s, err := load()
		if err != nil {
			return err
		}
		p := newPipeline(env, withTarget(s))
		p.K6Args = args
		if p.Watch.Policy, err = pipeline.Policy(s.Gates); err != nil {
			return err
		}
		done, err := shown.open(cmd, env, p)
		if err != nil {
			return err
		}
		dir, manifest, err := p.Run(cmd.Context(), pipeline.Subject{})
		done()
		if err != nil {
			return err
		}
		if err := printDirectory(env, s.Format, dir, manifest); err != nil {
			return err
		}
		switch manifest.State {
		case run.Interrupted:
			fmt.Fprintf(env.Stderr, "occbench: the run is partial: %s; judge it with `occbench check %s` and `occbench gate %s`\n", manifest.Reason, dir.Path(), dir.Path())
			return exit.Silent(exit.Inconclusive)
		case run.Failed:
			return errors.New("running the load: " + manifest.Reason)
		}
		return nil
	}
	return cmd
}

// printDirectory writes where the run lies and how far it came.
func printDirectory(env Env, format string, dir run.Dir, m run.Manifest) error {
	if format != "json" {
		_, err := fmt.Fprintln(env.Stdout, dir.Path())
		return err
	}
	return json.NewEncoder(env.Stdout).Encode(struct {
		Run    string    `json:"run"`
		State  run.State `json:"state"`
		Reason string    `json:"reason"`
	}{dir.Path(), m.State, m.Reason})
}
