package cli

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/cli/command"
)

// listDocumented returns a command and those below it that are not hidden.
func listDocumented(cmd *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{cmd}
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			all = append(all, listDocumented(c)...)
		}
	}
	return all
}

// TestUsageFits looks at the flags of every command: they are wrapped, a toggle
// takes no value, and the columns stand in line.
func TestUsageFits(t *testing.T) {
	root := newRoot(command.Env{Getenv: func(string) (string, bool) { return "", false }, Stdout: &strings.Builder{}, Stderr: &strings.Builder{}})
	for _, cmd := range listDocumented(root) {
		text := usageText(cmd, command.UsualWidth)
		if strings.Contains(text, "[=true]") || strings.Contains(text, "Examples:") {
			t.Errorf("%s: a toggle that seems to want a value, or a second list of examples:\n%s", cmd.CommandPath(), text)
		}
		for _, line := range strings.Split(text, "\n") {
			if name, _, _ := strings.Cut(strings.TrimSpace(line), "   "); strings.HasPrefix(name, "--") && utf8.RuneCountInString(name) != len(name) {
				t.Errorf("%s: pflag counts bytes, so the column is shifted: %s", cmd.CommandPath(), line)
			}
			if utf8.RuneCountInString(line) > command.UsualWidth {
				t.Errorf("%s: %d columns: %s", cmd.CommandPath(), utf8.RuneCountInString(line), line)
			}
		}
	}
}
