package lambda_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/release"
	"github.com/occbench/occbench/internal/release/lambda"
	"github.com/occbench/occbench/internal/release/lambdatest"
)

const (
	fn         = "shop"
	live       = "live"
	repository = "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop"
)

// stand is a function that serves v1, beside an image v2 that it could serve.
type stand struct {
	t        *testing.T
	plane    *lambdatest.Plane
	old, new string // SHAs
	dir      string
	said     []string
	failing  bool // the old build has fallen ill
}

func newStand(t *testing.T) *stand {
	p := lambdatest.Start(t)
	s := &stand{t: t, plane: p, dir: t.TempDir()}
	s.old = p.Push(repository+":v1", "code of v1", lambdatest.NewBuild("v1", true))
	s.new = p.Push(repository+":v2", "code of v2", lambdatest.NewBuild("v2", true))
	p.Create(fn, live, repository+":v1")
	return s
}

// patience outlasts any machine; hurry is for tests that wait in vain.
var (
	patience = release.Patience{Poll: time.Millisecond, Settle: time.Minute}
	hurry    = release.Patience{Poll: time.Millisecond, Settle: time.Second}
)

func (s *stand) platform(change func(*lambda.Options)) *lambda.Platform {
	s.t.Helper()
	o := lambda.Options{
		Function: fn, Alias: live, Endpoint: s.plane.Endpoint, NeedURL: true,
		Limit: 5 * time.Second, Poll: time.Millisecond, Backoff: time.Millisecond,
	}
	if change != nil {
		change(&o)
	}
	p, err := lambda.Connect(context.Background(), o)
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

// previewed is the alias without callers.
const previewed = "preview"

// preview gives the function a second alias with a URL of its own.
func (s *stand) preview(client aws.HTTPClient) *lambda.Platform {
	s.plane.Point(fn, previewed, "1")
	s.plane.OpenURL(s.t, previewed)
	return s.platform(func(o *lambda.Options) { o.Alias, o.HTTP = previewed, client })
}

func (s *stand) options(p release.Platform) release.Options {
	return release.Options{
		Platform: p, Name: lambda.Name, Image: "v2", Tag: "v2", ExpectBuild: "v2", Dir: s.dir,
		Health: health, Validate: judge, Now: time.Now, Say: s.say, Patience: patience,
	}
}

func (s *stand) back(p release.Platform, file string) release.BackOptions {
	return release.BackOptions{Platform: p, File: file, Health: health, Now: time.Now, Say: s.say, Patience: patience}
}

func (s *stand) say(format string, args ...any) {
	s.said = append(s.said, fmt.Sprintf(format, args...))
}

// rollback goes back from the newest file, with nothing left of the process that wrote it.
func (s *stand) rollback() (changed bool, err error) {
	s.t.Helper()
	file, err := release.FindNewest(s.dir)
	if err != nil {
		s.t.Fatal(err)
	}
	_, changed, err = release.Rollback(context.Background(), s.back(s.platform(nil), file))
	return changed, err
}

// isOld wants what was live to be live, and nothing else to be on its way.
func (s *stand) isOld() {
	s.t.Helper()
	s.is(lambdatest.State{Version: "1", Live: s.old, Next: s.old})
}

func (s *stand) isNew() {
	s.t.Helper()
	s.is(lambdatest.State{Version: "2", Live: s.new, Next: s.new})
}

func (s *stand) is(want lambdatest.State) {
	s.t.Helper()
	if got := s.plane.State(fn, live); got != want {
		s.t.Errorf("the function is %+v, want %+v", got, want)
	}
}

// loadShop compiles the API of the shop once: thousands of looks ask for it.
var loadShop = sync.OnceValues(func() (*api.API, error) { return api.Load("appointments") })

// health asks a build over HTTP, as the tool does.
func health(ctx context.Context, url string) (string, error) {
	shop, err := loadShop()
	if err != nil {
		return "", err
	}
	c, err := client.New(client.Config{API: shop, Target: url, Date: "2030-01-14", Timeout: time.Second})
	if err != nil {
		return "", err
	}
	return c.Build(ctx)
}

// judge passes the build that answers.
func judge(ctx context.Context, url string, divided bool) release.Judgement {
	build, err := health(ctx, url)
	return release.Judgement{Verdict: release.Pass, Build: build, Err: err}
}

// verdict judges in a fixed way.
func verdict(v release.Verdict, reasons ...string) func(context.Context, string, bool) release.Judgement {
	return func(ctx context.Context, url string, divided bool) release.Judgement {
		j := judge(ctx, url, divided)
		j.Verdict, j.Reasons = v, reasons
		return j
	}
}

// crash is the end of a process.
type crash struct{}

// mortal is a connection whose process dies at a call: before it is sent, or
// after it took effect and before the answer could be read.
type mortal struct {
	at, calls int
	after     bool
}

func (m *mortal) Do(r *http.Request) (*http.Response, error) {
	m.calls++
	if m.calls != m.at {
		return http.DefaultClient.Do(r)
	}
	if m.after {
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			return nil, err
		}
		if err := answer.Body.Close(); err != nil {
			return nil, err
		}
	}
	panic(crash{})
}

var _ aws.HTTPClient = (*mortal)(nil)

// dies runs until a crash, and reports whether there was one.
func dies(run func()) (died bool) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case crash:
			died = true
		default:
			panic(p)
		}
	}()
	run()
	return false
}
