package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/apicheck"
	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/internal/exit"
)

type apiCheckOptions struct {
	command.Options
	file, id string
	send     bool // a target is given on the command line
}

func newAPICheckCmd(env command.Env, run func(context.Context, *apiCheckOptions) error) *cobra.Command {
	o := &apiCheckOptions{Options: command.Options{Env: env}}
	cmd := &cobra.Command{
		Use:     "check NAME|FILE",
		Short:   "Compile an API file, or send each of its calls once and show what was read where",
		Long:    readLongHelp("api_check"),
		Example: "occbench api check ./api.yaml --target http://127.0.0.1:8080",
		Args:    command.OneArg("API, by name or file"),
	}
	load := command.BindSettings(cmd, env, command.TargetFlags...)
	command.DescribeFlag(cmd, "target", "base `URL` that gets each call once; without it the file is only compiled")
	cmd.Flags().StringVar(&o.id, "id", "", "`ID` of a record that may be updated, where the file makes none")
	cmd.RunE = func(cmd *cobra.Command, args []string) (err error) {
		o.file, o.send = args[0], cmd.Flags().Changed("target")
		if !o.send {
			return run(cmd.Context(), o)
		}
		if o.Settings, err = load(); err != nil {
			return err
		}
		return run(cmd.Context(), o)
	}
	return cmd
}

func runAPICheck(ctx context.Context, o *apiCheckOptions) error {
	a, err := api.Load(o.file)
	if err != nil {
		return exit.Usage(err)
	}
	if !o.send {
		if o.id != "" {
			return exit.Usagef("--id names a record of a target and needs --target")
		}
		return printAPI(o.Env.Stdout, a)
	}
	spec := o.Settings.Spec
	spec.API = o.file
	result, err := command.NewPipeline(o.Env, o.Settings.With(spec)).CheckAPI(ctx, o.id, o.Env.Stdout)
	if err != nil {
		return err
	}
	return o.printResult(&result)
}

// printResult prints how the target differs from the API file.
func (o *apiCheckOptions) printResult(r *apicheck.Result) error {
	calls := amount.Plural(r.Calls, "call", "calls")
	if len(r.Findings) == 0 {
		_, err := fmt.Fprintf(o.Env.Stdout, "\n%s, all answered as %s says.\n", calls, o.file)
		return err
	}
	things := amount.Plural(len(r.Findings), "thing is not as the file says", "things are not as the file says")
	text := fmt.Sprintf("\n%s, and %s:\n", calls, things)
	for _, f := range r.Findings {
		text += fmt.Sprintf("%s:%d:%d: %s\n", o.file, f.Line, f.Col, f.Sentence)
	}
	if _, err := fmt.Fprint(o.Env.Stdout, text); err != nil {
		return err
	}
	return exit.Silent(exit.Fail)
}
