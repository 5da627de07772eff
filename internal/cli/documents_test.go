package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"github.com/occbench/occbench/internal/cli/command"
)

var (
	// span is a command in running text; code, one in a line of a code block.
	span = regexp.MustCompile("`(?:[A-Z_]+=\\S+ )*(?:build/)?occbench ([^`]+)`")
	code = regexp.MustCompile(`^(?: {4,}|\t)?(?:\$ )?(?:[A-Z_]+=\S+ )*(?:[A-Z]+=\$\()?(?:build/)?occbench ([^#&|>)]+)`)
	// ours are pages; what occbench wrote, and what tests compare with, is not.
	foreignPages = regexp.MustCompile(`^\.\./\.\./(\.git|build|bin|load_test_results/[^/]+)/|/(testdata|node_modules)/`)
)

// TestDocumentsCallWhatExists reads every command that a page or a help text
// shows, those that no test runs included: the command is there and takes the
// flags.
func TestDocumentsCallWhatExists(t *testing.T) {
	found := 0
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".md" || foreignPages.MatchString(filepath.ToSlash(path)) {
			return err
		}
		text, err := os.ReadFile(path)
		for _, line := range listShown(string(text)) {
			found++
			t.Run(path+" "+line, func(t *testing.T) { checkCallable(t, splitWords(line)) })
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if found < 150 {
		t.Errorf("only %d commands were found", found)
	}
}

// listShown returns the arguments of the commands that a page shows.
func listShown(page string) []string {
	var all []string
	fenced := false
	for _, line := range strings.Split(page, "\n") {
		if strings.HasPrefix(line, "```") {
			fenced = !fenced
			continue
		}
		if fenced || strings.HasPrefix(line, "    ") {
			if m := code.FindStringSubmatch(line); m != nil {
				all = append(all, m[1])
			}
			continue
		}
		for _, m := range span.FindAllStringSubmatch(line, -1) {
			all = append(all, m[1])
		}
	}
	return all
}

var shellWord = regexp.MustCompile(`'[^']*'|"[^"]*"|\S+`)

// splitWords splits a command line. A flag at its end may be named without its value.
func splitWords(line string) []string {
	var all []string
	for _, w := range shellWord.FindAllString(strings.TrimSuffix(strings.TrimSpace(line), "\\"), -1) {
		all = append(all, strings.Trim(w, `'"`))
	}
	if strings.HasPrefix(all[len(all)-1], "--") {
		all = append(all, "VALUE")
	}
	return all
}

// checkCallable reports a command line that this program would refuse to read.
func checkCallable(t *testing.T, args []string) {
	t.Helper()
	cmd, rest, err := newRoot(command.Env{Stdout: os.Stdout, Stderr: os.Stderr}).Find(args)
	if err == nil && cmd.DisableFlagParsing {
		return
	}
	if err == nil {
		err = cmd.ParseFlags(rest)
	}
	if err == nil && !cmd.HasParent() {
		err = command.NoArgs(cmd, cmd.Flags().Args())
	}
	if err != nil && !errors.Is(err, pflag.ErrHelp) {
		t.Error(err)
	}
}
