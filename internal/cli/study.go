package cli

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/pipeline"
	"github.com/occbench/occbench/reports"
)

func newStudyCmd(env Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "study",
		Short: "Compare policies side by side",
		Long:  long("study"),
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newStudyBackoffCmd(env))
	return cmd
}

func newStudyBackoffCmd(env Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "backoff",
		Short: "Calls and time that backoff policies cost on one hot row",
		Long:  long("study"),
		Args:  noArgs,
	}
	load := bind(cmd, env, names(targetFlags, []string{"rand-seed", "format"})...)
	tellFlag(cmd, "target", "base `URL` of the move API; without it a server is simulated")
	var o pipeline.BackoffOptions
	var clients string
	cmd.Flags().StringVar(&clients, "clients", "20,100", "`N[,N...]` clients who want the row at once; 20 against a target")
	cmd.Flags().DurationVar(&o.Base, "base", 5*time.Millisecond, "`TIME` that backoff begins with")
	cmd.Flags().DurationVar(&o.Limit, "limit", 2*time.Second, "`TIME` that a backoff does not exceed")
	cmd.Flags().DurationVar(&o.Patience, "patience", 30*time.Second, "`TIME` after which the clients of a policy give up, against a target")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		s, err := load()
		if err != nil {
			return err
		}
		if s.Target == "" && cmd.Flags().Changed("patience") {
			return exit.Usagef("--patience cannot take effect without a target: simulated clients wait for ever")
		}
		if s.Target != "" && !cmd.Flags().Changed("clients") {
			clients = "20"
		}
		if o.Clients, err = counts(clients); err != nil {
			return exit.Usage(err)
		}
		if o.Patience <= 0 {
			return exit.Usagef("--patience %s is not above 0; e.g. 30s", o.Patience)
		}
		study, err := newPipeline(env, s).StudyBackoff(cmd.Context(), o)
		if err != nil {
			return err
		}
		if s.Format == "json" {
			return reports.StudyJSON(env.Stdout, study)
		}
		return reports.StudyText(env.Stdout, study)
	}
	return cmd
}

// mostClients bounds how many clients a study may have: each is a connection.
const mostClients = 500

// counts reads 20,100.
func counts(text string) ([]int, error) {
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
