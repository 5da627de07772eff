package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/internal/ednimport"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/run"
)

// writers are the programs whose histories are read.
var writers = []string{string(ednimport.Jepsen), string(ednimport.Porcupine)}

type importHistoryOptions struct {
	command.Options
	from   string
	keyed  bool
	output string
	file   string
}

func newImportHistoryCmd(env command.Env, run func(context.Context, *importHistoryOptions) error) *cobra.Command {
	o := &importHistoryOptions{Options: command.Options{Env: env}}
	cmd := &cobra.Command{
		Use:     "history --from jepsen|porcupine FILE.edn",
		Short:   "Turn an EDN history of versioned registers into history.csv",
		Long:    readLongHelp("import_history"),
		Example: "occbench import history --from jepsen --output history.csv history.edn",
		Args:    command.OneArg("history in EDN"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if form := ednimport.Form(o.from); form != ednimport.Jepsen && form != ednimport.Porcupine {
				return command.RefuseValue("from", o.from, writers)
			}
			o.file = args[0]
			return run(cmd.Context(), o)
		},
	}
	cmd.Flags().StringVar(&o.from, "from", "", "`PROGRAM` that wrote the history: jepsen or porcupine")
	command.CompleteFlag(cmd, "from", writers...)
	cmd.Flags().BoolVar(&o.keyed, "keyed", false, "values are [key value], as jepsen.independent writes them")
	cmd.Flags().StringVarP(&o.output, "output", "o", "-", "`FILE` to write history.csv to; - is stdout")
	return cmd
}

func runImportHistory(_ context.Context, o *importHistoryOptions) (err error) {
	file, err := run.OpenFile(o.file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	result, err := ednimport.Read(file, o.file, ednimport.Form(o.from), o.keyed)
	if err != nil {
		return err
	}
	for _, what := range slices.Sorted(maps.Keys(result.Left)) {
		if _, err := fmt.Fprintf(o.Env.Stderr, "occbench: left out: %s %s\n", amount.Count(result.Left[what]), what); err != nil {
			return err
		}
	}
	text := []byte(history.Header + "\n")
	for i := range result.Ops {
		text = history.AppendOp(text, &result.Ops[i])
	}
	if err := checkReadable(text); err != nil {
		return err
	}
	if o.output != "-" {
		return run.WriteFile(o.output, text)
	}
	_, err = o.Env.Stdout.Write(text)
	return err
}

// checkReadable returns an error when the imported history could not be read
// again: a key may be longer than an id may be.
func checkReadable(text []byte) error {
	r := history.NewReader(bytes.NewReader(text), "the history")
	var o history.Op
	for {
		if err := r.Read(&o); err != nil {
			if r.Truncated() || !errors.Is(err, io.EOF) {
				return err
			}
			return nil
		}
	}
}
