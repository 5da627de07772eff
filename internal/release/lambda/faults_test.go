package lambda_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/release"
	"github.com/occbench/occbench/internal/release/lambda"
	"github.com/occbench/occbench/internal/release/lambdatest"
)

var (
	throttle     = lambdatest.Fault{Status: 429, Code: "TooManyRequestsException", Message: "Rate exceeded"}
	conflict     = lambdatest.Fault{Status: 409, Code: "ResourceConflictException", Message: "The operation cannot be performed at this time. An update is in progress for resource"}
	precondition = lambdatest.Fault{Status: 412, Code: "PreconditionFailedException", Message: "The RevisionId provided does not match the latest RevisionId"}
	lost         = lambdatest.Fault{Applied: true, Cut: true}
	silence      = lambdatest.Fault{Hang: true}
	down         = lambdatest.Fault{Status: 500, Code: "ServiceException", Message: "An internal error occurred"}
	denied       = lambdatest.Fault{Status: 403, Code: "AccessDeniedException", Message: "User is not authorized to perform this action"}
)

// steps are the calls of a release that change something, and the look before.
var steps = []string{"GetFunction", "UpdateFunctionCode?DryRun", "UpdateFunctionCode", "GetFunctionConfiguration", "PublishVersion", "GetAlias", "UpdateAlias", "GetFunctionUrlConfig"}

// questions are the calls that ask whether such a call may be made.
var questions = []string{"PublishVersion?Permission", "UpdateAlias?Permission"}

// once lets a fault happen at the first call of an operation.
func once(op string, f lambdatest.Fault) func(lambdatest.Call) lambdatest.Fault {
	struck := false
	return func(c lambdatest.Call) lambdatest.Fault {
		if struck || c.Op != op {
			return lambdatest.Fault{}
		}
		struck = true
		return f
	}
}

// always lets a fault happen at every call of an operation.
func always(op string, f lambdatest.Fault) func(lambdatest.Call) lambdatest.Fault {
	return func(c lambdatest.Call) lambdatest.Fault {
		if c.Op != op {
			return lambdatest.Fault{}
		}
		return f
	}
}

// denying refuses an operation in every form, as a policy does.
func denying(op string) func(lambdatest.Call) lambdatest.Fault {
	return func(c lambdatest.Call) lambdatest.Fault {
		if c.Op != op && !strings.HasPrefix(c.Op, op+"?") {
			return lambdatest.Fault{}
		}
		return denied
	}
}

// TestPassingFaults strikes every step once with what may pass: the release
// arrives all the same.
func TestPassingFaults(t *testing.T) {
	for _, fault := range []struct {
		name  string
		fault lambdatest.Fault
		steps []string
	}{
		{"throttled", throttle, slices.Concat(steps, questions)},
		{"server error", down, slices.Concat(steps, questions)},
		{"answer lost", lost, slices.Concat(steps, questions)},
		{"no answer", silence, slices.Concat(steps, questions)},
		{"conflict", conflict, []string{"UpdateFunctionCode", "PublishVersion", "UpdateAlias"}},
	} {
		for _, op := range fault.steps {
			t.Run(fault.name+" at "+op, func(t *testing.T) {
				t.Parallel()
				s := newStand(t)
				s.plane.Hook(once(op, fault.fault))
				out, err := release.Release(context.Background(), s.options(s.platform(func(o *lambda.Options) { o.Answer = 500 * time.Millisecond })))
				if err != nil || out.Record.State != release.StateReleased {
					t.Errorf("state %s, %v; want it released", out.Record.State, err)
				}
				s.isNew()
			})
		}
	}
}

// TestLastingFaults strikes every step for good. What was live stays live, or
// the message says what is and names the file and the command, which then
// finishes.
func TestLastingFaults(t *testing.T) {
	for _, fault := range []struct {
		name  string
		fault lambdatest.Fault
	}{{"throttled", throttle}, {"conflict", conflict}, {"precondition", precondition}, {"server error", down}, {"denied", denied}, {"no answer", silence}} {
		for _, op := range steps {
			t.Run(fault.name+" at "+op, func(t *testing.T) {
				t.Parallel()
				s := newStand(t)
				s.plane.Hook(always(op, fault.fault))
				out, err := release.Release(context.Background(), s.options(s.platform(func(o *lambda.Options) { o.Limit, o.Answer = 20*time.Millisecond, 100*time.Millisecond })))
				if exit.CodeOf(err) != 4 {
					t.Fatalf("error %v, want one of exit code 4", err)
				}
				s.plane.Hook(nil)
				if out.File == "" {
					s.isOld()
					return
				}
				if out.Record.State == release.StateStranded && !strings.Contains(err.Error(), "`occbench rollback "+out.File+"`") {
					t.Errorf("the message does not name the next command: %v", err)
				}
				if now := s.plane.State(fn, live); now.Live != s.old {
					t.Errorf("%+v is live, want the old version: the new one was not validated", now)
				}
				if _, err := s.rollback(); err != nil {
					t.Error(err)
				}
				s.isOld()
			})
		}
	}
}

// TestStuckUpdate is about an update that never becomes Successful.
func TestStuckUpdate(t *testing.T) {
	s := newStand(t)
	s.plane.Stick(s.new)
	out, err := release.Release(context.Background(), s.options(s.platform(func(o *lambda.Options) { o.Limit = 20 * time.Millisecond })))
	if exit.CodeOf(err) != 4 || !strings.Contains(err.Error(), "it is still not there after 20ms") || !strings.Contains(err.Error(), "`occbench rollback "+out.File+"`") {
		t.Errorf("error %v; want exit code 4, the wait, and the next command", err)
	}
	s.is(lambdatest.State{Version: "1", Live: s.old, Next: s.new})
	s.plane.Unstick()
	if changed, err := s.rollback(); !changed || err != nil {
		t.Errorf("changed %t, %v; want the code of $LATEST back", changed, err)
	}
	s.isOld()
}

// TestSomebodyElse releases while another release ends: the one that goes back
// leaves the other's version alone.
func TestSomebodyElse(t *testing.T) {
	s := newStand(t)
	third := s.plane.Push(repository+":v3", "code of v3", lambdatest.NewBuild("v3", true))
	o := s.options(s.platform(nil))
	o.Validate = func(ctx context.Context, url string, divided bool) release.Judgement {
		other := s.options(s.platform(nil))
		other.Image, other.Tag, other.ExpectBuild, other.Dir = "v3", "v3", "v3", t.TempDir()
		if _, err := release.Release(ctx, other); err != nil {
			t.Error(err)
		}
		return verdict(release.Fail, "OCC-01: 3 lost updates")(ctx, url, divided)
	}
	_, err := release.Release(context.Background(), o)
	if exit.CodeOf(err) != 4 || !strings.Contains(err.Error(), "it was given version 3 meanwhile") {
		t.Errorf("error %v; want exit code 4 and who has released", err)
	}
	s.is(lambdatest.State{Version: "3", Live: third, Next: third})
	if _, err := s.rollback(); err != nil {
		t.Errorf("the user's own rollback: %v", err)
	}
	s.isOld()
}

// TestDeletedVersion goes back to a version that was deleted: its image is
// published again and compared by SHA before it serves.
func TestDeletedVersion(t *testing.T) {
	for _, test := range []struct {
		name   string
		remove bool
	}{{"the image is there", false}, {"the image is gone, too", true}} {
		t.Run(test.name, func(t *testing.T) {
			s := newStand(t)
			out, err := release.Release(context.Background(), s.options(s.platform(nil)))
			if err != nil {
				t.Fatal(err)
			}
			s.plane.DeleteVersion(fn, "1")
			if test.remove {
				s.plane.Remove(repository + ":v1")
				s.refuses(out.File, 4, "does not exist", out.File, "aws ecr list-images --repository-name shop")
				s.isNew()
				return
			}
			if _, err := s.rollback(); err != nil {
				t.Fatal(err)
			}
			s.is(lambdatest.State{Version: "3", Live: s.old, Next: s.old})
			if changed, err := s.rollback(); changed || err != nil {
				t.Errorf("the second rollback changed something (%t) or failed: %v", changed, err)
			}
		})
	}
}

// refuses wants a rollback that changes nothing and says all of this.
func (s *stand) refuses(file string, want int, says ...string) {
	s.t.Helper()
	s.plane.Calls()
	_, _, err := release.Rollback(context.Background(), s.back(s.platform(nil), file))
	if exit.CodeOf(err) != want {
		s.t.Fatalf("error %v, want one of exit code %d", err, want)
	}
	for _, words := range append(says, "nothing was changed") {
		if !strings.Contains(err.Error(), words) {
			s.t.Errorf("the message lacks %q: %v", words, err)
		}
	}
	if ops := lambdatest.ListChanges(s.plane.Calls()); len(ops) > 0 {
		s.t.Errorf("it called %v", ops)
	}
}

// TestFasterSomebody gives the alias away between the look and the shift: the
// condition refuses the shift, and what the other did is left alone.
func TestFasterSomebody(t *testing.T) {
	s := newStand(t)
	s.plane.Push(repository+":v3", "code of v3", lambdatest.NewBuild("v3", true))
	struck := false
	s.plane.Hook(func(c lambdatest.Call) lambdatest.Fault {
		if c.Op == "UpdateAlias" && !struck {
			struck = true
			s.plane.Publish(fn, repository+":v3")
			s.plane.Point(fn, live, "3")
		}
		return lambdatest.Fault{}
	})
	_, err := release.Release(context.Background(), s.options(s.platform(nil)))
	if exit.CodeOf(err) != 4 || !strings.Contains(err.Error(), "it was given version 3 meanwhile") {
		t.Errorf("error %v; want exit code 4 and who was faster", err)
	}
	if now := s.plane.State(fn, live); now.Version != "3" {
		t.Errorf("%+v is live, want the other's version 3", now)
	}
}

// TestRollbackOfADividedAlias takes away a share that was given by hand,
// although everything else is as it was captured.
func TestRollbackOfADividedAlias(t *testing.T) {
	s := newStand(t)
	if _, err := release.Release(context.Background(), s.options(s.platform(nil))); err != nil {
		t.Fatal(err)
	}
	if _, err := s.rollback(); err != nil {
		t.Fatal(err)
	}
	s.plane.Divide(fn, live, "2", 0.1)
	if changed, err := s.rollback(); !changed || err != nil {
		t.Errorf("changed %t, %v; want the share taken away", changed, err)
	}
	s.isOld()
}

// TestRollbackOfAFunctionMadeAnew does not trust the number of a version: one
// with other code is not what was captured.
func TestRollbackOfAFunctionMadeAnew(t *testing.T) {
	s := newStand(t)
	if _, err := release.Release(context.Background(), s.options(s.platform(nil))); err != nil {
		t.Fatal(err)
	}
	s.plane.Create(fn, live, repository+":v2")
	s.is(lambdatest.State{Version: "1", Live: s.new, Next: s.new})
	if _, err := s.rollback(); err != nil {
		t.Fatal(err)
	}
	s.is(lambdatest.State{Version: "2", Live: s.old, Next: s.old})
}

// TestHealthAfterGoingBack asks the old build whether it is as well as it was.
func TestHealthAfterGoingBack(t *testing.T) {
	for _, test := range []struct {
		name  string
		well  bool // when it was captured
		code  int
		state release.State
	}{{"it was well", true, 4, release.StateStranded}, {"it was not", false, 0, release.StateRolledBack}} {
		t.Run(test.name, func(t *testing.T) {
			s := newStand(t)
			o := s.options(s.platform(nil))
			o.Patience = hurry
			o.Health = func(ctx context.Context, url string) (string, error) {
				build, err := health(ctx, url)
				if err == nil && build == "v1" && (s.failing || !test.well) {
					return "", errors.New("HTTP 503")
				}
				return build, err
			}
			o.Validate = func(ctx context.Context, url string, divided bool) release.Judgement {
				s.failing = true
				return verdict(release.Fail, "OCC-01: 3 lost updates")(ctx, url, divided)
			}
			out, err := release.Release(context.Background(), o)
			if exit.CodeOf(err) != test.code || out.Record.State != test.state {
				t.Errorf("state %s, error %v; want %s and exit code %d", out.Record.State, err, test.state, test.code)
			}
			if err != nil && !strings.Contains(err.Error(), "version 1 serves and has the captured SHA, but it is not well") {
				t.Errorf("the message does not say what serves: %v", err)
			}
			s.isOld()
		})
	}
}
