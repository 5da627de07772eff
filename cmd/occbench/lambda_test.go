package main

import (
	"context"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/occbench/occbench/internal/release/lambdatest"
	refserver "github.com/occbench/occbench/reference-server"
	"github.com/occbench/occbench/reference-server/fault"
	"github.com/occbench/occbench/reference-server/store"
)

// The builds that the function of a script can serve, by tag, and the fault that
// each has. All of them use one store, as builds of one shop do.
var builds = map[string]string{"v1": "", "1.5.0": "", "v2": "", "v2-broken": "lost-update"}

const (
	lambdaFunction = "shop"
	lambdaAlias    = "live"
	lambdaPreview  = "preview"
	lambdaImages   = "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop:"
)

// plane is the control plane of a script.
type plane struct {
	*lambdatest.Plane
	shas map[string]string // by tag
}

// lambda starts a control plane whose function serves build v1, or wants the
// function to serve a build, alone and also next time: `lambda start`,
// `lambda serves v2`. A second alias, preview, has a function URL, too.
func lambda(t *testing.T) func(*testscript.TestScript, bool, []string) {
	planes := map[*testscript.TestScript]*plane{}
	return func(ts *testscript.TestScript, neg bool, args []string) {
		switch {
		case !neg && len(args) == 1 && args[0] == "start":
			p := startPlane(t, ts)
			planes[ts] = p
			ts.Setenv("AWS_ENDPOINT_URL_LAMBDA", p.Endpoint)
			ts.Setenv("FN", lambdaFunction)
		case !neg && len(args) == 2 && args[0] == "serves" && planes[ts] != nil:
			got, sha := planes[ts].State(lambdaFunction, lambdaAlias), planes[ts].shas[args[1]]
			if sha == "" || got.Live != sha || got.Next != sha || got.Canary != "" {
				ts.Fatalf("the function is %+v, want it to serve %s (%q)", got, args[1], sha)
			}
		default:
			ts.Fatalf("usage: lambda start, then lambda serves TAG")
		}
	}
}

func startPlane(t *testing.T, ts *testscript.TestScript) *plane {
	db, err := refserver.OpenStore(context.Background(), "sqlite", "")
	ts.Check(err)
	p := &plane{Plane: lambdatest.Start(t), shas: map[string]string{}}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	for tag, broken := range builds {
		p.shas[tag] = p.Push(lambdaImages+tag, "code of "+tag, build(ts, db, tag, broken).Handler())
	}
	p.Create(lambdaFunction, lambdaAlias, lambdaImages+"v1")
	p.Point(lambdaFunction, lambdaPreview, "1")
	p.OpenURL(t, lambdaPreview)
	return p
}

func build(ts *testscript.TestScript, db store.Store, name, broken string) *refserver.Server {
	o := refserver.Options{Store: db, Build: name}
	if broken != "" {
		set, err := fault.Parse(broken, fault.Options{Seed: 1})
		ts.Check(err)
		o.Faults = set
	}
	s, err := refserver.New(o)
	ts.Check(err)
	return s
}
