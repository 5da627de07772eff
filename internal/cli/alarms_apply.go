package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/internal/cloudwatch"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/settings"
	"github.com/occbench/occbench/internal/telemetry"
)

type alarmsApplyOptions struct {
	command.Options
	dry     bool
	actions []string
}

func newAlarmsApplyCmd(env command.Env, run func(context.Context, *alarmsApplyOptions) error) *cobra.Command {
	o := &alarmsApplyOptions{Options: command.Options{Env: env}}
	cmd := &cobra.Command{
		Use:   "apply",
		Short: "Create the declared alarms, or change those that differ",
		Long:  readLongHelp("alarms_apply"),
		Args:  command.NoArgs,
	}
	load := command.BindSettings(cmd, env, alarmFlags...)
	cmd.Flags().BoolVar(&o.dry, "dry-run", false, "change nothing; print the equivalent calls of aws")
	cmd.Flags().StringArrayVar(&o.actions, "action", nil,
		"`ARN` that an alarm calls when it fires, beside those it calls already (repeatable)")
	cmd.RunE = func(cmd *cobra.Command, _ []string) (err error) {
		if o.Settings, err = load(); err == nil {
			err = checkActions(o.actions)
		}
		if err != nil {
			return err
		}
		return run(cmd.Context(), o)
	}
	return cmd
}

func checkActions(actions []string) error {
	for _, a := range actions {
		if !strings.HasPrefix(a, "arn:") {
			return exit.Usagef("--action: %q is not an ARN such as arn:aws:sns:eu-central-1:123456789012:on-call", a)
		}
	}
	return nil
}

// applied is the change made to an alarm, or the one that would be.
type applied struct {
	Alarm   string `json:"alarm"`
	Result  string `json:"result"` // create, change, keep
	Fires   string `json:"fires"`  // on what
	Command string `json:"command,omitempty"`
}

func runAlarmsApply(ctx context.Context, o *alarmsApplyOptions) error {
	s, actions, dry := o.Settings, o.actions, o.dry
	a, err := readAlarms(ctx, s)
	if err != nil && (!dry || s.CloudWatch.Region == "" && s.CloudWatch.Endpoint == "") {
		return err
	}
	if err != nil {
		fmt.Fprintf(o.Env.Stderr, "occbench: the existing alarms cannot be read, so these lines leave out the actions that they have: %s\n",
			command.JoinLines(err.Error()))
	}
	plan := make([]applied, 0, len(a.declared))
	var wanted []telemetry.Rule
	for _, r := range a.declared {
		p := applied{Alarm: r.Name, Result: a.describeChange(r, actions), Fires: r.Condition()}
		if p.Result != "keep" {
			wanted = append(wanted, r)
		}
		if dry && p.Result != "keep" {
			p.Command = a.buildCommand(s, cloudwatch.MergeActions(r, a.existing, actions))
		}
		plan = append(plan, p)
	}
	if !dry {
		if err := a.client.Apply(ctx, wanted, a.existing, actions); err != nil {
			return fmt.Errorf("applying the alarms: %w", err)
		}
	}
	return printAlarms(o.Options, map[string]any{"dry_run": dry, "alarms": plan}, func() error { return printApplied(o.Env, plan, dry) })
}

// describeChange says what applying a rule would change.
func (a *alarms) describeChange(r telemetry.Rule, actions []string) string {
	at := slices.IndexFunc(a.existing, func(e telemetry.Rule) bool { return e.Name == r.Name })
	switch {
	case at < 0:
		return "create"
	case len(telemetry.Compare([]telemetry.Rule{r}, a.existing)) > 0:
		return "change"
	}
	for _, action := range actions {
		if !slices.Contains(a.existing[at].Actions, action) {
			return "change"
		}
	}
	return "keep"
}

// buildCommand returns the aws command that makes the same alarm.
func (a *alarms) buildCommand(s *settings.Settings, r telemetry.Rule) string {
	region := s.CloudWatch.Region
	if a.client != nil {
		region = a.client.Region()
	}
	return cloudwatch.FormatCommand(r, region, s.CloudWatch.Endpoint)
}

// printApplied writes a line per alarm; a dry run writes commands, and what needs
// none as their comments, so that its output is a script.
func printApplied(env command.Env, plan []applied, dry bool) error {
	done := map[string]string{"create": "created", "change": "changed", "keep": "unchanged"}
	var errs []error
	for _, p := range plan {
		var err error
		switch {
		case !dry:
			_, err = fmt.Fprintf(env.Stdout, "%-9s  %s: %s\n", done[p.Result], p.Alarm, p.Fires)
		case p.Command != "":
			_, err = fmt.Fprintln(env.Stdout, p.Command)
		default:
			_, err = fmt.Fprintf(env.Stdout, "# %s is as declared\n", p.Alarm)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
