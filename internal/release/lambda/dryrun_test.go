package lambda_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/occbench/occbench/internal/release"
	"github.com/occbench/occbench/internal/release/lambda"
	"github.com/occbench/occbench/internal/release/lambdatest"
)

// TestDryRun prints every call and makes only those that change nothing.
func TestDryRun(t *testing.T) {
	s := newStand(t)
	p := s.platform(func(o *lambda.Options) { o.Dry, o.Trace = true, s.say })
	o := s.options(p)
	o.Dry, o.Canary = true, 0.1
	o.Validate = func(context.Context, string, bool) release.Judgement {
		t.Error("it validates")
		return release.Judgement{}
	}
	if out, err := release.Release(context.Background(), o); err != nil || out.File != "" {
		t.Fatalf("file %q, %v; want neither", out.File, err)
	}
	s.printed("UpdateFunctionCode", "PublishVersion", fmt.Sprintf("UpdateAlias {\"FunctionName\":\"shop\",\"FunctionVersion\":\"1\",\"Name\":\"live\",\"RevisionId\":\"%s\",\"RoutingConfig\":{\"AdditionalVersionWeights\":{\"NEW\":0.1}}}", "00000000-0000-4000-8000-000000000000"),
		"UpdateAlias {\"FunctionName\":\"shop\",\"FunctionVersion\":\"NEW\"")
	s.isOld()

	s.said = nil
	out, err := release.Release(context.Background(), s.options(s.platform(nil)))
	if err != nil {
		t.Fatal(err)
	}
	s.plane.Calls()
	back := s.back(p, out.File)
	back.Dry, s.said = true, nil
	if _, changed, err := release.Rollback(context.Background(), back); err != nil || !changed {
		t.Fatalf("changed %t, %v; want what would be changed", changed, err)
	}
	s.printed("UpdateAlias", "UpdateFunctionCode")
	s.isNew()
}

// printed wants these calls among those that were printed and not made, in this
// order, and none that was made.
func (s *stand) printed(calls ...string) {
	s.t.Helper()
	if ops := lambdatest.ListChanges(s.plane.Calls()); len(ops) > 0 {
		s.t.Errorf("a dry run called %v", ops)
	}
	var notMade []string
	for _, line := range s.said {
		if text, ok := strings.CutSuffix(line, "   (not made)"); ok {
			notMade = append(notMade, strings.TrimPrefix(text, "call    "))
		}
	}
	if len(notMade) != len(calls) {
		s.t.Fatalf("printed as not made:\n%s\nwant %d calls", strings.Join(notMade, "\n"), len(calls))
	}
	for i, want := range calls {
		if !strings.HasPrefix(notMade[i], want) {
			s.t.Errorf("call %d is %s, want %s", i+1, notMade[i], want)
		}
	}
}
