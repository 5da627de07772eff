package cli

import (
	"errors"

	"github.com/spf13/cobra"
)

// newK6Cmd shows k6 in the list of commands. A binary with k6 inside dispatches
// it before cobra sees the arguments, so only one without k6 gets here.
func newK6Cmd() *cobra.Command {
	return &cobra.Command{
		Use:                "k6 [ARGUMENTS]",
		Short:              "The k6 inside, with the extension k6/x/occ; arguments are passed through",
		Long:               readLongHelp("k6"),
		DisableFlagParsing: true,
		RunE: func(*cobra.Command, []string) error {
			return errors.New("this build has no k6 inside; build it with `make build`")
		},
	}
}
