package lambda_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/release"
	"github.com/occbench/occbench/internal/release/lambda"
	"github.com/occbench/occbench/internal/release/lambdatest"
)

// never watches the alias at every call: callers get no version that was not
// validated, at no moment.
func never(s *stand, passed *bool) func(lambdatest.Call) lambdatest.Fault {
	return func(lambdatest.Call) lambdatest.Fault {
		if now := s.plane.State(fn, live); (now.Live != s.old || now.Canary != "") && !*passed {
			s.t.Errorf("%+v is live before it was validated", now)
		}
		return lambdatest.Fault{}
	}
}

// TestPreview validates at the preview first, and then where the callers are.
func TestPreview(t *testing.T) {
	s := newStand(t)
	o := s.options(s.platform(nil))
	o.Preview, o.Canary = s.preview(nil), 0.5
	passed, met := false, []string{}
	s.plane.Hook(never(s, &passed))
	o.Validate = func(ctx context.Context, url string, divided bool) release.Judgement {
		met, passed = append(met, url), true
		return judge(ctx, url, divided)
	}
	out, err := release.Release(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	s.isNew()
	if want := []string{out.Record.Preview.URL, s.plane.URL, s.plane.URL}; !slices.Equal(met, want) || want[0] == want[1] {
		t.Errorf("validated at %v, want %v", met, want)
	}
	var shares []float64
	for _, v := range out.Record.Validations {
		shares = append(shares, v.Share)
	}
	if want := []float64{0, 0.5, 1}; !slices.Equal(shares, want) {
		t.Errorf("shares %v, want %v", shares, want)
	}
	if rec, err := release.Read(out.File); err != nil || rec.Preview == nil || rec.Preview.Alias != previewed {
		t.Errorf("the file says %+v, %v", rec.Preview, err)
	}
}

// TestBadBuildServesNobody is what a preview is for.
func TestBadBuildServesNobody(t *testing.T) {
	s := newStand(t)
	o := s.options(s.platform(nil))
	o.Preview, o.Validate = s.preview(nil), verdict(release.Fail, "OCC-01: 3 lost updates")
	passed := false
	s.plane.Hook(never(s, &passed))
	out, err := release.Release(context.Background(), o)
	if err != nil || out.Verdict != release.Fail || out.Record.State != release.StateRolledBack {
		t.Errorf("verdict %s, state %s, %v; want FAIL, rolled back", out.Verdict, out.Record.State, err)
	}
	s.isOld()
	if there := s.plane.State(fn, previewed); there.Live != s.new {
		t.Errorf("the preview is %+v, want the bad build for whoever looks for the reason", there)
	}
	for _, c := range s.plane.Calls() {
		if c.Op == "UpdateAlias" && c.Changes && c.Alias == live {
			t.Error("the alias that callers call was touched")
		}
	}
}

// TestPreviewRefuses is about previews that are none.
func TestPreviewRefuses(t *testing.T) {
	for _, test := range []struct {
		name    string
		preview func(*stand) *lambda.Platform
		change  func(*release.Options)
		code    int
		says    string
	}{
		{"no such alias", func(s *stand) *lambda.Platform {
			return s.platform(func(o *lambda.Options) { o.Alias = previewed })
		}, nil, 2, "aws lambda create-alias"},
		{"no function URL", func(s *stand) *lambda.Platform {
			s.plane.Point(fn, previewed, "1")
			return s.platform(func(o *lambda.Options) { o.Alias = previewed })
		}, nil, 2, "aws lambda create-function-url-config --qualifier preview"},
		{"the callers' alias", func(s *stand) *lambda.Platform { return s.platform(nil) }, nil, 2, "give --preview an alias without callers"},
		{"the host is not allowed", func(s *stand) *lambda.Platform { return s.preview(nil) }, func(o *release.Options) {
			first := ""
			o.Health = func(ctx context.Context, url string) (string, error) {
				if first == "" {
					first = url
				}
				if url != first {
					return "", &exit.Problem{Doing: "asking", Cause: errors.New("it is not this machine"), Next: "--allow-host other", Usage: true}
				}
				return health(ctx, url)
			}
		}, 2, "--allow-host other"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newStand(t)
			o := s.options(s.platform(nil))
			o.Preview = test.preview(s)
			if test.change != nil {
				test.change(&o)
			}
			out, err := release.Release(context.Background(), o)
			if exit.CodeOf(err) != test.code || !strings.Contains(err.Error(), test.says) || !strings.Contains(err.Error(), "nothing was changed") || out.File != "" {
				t.Errorf("file %q, error %v; want exit code %d and %q", out.File, err, test.code, test.says)
			}
			s.isOld()
			if ops := lambdatest.ListChanges(s.plane.Calls()); len(ops) > 0 {
				t.Errorf("it called %v", ops)
			}
		})
	}
}
