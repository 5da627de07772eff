package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/pipeline"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/telemetry"
)

type alarmsLintOptions struct {
	command.Options
	command.Judging
	rate float64 // attempts a second, where no run says it
	dir  string  // the run that says it; empty: none
}

func newAlarmsLintCmd(env command.Env, run func(context.Context, *alarmsLintOptions) error) *cobra.Command {
	o := &alarmsLintOptions{Options: command.Options{Env: env}}
	cmd := &cobra.Command{
		Use:     "lint [RUN]",
		Short:   "Examine of every alarm whether it would ever fire",
		Long:    readLongHelp("alarms_lint"),
		Example: "occbench alarms lint load_test_results/k6_move_20300115_081500",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return command.OneArg("run directory")(cmd, args)
		},
	}
	load := command.BindSettings(cmd, env, alarmFlags...)
	command.BindRuns(cmd, env, load)
	cmd.Flags().Float64Var(&o.rate, "attempts-per-s", 0, "the rate, `N` attempts/s, that thresholds are held against, when no run says it")
	cmd.RunE = func(cmd *cobra.Command, args []string) (err error) {
		if o.Settings, err = load(); err == nil {
			err = checkRate(cmd, args, o.rate)
		}
		if err == nil {
			err = o.Judging.Read(o.Settings)
		}
		if err != nil {
			return err
		}
		if len(args) == 1 {
			o.dir = args[0]
		}
		return run(cmd.Context(), o)
	}
	return cmd
}

func checkRate(cmd *cobra.Command, args []string, rate float64) error {
	given := cmd.Flags().Changed("attempts-per-s")
	switch {
	case given && !(rate > 0 && rate < 1e9):
		return exit.Usagef("--attempts-per-s: %v is not a rate above 0", rate)
	case given && len(args) > 0:
		return exit.Usagef("--attempts-per-s and a run exclude each other: the run says how many attempts it made; give one of them")
	}
	return nil
}

// readTraffic returns the load with which thresholds are compared: that of a
// run, or the one given.
func (o *alarmsLintOptions) readTraffic() (telemetry.Load, error) {
	t := telemetry.Load{AttemptsPerS: o.rate, ConflictLimit: o.Policy.Limit(gate.ConflictRate)}
	if o.dir == "" {
		return t, nil
	}
	dir, err := run.Open(o.dir)
	if err != nil {
		return t, err
	}
	result, err := pipeline.Read(dir)
	if err == nil && (result.Numbers == nil || result.Numbers.AttemptsPerS == 0) {
		err = fmt.Errorf("reading the attempts of %s: it has none", o.dir)
	}
	if err == nil {
		t.AttemptsPerS = result.Numbers.AttemptsPerS
	}
	return t, err
}

// linted holds the remarks on one alarm.
type linted struct {
	Alarm    string   `json:"alarm"`
	Fires    string   `json:"fires"`
	Never    bool     `json:"never"` // it can never fire
	State    string   `json:"state"`
	Remarks  []string `json:"remarks"`
	severity string
}

func runAlarmsLint(ctx context.Context, o *alarmsLintOptions) error {
	t, err := o.readTraffic()
	if err != nil {
		return err
	}
	a, err := readAlarms(ctx, o.Settings)
	if err != nil {
		return err
	}
	published, err := a.client.ListPublishedFor(ctx, a.source.Namespace, a.existing)
	if err != nil {
		return err
	}
	remarks := telemetry.Lint(a.existing, published, t)
	all, never := make([]linted, 0, len(a.existing)), len(a.existing) == 0
	for _, r := range a.existing {
		l := linted{Alarm: r.Name, Fires: r.Condition(), State: r.State, Remarks: []string{}, severity: "ok"}
		for _, m := range remarks {
			if m.Alarm == r.Name {
				l.addRemark(m)
			}
		}
		never = never || l.Never
		all = append(all, l)
	}
	if err := printAlarms(o.Options, map[string]any{"alarms": all}, func() error { return printLint(o.Env, a.source, all) }); err != nil {
		return err
	}
	if never {
		return exit.Silent(exit.Fail)
	}
	return nil
}

// addRemark adds a remark to a rule and sets its severity.
func (l *linted) addRemark(m telemetry.Remark) {
	l.Never = l.Never || m.Never
	l.severity = "warn"
	if l.Never {
		l.severity = "never"
	}
	words := m.Words
	if m.Never {
		words = "it can never fire: " + words
	}
	l.Remarks = append(l.Remarks, words)
}

func printLint(env command.Env, source telemetry.Source, all []linted) error {
	if len(all) == 0 {
		_, err := fmt.Fprintf(env.Stdout, "never  no alarm watches the metrics of %s; `occbench alarms apply` makes those declared for "+
			"stage "+
			"%s\n", command.JoinLines(source.Namespace), command.JoinLines(source.Stage))
		return err
	}
	for _, l := range all {
		if _, err := fmt.Fprintf(env.Stdout, "%-5s  %s: %s\n", l.severity, command.JoinLines(l.Alarm),
			command.JoinLines(l.Fires)); err != nil {
			return err
		}
		for _, r := range l.Remarks {
			if _, err := fmt.Fprintf(env.Stdout, "       %s\n", command.JoinLines(r)); err != nil {
				return err
			}
		}
	}
	return nil
}
