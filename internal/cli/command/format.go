package command

import (
	"encoding/json"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/nearest"
)

// Format is one way to write a result.
type Format[T any] struct {
	Name  string
	Write func(io.Writer, T) error
}

// Formats are the ways to write a result, the default first.
type Formats[T any] []Format[T]

func (fs Formats[T]) names() []string {
	var names []string
	for _, f := range fs {
		names = append(names, f.Name)
	}
	return names
}

// Bind declares --format.
func (fs Formats[T]) Bind(cmd *cobra.Command, name *string) {
	cmd.Flags().StringVar(name, "format", fs[0].Name, "`FORMAT` of the result on stdout: "+strings.Join(fs.names(), ", "))
	CompleteFlag(cmd, "format", fs.names()...)
}

// Find returns the format of a name; another name is a mistake of the caller's.
func (fs Formats[T]) Find(name string) (Format[T], error) {
	for _, f := range fs {
		if f.Name == name {
			return f, nil
		}
	}
	return Format[T]{}, RefuseValue("format", name, fs.names())
}

// RefuseValue refuses the value of a flag that takes words, and says which
// word was probably meant.
func RefuseValue(flag, value string, words []string) error {
	return exit.Usagef("--%s: %q is not one of %s%s", flag, value, strings.Join(words, ", "), nearest.Question(value, words))
}

// PrintJSON writes a result as JSON, indented.
func PrintJSON(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}
