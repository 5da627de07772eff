package release

import (
	"context"
	"errors"
	"fmt"

	"github.com/occbench/occbench/internal/exit"
)

// undo goes back. It has a time of its own: the release's context has ended
// when the user interrupted it, and that is a reason to go back, not to stop.
func (f *flow) undo(ctx context.Context, set *setback) (Outcome, error) {
	if f.o.Dry {
		return Outcome{}, set.err
	}
	back, cancel := context.WithTimeout(context.WithoutCancel(ctx), f.o.Patience.Undo)
	defer cancel()
	f.o.Say("back    to version %s: %s", f.rec.Captured.ID, pickReason(set.reasons))
	r := restorer{platform: f.o.Platform, rec: &f.rec, file: f.file, say: f.o.Say, mine: true}
	_, err := r.restore(back)
	if err == nil {
		err = f.awaitHealthy(back)
	}
	if err != nil {
		return f.strand(set, err)
	}
	f.rec.Outcome = fmt.Sprintf("rolled back to version %s (build %s, %s): %s",
		f.rec.Captured.ID, orUnknown(f.rec.Captured.Build), f.rec.Captured.SHA256, pickReason(set.reasons))
	if err := f.noteState(StateRolledBack, "%s", f.rec.Outcome); err != nil {
		return f.outcome(set.verdict), &exit.Problem{Doing: "writing down that version " + f.rec.Captured.ID + " serves again", Cause: err}
	}
	if set.err != nil {
		return f.outcome(""), newUndoneError(set.err, f.rec.Captured.ID, f.file)
	}
	return f.outcome(set.verdict), nil
}

// awaitHealthy returns when the captured build is as healthy as it was, or why it is not.
func (f *flow) awaitHealthy(ctx context.Context) error {
	if f.rec.Captured.Build == "" {
		f.o.Say("health  of version %s is not asked: it was not well when it was captured", f.rec.Captured.ID)
		return nil
	}
	if err := awaitCaptured(ctx, f.rec, f.rec.URL, f.o.Health, f.o.Patience); err != nil {
		return fmt.Errorf("version %s serves and has the captured SHA, but it is not well: %w", f.rec.Captured.ID, err)
	}
	return nil
}

// newUndoneError returns the error for a release that could not be done and was undone.
func newUndoneError(err error, version, file string) error {
	return &exit.Problem{Doing: "releasing", Cause: err, Next: fmt.Sprintf("version %s serves, as before; %s has the steps", version, file),
		Usage: exit.CodeOf(err) == exit.BadUsage}
}

// strand says that going back failed, too.
func (f *flow) strand(set *setback, err error) (Outcome, error) {
	f.rec.Outcome = "going back failed: " + err.Error()
	problem := &exit.Problem{Doing: "rolling back to version " + f.rec.Captured.ID + " after " + pickReason(set.reasons), Cause: err,
		Next: "run `" + rollbackCommand(f.file) + "`"}
	if wrote := f.noteState(StateStranded, "%s", f.rec.Outcome); wrote != nil {
		problem.Cause = errors.Join(err, wrote)
	}
	return f.outcome(""), problem
}

func pickReason(reasons []string) string {
	if len(reasons) == 0 {
		return "no reason was given"
	}
	return reasons[0]
}
