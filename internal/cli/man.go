package cli

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"github.com/occbench/occbench/internal/cli/command"
)

// newManCmd writes manual pages; only packages want them.
func newManCmd(env command.Env) *cobra.Command {
	return &cobra.Command{
		Use:     "man FOLDER",
		Short:   "Write a manual page for every command",
		Long:    readLongHelp("man"),
		Example: "occbench man build/man",
		Args:    command.OneArg("folder"),
		Hidden:  true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return fmt.Errorf("making the folder of the manual pages: %w", err)
			}
			header := doc.GenManHeader{Section: "1", Source: "occbench " + env.Version, Manual: "occbench manual"}
			cmd.Root().DisableAutoGenTag = true // the only date is that of the build, by SOURCE_DATE_EPOCH
			if err := doc.GenManTreeFromOpts(cmd.Root(), doc.GenManTreeOptions{Header: &header, Path: args[0],
				CommandSeparator: "-"}); err != nil {
				return fmt.Errorf("writing the manual pages: %w", err)
			}
			return nil
		},
	}
}
