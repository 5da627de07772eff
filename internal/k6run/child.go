package k6run

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"
	"time"
)

// child is one k6 process.
type child struct {
	cmd    *exec.Cmd
	ctx    context.Context
	cancel context.CancelCauseFunc
}

// Why a run was ended before its time.
var (
	errSignal  = errors.New("a signal (Ctrl-C)")
	errOverdue = errors.New("k6 did not end in time")
)

func (o *Options) newChild(ctx context.Context, extra extra, log *log) *child {
	ctx, cancel := context.WithCancelCause(ctx)
	cmd := exec.CommandContext(ctx, o.Program)
	cmd.Args = append(append([]string{"k6", "run", "--quiet", "--no-color", "--config", o.configPath()},
		append(o.segment.listArgs(), extra.args...)...), o.Script)
	cmd.Stdout = log.newPlainWriter()
	cmd.Stderr = log
	cmd.Env = o.buildEnviron(os.Environ(), extra.env)
	detachChild(cmd)
	cmd.Cancel = func() error { return interruptProcess(cmd.Process) }
	return &child{cmd: cmd, ctx: ctx, cancel: cancel}
}

// end is how a child ended.
type end struct {
	process *os.ProcessState
	cause   error // why it was told to stop; nil when it was not
}

// run starts the child and waits for its end. The error says that it did not
// start.
func (c *child) run(limit, grace time.Duration) (end, error) {
	defer c.cancel(nil)
	c.cmd.WaitDelay = grace
	overdue := time.AfterFunc(limit, func() { c.cancel(errOverdue) })
	defer overdue.Stop()

	signals := make(chan os.Signal, 4)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	started, done := make(chan error, 1), make(chan struct{})
	go c.startAndWait(started, done)
	if err := <-started; err != nil {
		return end{}, err
	}
	c.relaySignals(signals, done)
	return end{process: c.cmd.ProcessState, cause: context.Cause(c.ctx)}, nil
}

// startAndWait keeps its thread until the child has ended: the kernel takes the
// end of the thread that started a child for the end of its parent.
func (c *child) startAndWait(started chan<- error, done chan<- struct{}) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(done)
	err := c.cmd.Start()
	started <- err
	if err == nil {
		_ = c.cmd.Wait() // its only news, the state, is read from ProcessState
	}
}

// relaySignals lets the first signal end the run in order and passes each
// later one on, until the child has ended.
func (c *child) relaySignals(signals <-chan os.Signal, done <-chan struct{}) {
	for n := 0; ; n++ {
		select {
		case <-done:
			return
		case <-signals:
			if n == 0 {
				c.cancel(errSignal)
			} else {
				_ = interruptProcess(c.cmd.Process) // it may have ended meanwhile
			}
		}
	}
}
