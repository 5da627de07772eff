package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
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
		Long:  readLongHelp("serve") + "\n\n" + faultTable(),
		Args:  command.NoArgs,
	}
	load := command.BindSettings(cmd, env, command.JoinNames(command.ServerFlags,
		[]string{"api", "addr", "served-host", "cloudwatch", "aws-region", "aws-profile", "aws-endpoint", "namespace", "stage"})...)
	command.DescribeFlag(cmd, "api", "what is served: `NAME` appointments or etag, or a file of one of these names")
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
	if to := server.DescribeMetrics(); to != "" {
		fmt.Fprintf(o.Env.Stderr, "occbench: metrics go to %s\n", to)
	}
	fmt.Fprintf(o.Env.Stderr, "occbench: serving %s on %s, store %s; Ctrl-C stops\n", server.API, server.URL, o.Settings.Store)
	select {
	case <-ctx.Done():
		return server.Stop()
	case err := <-server.Ended():
		return errors.Join(errors.New("serving ended"), err)
	}
}

// faultTable lists what --fault takes.
func faultTable() string {
	rows := faultRows()
	widths := make([]int, len(rows[0]))
	for _, cells := range rows {
		for i, cell := range cells {
			widths[i] = max(widths[i], len(cell))
		}
	}
	var b strings.Builder
	b.WriteString("Faults (NAME[=ARGUMENT][:RATE], several with commas), and for each API the invariant that it breaks, or the line of " +
		"the probe\nthat alone finds it. What breaks none only gets in a client's way; what is marked - cannot exist there:\n")
	for _, cells := range rows {
		b.WriteString("\n    ")
		for i, cell := range cells[:len(cells)-1] {
			fmt.Fprintf(&b, "%-*s  ", widths[i], cell)
		}
		b.WriteString(cells[len(cells)-1])
	}
	return b.String()
}

// faultRows returns a row for each fault: its name, where it shows in each API, and
// what it does.
func faultRows() [][]string {
	apis := fault.APIs()
	rows := [][]string{append(append([]string{""}, apis...), "")}
	thereIn := map[string][]fault.Fault{}
	for _, api := range apis {
		thereIn[api] = fault.List(api)
	}
	for _, name := range fault.Names() {
		cells, sentence := []string{name}, ""
		for _, api := range apis {
			there := thereIn[api]
			i := slices.IndexFunc(there, func(f fault.Fault) bool { return f.Name == name })
			if i < 0 {
				cells = append(cells, "-")
				continue
			}
			f := there[i]
			cells[0] = writeFault(name, f.Argument)
			cells = append(cells, cmp.Or(f.Invariant, f.Question, "none"))
			switch sentence {
			case "", f.Sentence:
				sentence = f.Sentence
			default:
				sentence += "; in " + api + ": " + f.Sentence
			}
		}
		rows = append(rows, append(cells, sentence))
	}
	for _, f := range bundle.MetricFaults() {
		rows = append(rows, append(append([]string{writeFault(f.Name, f.Argument)}, slices.Repeat([]string{"none"}, len(apis))...),
			f.Sentence))
	}
	return rows
}

func writeFault(name, argument string) string {
	if argument == "" {
		return name
	}
	return name + "=" + argument
}
