package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/pipeline"
	"github.com/occbench/occbench/internal/run"
)

type runOptions struct {
	command.Options
	command.Judging
	command.Progress
	k6Args []string
}

func newRunCmd(env command.Env, run func(context.Context, *runOptions) error) *cobra.Command {
	o := &runOptions{Options: command.Options{Env: env}}
	cmd := &cobra.Command{
		Use:   "run [flags] [-- K6 ARGUMENTS]",
		Short: "Load the target with k6 and record every operation",
		Long:  readLongHelp("run"),
		Args:  command.CheckAfterDash,
	}
	load := command.BindSettings(cmd, env, command.JoinNames(command.TargetFlags, command.LoadFlags, command.BrowserFlags,
		command.MetricFlags, []string{"out", "format", "upload"})...)
	command.DescribeFlag(cmd, "target", command.TargetUsage)
	o.Progress.Bind(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) (err error) {
		if o.Settings, err = load(); err == nil {
			err = o.Judging.Read(o.Settings)
		}
		if err == nil {
			err = o.Progress.Check(cmd)
		}
		if err != nil {
			return err
		}
		o.k6Args = args
		return run(cmd.Context(), o)
	}
	return cmd
}

func runRun(ctx context.Context, o *runOptions) error {
	p := command.NewPipeline(o.Env, command.WithDefaultTarget(o.Settings))
	p.K6Args, p.Policy = o.k6Args, o.Policy
	done, farewell := o.Progress.Open(o.Env, p), command.SayWhatIsLeft(ctx, o.Env, p)
	dir, manifest, err := p.Run(ctx, pipeline.Subject{})
	var missing error
	if err == nil {
		missing = p.Upload(ctx, dir, &manifest)
	}
	farewell()
	done()
	if err != nil {
		return err
	}
	if err := printDirectory(o.Env, o.Settings.Format, dir, manifest); err != nil {
		return err
	}
	if missing != nil {
		return missing
	}
	switch manifest.State {
	case run.Interrupted:
		fmt.Fprintf(o.Env.Stderr, "occbench: the run is partial: %s; judge it with `occbench check %s` and `occbench gate %s`\n",
			manifest.Reason, dir.Path(), dir.Path())
		return exit.Silent(exit.Inconclusive)
	case run.Failed:
		return errors.New("running the load: " + manifest.Reason)
	}
	return nil
}

// printDirectory writes the path of a run directory and, as JSON, how the run ended.
func printDirectory(env command.Env, format string, dir run.Dir, m run.Manifest) error {
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
