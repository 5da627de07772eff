package lambda_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/release"
	"github.com/occbench/occbench/internal/release/lambda"
	"github.com/occbench/occbench/internal/release/lambdatest"
)

// TestReleaseRefuses is about releases that end before anything is changed, a
// file included.
func TestReleaseRefuses(t *testing.T) {
	for _, test := range []struct {
		name     string
		platform func(*lambda.Options)
		change   func(*stand, *release.Options)
		code     int
		says     []string
	}{
		{"no such function", func(o *lambda.Options) { o.Function = "another" }, nil, 2, []string{"Function not found", "aws lambda list-functions"}},
		{"no such alias", func(o *lambda.Options) { o.Alias = "stable" }, nil, 2, []string{"Cannot find alias", "aws lambda create-alias"}},
		{"no such tag", nil, func(_ *stand, o *release.Options) { o.Image = "v9" }, 2, []string{"v9 does not exist", "aws ecr list-images --repository-name shop"}},
		{"not an image", nil, func(_ *stand, o *release.Options) { o.Image = "a b" }, 2, []string{`"a b" names none`}},
		{"a zip for an image", nil, func(_ *stand, o *release.Options) { o.Image = "s3://builds/shop.zip" }, 2, []string{"Please provide ImageUri"}},
		{"the same tag", nil, func(_ *stand, o *release.Options) { o.Image = "v1" }, 2, []string{"version 1, which live serves, has this image already"}},
		{"the same image under another tag", nil, func(s *stand, o *release.Options) {
			s.plane.Push(repository+":v2", "code of v1", lambdatest.NewBuild("v1", true))
		}, 2, []string{"version 1, which live serves, has this image already"}},
		{"a build of the same name", nil, func(_ *stand, o *release.Options) { o.ExpectBuild = "v1" }, 2, []string{`the live build calls itself "v1"`, "--expect-build"}},
		{"the way back is gone", nil, func(s *stand, _ *release.Options) { s.plane.Remove(repository + ":v1") }, 4, []string{"looking at the way back", "does not exist"}},
		{"the alias is on $LATEST", nil, func(s *stand, _ *release.Options) { s.plane.Point(fn, live, "$LATEST") }, 2, []string{"no version to go back to", "aws lambda publish-version --function-name shop"}},
		{"the alias is divided", nil, func(s *stand, _ *release.Options) { s.plane.Divide(fn, live, "1", 0.1) }, 2, []string{"divides its traffic", "occbench rollback"}},
		{"no function URL", nil, func(s *stand, _ *release.Options) { s.plane.CloseURL() }, 2, []string{"no function URL", "--target"}},
		{"no permission to look", nil, func(s *stand, _ *release.Options) { s.plane.Hook(always("GetFunction", denied)) }, 4, []string{"allow lambda:GetFunction"}},
		{"no permission to update", nil, func(s *stand, _ *release.Options) { s.plane.Hook(always("UpdateFunctionCode?DryRun", denied)) }, 4, []string{"allow lambda:UpdateFunctionCode"}},
		{"no permission to wait", nil, func(s *stand, _ *release.Options) { s.plane.Hook(denying("GetFunctionConfiguration")) }, 4, []string{"allow lambda:GetFunctionConfiguration"}},
		{"no permission to publish", nil, func(s *stand, _ *release.Options) { s.plane.Hook(denying("PublishVersion")) }, 4, []string{"allow lambda:PublishVersion"}},
		{"no permission to shift", nil, func(s *stand, _ *release.Options) { s.plane.Hook(denying("UpdateAlias")) }, 4, []string{"allow lambda:UpdateAlias"}},
		{"the host is not allowed", nil, func(_ *stand, o *release.Options) {
			o.Health = func(context.Context, string) (string, error) {
				return "", &exit.Problem{Doing: "asking", Cause: errors.New("it is not this machine"), Next: "--allow-host abc.lambda-url.eu-central-1.on.aws", Usage: true}
			}
		}, 2, []string{"--allow-host abc.lambda-url.eu-central-1.on.aws"}},
		{"the validation would be in vain", nil, func(_ *stand, o *release.Options) {
			o.Foresee = func(context.Context, string) error {
				return &exit.Problem{Doing: "planning", Cause: errors.New("in vain"), Usage: true}
			}
		}, 2, []string{"in vain"}},
		{"nobody listens", func(o *lambda.Options) { o.Endpoint = "http://127.0.0.1:1" }, nil, 4, []string{"nothing listens there", "--lambda-endpoint"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newStand(t)
			o := s.options(s.platform(test.platform))
			if test.change != nil {
				test.change(s, &o)
			}
			before := s.plane.State(fn, live)
			out, err := release.Release(context.Background(), o)
			if exit.CodeOf(err) != test.code {
				t.Fatalf("error %v, want one of exit code %d", err, test.code)
			}
			for _, words := range append(test.says, "nothing was changed") {
				if !strings.Contains(err.Error(), words) {
					t.Errorf("the message lacks %q: %v", words, err)
				}
			}
			if _, newest := release.FindNewest(s.dir); out.File != "" || !errors.Is(newest, release.ErrNone) {
				t.Errorf("it wrote %q (%v)", out.File, newest)
			}
			s.is(before)
			if ops := lambdatest.ListChanges(s.plane.Calls()); len(ops) > 0 {
				t.Errorf("it called %v", ops)
			}
		})
	}
}

// TestSickVersionIsReplaced releases over a version that is not well: that is
// often the reason of a release.
func TestSickVersionIsReplaced(t *testing.T) {
	s := newStand(t)
	o := s.options(s.platform(nil))
	asked := 0
	o.Health = func(ctx context.Context, url string) (string, error) {
		if asked++; asked == 1 {
			return "", errors.New("HTTP 503")
		}
		return health(ctx, url)
	}
	if _, err := release.Release(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	s.isNew()
}

func TestRollbackRefuses(t *testing.T) {
	for _, test := range []struct {
		name     string
		platform func(*lambda.Options)
		change   func(*stand)
		code     int
		says     []string
	}{
		{"the captured image is gone", nil, func(s *stand) { s.plane.Remove(repository + ":v1") }, 4,
			[]string{"does not exist", "aws ecr list-images", "version 1 itself is still there", "aws lambda update-alias --function-name shop --name live --function-version 1"}},
		{"no permission", nil, func(s *stand) { s.plane.Hook(always("UpdateFunctionCode?DryRun", denied)) }, 4, []string{"allow lambda:UpdateFunctionCode"}},
		{"another function", func(o *lambda.Options) { o.Function = "other" }, func(s *stand) { s.plane.Create("other", live, repository+":v1") }, 2,
			[]string{"function:shop, not about live of arn:aws:lambda:us-east-1:123456789012:function:other"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newStand(t)
			out, err := release.Release(context.Background(), s.options(s.platform(nil)))
			if err != nil {
				t.Fatal(err)
			}
			if test.change != nil {
				test.change(s)
			}
			s.plane.Calls()
			_, changed, err := release.Rollback(context.Background(), s.back(s.platform(test.platform), out.File))
			if changed || exit.CodeOf(err) != test.code {
				t.Fatalf("changed %t, error %v; want exit code %d", changed, err, test.code)
			}
			for _, words := range append(test.says, out.File, "nothing was changed") {
				if !strings.Contains(err.Error(), words) {
					t.Errorf("the message lacks %q: %v", words, err)
				}
			}
			if ops := lambdatest.ListChanges(s.plane.Calls()); len(ops) > 0 {
				t.Errorf("it called %v", ops)
			}
			s.isNew()
		})
	}
}

// TestRollbackOfASickVersion says that what was captured is live and not well.
func TestRollbackOfASickVersion(t *testing.T) {
	s := newStand(t)
	out, err := release.Release(context.Background(), s.options(s.platform(nil)))
	if err != nil {
		t.Fatal(err)
	}
	b := s.back(s.platform(nil), out.File)
	b.Patience = hurry
	b.Health = func(context.Context, string) (string, error) { return "", errors.New("HTTP 503") }
	_, changed, err := release.Rollback(context.Background(), b)
	if !changed || exit.CodeOf(err) != 4 || !strings.Contains(err.Error(), "version 1 serves and has the captured SHA") || !strings.Contains(err.Error(), out.File) {
		t.Errorf("changed %t, error %v; want it done, and not well", changed, err)
	}
	s.isOld()
}

// TestZip releases zip files of S3, of which Lambda knows the address or keeps a
// copy, and goes back.
func TestZip(t *testing.T) {
	for _, test := range []struct {
		name   string
		refer  bool
		source string // as captured
	}{{"referred to", true, "s3://builds/shop.zip?versionId=one"}, {"copied", false, ""}} {
		t.Run(test.name, func(t *testing.T) {
			p := lambdatest.Start(t)
			s := &stand{t: t, plane: p, dir: t.TempDir()}
			s.old = p.Put("builds", "shop.zip", "one", "code of v1", test.refer, lambdatest.NewBuild("v1", true))
			s.new = p.Put("builds", "shop.zip", "two", "code of v2", test.refer, lambdatest.NewBuild("v2", true))
			p.Create(fn, live, "builds/shop.zip?one")
			o := s.options(s.platform(nil))
			o.Image, o.Tag = "s3://builds/shop.zip?versionId=two", "two"
			out, err := release.Release(context.Background(), o)
			if err != nil {
				t.Fatal(err)
			}
			s.isNew()
			if out.Record.Captured.Image != test.source {
				t.Errorf("captured %q, want %q", out.Record.Captured.Image, test.source)
			}
			if _, err := s.rollback(); err != nil {
				t.Fatal(err)
			}
			s.isOld()
			o.Image = "v2"
			if _, err := release.Release(context.Background(), o); exit.CodeOf(err) != 2 || !strings.Contains(err.Error(), "give s3://bucket/key?versionId=") {
				t.Errorf("a tag for a zip file: %v; want it refused", err)
			}
		})
	}
}
