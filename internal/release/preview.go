package release

import (
	"context"
	"errors"
	"fmt"
)

// lookAtPreview finds the place where the new build is shown to nobody, and asks
// whether it may be given to it.
func (f *flow) lookAtPreview(ctx context.Context, live Capture) error {
	if f.o.Preview == nil {
		return nil
	}
	there, err := f.o.Preview.Capture(ctx)
	switch {
	case err != nil:
		return err
	case there.Function != live.Function || there.Alias == live.Alias || there.URL == "" || there.URL == f.rec.URL:
		return &Problem{Doing: "looking for the preview", Usage: true,
			Cause: fmt.Errorf("alias %s of %s is no place beside alias %s of %s: it wants a function URL of its own", there.Alias, there.Function, live.Alias, live.Function),
			Next:  "nothing was changed; give another --preview, or make the URL: `aws lambda create-function-url-config --qualifier " + there.Alias + " …`"}
	}
	// A host that is not allowed is told now. What the preview shows today does not
	// matter.
	var refused interface{ ExitCode() int }
	if _, err := f.o.Health(ctx, there.URL); errors.As(err, &refused) {
		return err
	}
	f.rec.Preview = &Preview{there.Alias, there.URL}
	_, err = f.o.Preview.Stage(ctx, Wanted{Image: f.o.Image, Check: true})
	return err
}

// preview shows the new version where callers are not, and has it validated there:
// a build that fails has served nobody. It is left there, for whoever looks for
// the reason.
func (f *flow) preview(ctx context.Context) *setback {
	if f.o.Preview == nil {
		return nil
	}
	if err := f.o.Preview.Route(ctx, Traffic{Version: f.rec.Staged.ID}); err != nil {
		return broken(err)
	}
	if err := f.reach(StatePreviewed, "version %s is at %s, and %s is as it was", f.rec.Staged.ID, f.rec.Preview.Alias, f.rec.Alias); err != nil {
		return broken(err)
	}
	return f.validate(ctx, f.rec.Preview.URL, 0)
}
