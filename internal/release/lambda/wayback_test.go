package lambda_test

import (
	"context"
	"strings"
	"testing"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/release"
	"github.com/occbench/occbench/internal/release/lambdatest"
)

// TestFaultsOfTheWayBack lets a release fail at its validation and then every
// step of the way back. Callers are served by the old version unless the calls
// without which neither can be said or done, are the ones that fail.
func TestFaultsOfTheWayBack(t *testing.T) {
	for _, test := range []struct {
		op    string
		state release.State
		back  bool // the old version serves
	}{
		{"GetFunction", release.StateStranded, false},
		{"GetAlias", release.StateStranded, false},
		{"UpdateAlias", release.StateStranded, false},
		{"UpdateFunctionCode", release.StateStranded, true},
		{"GetFunctionConfiguration", release.StateStranded, true},
		{"UpdateFunctionCode?DryRun", release.StateRolledBack, true},
		{"GetFunctionUrlConfig", release.StateRolledBack, true},
	} {
		t.Run(test.op, func(t *testing.T) {
			t.Parallel()
			s := newStand(t)
			o := s.options(s.platform(nil))
			o.Validate = func(ctx context.Context, url string, divided bool) release.Judgement {
				s.plane.Hook(always(test.op, down))
				return verdict(release.Fail, "OCC-01: 3 lost updates")(ctx, url, divided)
			}
			out, err := release.Release(context.Background(), o)
			if test.state == release.StateRolledBack {
				s.isOld()
				if err != nil || out.Verdict != release.Fail {
					t.Errorf("verdict %q, %v; want it rolled back for its FAIL", out.Verdict, err)
				}
			} else if exit.CodeOf(err) != 4 || !strings.Contains(err.Error(), "OCC-01") || !strings.Contains(err.Error(), "`occbench rollback "+out.File+"`") {
				t.Errorf("error %v; want exit code 4, the reason and the next command", err)
			}
			if now := s.plane.State(fn, live); (now.Live == s.old) != test.back {
				t.Errorf("%+v is live; want the old version %t", now, test.back)
			}
			rec, readErr := release.Read(out.File)
			if readErr != nil || rec.State != test.state {
				t.Errorf("the file says %s, %v; want %s", rec.State, readErr, test.state)
			}
			s.plane.Hook(nil)
			if _, err := s.rollback(); err != nil {
				t.Error(err)
			}
			s.isOld()
		})
	}
}

// TestTheImageGoesWhileItIsValidated takes the old image out of its registry: a
// release that goes back by itself gives the callers the version, which is there.
func TestTheImageGoesWhileItIsValidated(t *testing.T) {
	s := newStand(t)
	o := s.options(s.platform(nil))
	o.Validate = func(ctx context.Context, url string, divided bool) release.Judgement {
		s.plane.Remove(repository + ":v1")
		return verdict(release.Fail, "OCC-01: 3 lost updates")(ctx, url, divided)
	}
	out, err := release.Release(context.Background(), o)
	if exit.CodeOf(err) != 4 || !strings.Contains(err.Error(), "version 1 serves live again") || !strings.Contains(err.Error(), "does not exist") {
		t.Errorf("error %v; want exit code 4, what serves, and what is gone", err)
	}
	if out.Record.State != release.StateStranded {
		t.Errorf("state %s, want stranded", out.Record.State)
	}
	s.is(lambdatest.State{Version: "1", Live: s.old, Next: s.new})
}
