package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/ci"
	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/internal/draft"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/limit"
)

// draftFile is where a draft is written when no file is named.
const draftFile = "api.yaml"

type apiInitOptions struct {
	command.Options
	file    string
	openAPI string
	force   bool
}

func newAPIInitCmd(env command.Env, run func(context.Context, *apiInitOptions) error) *cobra.Command {
	o := &apiInitOptions{Options: command.Options{Env: env}, file: draftFile}
	cmd := &cobra.Command{
		Use:   "init [FILE]",
		Short: "Write a first API file: with comments, or from an OpenAPI document",
		Long:  readLongHelp("api_init"),

		Example: "occbench api init orders.yaml --openapi openapi.json",
		Args:    command.AtMostOneArg("file to write"),
	}
	cmd.Flags().StringVar(&o.openAPI, "openapi", "", "`FILE` with the OpenAPI document of the API; what it does not tell is marked TODO")
	cmd.Flags().BoolVar(&o.force, "force", false, "overwrite a file that exists")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			o.file = args[0]
		}
		if ext := filepath.Ext(o.file); o.file != "-" && ext != ".yaml" && ext != ".yml" {
			return exit.Usagef("%s: an API file has a name that ends in .yaml, such as %s.yaml", o.file, strings.TrimSuffix(o.file, ext))
		}
		return run(cmd.Context(), o)
	}
	return cmd
}

// maxOpenAPI bounds the size of an OpenAPI document in bytes; the largest public ones have about 10 MiB.
const maxOpenAPI = 64 << 20

func runAPIInit(_ context.Context, o *apiInitOptions) error {
	text := draft.Skeleton()
	if o.openAPI != "" {
		document, err := limit.ReadFile(o.openAPI, maxOpenAPI)
		if err != nil {
			return exit.Usage(fmt.Errorf("reading the OpenAPI document: %w", err))
		}
		if text, err = draft.FromOpenAPI(o.openAPI, document); err != nil {
			return exit.Usage(err)
		}
	}
	if o.file == "-" {
		_, err := o.Env.Stdout.Write(text)
		return err
	}
	file := ci.File{Path: o.file, Mode: 0o644, Data: text}
	if err := checkAbsent([]ci.File{file}, o.force, "occbench api init"); err != nil {
		return err
	}
	if err := writeStarterFile(file, o.force); err != nil {
		return err
	}
	_, err := fmt.Fprintf(o.Env.Stdout, "%s\nnext: change it to your API, then `occbench api check %s --target URL`\n", o.file, o.file)
	return err
}
