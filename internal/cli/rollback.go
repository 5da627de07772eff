package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/occbench/occbench/internal/cli/command"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/pipeline"
	"github.com/occbench/occbench/internal/release"
	"github.com/occbench/occbench/internal/release/lambda"
	"github.com/occbench/occbench/internal/settings"
)

type rollbackOptions struct {
	command.Options
	dry  bool
	file string
}

func newRollbackCmd(env command.Env, run func(context.Context, *rollbackOptions) error) *cobra.Command {
	o := &rollbackOptions{Options: command.Options{Env: env}}
	cmd := &cobra.Command{
		Use:     "rollback [FILE]",
		Short:   "Make live again what was live before a release",
		Long:    readLongHelp("rollback"),
		Example: "occbench rollback releases/20300115_081500-1.5.0.json",
		Args:    checkOneFile,
	}
	load := command.BindSettings(cmd, env, command.JoinNames(
		[]string{"target", "allow-host", "auth", "timeout", "aws-region", "aws-profile", "function", "format"}, releaseFlags)...)
	cmd.Flags().BoolVar(&o.dry, "dry-run", false, "print every call and change nothing")
	cmd.RunE = func(cmd *cobra.Command, args []string) (err error) {
		if o.Settings, err = load(); err == nil {
			o.file, err = releaseFile(o.Settings, args)
		}
		if err == nil {
			o.Settings, err = applyRecordFile(o.Settings, o.file)
		}
		if err != nil {
			return err
		}
		return run(cmd.Context(), o)
	}
	return cmd
}

func checkOneFile(cmd *cobra.Command, args []string) error {
	if len(args) <= 1 {
		return nil
	}
	return command.NewArgsError(cmd, "one release file at most", args)
}

// releaseFile is the file that was named, or the newest about the function and
// alias that the settings name. Where there is none of them, the newest is
// returned for its refusal to be told.
func releaseFile(s *settings.Settings, args []string) (string, error) {
	if len(args) == 1 {
		return args[0], nil
	}
	file, err := release.FindNewestOf(s.Release.Dir, func(r release.Record) bool { return checkRecord(s, "", r) == nil })
	if errors.Is(err, release.ErrNone) {
		file, err = release.FindNewest(s.Release.Dir)
	}
	if errors.Is(err, release.ErrNone) {
		return "", exit.Usagef("%w; nothing was changed; name one, `occbench rollback FILE`, or its folder, --releases", err)
	}
	return file, err
}

// applyRecordFile returns the settings for a rollback. It refuses a file about
// another function or alias than the settings name; where the settings name
// none, they get those of the file.
func applyRecordFile(s *settings.Settings, file string) (*settings.Settings, error) {
	rec, err := release.Read(file)
	if err == nil {
		err = checkRecord(s, file, rec)
	}
	if err != nil {
		return s, err
	}
	// The ARN holds region and account, so that a profile of another one cannot
	// lead to a function of the same name.
	other := *s
	other.CloudWatch.Function, other.CloudWatch.Region, other.Release.Alias = rec.Function, "", rec.Alias
	if s.Target == "" {
		other.Target = rec.URL
	}
	return &other, nil
}

// checkRecord returns an error when a file is about another function, region
// or alias than the settings name, or about a platform that this version does
// not know.
func checkRecord(s *settings.Settings, file string, rec release.Record) error {
	fn := s.CloudWatch.Function
	switch {
	case rec.Platform != lambda.Name:
		return exit.Usagef("reading %s: it is about platform %q, which this occbench does not know; nothing was changed; use the occbench "+
			"that wrote it", file, rec.Platform)
	case fn != "" && !lambda.IsSameFunction(fn, rec.Function):
		return exit.Usagef("reading %s: it is about function %s, but %s says %s; nothing was changed; name a file of that function, "+
			"`occbench rollback FILE`",
			file, rec.Function, s.Source("function").Where, fn)
	case s.IsGiven("aws-region") && s.CloudWatch.Region != lambda.RegionOf(rec.Function):
		return exit.Usagef("reading %s: it is about function %s, but %s says %s; nothing was changed; name a file of that region, "+
			"`occbench "+
			"rollback FILE`",
			file, rec.Function, s.Source("aws-region").Where, s.CloudWatch.Region)
	case s.IsGiven("alias") && s.Release.Alias != rec.Alias:
		return exit.Usagef("reading %s: it is about alias %s, but %s says %s; nothing was changed; name a file of that alias, `occbench "+
			"rollback FILE`",
			file, rec.Alias, s.Source("alias").Where, s.Release.Alias)
	}
	return nil
}

func runRollback(ctx context.Context, o *rollbackOptions) error {
	s, say := o.Settings, sayTo(o.Env.Stderr)
	if o.dry {
		say = sayTo(o.Env.Stdout)
	}
	platform, err := lambda.Connect(ctx, lambdaOptions(s, o.dry, say))
	if err != nil {
		return err
	}
	build := func(url string) *pipeline.Pipeline { return command.NewPipeline(o.Env, s.WithTarget(url)) }
	rec, changed, err := release.Rollback(ctx, release.BackOptions{
		Platform: platform, File: o.file, URL: s.Target, Dry: o.dry,
		Health: askHealth(build), Now: o.Env.Now, Say: say, Patience: readPatience(s.Release),
	})
	if err != nil {
		return err
	}
	if s.Format == "json" && !o.dry {
		return command.PrintJSON(o.Env.Stdout, rec)
	}
	fmt.Fprintln(o.Env.Stdout, command.JoinLines(describeRollback(rec, changed, o.dry)))
	return nil
}

// describeRollback returns the result of a rollback in one line.
func describeRollback(rec release.Record, changed, dry bool) string {
	what := fmt.Sprintf("%s serves version %s (%s)", rec.Alias, rec.Captured.ID, rec.Captured.SHA256)
	switch {
	case !changed:
		return "already there: " + what + "; to go further back, name an older file"
	case dry:
		return "dry run: nothing was changed; after these calls " + what
	}
	return "rolled back: " + what + ", verified by SHA and health"
}
