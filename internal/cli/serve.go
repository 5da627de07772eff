package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/bundle"
	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/reference-server/fault"
)

type serveOptions struct{ command.Options }

func newServeCmd(env command.Env, run func(context.Context, *serveOptions) error) *cobra.Command {
	o := &serveOptions{Options: command.Options{Env: env}}
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the reference server: a correct OCC API, or a precisely broken one",
		Long:  long("serve") + "\n\n" + faultTable(),
		Args:  command.NoArgs,
	}
	load := command.Bind(cmd, env, command.Names(command.ServerFlags,
		[]string{"addr", "served-host", "cloudwatch", "aws-region", "aws-profile", "aws-endpoint", "namespace", "stage"})...)
	cmd.RunE = func(cmd *cobra.Command, _ []string) (err error) {
		if o.Settings, err = load(); err != nil {
			return err
		}
		return run(cmd.Context(), o)
	}
	return cmd
}

func runServe(ctx context.Context, o *serveOptions) error {
	p := command.NewPipeline(o.Env, o.Settings)
	p.Lines = o.Env.Stdout
	server, err := p.Serve(ctx, o.Settings.Addr, slog.New(slog.NewTextHandler(o.Env.Stderr, nil)))
	if err != nil {
		return err
	}
	if url := server.CloudWatch(); url != "" {
		fmt.Fprintf(o.Env.Stderr, "occbench: local CloudWatch on %s\n", url)
	}
	if to := server.Publishes(); to != "" {
		fmt.Fprintf(o.Env.Stderr, "occbench: metrics go to %s\n", to)
	}
	fmt.Fprintf(o.Env.Stderr, "occbench: serving on %s, store %s; Ctrl-C stops\n", server.URL, o.Settings.Store)
	select {
	case <-ctx.Done():
		return server.Stop()
	case err := <-server.Ended():
		return errors.Join(errors.New("serving ended"), err)
	}
}

// faultTable lists what --fault takes.
func faultTable() string {
	type row struct{ name, invariant, sentence string }
	var rows []row
	width := 0
	add := func(name, argument, invariant, sentence string) {
		if argument != "" {
			name += "=" + argument
		}
		rows, width = append(rows, row{name, invariant, sentence}), max(width, len(name))
	}
	for _, f := range fault.List() {
		add(f.Name, f.Argument, cmp.Or(f.Invariant, f.Question), f.Sentence)
	}
	for _, f := range bundle.MetricFaults() {
		add(f.Name, f.Argument, "", f.Sentence)
	}
	var b strings.Builder
	b.WriteString("Faults (NAME[=ARGUMENT][:RATE], several with commas) and the invariant that each breaks, or the line of the probe " +
		"that " +
		"alone finds it:\n")
	for _, r := range rows {
		fmt.Fprintf(&b, "\n    %-*s  %-16s  %s", width, r.name, r.invariant, r.sentence)
	}
	return b.String()
}
