package cli

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/pipeline"
	"github.com/occbench/occbench/reference-server/fault"
)

func newServeCmd(env Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the reference server: a correct OCC API, or a precisely broken one",
		Long:  long("serve") + "\n\n" + faultTable(),
		Args:  noArgs,
	}
	load := bind(cmd, env, names(serverFlags, []string{"addr", "served-host", "cloudwatch", "aws-region", "aws-profile", "aws-endpoint", "namespace", "stage"})...)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		s, err := load()
		if err != nil {
			return err
		}
		log := slog.New(slog.NewTextHandler(env.Stderr, nil))
		p := newPipeline(env, s)
		p.Lines = env.Stdout
		server, err := p.Serve(cmd.Context(), s.Addr, log)
		if err != nil {
			return err
		}
		if url := server.CloudWatch(); url != "" {
			fmt.Fprintf(env.Stderr, "occbench: local CloudWatch on %s\n", url)
		}
		if to := server.Publishes(); to != "" {
			fmt.Fprintf(env.Stderr, "occbench: metrics go to %s\n", to)
		}
		fmt.Fprintf(env.Stderr, "occbench: serving on %s, store %s; Ctrl-C stops\n", server.URL, s.Store)
		select {
		case <-cmd.Context().Done():
			return server.Stop()
		case err := <-server.Ended():
			return errors.Join(errors.New("serving ended"), err)
		}
	}
	return cmd
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
	for _, f := range pipeline.MetricFaults() {
		add(f.Name, f.Argument, "", f.Sentence)
	}
	var b strings.Builder
	b.WriteString("Faults (NAME[=ARGUMENT][:RATE], several with commas) and the invariant that each breaks, or the line of the probe that alone finds it:\n")
	for _, r := range rows {
		fmt.Fprintf(&b, "\n    %-*s  %-16s  %s", width, r.name, r.invariant, r.sentence)
	}
	return b.String()
}
