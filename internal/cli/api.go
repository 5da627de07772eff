package cli

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/internal/exit"
)

type apiOptions struct {
	command.Options
	file string
}

func newAPICmd(subcommands ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "api",
		Short: "List, show and check API files, which describe the APIs that occbench can load",
		Long:  readLongHelp("api"),
		Args:  command.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(subcommands...)
	return cmd
}

func newAPIListCmd(env command.Env, run func(context.Context, *apiOptions) error) *cobra.Command {
	return apiCmd(env, run, &cobra.Command{Use: "list", Short: "List the API files inside the binary", Args: command.NoArgs})
}

func newAPIShowCmd(env command.Env, run func(context.Context, *apiOptions) error) *cobra.Command {
	return apiCmd(env, run, &cobra.Command{Use: "show NAME|FILE", Short: "Print an API file", Args: command.OneArg("API, by name or file")})
}

func apiCmd(env command.Env, run func(context.Context, *apiOptions) error, cmd *cobra.Command) *cobra.Command {
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return run(cmd.Context(), &apiOptions{Options: command.Options{Env: env}, file: strings.Join(args, "")})
	}
	return cmd
}

func runAPIList(_ context.Context, o *apiOptions) error {
	table := tabwriter.NewWriter(o.Env.Stdout, 0, 0, 2, ' ', 0)
	for _, name := range api.Names() {
		a, err := api.Load(name)
		if err != nil {
			return err
		}
		text, err := api.Source(name)
		if err != nil {
			return err
		}
		// Flush returns its errors.
		fmt.Fprintf(table, "%s\t%s of %s, tokens %s\t%s\n", name, a.Words.Update, a.Words.Record, tokenKind(a), describeAPI(text))
	}
	return table.Flush()
}

// describeAPI returns the first comment of an API file, up to the colon.
func describeAPI(text []byte) string {
	line, _, _ := strings.Cut(string(text), "\n")
	about, ok := strings.CutPrefix(line, "# ")
	if !ok {
		return ""
	}
	about, _, _ = strings.Cut(about, ":")
	return strings.TrimSuffix(about, ".")
}

func runAPIShow(_ context.Context, o *apiOptions) error {
	text, err := api.Source(o.file)
	if err != nil {
		return exit.Usage(err)
	}
	_, err = o.Env.Stdout.Write(text)
	return err
}

// printAPI says what a compiled file describes.
func printAPI(w io.Writer, a *api.API) error {
	rows := [][2]string{
		{"name", a.Name},
		{"words", strings.Join([]string{a.Words.Record, a.Words.Update, a.Words.List}, ", ")},
		{"tokens", tokenKind(a)},
		{"states", "none"},
		{"list", "none"},
		{"read", "none"},
		{"update", a.Update.Method + " " + a.Update.Template()},
	}
	if names := a.States.Names; len(names) > 0 {
		rows[3][1] = strings.Join(names, ", ")
	}
	if a.List != nil {
		rows[4][1] = a.List.Method + " " + a.List.Template()
	}
	if a.Read != nil {
		rows[5][1] = a.Read.Method + " " + a.Read.Template()
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		fmt.Fprintf(table, "%s\t%s\n", row[0], row[1]) // Flush returns its errors
	}
	return table.Flush()
}

func tokenKind(a *api.API) string {
	if a.Counting {
		return "that count by one"
	}
	return "opaque"
}
