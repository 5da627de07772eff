package k6run

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/occbench/occbench/internal/run"
)

// State is how far a run came.
type State string

// The states. Complete: the scenario ran to its end and took its final audit.
// Interrupted: it was ended early but in order, so what was recorded is valid
// and short. Failed: k6 could not do the work; Reason says why.
const (
	Complete    State = "complete"
	Interrupted State = "interrupted"
	Failed      State = "failed"
)

// Result is how k6 ended.
type Result struct {
	Exit         int           // k6's exit code; -1 when a signal killed it
	State        State         //
	Reason       string        // in words; empty for a run that is simply complete
	Iterations   int64         // iterations that ended; -1 when there is no summary
	ScriptErrors int           // iterations that threw
	Dropped      int64         // operations that happened and are not in the history
	PlannedTurns int64         // open model: turns that the schedule had until the load ended
	DroppedTurns int64         // open model: those of them that never began
	CPU          time.Duration // processor time that k6 took
	Cores        float64       // processors that a quota leaves to k6; 0: there is none
	Throttled    time.Duration // how long the quota held it back
	Messages     []string
	Builds       []run.Build   // that answers named
	Troubles     []run.Trouble // why answers are missing or unreadable
	Thresholds   bool          // k6 thresholds were crossed (a hint: gates decide)
}

// k6's exit codes that mean something to us.
const (
	exitThresholds      = 99
	exitSetupTimeout    = 100
	exitTeardownTimeout = 101
	exitStoppedByAPI    = 103
	exitOptions         = 104
	exitSignal          = 105
	exitScriptException = 107
	exitScriptAborted   = 108
	exitPanic           = 109
	exitMarkedFailed    = 110
	exitBadFlag         = 255
	exitGoPanic         = 2
)

func judgeEnd(e end, l *log, s summary) Result {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := Result{
		Exit: e.process.ExitCode(), Iterations: s.iterations(), Dropped: s.Recording.Dropped,
		PlannedTurns: s.Recording.Turns.Planned, DroppedTurns: s.Recording.Turns.Dropped,
		Builds: s.Recording.Builds, Troubles: s.Recording.Troubles,
		ScriptErrors: l.errors, Messages: l.messages, CPU: e.process.UserTime() + e.process.SystemTime(),
		Cores: s.Recording.Cores, Throttled: time.Duration(s.Recording.Throttled) * time.Millisecond,
	}
	r.Thresholds = r.Exit == exitThresholds
	r.State, r.Reason = classifyEnd(e, r, l)
	if reason := explainBroken(r, l, s); reason != "" {
		r.State, r.Reason = Failed, reason
	}
	return r
}

// explainBroken returns why a run is unusable although k6's exit code does not
// say so, or says it less clearly; empty for a usable run.
func explainBroken(r Result, l *log, s summary) string {
	if why := cmp.Or(l.history, s.Recording.Error); why != "" {
		return why
	}
	if r.State != Failed && r.Iterations >= 0 && r.ScriptErrors > 0 && int64(r.ScriptErrors) >= r.Iterations {
		return fmt.Sprintf("every iteration of the scenario threw: %s", firstMessage(l.messages))
	}
	return ""
}

func classifyEnd(e end, r Result, l *log) (State, string) {
	switch {
	case errors.Is(e.cause, errOverdue):
		return Failed, fmt.Sprintf("k6 did not end in time and was stopped (%s)", e.process)
	case isEndedBy(e.process, syscall.SIGINT), isEndedBy(e.process, syscall.SIGTERM):
		return Interrupted, "k6 was interrupted, before it listened to signals, by " + nameCause(e)
	case r.Exit == -1:
		return Failed, fmt.Sprintf("k6 was killed (%s); unless a user did it, the system ran out of memory", e.process)
	}
	switch r.Exit {
	case 0, exitThresholds:
		return Complete, ""
	case exitMarkedFailed:
		return Complete, "the scenario marked the run as failed: " + firstMessage(l.messages)
	case exitSignal:
		return Interrupted, "k6 was interrupted by " + nameCause(e)
	case exitStoppedByAPI:
		return Interrupted, "k6 was stopped through its REST API"
	case exitScriptAborted:
		return Interrupted, "the scenario ended the run: " + lastMessage(l.messages)
	}
	return Failed, explainExit(r.Exit, l)
}

// isEndedBy reports whether a signal ended a process.
func isEndedBy(p *os.ProcessState, s syscall.Signal) bool {
	status, ok := p.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == s
}

func explainExit(exit int, l *log) string {
	switch exit {
	case exitSetupTimeout:
		return "k6 gave up on setup(): " + lastMessage(l.messages)
	case exitTeardownTimeout:
		return "k6 gave up on teardown(), there is no final audit: " + lastMessage(l.messages)
	case exitOptions:
		return "k6 did not accept the options: " + lastMessage(l.messages)
	case exitScriptException:
		return "the scenario threw outside of its iterations: " + lastMessage(l.messages)
	case exitBadFlag:
		return "k6 did not accept its arguments: " + lastMessage(l.messages)
	case exitGoPanic, exitPanic:
		return "k6 crashed; its log has the trace"
	}
	return fmt.Sprintf("k6 ended with exit code %d: %s", exit, lastMessage(l.messages))
}

// nameCause says what interrupted k6. The signal may come from another
// process.
func nameCause(e end) string {
	switch {
	case e.cause == nil:
		return "a signal that did not come from here"
	case errors.Is(e.cause, errSignal), strings.HasSuffix(e.cause.Error(), " signal received"):
		return errSignal.Error() // by whichever of the two listeners got it first
	}
	return "its caller: " + e.cause.Error()
}

func firstMessage(messages []string) string {
	if len(messages) == 0 {
		return "k6 did not say why"
	}
	return messages[0]
}

func lastMessage(messages []string) string {
	if len(messages) == 0 {
		return "k6 did not say why"
	}
	return messages[len(messages)-1]
}
