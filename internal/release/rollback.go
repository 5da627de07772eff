package release

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/wait"
)

// BackOptions say how to go back.
type BackOptions struct {
	Platform Platform
	File     string
	URL      string // where health is asked; empty: the file's
	Dry      bool   // the platform only prints
	Health   func(ctx context.Context, url string) (build string, err error)
	Now      func() time.Time
	Say      func(format string, args ...any)
	Patience Patience
}

// Rollback makes what a file captured live again, whatever is live now, and
// reports whether anything had to be changed for it. It may be called again
// after any failure.
func Rollback(ctx context.Context, o BackOptions) (Record, bool, error) {
	o.Patience.setDefaults()
	rec, err := Read(o.File)
	if err != nil {
		return rec, false, err
	}
	o.Say("file    %s of %s: version %s, build %s, image %s, %s", o.File, rec.Alias, rec.Captured.ID, orUnknown(rec.Captured.Build),
		orNone(rec.Captured.Image), rec.Captured.SHA256)
	r := restorer{platform: o.Platform, rec: &rec, file: o.File, say: o.Say, dry: o.Dry}
	changed, err := r.restore(ctx)
	url := o.URL
	if url == "" {
		url = rec.URL
	}
	if o.Dry && err == nil {
		o.Say("health  of %s, which must be build %s", url, orUnknown(rec.Captured.Build))
	}
	if err != nil || o.Dry {
		return rec, changed, err
	}
	if err := awaitCaptured(ctx, rec, url, o.Health, o.Patience); err != nil {
		return rec, changed, &exit.Problem{Doing: "rolling back with " + o.File, Cause: err,
			Next: fmt.Sprintf("version %s serves and has the captured SHA; look at its log, or go further back with an older file",
				rec.Captured.ID)}
	}
	if rec.State == StateRolledBack && !changed {
		return rec, false, nil
	}
	rec.State = StateRolledBack
	rec.Outcome = fmt.Sprintf("rolled back to version %s (build %s, %s) by `%s`", rec.Captured.ID, orUnknown(rec.Captured.Build),
		rec.Captured.SHA256, rollbackCommand(o.File))
	rec.note(o.Now(), "%s", rec.Outcome)
	return rec, changed, rec.write(o.File)
}

// orNone names an image that only the platform holds.
func orNone(image string) string {
	if image == "" {
		return "none (a zip file)"
	}
	return image
}

// restorer makes what was captured live again.
type restorer struct {
	platform Platform
	rec      *Record
	file     string
	say      func(format string, args ...any)
	mine     bool // touch only what this very release has changed
	dry      bool
}

// restore looks first, and changes nothing when there is no way back. Callers
// are served by the captured version before anything that takes long.
func (r *restorer) restore(ctx context.Context) (changed bool, err error) {
	now, err := r.platform.Capture(ctx)
	if err != nil {
		return false, r.newStuckError(r.tellUntouched("asking what is live"), err)
	}
	if err := r.checkBelongs(now); err != nil {
		return false, err
	}
	if r.isRestored(now) {
		return false, nil
	}
	was := r.rec.Captured
	wanted := Wanted{Image: was.Image, Version: was.ID, SHA256: was.SHA256, Check: true}
	kept, err := r.platform.Stage(ctx, wanted)
	// A person may be asked. A release that goes back by itself cannot ask,
	// and its callers come first: they get a version that is there, whatever has
	// become of its image.
	if err != nil && !(r.mine && kept.ID != "") {
		return false, r.newStuckError(r.tellUntouched("looking for version "+was.ID), err)
	}
	wanted.Check = false
	if err := r.bringBack(ctx, now, kept, wanted); err != nil {
		return true, err
	}
	return true, r.verify(ctx)
}

// bringBack routes first when the version is still there. One that was deleted is
// made anew from its image.
func (r *restorer) bringBack(ctx context.Context, now Capture, kept Version, wanted Wanted) error {
	if kept.ID != "" {
		if err := r.route(ctx, now, kept.ID); err != nil {
			return err
		}
	}
	made, err := r.platform.Stage(ctx, wanted)
	if err != nil {
		return r.newStuckError(r.tellProgress(kept), err)
	}
	if kept.ID != "" {
		return nil
	}
	if made.SHA256 != r.rec.Captured.SHA256 && !r.dry {
		return r.newStuckError("publishing the captured image again",
			fmt.Errorf("its code is %s, not the captured %s; the alias was left alone", made.SHA256, r.rec.Captured.SHA256))
	}
	return r.route(ctx, now, made.ID)
}

// tellUntouched says of a look that nothing was changed before it; a release that
// goes back by itself has changed something.
func (r *restorer) tellUntouched(doing string) string {
	if r.mine {
		return doing
	}
	return doing + ", nothing was changed"
}

// tellProgress says how far a way back came whose second half failed.
func (r *restorer) tellProgress(kept Version) string {
	if kept.ID == "" {
		return "publishing the captured image again"
	}
	return fmt.Sprintf("version %s serves %s again; taking the code of the next version back", kept.ID, r.rec.Alias)
}

func (r *restorer) route(ctx context.Context, now Capture, version string) error {
	if now.Traffic.Version == version && now.Traffic.Canary == "" {
		return nil
	}
	r.say("back    %s to version %s", r.rec.Alias, version)
	if err := r.platform.Route(ctx, Traffic{Version: version}); err != nil {
		return r.newStuckError("routing "+r.rec.Alias+" to version "+version, err)
	}
	return nil
}

// verify reads back what serves, and compares by SHA.
func (r *restorer) verify(ctx context.Context) error {
	now, err := r.platform.Capture(ctx)
	if err != nil {
		return r.newStuckError("reading back what is live", err)
	}
	if !r.dry && !r.isRestored(now) {
		return r.newStuckError("reading back what is live", fmt.Errorf("version %s (%s) serves and %s would be published next, "+
			"want %s for both", now.Live.ID, now.Live.SHA256, now.Next.SHA256, r.rec.Captured.SHA256))
	}
	return nil
}

// isRestored reports whether what was captured is live, and nothing else is on its
// way.
func (r *restorer) isRestored(now Capture) bool {
	sha := r.rec.Captured.SHA256
	return now.Live.ID != "" && now.Live.SHA256 == sha && now.Traffic.Canary == "" && now.Next.SHA256 == sha
}

// checkBelongs refuses another function's file and, in a release that goes back by
// itself, a state that it has not made: another release was made meanwhile,
// and to undo that is for people to decide.
func (r *restorer) checkBelongs(now Capture) error {
	if now.Function != r.rec.Function || now.Alias != r.rec.Alias {
		return &exit.Problem{Doing: "rolling back with " + r.file, Usage: true,
			Cause:     fmt.Errorf("it is about alias %s of %s, not about %s of %s", r.rec.Alias, r.rec.Function, now.Alias, now.Function),
			Unchanged: true, Next: "give a file of this function, or another --function"}
	}
	if !r.mine {
		return nil
	}
	for _, version := range []string{now.Traffic.Version, now.Traffic.Canary} {
		if version != "" && version != r.rec.Captured.ID && (r.rec.Staged == nil || version != r.rec.Staged.ID) {
			return r.newStuckError("looking at "+r.rec.Alias,
				fmt.Errorf("it was given version %s meanwhile, which was left alone", version))
		}
	}
	if sha := now.Next.SHA256; r.rec.Wanted.SHA256 != "" &&
		!slices.Contains([]string{r.rec.Captured.SHA256, r.rec.Captured.Next, r.rec.Wanted.SHA256}, sha) {
		return r.newStuckError("looking at the next version's code",
			fmt.Errorf("it was changed to %s meanwhile, which was left alone", sha))
	}
	return nil
}

// newStuckError returns the error for a way back that could not be finished.
func (r *restorer) newStuckError(doing string, err error) error {
	return &exit.Problem{Doing: "rolling back with " + r.file + ": " + doing, Cause: err,
		Next: "then run `" + rollbackCommand(r.file) + "`"}
}

// awaitCaptured waits until the captured build answers and is well. One that was not well
// when it was captured has no name to be known by.
func awaitCaptured(ctx context.Context, rec Record, url string, health func(context.Context, string) (string, error), p Patience) error {
	within, cancel := context.WithTimeout(ctx, p.Settle)
	defer cancel()
	var last error
	for {
		build, err := health(within, url)
		var refused exit.Coder
		switch {
		case err == nil && (build == rec.Captured.Build || rec.Captured.Build == ""):
			return nil
		case errors.As(err, &refused):
			return err
		case err == nil:
			err = fmt.Errorf("asking the health of %s: build %q answers, not the captured %q", url, build, rec.Captured.Build)
		}
		if last == nil || within.Err() == nil {
			last = err
		}
		if wait.For(within, p.Poll) != nil {
			return last
		}
	}
}
