package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/manual"
	"github.com/occbench/occbench/internal/settings"
)

// inForce is one line of what occbench config prints.
type inForce struct {
	Key   string `json:"key"`
	Value string `json:"value"` // empty: not set
	Kind  string `json:"from"`  // flag, environment, file, default
	Where string `json:"where"` // --operators, $URL, occbench.yaml:3
	Note  string `json:"note,omitempty"`
	Group string `json:"-"` // heading of the text
}

type configOptions struct {
	command.Options
	command.Judging
	schema bool
}

func newConfigCmd(env command.Env, run func(context.Context, *configOptions) error) *cobra.Command {
	o := &configOptions{Options: command.Options{Env: env}}
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Print the settings that are in force, and where each came from",
		Long:  readLongHelp("config"),
		Args:  command.NoArgs,
	}
	load := command.BindSettings(cmd, env, settings.Flags()...)
	cmd.Flags().BoolVar(&o.schema, "schema", false, "print the JSON schema of occbench.yaml instead")
	cmd.RunE = func(cmd *cobra.Command, _ []string) (err error) {
		if o.schema && cmd.Flags().NFlag() > 1 {
			return exit.Usagef("--schema is about every setting and stands alone; the other flags cannot take effect")
		}
		if o.schema {
			return run(cmd.Context(), o)
		}
		if o.Settings, err = load(); err == nil {
			err = o.Judging.Read(o.Settings)
		}
		if err != nil {
			return err
		}
		return run(cmd.Context(), o)
	}
	return cmd
}

func runConfig(_ context.Context, o *configOptions) error {
	if o.schema {
		return printSchema(o.Env.Stdout)
	}
	all := append(listEffective(o.Settings), listPolicy(o.Settings.Gates, o.Policy)...)
	if o.Settings.Format == "json" {
		return json.NewEncoder(o.Env.Stdout).Encode(map[string]any{"settings": all})
	}
	return printInForce(o.Env.Stdout, all)
}

func printSchema(w io.Writer) error {
	text, err := manual.Schema()
	if err != nil {
		return fmt.Errorf("making the schema: %w", err)
	}
	_, err = w.Write(text)
	return err
}

func listEffective(s *settings.Settings) []inForce {
	var all []inForce
	for _, v := range s.Effective() {
		all = append(all, inForce{v.Key, v.Text, v.Source.Kind, v.Source.Where, v.Idle, v.Group})
	}
	return all
}

// listPolicy returns the keys that only the settings file can have, with their
// values.
func listPolicy(g settings.Gates, p gate.Policy) []inForce {
	all := []inForce{
		newFileValue("confidence", fmt.Sprint(p.Confidence), g.ConfidenceAt),
		newFileValue("tolerate", formatList(p.Tolerated), g.TolerateAt),
	}
	for _, r := range gate.Rules() {
		value, where := "on", ""
		if r.HasLimit() {
			value = fmt.Sprint(p.Limit(r.Name))
		}
		if change := g.Gate[r.Name]; change != nil {
			where = change.Where
			if change.Off {
				value = "off"
			}
		}
		all = append(all, newFileValue("gates."+r.Name, value, where))
	}
	return all
}

// formatList returns a list as a settings file would hold it.
func formatList(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return fmt.Sprint(words)
}

func newFileValue(key, value, where string) inForce {
	const group = "The policy, in the file alone"
	if where == "" {
		return inForce{Key: key, Value: value, Kind: "default", Group: group}
	}
	return inForce{Key: key, Value: value, Kind: "file", Where: where, Group: group}
}

func printInForce(w io.Writer, all []inForce) error {
	var drawn strings.Builder
	table := tabwriter.NewWriter(&drawn, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "SETTING\tVALUE\tFROM")
	group := ""
	for _, l := range all {
		if l.Group != group {
			group = l.Group
			fmt.Fprintf(table, "\t\t\n%s:\t\t\n", group)
		}
		value, from := command.JoinLines(l.Value), l.Kind
		if value == "" {
			value = "-"
		}
		if l.Where != "" {
			from = l.Where
		}
		if l.Note != "" {
			from += " (no effect: " + l.Note + ")"
		}
		fmt.Fprintf(table, "  %s\t%s\t%s\n", l.Key, value, from)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	var b strings.Builder
	for line := range strings.Lines(drawn.String()) {
		b.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}
