// Command packages reads the files that packages are made from with the readers
// of the programs that will read them, and strictly: a Dockerfile with
// BuildKit's, compose.yaml with Compose's. Neither needs an engine.
//
// Compose's JSON schema would be cheaper to build than its reader, and would miss
// a volume or a dependency that is not declared. For .goreleaser.yaml the schema is
// enough: see TestPackageFiles in ci.
//
// It is a module of its own, for the versions that it needs would change those
// of the other tools.
package main

import (
	"bytes"
	"context"
	"fmt"
	"os"

	compose "github.com/compose-spec/compose-go/v2/cli"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

// readers are the functions that read a file, by its kind.
var readers = map[string]func(path string) error{
	"compose":    readCompose,
	"dockerfile": readDockerfile,
}

func main() {
	if len(os.Args) != 3 || readers[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: packages compose|dockerfile FILE")
		os.Exit(2)
	}
	if err := readers[os.Args[1]](os.Args[2]); err != nil {
		fmt.Fprintf(os.Stderr, "reading %s: %v\n", os.Args[2], err)
		os.Exit(1)
	}
}

func readCompose(path string) error {
	options, err := compose.NewProjectOptions([]string{path})
	if err != nil {
		return err
	}
	_, err = options.LoadProject(context.Background())
	return err
}

// readDockerfile takes a warning for an error.
func readDockerfile(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	parsed, err := parser.Parse(bytes.NewReader(text))
	if err != nil {
		return err
	}
	var warned error
	warn := func(rule, _, _, message string, _ []parser.Range) { warned = fmt.Errorf("%s: %s", rule, message) }
	if _, _, err := instructions.Parse(parsed.AST, linter.New(&linter.Config{Warn: warn})); err != nil {
		return err
	}
	for _, w := range parsed.Warnings {
		return fmt.Errorf("line %d: %s", w.Location.Start.Line, w.Short)
	}
	return warned
}
