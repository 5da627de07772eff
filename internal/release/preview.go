package release

import (
	"context"
	"errors"
	"fmt"

	"github.com/occbench/occbench/internal/exit"
)

// lookAtPreview finds the place where the new build serves no caller, and asks
// whether it may be given to it.
func (f *flow) lookAtPreview(ctx context.Context, live Capture) error {
	if f.o.Preview == nil {
		return nil
	}
	there, err := f.o.Preview.Capture(ctx)
	if err != nil {
		return fmt.Errorf("looking for the preview: %w", err)
	}
	if cause, next := refusePreview(live, there, f.rec.URL); cause != nil {
		return &exit.Problem{Doing: "looking for the preview", Cause: cause, Unchanged: true, Next: next, Usage: true}
	}
	// A host that is not allowed is told now. What the preview shows today does not
	// matter.
	var refused exit.Coder
	if _, err := f.o.Health(ctx, there.URL); errors.As(err, &refused) {
		return err
	}
	f.rec.Preview = &Preview{there.Alias, there.URL}
	_, err = f.o.Preview.Stage(ctx, Wanted{Image: f.o.Image, Check: true})
	return err
}

// refusePreview says why a preview is no place of its own, and what to do.
func refusePreview(live, there Capture, url string) (cause error, next string) {
	switch {
	case there.Function != live.Function:
		return fmt.Errorf("alias %s is one of %s, not of %s", there.Alias, there.Function,
			live.Function), "give an alias of the same function"
	case there.Alias == live.Alias || there.URL == url:
		return fmt.Errorf("callers call alias %s at %s, so nothing is hidden from them there", there.Alias,
			url), "give --preview an alias without callers"
	case there.URL == "":
		return fmt.Errorf("alias %s has no function URL to validate at",
			there.Alias), "make one: `aws lambda create-function-url-config --qualifier " + there.Alias + " …`"
	}
	return nil, ""
}

// preview shows the new version where callers are not, and has it validated there:
// a build that fails has served no caller. It is left there for a look at the reason.
func (f *flow) preview(ctx context.Context) *setback {
	if f.o.Preview == nil {
		return nil
	}
	if err := f.o.Preview.Route(ctx, Traffic{Version: f.rec.Staged.ID}); err != nil {
		return newSetback(err)
	}
	if err := f.noteState(StatePreviewed, "version %s is at %s, and %s is as it was", f.rec.Staged.ID, f.rec.Preview.Alias,
		f.rec.Alias); err != nil {
		return newSetback(err)
	}
	return f.validate(ctx, f.rec.Preview.URL, 0)
}
