package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/internal/need"
	"github.com/occbench/occbench/internal/run"
)

var update = flag.Bool("update", false, "write the table of docs/conformance.md")

const (
	root   = "../.."
	page   = root + "/docs/conformance.md"
	cache  = root + "/build/conformance"
	budget = 4 * time.Minute // of one run, which takes half a minute
)

// patience is how long after the beginning a server that is not required may still be
// installed: a registry that hangs must not hold up what is tested beside this.
const patience = 20 * time.Minute

var began = time.Now()

// repeats of a row in the power run, and how many of them must find the bug.
const repeats, found = 20, 19

// TestServers runs occbench against every server and compares what it finds with
// what must be found, and the table with that of the page.
func TestServers(t *testing.T) {
	occbench := program(t, "run")
	rows, proofs := map[string]string{}, map[string]string{}
	for i := range Servers {
		s := &Servers[i]
		t.Run(s.Name, func(t *testing.T) {
			folder, version := s.have(t)
			url := s.start(t, folder)
			o := s.play(t, occbench, url)
			judge(t, s, o)
			if t.Failed() {
				return
			}
			rows[s.Name] = s.row(version)
			if len(s.Want.Anomalies) > 0 {
				proofs[s.Name] = formatProof(&o.report, s.Want.Anomalies)
			}
		})
	}
	compareTable(t, rows, proofs)
}

// TestPower repeats the rows whose bug shows only where requests meet.
func TestPower(t *testing.T) {
	occbench := program(t, "power")
	for i := range Servers {
		s := &Servers[i]
		if !s.Want.Raced {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			folder, version := s.have(t)
			url := s.start(t, folder)
			n := 0
			for i := range repeats {
				o := s.validate(t, occbench, url, fmt.Sprintf("power%d", i))
				if o.exit == s.Want.Exit && len(o.missing(s.Want.Anomalies)) == 0 {
					n++
				}
			}
			fmt.Printf("conformance-power: %s %s: %s found in %d of %d runs\n", s.Title, version, joinIDs(s.Want.Anomalies), n, repeats)
			if n < found {
				t.Errorf("found in %d of %d runs, want %d", n, repeats, found)
			}
		})
	}
}

// tries is how often a row is played that chance may have spoilt.
const tries = 3

// play runs occbench against the server, and again where chance may be behind the
// outcome: a busy machine left it open, requests did not meet, or met once in many runs.
func (s *Server) play(t *testing.T, occbench, url string) outcome {
	t.Helper()
	for try := 1; ; try++ {
		o := s.validate(t, occbench, url, "")
		why := s.chance(&o)
		if why == "" || try == tries {
			return o
		}
		fmt.Printf("conformance: %s is played again: %s\n", s.Title, why)
	}
}

// chance says why an outcome may be due to chance; empty where it is not.
func (s *Server) chance(o *outcome) string {
	switch missing := o.missing(s.Want.Anomalies); {
	case o.exit == exit.Inconclusive && s.Want.Exit != exit.Inconclusive:
		return "the run ended INCONCLUSIVE"
	case s.Want.Raced && len(missing) > 0:
		return joinIDs(missing) + " was not met"
	case o.exit == exit.Fail && s.Want.Exit == exit.OK && len(s.Want.Rare) > 0 && o.only(s.Want.Rare):
		return "it met what is rare there"
	}
	return ""
}

// only reports whether anomalies were found, and no others than these.
func (o *outcome) only(ids []check.ID) bool {
	others := slices.ContainsFunc(o.report.Anomalies, func(a check.Anomaly) bool { return !slices.Contains(ids, a.ID) })
	return len(o.report.Anomalies) > 0 && !others
}

// program returns the occbench that is tested, or skips the test where this run is
// not asked for.
func program(t *testing.T, what string) string {
	t.Helper()
	if os.Getenv("OCCBENCH_CONFORMANCE") != what {
		t.Skipf("needs servers from package registries; `make conformance` runs it (OCCBENCH_CONFORMANCE=%s)", what)
	}
	path, err := filepath.Abs(root + "/build/occbench")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("%v; `make build` makes it", err)
	}
	return path
}

// have returns where the server is installed. One that cannot be had skips the
// test, or fails it where it is required.
func (s *Server) have(t *testing.T) (folder, version string) {
	t.Helper()
	where, err := filepath.Abs(cache)
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	if !s.Required {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadlineCause(ctx, began.Add(patience), errors.New("the time for servers that are not required is used up"))
		defer cancel()
	}
	folder, version, err = s.Install(ctx, where)
	switch {
	case err == nil:
		return folder, version
	case s.Required && need.IsRequired("conformance"):
		t.Fatalf("OCCBENCH_REQUIRE names conformance: %v", err)
	}
	why, _, _ := strings.Cut(err.Error(), "\n")
	fmt.Printf("conformance: skipping %s: %s\n", s.Title, why)
	t.Skip(err)
	return "", ""
}

// start starts the server until the end of the test.
func (s *Server) start(t *testing.T, folder string) (url string) {
	t.Helper()
	data, err := os.MkdirTemp("", "occbench-"+s.Name+"-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(data, 0o755); err != nil { // Apache serves it as another user
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(cache, "runs"), 0o755); err != nil {
		t.Fatal(err)
	}
	log, err := os.Create(filepath.Join(cache, "runs", s.Name+".log"))
	if err != nil {
		t.Fatal(err)
	}
	stage := &Stage{Folder: folder, Data: data, Log: log}
	t.Cleanup(func() {
		if err := errors.Join(stage.Stop(), log.Close()); err != nil {
			t.Errorf("stopping %s: %v", s.Name, err)
		}
	})
	if url, err = s.Start(stage); err != nil {
		t.Fatalf("starting %s: %v; its log is %s", s.Name, err, log.Name())
	}
	return url
}

// outcome is what a run came to.
type outcome struct {
	exit   int
	said   string // on stdout and stderr
	report check.Report
}

// validate runs occbench validate against the server.
func (s *Server) validate(t *testing.T, occbench, url, tag string) outcome {
	t.Helper()
	out := filepath.Join("build/conformance/runs", s.Name+tag)
	if err := os.RemoveAll(filepath.Join(root, out)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), budget)
	defer cancel()
	args := append(s.arguments(url), "--out", out, "--progress", "plain")
	clean := []string{"seed", "--clean", "--api", s.apiFile(), "--target", url}
	if tag != "" {
		args, clean = append(args, "--tag", tag), append(clean, "--tag", tag)
	}
	o := s.call(ctx, t, occbench, args)
	if file, err := os.ReadFile(filepath.Join(root, out, "latest", run.RawFolder, run.AnomaliesFile)); err == nil {
		if err := json.Unmarshal(file, &o.report); err != nil {
			t.Fatal(err)
		}
	}
	if o.exit != exit.Broken {
		if c := s.call(ctx, t, occbench, clean); c.exit != exit.OK {
			t.Errorf("occbench seed --clean ended with %d:\n%s", c.exit, c.said)
		}
	}
	return o
}

// call runs occbench with credentials that are worth nothing elsewhere.
func (s *Server) call(ctx context.Context, t *testing.T, occbench string, args []string) (o outcome) {
	t.Helper()
	var said bytes.Buffer
	c := exec.CommandContext(ctx, occbench, args...)
	c.Env = append(os.Environ(), "AWS_REGION=us-east-1", "AWS_ACCESS_KEY_ID="+keyID, "AWS_SECRET_ACCESS_KEY="+secretKey)
	c.Dir, c.Stdout, c.Stderr, c.WaitDelay = root, &said, &said, 5*time.Second
	err := c.Run()
	o.said = said.String()
	if ended := new(exec.ExitError); err != nil && !errors.As(err, &ended) {
		t.Fatalf("running %s: %v\n%s", strings.Join(c.Args, " "), err, o.said)
	}
	o.exit = c.ProcessState.ExitCode()
	return o
}

// missing returns the anomalies that were not found.
func (o *outcome) missing(want []check.ID) []check.ID {
	return slices.DeleteFunc(slices.Clone(want), func(id check.ID) bool { return o.report.Count(id) > 0 })
}

// judge compares what was found with what must be found.
func judge(t *testing.T, s *Server, o outcome) {
	t.Helper()
	if o.exit != s.Want.Exit {
		t.Errorf("occbench ended with %d, want %d", o.exit, s.Want.Exit)
	}
	if missing := o.missing(s.Want.Anomalies); len(missing) > 0 {
		t.Errorf("not found: %s", joinIDs(missing))
	}
	for i := range o.report.Anomalies {
		a := &o.report.Anomalies[i]
		if !slices.Contains(slices.Concat(s.Want.Anomalies, s.Want.Beside), a.ID) {
			t.Errorf("found %s: %s", a.ID, a.Sentence)
		}
		if n := len(a.Operations); !a.Probed && (n < 2 || n > 6) {
			t.Errorf("the proof of %s has %d operations, want 2 to 6", a.ID, n)
		}
		t.Logf("%s, %d times: %s", a.ID, a.Count, a.Sentence)
	}
	for _, text := range s.Want.Says {
		if !strings.Contains(o.said, text) {
			t.Errorf("occbench does not say %q", text)
		}
	}
	if t.Failed() {
		t.Logf("occbench said:\n%s", o.said)
	}
}

// What chance may have spoilt is played again, and nothing else.
func TestChance(t *testing.T) {
	found := func(ids ...check.ID) check.Report {
		var r check.Report
		for _, id := range ids {
			r.Anomalies = append(r.Anomalies, check.Anomaly{ID: id, Count: 1})
		}
		return r
	}
	right, rare := Want{}, Want{Rare: []check.ID{check.OCC09}}
	raced := Want{Exit: exit.Fail, Anomalies: []check.ID{check.OCC01}, Raced: true}
	for name, tt := range map[string]struct {
		want  Want
		o     outcome
		again bool
	}{
		"as it should be":        {right, outcome{exit: exit.OK}, false},
		"a busy machine":         {right, outcome{exit: exit.Inconclusive}, true},
		"a right server accused": {right, outcome{exit: exit.Fail, report: found(check.OCC01)}, false},
		"what is rare":           {rare, outcome{exit: exit.Fail, report: found(check.OCC09)}, true},
		"more than what is rare": {rare, outcome{exit: exit.Fail, report: found(check.OCC09, check.OCC01)}, false},
		"failed without a proof": {rare, outcome{exit: exit.Fail}, false},
		"requests did not meet":  {raced, outcome{exit: exit.OK}, true},
		"requests met":           {raced, outcome{exit: exit.Fail, report: found(check.OCC01)}, false},
	} {
		s := &Server{Want: tt.want}
		if why := s.chance(&tt.o); (why != "") != tt.again {
			t.Errorf("%s: %q", name, why)
		}
	}
}
