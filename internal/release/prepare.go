package release

import (
	"context"
	"errors"
	"fmt"

	"github.com/occbench/occbench/internal/exit"
)

// flow is one release under way.
type flow struct {
	o    Options
	file string
	rec  Record
	back *Capture // what was live
}

// prepare checks everything that can be checked before anything changes.
func (f *flow) prepare(ctx context.Context) error {
	o := f.o
	live, err := o.Platform.Capture(ctx)
	if err != nil {
		return err
	}
	if live.Unfit != "" {
		return &exit.Problem{Doing: "capturing what is live", Cause: errors.New(live.Unfit), Usage: true}
	}
	if err := f.refuseUnfinished(live); err != nil {
		return err
	}
	wanted, err := o.Platform.Stage(ctx, Wanted{Image: o.Image, Check: true})
	if err != nil {
		return err
	}
	if isLive(wanted, live) {
		return &exit.Problem{Doing: "releasing " + o.Image, Usage: true,
			Cause:     fmt.Errorf("version %s, which %s serves, has this image already (%s)", live.Live.ID, live.Alias, live.Live.SHA256),
			Unchanged: true, Next: "give another tag"}
	}
	// A release without a way back is not begun.
	if _, err := o.Platform.Stage(ctx, f.planWayBack(live)); err != nil {
		return fmt.Errorf("looking at the way back, without which a release is not begun (when the live image is gone, push it again): "+
			"%w", err)
	}
	f.back = &live
	f.rec = Record{
		Format: Format, Platform: o.Name, Begun: o.Now().UTC(), Tag: o.Tag, Function: live.Function, Alias: live.Alias,
		Captured: Captured{Version: live.Live, Named: live.Named, Next: live.Next.SHA256},
		Wanted:   Target{Image: wanted.Image, SHA256: wanted.SHA256, ExpectBuild: o.ExpectBuild},
		Canary:   o.Canary, State: StateCaptured,
	}
	if err := f.askLive(ctx, live); err != nil {
		return err
	}
	return f.lookAtPreview(ctx, live)
}

// planWayBack returns the code of the live version as it would be wanted again, for the check that
// going back is possible.
func (f *flow) planWayBack(live Capture) Wanted {
	return Wanted{Image: live.Live.Image, Version: live.Live.ID, SHA256: live.Live.SHA256, Check: true}
}

// askLive asks the live build for its name. One that is not well has none and may
// be replaced all the same: that is often the reason of a release.
func (f *flow) askLive(ctx context.Context, live Capture) error {
	f.rec.URL = f.o.URL
	if f.rec.URL == "" {
		f.rec.URL = live.URL
	}
	if f.rec.URL == "" {
		return &exit.Problem{Doing: "capturing what is live", Cause: fmt.Errorf("alias %s has no function URL to validate at", live.Alias),
			Unchanged: true, Next: "give --target, or make one: `aws lambda create-function-url-config --qualifier " + live.Alias + " " +
				"…`", Usage: true}
	}
	build, err := f.o.Health(ctx, f.rec.URL)
	var refused exit.Coder
	switch {
	case errors.As(err, &refused):
		return err // the host is not allowed: also not later
	case ctx.Err() != nil:
		return fmt.Errorf("asking %s for its health: %w", f.rec.URL, ctx.Err())
	case err != nil:
		f.o.Say("health  the live version is not well: %v", err)
		return nil
	case build == f.o.ExpectBuild:
		return &exit.Problem{Doing: "releasing " + f.o.Image, Usage: true,
			Cause:     fmt.Errorf("the live build calls itself %q, the name that the new one is to be known by", build),
			Unchanged: true, Next: "give --expect-build, the version that the new build's health call answers"}
	}
	f.rec.Captured.Build = build
	if f.o.Dry || f.o.Foresee == nil {
		return nil
	}
	return f.o.Foresee(ctx, f.rec.URL)
}

// isLive reports whether an image is what is live already. Names are compared as
// well: not every platform tells a SHA beforehand.
func isLive(wanted Version, live Capture) bool {
	return wanted.SHA256 != "" && wanted.SHA256 == live.Live.SHA256 ||
		wanted.Image != "" && wanted.Image == live.Live.Image
}

// refuseUnfinished refuses to capture what an unfinished release has left: it would
// make a build that was not validated the way back.
func (f *flow) refuseUnfinished(live Capture) error {
	file, last, err := f.findLast(live)
	if err != nil || file == "" || last.State.IsFinal() {
		return err
	}
	if live.Live.SHA256 == last.Captured.SHA256 && live.Next.SHA256 == last.Captured.SHA256 && live.Traffic.Canary == "" {
		return nil // it changed nothing, or was undone by hand
	}
	return &exit.Problem{Doing: "capturing what is live", Usage: true,
		Cause:     fmt.Errorf("%s was begun and not finished (%s)", file, last.State),
		Unchanged: true, Next: "first run `" + rollbackCommand(file) + "`"}
}

// findLast returns the newest release file about what is to be released; no path
// when there is none.
func (f *flow) findLast(live Capture) (string, Record, error) {
	var last Record
	file, err := FindNewestOf(f.o.Dir, func(r Record) bool {
		last = r
		return r.Function == live.Function && r.Alias == live.Alias
	})
	var damaged *exit.Problem
	switch {
	case errors.Is(err, ErrNone):
		return "", Record{}, nil
	case errors.As(err, &damaged):
		damaged.Unchanged, damaged.Next = true, "it may be the way back of a release that was not finished: see what serves, and move the "+
			"file away"
	}
	return file, last, err
}

// saveCapture writes the way back to the disk.
func (f *flow) saveCapture() error {
	if f.o.Dry {
		f.o.Say("capture version %s (build %s, %s) of %s; a file in %s would say so", f.rec.Captured.ID, orUnknown(f.rec.Captured.Build),
			f.rec.Captured.SHA256, f.rec.Alias, f.o.Dir)
		return nil
	}
	var err error
	if f.file, err = createFile(f.o.Dir, f.rec.Begun, f.o.Tag); err != nil {
		return err
	}
	f.rec.note(f.o.Now(), "captured version %s, build %s", f.rec.Captured.ID, orUnknown(f.rec.Captured.Build))
	if err := f.rec.write(f.file); err != nil {
		return err
	}
	f.o.Say("capture version %s (build %s, %s) in %s", f.rec.Captured.ID, orUnknown(f.rec.Captured.Build), f.rec.Captured.SHA256, f.file)
	return nil
}

// orUnknown names the absence of a build id.
func orUnknown(build string) string {
	if build == "" {
		return "unknown"
	}
	return build
}
