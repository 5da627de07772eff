package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/pipeline"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/reports/text"
)

type checkOptions struct {
	command.Options
	path   string
	opaque bool
}

func newCheckCmd(env command.Env, run func(context.Context, *checkOptions) error) *cobra.Command {
	o := &checkOptions{Options: command.Options{Env: env}}
	cmd := &cobra.Command{
		Use:     "check RUN|FILE.csv",
		Short:   "Decide from the history alone which invariants the server broke",
		Long:    long("check"),
		Example: "occbench check load_test_results/k6_move_20300115_081500",
		Args:    command.OneArg("run directory or history file"),
	}
	load := command.Bind(cmd, env, "format", "shared-board")
	cmd.Flags().BoolVar(&o.opaque, "opaque", false, "of a history file: its tokens do not count by one (ETags, revisions)")
	cmd.RunE = func(cmd *cobra.Command, args []string) (err error) {
		if o.Settings, err = load(); err != nil {
			return err
		}
		o.path = args[0]
		return run(cmd.Context(), o)
	}
	return cmd
}

func runCheck(_ context.Context, o *checkOptions) error {
	report, err := checkPath(o.path, o.Settings.Spec, o.opaque)
	if err != nil {
		return err
	}
	if err := printFindings(o.Env.Stdout, o.Settings.Format, report); err != nil {
		return err
	}
	return exit.Silent(checkCode(report))
}

// checkPath judges a run directory, whose anomalies.json it writes, or a history
// by itself, of which the spec says the rest.
func checkPath(path string, s run.Spec, opaque bool) (check.Report, error) {
	if strings.HasSuffix(path, ".csv") {
		speaks, err := s.LoadAPI()
		if err != nil {
			return check.Report{}, err
		}
		return check.File(func() (io.ReadCloser, error) { return run.OpenFile(path) }, path,
			check.Options{API: speaks, Shared: s.SharedBoard, Opaque: opaque})
	}
	dir, err := run.Open(path)
	if err != nil {
		return check.Report{}, err
	}
	if opaque {
		return check.Report{}, exit.Usagef("--opaque is for a history file; the API of run %s says whether its tokens count by one", path)
	}
	shared := s.SharedBoard
	if m, err := dir.ReadManifest(); err == nil {
		shared, s.API = shared || m.Spec.SharedBoard, m.Spec.API
	}
	speaks, err := s.LoadAPI()
	if err != nil {
		return check.Report{}, err
	}
	return pipeline.Check(dir, speaks, shared)
}

func printFindings(w io.Writer, format string, report check.Report) error {
	if format != "json" {
		return text.Anomalies(w, report)
	}
	if err := command.PrintJSON(w, &report); err != nil {
		return fmt.Errorf("writing the findings: %w", err)
	}
	return nil
}

func checkCode(r check.Report) int {
	switch {
	case !r.Judged:
		return exit.Inconclusive
	case len(r.Anomalies) > 0:
		return exit.Fail
	}
	return exit.OK
}
