package cli

import (
	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/k6import"
	"github.com/occbench/occbench/internal/pipeline"
	"github.com/occbench/occbench/reports"
)

// importFormats are the ways to write an import.
var importFormats = formats[k6import.Result]{{"text", reports.ImportText}, {"json", reports.ImportJSON}}

func newImportCmd(env Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "import K6-SUMMARY.json|K6-POINTS.ndjson[.gz]",
		Short:   "Judge again what a plain k6 run can still show, and say what it cannot",
		Long:    long("import"),
		Example: "occbench import points.ndjson.gz",
		Args:    oneArg("file that k6 wrote"),
	}
	load := bind(cmd, env)
	format := importFormats.flag(cmd)
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		write, err := importFormats.find(*format)
		if err != nil {
			return err
		}
		s, err := load()
		if err != nil {
			return err
		}
		policy, err := pipeline.Policy(s.Gates)
		if err != nil {
			return err
		}
		result, err := k6import.Read(args[0], policy)
		if err != nil {
			return err
		}
		if err := write(env.Stdout, result); err != nil {
			return err
		}
		return exit.Silent(verdictCode(result.Verdict))
	}
	return cmd
}
