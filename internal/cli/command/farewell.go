package command

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/pipeline"
)

// farewell says what is left when a second interrupt ends the work at once.
type farewell struct {
	env Env

	mu      sync.Mutex
	dir     string // of the run; empty: there is none yet
	loading bool   // k6 takes the interrupt, and what it recorded is judged
}

// SayWhatIsLeft makes the second interrupt of a command name the run directory and the
// commands that judge it, before it ends the program. While k6 makes the load the
// interrupt is k6's. What it returns must be called when the work is done.
func SayWhatIsLeft(ctx context.Context, env Env, p *pipeline.Pipeline) (done func()) {
	if env.Exit == nil {
		return func() {}
	}
	f := &farewell{env: env}
	p.Loading = f.setDir
	signals, over := make(chan os.Signal, 4), make(chan struct{})
	stop := context.AfterFunc(ctx, func() { signal.Notify(signals, os.Interrupt, syscall.SIGTERM) })
	go f.awaitSignals(signals, over)
	return func() {
		stop()
		signal.Stop(signals)
		close(over)
	}
}

func (f *farewell) setDir(dir string, loading bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.dir, f.loading = dir, loading
}

func (f *farewell) awaitSignals(signals <-chan os.Signal, over <-chan struct{}) {
	for {
		select {
		case <-over:
			return
		case <-signals:
			f.exitInterrupted()
		}
	}
}

func (f *farewell) exitInterrupted() {
	f.mu.Lock()
	dir, loading := f.dir, f.loading
	f.mu.Unlock()
	if loading {
		return
	}
	fmt.Fprintln(f.env.Stderr, "\noccbench: "+describeLeftBehind(dir))
	f.env.Exit(exit.Killed)
}

// describeLeftBehind says which files an interrupted command leaves, and which
// command judges them.
func describeLeftBehind(dir string) string {
	if dir == "" {
		return "ended at once; no load was made, so nothing was recorded"
	}
	return fmt.Sprintf("ended at once; what was recorded is left, and these two judge it:\n  occbench check %[1]s\n  occbench gate %[1]s",
		dir)
}
