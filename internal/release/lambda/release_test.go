package lambda_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/release"
	"github.com/occbench/occbench/internal/release/lambda"
	"github.com/occbench/occbench/internal/release/lambdatest"
)

func TestRelease(t *testing.T) {
	for _, test := range []struct {
		name   string
		canary float64
		want   []string
	}{
		{"all at once", 0, []string{"UpdateFunctionCode", "PublishVersion", "UpdateAlias"}},
		{"a share first", 0.5, []string{"UpdateFunctionCode", "PublishVersion", "UpdateAlias", "UpdateAlias"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newStand(t)
			o := s.options(s.platform(nil))
			o.Canary = test.canary
			out, err := release.Release(context.Background(), o)
			if err != nil {
				t.Fatal(err)
			}
			s.isNew()
			if out.Record.State != release.StateReleased || out.Verdict != release.Pass {
				t.Errorf("state %s, verdict %s; want released, PASS", out.Record.State, out.Verdict)
			}
			if diff := cmp.Diff(test.want, lambdatest.ListChanges(s.plane.Calls())); diff != "" {
				t.Errorf("calls that change something (-want +got):\n%s", diff)
			}
			rec, err := release.Read(out.File)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(out.Record, rec); diff != "" {
				t.Errorf("the file (-returned +read):\n%s", diff)
			}
			want := release.Captured{Version: release.Version{ID: "1", Image: repository + "@sha256:" + s.old, SHA256: s.old}, Named: repository + ":v1", Next: s.old, Build: "v1"}
			if diff := cmp.Diff(want, rec.Captured); diff != "" {
				t.Errorf("captured (-want +got):\n%s", diff)
			}
		})
	}
}

// TestReleaseGoesBackByItself is about builds that are not good enough, and
// about work that could not be done.
func TestReleaseGoesBackByItself(t *testing.T) {
	for _, test := range []struct {
		name    string
		change  func(*stand, *release.Options)
		verdict release.Verdict
		code    int    // of the error
		says    string // the outcome
	}{
		{"FAIL", func(_ *stand, o *release.Options) { o.Validate = verdict(release.Fail, "OCC-01: 3 lost updates") }, release.Fail, 0, "OCC-01: 3 lost updates"},
		{"FAIL of the share", func(_ *stand, o *release.Options) {
			o.Canary, o.Validate = 0.5, verdict(release.Fail, "OCC-01: 3 lost updates")
		}, release.Fail, 0, "OCC-01: 3 lost updates"},
		{"INCONCLUSIVE", func(_ *stand, o *release.Options) { o.Validate = verdict(release.Inconclusive, "too few moves") }, release.Inconclusive, 0, "too few moves"},
		{"an accepted one that was broken off", func(_ *stand, o *release.Options) {
			o.AcceptInconclusive = true
			o.Validate = func(ctx context.Context, url string, divided bool) release.Judgement {
				j := verdict(release.Inconclusive, "interrupted")(ctx, url, divided)
				j.Partial = true
				return j
			}
		}, release.Inconclusive, 0, "interrupted"},
		{"another build answers", func(_ *stand, o *release.Options) { o.ExpectBuild, o.Patience = "v3", hurry }, release.Fail, 0, `does not answer as build "v3"`},
		{"the run met another build", func(_ *stand, o *release.Options) {
			o.Validate = func(context.Context, string, bool) release.Judgement {
				return release.Judgement{Verdict: release.Pass, Build: "v1"}
			}
		}, release.Fail, 0, `the run was made against build "v1"`},
		{"the validation could not be made", func(_ *stand, o *release.Options) {
			o.Validate = func(context.Context, string, bool) release.Judgement {
				return release.Judgement{Err: errors.New("k6 died")}
			}
		}, "", 4, "k6 died"},
		{"an accepted one without a verdict", func(_ *stand, o *release.Options) {
			o.AcceptInconclusive = true
			o.Validate = func(context.Context, string, bool) release.Judgement {
				return release.Judgement{Verdict: release.Inconclusive, Err: errors.New("k6 died")}
			}
		}, "", 4, "k6 died"},
		{"the update fails", func(s *stand, _ *release.Options) { s.plane.Break(s.new, "the image has no entry point") }, "", 4, "the image has no entry point"},
		{"the new build is not well", func(s *stand, o *release.Options) {
			o.Patience = hurry
			s.plane.Push(repository+":v2", "sick", lambdatest.NewBuild("v2", false))
		}, release.Fail, 0, "HTTP status 503"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := newStand(t)
			o := s.options(s.platform(nil))
			test.change(s, &o)
			out, err := release.Release(context.Background(), o)
			s.isOld()
			if out.Verdict != test.verdict || exit.CodeOf(err) != test.code {
				t.Errorf("verdict %q, error %v; want %q and exit code %d", out.Verdict, err, test.verdict, test.code)
			}
			if out.Record.State != release.StateRolledBack || !strings.HasPrefix(out.Record.Outcome, "rolled back to version 1 (build v1") || !strings.Contains(out.Record.Outcome, test.says) {
				t.Errorf("state %s, outcome %q; want it rolled back for %q", out.Record.State, out.Record.Outcome, test.says)
			}
			if changed, err := s.rollback(); changed || err != nil {
				t.Errorf("a rollback afterwards changed something (%t) or failed: %v", changed, err)
			}
		})
	}
}

func TestInconclusiveIsAccepted(t *testing.T) {
	s := newStand(t)
	o := s.options(s.platform(nil))
	o.AcceptInconclusive, o.Validate = true, verdict(release.Inconclusive, "too few moves")
	out, err := release.Release(context.Background(), o)
	if err != nil || out.Verdict != release.Inconclusive {
		t.Errorf("verdict %s, %v; want INCONCLUSIVE and no error", out.Verdict, err)
	}
	if want := "accepted although it was INCONCLUSIVE at 100 %"; !strings.Contains(out.Record.Outcome, want) {
		t.Errorf("outcome %q does not say %q", out.Record.Outcome, want)
	}
	s.isNew()
}

// TestCrash kills a release at every call, before and after it took effect, and
// goes back from nothing but the file.
func TestCrash(t *testing.T) {
	for _, way := range ways {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, after the call %t", way.name, after), func(t *testing.T) {
				t.Parallel()
				for at, done := 1, false; !done; at++ {
					t.Run(fmt.Sprintf("call %d", at), func(t *testing.T) { done = !crashes(t, way, after, at) })
					if at > 100 {
						t.Fatal("a release makes more than 100 calls")
					}
				}
			})
		}
	}
}

// way is how a version gets to its callers.
type way struct {
	name    string
	preview bool
	canary  float64
}

var ways = []way{{"all at once", false, 0}, {"a share first", false, 0.5}, {"a preview first", true, 0}, {"a preview, then a share", true, 0.5}}

// options are those of a release on this way, whose calls go through a client.
func (w way) options(s *stand, client aws.HTTPClient) release.Options {
	o := s.options(s.platform(func(l *lambda.Options) { l.HTTP = client }))
	o.Canary = w.canary
	if w.preview {
		o.Preview = s.preview(client)
	}
	return o
}

// crashes kills a release at a call and reports whether there was such a call.
func crashes(t *testing.T, w way, after bool, at int) bool {
	s := newStand(t)
	o := w.options(s, &mortal{at: at, after: after})
	died := dies(func() {
		if _, err := release.Release(context.Background(), o); err != nil {
			t.Error(err)
		}
	})
	if died {
		s.recovers(w)
		return true
	}
	s.isNew()
	return false
}

// TestCrashWhileValidating kills a release that has shifted the alias.
func TestCrashWhileValidating(t *testing.T) {
	for _, w := range ways {
		s := newStand(t)
		o := w.options(s, http.DefaultClient)
		o.Validate = func(context.Context, string, bool) release.Judgement { panic(crash{}) }
		died := dies(func() {
			_, err := release.Release(context.Background(), o)
			t.Errorf("the release ended (%v)", err)
		})
		if !died {
			t.Fatal("it did not crash")
		}
		s.recovers(w)
	}
}

// recovers checks what a crash has left, and goes back.
func (s *stand) recovers(w way) {
	t := s.t
	t.Helper()
	file, err := release.FindNewest(s.dir)
	if errors.Is(err, release.ErrNone) {
		s.isOld() // nothing was changed before there was a way back
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	rec, err := release.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	if now := s.plane.State(fn, live); now.Live != s.old && (now.Live != s.new || rec.State == release.StateRolledBack) {
		t.Errorf("after the crash %+v is live, the file says %s", now, rec.State)
	}
	if now := s.plane.State(fn, live); w.preview && (now.Live != s.old || now.Canary != "") && !validated(rec) {
		t.Errorf("after the crash %+v is live, although nobody had validated the new version", now)
	}
	s.refusesAnother(rec)
	if _, err := s.rollback(); err != nil {
		t.Errorf("rolling back: %v", err)
	}
	s.isOld()
	s.plane.Calls()
	if changed, err := s.rollback(); changed || err != nil {
		t.Errorf("the second rollback changed something (%t) or failed: %v", changed, err)
	}
	if ops := lambdatest.ListChanges(s.plane.Calls()); len(ops) > 0 {
		t.Errorf("the second rollback called %v", ops)
	}
}

// validated reports whether the preview of the new version was a PASS.
func validated(r release.Record) bool {
	return len(r.Validations) > 0 && r.Validations[0].Share == 0 && r.Validations[0].Verdict == release.Pass
}

// refusesAnother wants no release to begin over what a crash has left: it would
// capture a build that was not validated.
func (s *stand) refusesAnother(rec release.Record) {
	s.t.Helper()
	before := s.plane.State(fn, live)
	if before == (lambdatest.State{Version: "1", Live: s.old, Next: s.old}) || rec.State.IsFinal() {
		return
	}
	s.plane.Push(repository+":v3", "code of v3", lambdatest.NewBuild("v3", true))
	o := s.options(s.platform(nil))
	o.Image, o.Tag, o.ExpectBuild = "v3", "v3", "v3"
	_, err := release.Release(context.Background(), o)
	if exit.CodeOf(err) != 2 || !strings.Contains(err.Error(), "occbench rollback") {
		s.t.Errorf("a release over an unfinished one: %v; want it refused, with the rollback", err)
	}
	s.is(before)
}

// TestCrashOfARollback kills a rollback at every call; the next one ends it.
func TestCrashOfARollback(t *testing.T) {
	for _, after := range []bool{false, true} {
		for at, done := 1, false; !done; at++ {
			t.Run(fmt.Sprintf("call %d, after it %t", at, after), func(t *testing.T) {
				s := newStand(t)
				out, err := release.Release(context.Background(), s.options(s.platform(nil)))
				if err != nil {
					t.Fatal(err)
				}
				p := s.platform(func(l *lambda.Options) { l.HTTP = &mortal{at: at, after: after} })
				died := dies(func() {
					if _, _, err := release.Rollback(context.Background(), s.back(p, out.File)); err != nil {
						t.Error(err)
					}
				})
				done = !died
				if now := s.plane.State(fn, live); now.Live != s.old && now.Live != s.new {
					t.Errorf("%+v is live", now)
				}
				if _, err := s.rollback(); err != nil {
					t.Error(err)
				}
				s.isOld()
			})
		}
	}
}

// TestInterrupt ends the context at every call: the release goes back by itself.
func TestInterrupt(t *testing.T) {
	for at, done := 1, false; !done; at++ {
		t.Run(fmt.Sprintf("call %d", at), func(t *testing.T) {
			s := newStand(t)
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			n := 0
			s.plane.Hook(func(lambdatest.Call) lambdatest.Fault {
				if n++; n == at {
					cancel()
				}
				return lambdatest.Fault{}
			})
			out, err := release.Release(ctx, s.options(s.platform(nil)))
			if ctx.Err() == nil {
				done = true
				return
			}
			if err == nil && out.Record.State == release.StateReleased {
				s.isNew() // the last look had been answered
				return
			}
			s.isOld()
			if exit.CodeOf(err) != 4 {
				t.Errorf("error %v, want one of exit code 4", err)
			}
			if out.File != "" && out.Record.State != release.StateRolledBack {
				t.Errorf("the file says %s, want rolled_back", out.Record.State)
			}
		})
		if at > 100 {
			t.Fatal("a release makes more than 100 calls")
		}
	}
}
