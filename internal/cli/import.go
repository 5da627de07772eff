package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/k6import"
	"github.com/occbench/occbench/reports/machine"
	"github.com/occbench/occbench/reports/text"
)

// importFormats are the ways to write an import.
func importFormats(style text.Style) command.Formats[k6import.Result] {
	return command.Formats[k6import.Result]{{Name: "text", Write: style.Import}, {Name: "json", Write: machine.Import}}
}

type importOptions struct {
	command.Options
	command.Judging
	format command.Format[k6import.Result]
	file   string
}

func newImportCmd(env command.Env, run func(context.Context, *importOptions) error, subcommands ...*cobra.Command) *cobra.Command {
	o := &importOptions{Options: command.Options{Env: env}}
	cmd := &cobra.Command{
		Use:     "import K6-SUMMARY.json|K6-POINTS.ndjson[.gz]",
		Short:   "Judge what a plain k6 run left behind, and say what it cannot show",
		Long:    readLongHelp("import"),
		Example: "occbench import points.ndjson.gz",
		Args:    command.OneArg("file that k6 wrote"),
	}
	load := command.BindSettings(cmd, env, "api")
	var format string
	formats := importFormats(env.Style())
	formats.Bind(cmd, &format)
	cmd.RunE = func(cmd *cobra.Command, args []string) (err error) {
		if o.format, err = formats.Find(format); err == nil {
			o.Settings, err = load()
		}
		if err == nil {
			err = o.Judging.Read(o.Settings)
		}
		if err != nil {
			return err
		}
		o.file = args[0]
		return run(cmd.Context(), o)
	}
	cmd.AddCommand(subcommands...)
	return cmd
}

func runImport(_ context.Context, o *importOptions) error {
	a, err := o.Settings.LoadAPI()
	if err != nil {
		return exit.Usage(err)
	}
	result, err := k6import.Read(o.file, o.Policy, a)
	if err != nil {
		return err
	}
	if err := o.format.Write(o.Env.Stdout, result); err != nil {
		return err
	}
	return exit.Silent(result.Verdict.ExitCode())
}
