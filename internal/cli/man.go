package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/occbench/occbench/internal/rundir"
)

// newManCmd writes manual pages; only packages want them.
func newManCmd(env Env) *cobra.Command {
	return &cobra.Command{
		Use:     "man FOLDER",
		Short:   "Write a manual page for every command",
		Long:    long("man"),
		Example: "occbench man build/man",
		Args:    oneArg("folder"),
		Hidden:  true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return fmt.Errorf("making the folder of the manual pages: %w", err)
			}
			for _, c := range documented(cmd.Root()) {
				path := filepath.Join(args[0], pageName(c)+".1")
				if err := rundir.WriteFile(path, []byte(manPage(c, env.Version))); err != nil {
					return err
				}
				if err := os.Chmod(path, 0o644); err != nil {
					return fmt.Errorf("making %s readable: %w", path, err)
				}
			}
			return nil
		},
	}
}

// documented returns a command and those below it that are not hidden.
func documented(cmd *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{cmd}
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			all = append(all, documented(c)...)
		}
	}
	return all
}

func pageName(cmd *cobra.Command) string { return strings.ReplaceAll(cmd.CommandPath(), " ", "-") }

// manPage draws one command in roff, the language of man.
func manPage(cmd *cobra.Command, version string) string {
	var b strings.Builder
	cmd.InitDefaultHelpFlag()
	fmt.Fprintf(&b, ".TH %s 1 \"\" %s %s\n", quotedRoff(strings.ToUpper(pageName(cmd))), quotedRoff("occbench "+version), quotedRoff("occbench manual"))
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", roff(pageName(cmd)), roff(cmd.Short))
	fmt.Fprintf(&b, ".SH SYNOPSIS\n.B %s\n", roff(cmd.UseLine()))
	fmt.Fprint(&b, ".SH DESCRIPTION\n")
	roffText(&b, description(cmd))
	roffFlags(&b, cmd.NonInheritedFlags())
	roffSeeAlso(&b, cmd)
	return b.String()
}

func description(cmd *cobra.Command) string {
	if cmd.Long != "" {
		return cmd.Long
	}
	return cmd.Short + "."
}

// roffText keeps indented lines as they are and fills the others.
func roffText(b *strings.Builder, text string) {
	verbatim := false
	for _, line := range strings.Split(text, "\n") {
		example := strings.HasPrefix(line, "    ") || strings.HasPrefix(line, "\t")
		switch {
		case example && !verbatim:
			b.WriteString(".PP\n.RS\n.nf\n")
		case !example && verbatim && line != "":
			b.WriteString(".fi\n.RE\n.PP\n")
		case line == "" && !verbatim:
			b.WriteString(".PP\n")
			continue
		}
		verbatim = example || verbatim && line == ""
		b.WriteString(roff(strings.TrimPrefix(strings.TrimPrefix(line, "\t"), "    ")) + "\n")
	}
	if verbatim {
		b.WriteString(".fi\n.RE\n")
	}
}

func roffFlags(b *strings.Builder, flags *pflag.FlagSet) {
	if !flags.HasAvailableFlags() {
		return
	}
	b.WriteString(".SH OPTIONS\n")
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		value, usage := pflag.UnquoteUsage(f)
		name := "--" + f.Name
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", " + name
		}
		preset := ""
		if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "[]" {
			preset = " (default " + f.DefValue + ")"
		}
		fmt.Fprintf(b, ".TP\n\\fB%s\\fR \\fI%s\\fR\n%s\n", roff(name), roff(value), roff(usage+preset))
	})
}

func roffSeeAlso(b *strings.Builder, cmd *cobra.Command) {
	var names []string
	if cmd.HasParent() {
		names = append(names, pageName(cmd.Parent()))
	}
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, pageName(c))
		}
	}
	if len(names) > 0 {
		b.WriteString(".SH SEE ALSO\n" + roff(strings.Join(names, "(1), ")) + "(1)\n")
	}
}

// roff escapes a text; a line that begins with a dot or an apostrophe would be a
// request to roff, and not every roff reads UTF-8.
func roff(s string) string {
	var b strings.Builder
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		b.WriteString(`\&`)
	}
	for _, r := range s {
		switch {
		case r == '\\':
			b.WriteString(`\e`)
		case r == '-':
			b.WriteString(`\-`)
		case r >= utf8.RuneSelf:
			fmt.Fprintf(&b, `\[u%04X]`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func quotedRoff(s string) string { return `"` + strings.ReplaceAll(roff(s), `"`, `""`) + `"` }
