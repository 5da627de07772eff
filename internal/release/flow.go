package release

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/occbench/occbench/internal/exit"
)

// Outcome is how a release ended.
type Outcome struct {
	File    string // empty: nothing was changed
	Record  Record
	Verdict Verdict // that decided; empty: the work could not be done
	Runs    []string
}

// Release puts a build in the place of what is live. The error says that it
// could not be done, what became of what was begun, and the next command; a
// build that was not good enough is no error but an Outcome that is rolled
// back.
func Release(ctx context.Context, o Options) (Outcome, error) {
	o.Patience.setDefaults()
	f := &flow{o: o}
	if err := f.prepare(ctx); err != nil {
		return Outcome{}, markUnchanged(err)
	}
	if err := f.saveCapture(); err != nil {
		return Outcome{}, err
	}
	set := f.advance(ctx)
	if set == nil {
		return f.outcome(Pass), nil
	}
	return f.undo(ctx, set)
}

// setback is why a release goes back.
type setback struct {
	verdict Verdict // empty: the work could not be done
	reasons []string
	err     error
}

func newSetback(err error) *setback { return &setback{reasons: []string{err.Error()}, err: err} }

// advance does what changes something, and stops at the first setback.
func (f *flow) advance(ctx context.Context) *setback {
	staged, err := f.o.Platform.Stage(ctx, Wanted{Image: f.rec.Wanted.Image, SHA256: f.rec.Wanted.SHA256})
	if err != nil {
		return newSetback(err)
	}
	if staged.SHA256 == f.rec.Captured.SHA256 && !f.o.Dry {
		return newSetback(&exit.Problem{Doing: "releasing " + f.o.Image, Usage: true,
			Cause: errors.New("its code is that of version " + f.rec.Captured.ID + ", which is live")})
	}
	f.rec.Staged = &staged
	if err := f.noteState(StateStaged, "staged version %s, %s", staged.ID, staged.SHA256); err != nil {
		return newSetback(err)
	}
	if set := f.preview(ctx); set != nil {
		return set
	}
	if f.o.Canary > 0 {
		t := Traffic{Version: f.rec.Captured.ID, Canary: staged.ID, Share: f.o.Canary}
		if set := f.tryTraffic(ctx, t, StateCanary); set != nil {
			return set
		}
	}
	if set := f.tryTraffic(ctx, Traffic{Version: staged.ID}, StateShifted); set != nil {
		return set
	}
	return f.verify(ctx)
}

// tryTraffic routes traffic to the new version and has the result validated.
func (f *flow) tryTraffic(ctx context.Context, t Traffic, s State) *setback {
	share := 1.0
	if t.Canary != "" {
		share = t.Share
	}
	if err := f.o.Platform.Route(ctx, t); err != nil {
		return newSetback(err)
	}
	if err := f.noteState(s, "version %s serves %g %% of %s", f.rec.Staged.ID, 100*share, f.rec.Alias); err != nil {
		return newSetback(err)
	}
	return f.validate(ctx, f.rec.URL, share)
}

// validate judges what a URL shows. The share is that of the traffic which the new
// version has: 0 at the preview, where it has all of what there is.
func (f *flow) validate(ctx context.Context, url string, share float64) *setback {
	if f.o.Dry {
		f.o.Say("validate %s, which must be build %s", url, f.o.ExpectBuild)
		return nil
	}
	if set := f.awaitBuild(ctx, url, share); set != nil {
		return f.noteJudgement(share, Judgement{Verdict: set.verdict, Reasons: set.reasons, Err: set.err}, set)
	}
	j := f.o.Validate(ctx, url, isDivided(share))
	if j.Err == nil && !isDivided(share) && j.Build != f.o.ExpectBuild {
		j.Verdict = Fail
		j.Reasons = append([]string{fmt.Sprintf("the run was made against build %q, not %q", j.Build, f.o.ExpectBuild)}, j.Reasons...)
	}
	var set *setback
	switch {
	case j.Err != nil:
		set = &setback{reasons: append([]string{j.Err.Error()}, j.Reasons...), err: j.Err}
		j.Verdict, j.Reasons = "", set.reasons
	case j.Verdict == Pass:
	case j.Verdict == Inconclusive && f.o.AcceptInconclusive && !j.Partial && ctx.Err() == nil:
		f.o.Say("accept  INCONCLUSIVE is accepted by --accept-inconclusive")
	default:
		set = &setback{verdict: j.Verdict, reasons: j.Reasons}
	}
	return f.noteJudgement(share, j, set)
}

// noteJudgement writes a validation down.
func (f *flow) noteJudgement(share float64, j Judgement, set *setback) *setback {
	f.rec.Validations = append(f.rec.Validations, Validation{Share: share, Run: j.Run, Verdict: j.Verdict, Reasons: j.Reasons})
	verdict := string(j.Verdict)
	if verdict == "" {
		verdict = "no verdict"
	}
	if err := f.noteState(f.rec.State, "validated %s: %s", nameCallers(share), verdict); err != nil && set == nil {
		return newSetback(err)
	}
	return set
}

// nameCallers says which callers met a build that had a share of the traffic.
func nameCallers(share float64) string {
	if share == 0 {
		return "at the preview"
	}
	return fmt.Sprintf("at %g %%", 100*share)
}

// verify reads back that the alias serves what was validated.
func (f *flow) verify(ctx context.Context) *setback {
	now, err := f.o.Platform.Capture(ctx)
	if err != nil {
		return newSetback(err)
	}
	if f.o.Dry {
		return nil
	}
	if now.Live.SHA256 != f.rec.Staged.SHA256 || now.Traffic.Canary != "" {
		return newSetback(fmt.Errorf("reading back what %s serves: version %s (%s), not the validated %s (%s)",
			f.rec.Alias, now.Live.ID, now.Live.SHA256, f.rec.Staged.ID, f.rec.Staged.SHA256))
	}
	f.rec.Outcome = fmt.Sprintf("released version %s (build %s) in place of version %s (build %s)%s",
		f.rec.Staged.ID, f.o.ExpectBuild, f.rec.Captured.ID, orUnknown(f.rec.Captured.Build), f.tellUndecided())
	if err := f.noteState(StateReleased, "%s", f.rec.Outcome); err != nil {
		return newSetback(err)
	}
	return nil
}

// tellUndecided says which verdicts were accepted without a PASS: a reader of the outcome
// must not take the build for a proven one.
func (f *flow) tellUndecided() string {
	var all []string
	for _, v := range f.rec.Validations {
		if v.Verdict != Pass {
			all = append(all, string(v.Verdict)+" "+nameCallers(v.Share))
		}
	}
	if len(all) == 0 {
		return ""
	}
	return "; accepted although it was " + strings.Join(all, ", ")
}

// noteState writes down how far the release came, and says so.
func (f *flow) noteState(s State, format string, args ...any) error {
	f.rec.State = s
	if f.o.Dry {
		f.o.Say("then    "+format, args...)
		return nil
	}
	f.o.Say("release "+format, args...)
	f.rec.note(f.o.Now(), format, args...)
	return f.rec.write(f.file)
}

func (f *flow) outcome(v Verdict) Outcome {
	o := Outcome{File: f.file, Record: f.rec, Verdict: v}
	for _, val := range f.rec.Validations {
		if val.Run != "" {
			o.Runs = append(o.Runs, val.Run)
		}
	}
	if n := len(f.rec.Validations); v == Pass && n > 0 {
		o.Verdict = f.rec.Validations[n-1].Verdict
	}
	return o
}
