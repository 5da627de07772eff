package cli

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/study"
	"github.com/occbench/occbench/reports/machine"
)

type studyOptions struct {
	command.Options
	backoff study.Options
}

func newStudyCmd(env command.Env, run func(context.Context, *studyOptions) error) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "study",
		Short: "Compare policies side by side",
		Long:  readLongHelp("study"),
		Args:  command.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newStudyBackoffCmd(env, run))
	return cmd
}

func newStudyBackoffCmd(env command.Env, run func(context.Context, *studyOptions) error) *cobra.Command {
	o := &studyOptions{Options: command.Options{Env: env}}
	cmd := &cobra.Command{
		Use:   "backoff",
		Short: "Calls and time that backoff policies cost on one hot row",
		Long:  readLongHelp("study"),
		Args:  command.NoArgs,
	}
	load := command.BindSettings(cmd, env, command.JoinNames(command.TargetFlags, []string{"rand-seed", "format"})...)
	command.DescribeFlag(cmd, "target", "base `URL` of the API; without it a server is simulated")
	var clients string
	cmd.Flags().StringVar(&clients, "clients", "20,100", "`N[,N...]` clients that want the row at once; 20 against a target")
	cmd.Flags().DurationVar(&o.backoff.Base, "base", 5*time.Millisecond, "`TIME` that backoff begins with")
	cmd.Flags().DurationVar(&o.backoff.Limit, "limit", 2*time.Second, "`TIME` that a backoff does not exceed")
	cmd.Flags().DurationVar(&o.backoff.Patience, "patience", 30*time.Second,
		"`TIME` after which the clients of a policy give up, against a target")
	cmd.RunE = func(cmd *cobra.Command, _ []string) (err error) {
		if o.Settings, err = load(); err == nil {
			err = o.parseClients(cmd, clients)
		}
		if err != nil {
			return err
		}
		return run(cmd.Context(), o)
	}
	return cmd
}

// parseClients parses --clients, and refuses flags that cannot take effect.
func (o *studyOptions) parseClients(cmd *cobra.Command, clients string) (err error) {
	if o.Settings.Target == "" && cmd.Flags().Changed("patience") {
		return exit.Usagef("--patience cannot take effect without a target: simulated clients wait for ever")
	}
	if o.Settings.Target != "" && !cmd.Flags().Changed("clients") {
		clients = "20"
	}
	if o.backoff.Clients, err = parseCounts(clients); err != nil {
		return exit.Usage(err)
	}
	if o.backoff.Patience <= 0 {
		return exit.Usagef("--patience %s is not above 0; e.g. 30s", o.backoff.Patience)
	}
	return nil
}

func runStudy(ctx context.Context, o *studyOptions) error {
	result, err := command.NewPipeline(o.Env, o.Settings).StudyBackoff(ctx, o.backoff)
	if err != nil {
		return err
	}
	if o.Settings.Format == "json" {
		return machine.Study(o.Env.Stdout, result)
	}
	return o.Env.Style().Study(o.Env.Stdout, result)
}

// mostClients bounds how many clients a study may have: each is a connection.
const mostClients = 500

// parseCounts parses a list of numbers such as 20,100.
func parseCounts(text string) ([]int, error) {
	var all []int
	for part := range strings.SplitSeq(text, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil || n < 1 || n > mostClients {
			return nil, fmt.Errorf("--clients: %q is not a whole number from 1 to %d; e.g. 20,100", part, mostClients)
		}
		all = append(all, n)
	}
	return all, nil
}
