package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/awsapi"
	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/internal/cloudwatch"
	"github.com/occbench/occbench/internal/settings"
	"github.com/occbench/occbench/internal/telemetry"
)

// alarmFlags say where the alarms are, and what they watch.
var alarmFlags = []string{"aws-region", "aws-profile", "aws-endpoint", "namespace", "stage", "format"}

func newAlarmsCmd(subcommands ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "alarms",
		Short: "Create, compare and examine the CloudWatch alarms of the API",
		Long:  readLongHelp("alarms"),
		Args:  command.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(subcommands...)
	return cmd
}

// alarms are those declared for a stage, beside those that exist.
type alarms struct {
	client             *cloudwatch.Client
	source             telemetry.Source
	declared, existing []telemetry.Rule
}

func alarmAccess(s *settings.Settings) awsapi.Access {
	return awsapi.Access{Region: s.CloudWatch.Region, Profile: s.CloudWatch.Profile, Endpoint: s.CloudWatch.Endpoint}
}

// listDeclaredAlarms returns the alarms that a stage should have.
func listDeclaredAlarms(s *settings.Settings) alarms {
	a := alarms{source: telemetry.Source(s.CloudWatch.CloudWatch)}
	a.declared = telemetry.DeclaredRules(a.source)
	return a
}

// readAlarms asks CloudWatch for the alarms that exist.
func readAlarms(ctx context.Context, s *settings.Settings) (alarms, error) {
	a := listDeclaredAlarms(s)
	var err error
	if a.client, err = cloudwatch.Connect(ctx, alarmAccess(s)); err != nil {
		return a, err
	}
	var names []string
	for _, r := range a.declared {
		names = append(names, r.Name)
	}
	a.existing, err = a.client.ListRules(ctx, a.source.Namespace, names...)
	return a, err
}

// printAlarms writes a result as JSON, or as its text.
func printAlarms(o command.Options, result any, text func() error) error {
	if o.Settings.Format == "json" {
		return command.PrintJSON(o.Env.Stdout, result)
	}
	return text()
}
