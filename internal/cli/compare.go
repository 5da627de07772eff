package cli

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/internal/compare"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/reports/html"
	"github.com/occbench/occbench/reports/machine"
	"github.com/occbench/occbench/reports/markdown"
	"github.com/occbench/occbench/reports/text"
)

// compareFormats are the ways to write a comparison.
func compareFormats(style text.Style) command.Formats[compare.Report] {
	return command.Formats[compare.Report]{
		{Name: "text", Write: style.Comparison}, {Name: "md", Write: markdown.Comparison},
		{Name: "html", Write: html.Comparison}, {Name: "json", Write: machine.Comparison},
	}
}

type compareOptions struct {
	env command.Env
	compare.Options
	format    command.Format[compare.Report]
	base, dir string
}

func newCompareCmd(env command.Env, run func(context.Context, *compareOptions) error) *cobra.Command {
	o := &compareOptions{env: env}
	cmd := &cobra.Command{
		Use:     "compare [BASE] [RUN]",
		Short:   "Tell whether a run was better or worse than another, and by how much",
		Long:    readLongHelp("compare"),
		Example: "occbench compare load_test_results/k6_move_20300114_081500 load_test_results/k6_move_20300115_081500",
		Args:    command.AtMostArgs(2, "two run directories"),
	}
	var format string
	formats := compareFormats(env.Style())
	formats.Bind(cmd, &format)
	limit := cmd.Flags().String("fail-if-worse", "", "exit 1 when a line is worse by more than this `SHARE` of the base, such as 10%")
	noise := cmd.Flags().String("noise", "5%", "`SHARE` of the base by which two runs of one build may differ")
	cmd.Flags().BoolVar(&o.NewBuild, "new-build", false, "expect RUN to test another build than BASE: refuse when both tested the same")
	cmd.Flags().BoolVar(&o.Force, "force", false, "compare runs under unlike loads, and say so in the result")
	runs := command.BindRuns(cmd, env, command.BindSettings(cmd, env))
	cmd.RunE = func(cmd *cobra.Command, args []string) (err error) {
		if o.format, err = formats.Find(format); err == nil {
			err = o.parseShares(*limit, *noise)
		}
		if err != nil {
			return err
		}
		if o.base, o.dir, err = choosePair(cmd, runs, args); err != nil {
			return err
		}
		return run(cmd.Context(), o)
	}
	return cmd
}

func runCompare(_ context.Context, o *compareOptions) error {
	report, err := compareRuns(o.base, o.dir, o.Options)
	if err != nil {
		return err
	}
	if report.IsForced() {
		fmt.Fprintln(o.env.Stderr, "occbench: FORCED: these runs are unlike, so a difference may come from the load and not from the "+
			"server")
	}
	if err := o.format.Write(o.env.Stdout, report); err != nil {
		return err
	}
	return exit.Silent(compareCode(report))
}

// choosePair returns the two runs to compare. A run that the arguments do not
// name is the newest; where they name none, the base is the run before the
// newest.
func choosePair(cmd *cobra.Command, runs command.Runs, args []string) (base, dir string, err error) {
	if len(args) == 2 {
		return args[0], args[1], nil
	}
	newest, err := runs.ListNewest(cmd, 2-len(args))
	if err != nil {
		return "", "", err
	}
	both := append(args, newest...)
	return both[0], both[1], nil
}

// parseShares parses the percentages of --fail-if-worse and --noise.
func (o *compareOptions) parseShares(limit, noise string) (err error) {
	n := compare.DefaultNoise()
	if n.Relative, err = parseShare("noise", noise); err != nil {
		return err
	}
	o.Noise = &n
	if limit != "" {
		worst, err := parseShare("fail-if-worse", limit)
		if err != nil {
			return err
		}
		o.Limit = &worst
	}
	return nil
}

// parseShare reads a percentage. A bare number is refused: 10 could be 10 % or ten
// times.
func parseShare(flag, text string) (float64, error) {
	number, ok := strings.CutSuffix(text, "%")
	v, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if !ok || err != nil || !(v >= 0 && v <= 10_000) {
		return 0, exit.Usagef("--%s: %q is not a percentage such as 10%%", flag, text)
	}
	return v / 100, nil
}

func compareRuns(base, second string, o compare.Options) (compare.Report, error) {
	var sides [2]*compare.Side
	for i, path := range []string{base, second} {
		dir, err := run.Open(path)
		if err != nil {
			return compare.Report{}, err
		}
		e, err := compare.Open(dir)
		if err != nil {
			return compare.Report{}, err
		}
		if sides[i], err = compare.NewSide(e); err != nil {
			return compare.Report{}, err
		}
	}
	return compare.Compare(sides[0], sides[1], o)
}

// compareCode returns the exit code of a comparison: OK without --fail-if-worse. A comparison that could not have
// detected any change, or of a run that was not checked, does not keep a limit: unknown is never success.
func compareCode(r compare.Report) int {
	switch {
	case r.Limit == nil:
		return exit.OK
	case len(r.Failed) > 0:
		return exit.Fail
	case r.IsBlind(), r.ExplainUnchecked() != "":
		return exit.Inconclusive
	}
	return exit.OK
}
