package main

import (
	"errors"
	"flag"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/occbench/occbench/internal/itemtest"
	"github.com/occbench/occbench/internal/k6run"
	"github.com/occbench/occbench/internal/need"
	"github.com/occbench/occbench/internal/pgtest"
)

// TestMain makes this test binary the program: scripts call it as occbench, and
// it calls itself as k6.
func TestMain(m *testing.M) {
	version = "v1.2.3" // which the files of a CI name
	// A script waits for its load most of the time, so that more of them go at once
	// than there are processors; -parallel on the command line wins.
	if err := flag.Set("test.parallel", strconv.Itoa(runtime.GOMAXPROCS(0)+1)); err != nil {
		panic(err)
	}
	testscript.Main(m, map[string]func(){"occbench": main, "k6": main})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:   "testdata/script",
		Setup: setup,

		Condition: condition,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"document": document,
			"exits":    exits,
			"items":    items(t),
			"lambda":   lambda(t),
			"recorded": recorded,
			"runs":     runs,
			"serves":   serves,
			"postgres": func(ts *testscript.TestScript, _ bool, _ []string) { ts.Setenv("PGURL", pgtest.New(t)) },
		},
	})
}

// setup gives every script three addresses without a listener, the place of the
// repository and the browser.
func setup(env *testscript.Env) error {
	env.Setenv("ROOT", root)
	if path, err := need.FindChromium(); err == nil {
		env.Setenv(k6run.BrowserPath, path)
		env.Setenv("K6_BROWSER_TIMEOUT", "2m") // on a machine that compiles beside it
	}
	for _, name := range []string{"ADDR", "ADDR2", "ADDR3"} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		defer l.Close()
		env.Setenv(name, l.Addr().String())
	}
	return nil
}

// serves waits until a server answers on an address. That the port is open is not
// enough: a server that is stopped before it has opened its database says so.
func serves(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: serves ADDRESS")
	}
	client := http.Client{Timeout: 30 * time.Second}
	var err error
	for range 600 {
		var answer *http.Response
		if answer, err = client.Get("http://" + args[0] + "/healthz"); err == nil {
			ts.Check(answer.Body.Close())
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	ts.Fatalf("nothing serves on %s: %v", args[0], err)
}

// items starts a server that knows nothing of occbench, wrong in one way where a word
// says so, and names its address ITEMS; etag.yaml and numbers.yaml describe its APIs.
func items(t *testing.T) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) != 1 {
			ts.Fatalf("usage: items FAULT")
		}
		faults := map[string]*itemtest.Server{ // of this script alone
			"right":         {},
			"check-act":     {CheckThenAct: 3 * time.Millisecond},
			"hidden":        {Hidden: true},
			"unconditional": {Unconditional: true},
		}
		server, known := faults[args[0]]
		if !known {
			ts.Fatalf("items: there is no fault %s", args[0])
		}
		ts.Setenv("ITEMS", server.Start(t))
		ts.Check(os.WriteFile(ts.MkAbs("etag.yaml"), []byte(itemtest.ETag), 0o600))
		ts.Check(os.WriteFile(ts.MkAbs("numbers.yaml"), []byte(itemtest.Numbers), 0o600))
	}
}

// exits runs a program and wants an exit code: `exits 3 occbench gate run`. What
// it printed is there for stdout and stderr, as after exec.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM [ARGUMENTS]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	err = ts.Exec(args[1], args[2:]...)
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	default:
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}
