package cli

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/compare"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/reports"
)

// compareFormats are the ways to write a comparison.
var compareFormats = formats[compare.Report]{
	{"text", reports.CompareText}, {"md", reports.CompareMarkdown}, {"html", reports.CompareHTML}, {"json", reports.CompareJSON},
}

func newCompareCmd(env Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "compare BASE RUN",
		Short:   "Tell whether a run was better or worse than another, and by how much",
		Long:    long("compare"),
		Example: "occbench compare load_test_results/k6_move_20300114_081500 load_test_results/k6_move_20300115_081500",
		Args:    twoRuns,
	}
	format := compareFormats.flag(cmd)
	limit := cmd.Flags().String("fail-if-worse", "", "exit 1 when a line is worse by more than this `SHARE` of the base, such as 10%")
	noise := cmd.Flags().String("noise", "5%", "`SHARE` of the base by which two runs of one build may differ")
	newBuild := cmd.Flags().Bool("new-build", false, "RUN is said to test another build than BASE: refuse when both tested the same")
	force := cmd.Flags().Bool("force", false, "compare runs that are unlike, and say so loudly")
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		write, err := compareFormats.find(*format)
		if err != nil {
			return err
		}
		o, err := compareOptions(*limit, *noise)
		if err != nil {
			return err
		}
		o.NewBuild, o.Force = *newBuild, *force
		report, err := compareRuns(args[0], args[1], o)
		if err != nil {
			return err
		}
		if report.Forced() {
			fmt.Fprintln(env.Stderr, "occbench: FORCED: these runs are unlike, so a difference may come from the load and not from the server")
		}
		if err := write(env.Stdout, report); err != nil {
			return err
		}
		return exit.Silent(compareCode(report))
	}
	return cmd
}

func twoRuns(cmd *cobra.Command, args []string) error {
	if len(args) == 2 {
		return nil
	}
	return wants(cmd, "two run directories", args)
}

func compareOptions(limit, noise string) (o compare.Options, err error) {
	n := compare.DefaultNoise()
	if n.Relative, err = share("noise", noise); err != nil {
		return o, err
	}
	o.Noise = &n
	if limit != "" {
		worst, err := share("fail-if-worse", limit)
		if err != nil {
			return o, err
		}
		o.Limit = &worst
	}
	return o, nil
}

// share reads a percentage. A bare number is refused: 10 could be 10 % or ten
// times.
func share(flag, text string) (float64, error) {
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
		if sides[i], err = compare.SideOf(e); err != nil {
			return compare.Report{}, err
		}
	}
	return compare.Compare(sides[0], sides[1], o)
}

// compareCode fails only who asked for it. A comparison that could not have
// detected any change, or of a run that was not checked, does not keep a limit:
// unknown is never success.
func compareCode(r compare.Report) int {
	switch {
	case r.Limit == nil:
		return exit.OK
	case len(r.Failed) > 0:
		return exit.Fail
	case r.Blind(), r.Unchecked() != "":
		return exit.Inconclusive
	}
	return exit.OK
}

// formats are the ways to write something, the default first.
type formats[T any] []struct {
	name  string
	write func(io.Writer, T) error
}

func (fs formats[T]) names() string {
	var names []string
	for _, f := range fs {
		names = append(names, f.name)
	}
	return strings.Join(names, ", ")
}

func (fs formats[T]) flag(cmd *cobra.Command) *string {
	return cmd.Flags().String("format", fs[0].name, "`FORMAT` of the result on stdout: "+fs.names())
}

func (fs formats[T]) find(name string) (func(io.Writer, T) error, error) {
	for _, f := range fs {
		if f.name == name {
			return f.write, nil
		}
	}
	return nil, exit.Usagef("--format: %q is not one of %s", name, fs.names())
}
