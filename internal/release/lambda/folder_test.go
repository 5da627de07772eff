package lambda_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/release"
	"github.com/occbench/occbench/internal/release/lambda"
	"github.com/occbench/occbench/internal/release/lambdatest"
)

// TestAnotherFunctionsFile is about a folder of release files that two functions
// share: the newest file does not hide this function's unfinished release.
func TestAnotherFunctionsFile(t *testing.T) {
	s := newStand(t)
	o := s.options(s.platform(nil))
	o.Validate = func(context.Context, string, bool) release.Judgement { panic(crash{}) }
	if !dies(func() { _, _ = release.Release(context.Background(), o) }) {
		t.Fatal("it did not crash")
	}
	unfinished, err := release.FindNewest(s.dir)
	if err != nil {
		t.Fatal(err)
	}
	other := &stand{t: t, plane: lambdatest.Start(t), dir: s.dir}
	other.plane.Push(repository+":v1", "code of v1", lambdatest.NewBuild("v1", true))
	other.plane.Push(repository+":v2", "code of v2", lambdatest.NewBuild("v2", true))
	other.plane.Create("other", live, repository+":v1")
	o = other.options(other.platform(func(o *lambda.Options) { o.Function = "other" }))
	o.Now = func() time.Time { return time.Now().Add(time.Hour) }
	if _, err := release.Release(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	before := s.plane.State(fn, live)
	s.plane.Push(repository+":v3", "code of v3", lambdatest.NewBuild("v3", true))
	o = s.options(s.platform(nil))
	o.Image, o.Tag, o.ExpectBuild = "v3", "v3", "v3"
	if _, err := release.Release(context.Background(), o); exit.CodeOf(err) != 2 || !strings.Contains(err.Error(), "occbench rollback "+unfinished) {
		t.Errorf("a release over an unfinished one: %v; want it refused, with its file", err)
	}
	s.is(before)
}

// TestDamagedFile refuses a release while a file may be the way back of one that
// was not finished.
func TestDamagedFile(t *testing.T) {
	s := newStand(t)
	file := filepath.Join(s.dir, "20300114_120000-v0.json")
	if err := os.WriteFile(file, []byte(`{"format": 1`), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := release.Release(context.Background(), s.options(s.platform(nil)))
	if exit.CodeOf(err) != 2 || !strings.Contains(err.Error(), file) || !strings.Contains(err.Error(), "nothing was changed") || !strings.Contains(err.Error(), "move the file away") {
		t.Errorf("error %v; want exit code 2, the file and what to do", err)
	}
	s.isOld()
}

// TestFileCannotBeWritten loses the release file while the build is validated:
// what cannot be written down is not gone on with.
func TestFileCannotBeWritten(t *testing.T) {
	s := newStand(t)
	o := s.options(s.platform(nil))
	o.Validate = func(ctx context.Context, url string, divided bool) release.Judgement {
		file, err := release.FindNewest(s.dir)
		if err == nil {
			err = os.Remove(file)
		}
		if err == nil {
			err = os.Mkdir(file, 0o755)
		}
		if err != nil {
			t.Fatal(err)
		}
		return judge(ctx, url, divided)
	}
	_, err := release.Release(context.Background(), o)
	if exit.CodeOf(err) != 4 || !strings.Contains(err.Error(), "writing down that version 1 serves again") {
		t.Errorf("error %v; want exit code 4 and what serves", err)
	}
	s.isOld()
}

// TestNoFileNoRelease changes nothing when the way back cannot be written.
func TestNoFileNoRelease(t *testing.T) {
	s := newStand(t)
	o := s.options(s.platform(nil))
	o.Dir = filepath.Join(s.dir, "file")
	if err := os.WriteFile(o.Dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := release.Release(context.Background(), o); exit.CodeOf(err) != 4 || !strings.Contains(err.Error(), o.Dir) {
		t.Errorf("error %v; want exit code 4 and the folder", err)
	}
	s.isOld()
	if ops := lambdatest.ListChanges(s.plane.Calls()); len(ops) > 0 {
		t.Errorf("it called %v", ops)
	}
}
