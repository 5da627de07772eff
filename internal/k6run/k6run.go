// Package k6run starts k6, hands it the parameters of a run, and says in words
// how it ended.
//
// k6 is this very binary, executed again under the name k6, so a run needs
// nothing installed and the extension always fits. Its exit code is evidence,
// not a verdict: k6 answers 0 when every iteration threw, and 99 for a
// threshold that is ours to judge. Parameters travel in the environment, since
// a URL may hold a password and every user can read the process list.
package k6run

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/occbench/occbench/internal/run"
)

// The files that k6run writes into the run directory.
const (
	LogFile    = "k6.log"      // everything k6 said
	ScriptFile = "scenario.js" // the scenario as it was run
)

// Options say what to run and where its traces go.
type Options struct {
	Dir      string            // the run directory; it exists
	Source   []byte            // the scenario; written to Dir as ScriptFile
	Modules  map[string][]byte // what Source imports, by the path relative to it
	Script   string            // a scenario in a file of its own, when Source is nil
	Spec     run.Spec          // what is declared
	Traces   Traces            // what is left of it
	Declared bool              // k6 refuses to begin when its options are not those of the declared load
	Args     []string          // what the user wrote after --
	Secrets  []string          // taken out of k6's log, beside the credentials in the URL
	Program  string            // the executable that is k6 when called so; empty: this one
	Limit    time.Duration
	Grace    time.Duration
	Ready    time.Duration // for RunDivided

	Begun func() // is called when a divided load begins; nil: not wanted

	segment segment // of a load that several k6 make
}

// Defaults of Options.Limit, Options.Grace and Options.Ready. The limit is what k6 may take
// beyond the declared duration (setup, requests in flight, teardown, summary)
// before it is told to stop; the grace is what it may take to stop before it is
// killed. Ready is how long each k6 of a divided load may take until it can begin: it
// makes all its operators first, on a machine that may be busy.
const (
	defaultLimit = 3 * time.Minute
	defaultGrace = 90 * time.Second
	defaultReady = 2 * time.Minute
)

// Run runs k6 until it ends and returns how. Cancelling ctx, or an interrupt
// signal, ends the scenario in order: what is in flight is waited for, the
// final audit is taken, the result is Interrupted. A second signal is passed on
// and makes k6 quit at once.
//
// The error says that k6 could not be run at all; a *UsageError, that it must
// not be run with these arguments.
func Run(ctx context.Context, o Options) (Result, error) {
	extra, err := parseExtra(o.Args)
	if err != nil {
		return Result{}, err
	}
	o.setDefaults()
	if o.Program == "" {
		if o.Program, err = os.Executable(); err != nil {
			return Result{}, fmt.Errorf("finding this program to run it as k6: %w", err)
		}
	}
	if o.Source != nil {
		o.Script = filepath.Join(o.Dir, ScriptFile)
		if err := os.WriteFile(o.Script, o.Source, 0o644); err != nil {
			return Result{}, fmt.Errorf("writing the scenario: %w", err)
		}
		if err := o.writeModules(); err != nil {
			return Result{}, err
		}
	}
	log, err := openLog(filepath.Join(o.Dir, LogFile), append(listSecrets(o.Spec.Target), o.Secrets...))
	if err != nil {
		return Result{}, err
	}
	return o.runChild(ctx, extra, log)
}

// configPath returns the path of an empty options file for k6. Without it k6
// would read the user's own (~/.config/k6/config.json), in which hosts or vus
// would change the declared load.
func (o *Options) configPath() string { return filepath.Join(o.Dir, ".k6-options.json") }

// writeModules puts what the scenario imports beside it.
func (o *Options) writeModules() error {
	for name, text := range o.Modules {
		path := filepath.Join(o.Dir, filepath.FromSlash(name))
		err := os.MkdirAll(filepath.Dir(path), 0o755)
		if err == nil {
			err = os.WriteFile(path, text, 0o644)
		}
		if err != nil {
			return fmt.Errorf("writing what the scenario imports: %w", err)
		}
	}
	return nil
}

// runChild runs the child and returns how it ended.
func (o *Options) runChild(ctx context.Context, extra extra, log *log) (Result, error) {
	if err := os.WriteFile(o.configPath(), []byte("{}\n"), 0o644); err != nil {
		return Result{}, fmt.Errorf("writing k6's options: %w", err)
	}
	defer func() { _ = os.Remove(o.configPath()) }() // an empty file that is left behind does no harm
	child := o.newChild(ctx, extra, log)
	limit := o.Spec.Duration + o.Limit
	if o.segment.count > 0 {
		limit += o.Ready
	}
	end, err := child.run(limit, o.Grace)
	log.close()
	if err != nil {
		return Result{}, fmt.Errorf("starting k6 (%s): %w", o.Program, err)
	}
	return judgeEnd(end, log, readSummary(o.Traces.Summary)), nil
}

func (o *Options) setDefaults() {
	if o.Limit <= 0 {
		o.Limit = defaultLimit
	}
	if o.Grace <= 0 {
		o.Grace = defaultGrace
	}
	if o.Ready <= 0 {
		o.Ready = defaultReady
	}
}
