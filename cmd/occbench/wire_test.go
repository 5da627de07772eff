package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/run"
	refserver "github.com/occbench/occbench/reference-server"
	"github.com/occbench/occbench/reference-server/refservertest"
)

// newShops returns correct shops on one store, one for each build.
func newShops(t *testing.T, builds ...string) []http.Handler {
	t.Helper()
	store := refservertest.Open(t, "sqlite", "")
	var shops []http.Handler
	for _, build := range builds {
		shops = append(shops, refservertest.New(t, refserver.Options{Store: store, Build: build}).Handler())
	}
	return shops
}

// loaded is what a load left behind.
type loaded struct {
	printed  string
	code     int
	dir      string
	manifest run.Manifest
	outcomes map[string]int64 // of moves
	rss      int64            // most that k6 had in memory, bytes; 0: not known
}

// load runs the program against a target for three seconds.
func load(t *testing.T, target string, args ...string) loaded {
	t.Helper()
	out := t.TempDir()
	cmd := exec.CommandContext(t.Context(), "occbench", append(args, "--target", target, "--duration", "3s", "--warmup", "0s", "--records", "60", "--out", out)...)
	var printed bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr = t.TempDir(), &printed, &printed
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	l := loaded{outcomes: map[string]int64{}}
	ended, watched := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(watched)
		for {
			l.rss = max(l.rss, mostMemory(cmd.Process.Pid))
			select {
			case <-ended:
				return
			case <-time.After(50 * time.Millisecond):
			}
		}
	}()
	_ = cmd.Wait() // the exit code tells
	close(ended)
	<-watched
	l.printed, l.code = printed.String(), cmd.ProcessState.ExitCode()
	runs, err := filepath.Glob(filepath.Join(out, "k6_move_*"))
	if err != nil || len(runs) != 1 {
		t.Fatalf("runs %v, %v\n%s", runs, err, l.printed)
	}
	l.dir = runs[0]
	data, err := os.ReadFile(filepath.Join(l.dir, run.RawFolder, run.ManifestFile))
	if err == nil {
		err = json.Unmarshal(data, &l.manifest)
	}
	if err != nil {
		t.Fatal(err)
	}
	l.countMoves(t)
	return l
}

func (l *loaded) countMoves(t *testing.T) {
	t.Helper()
	file, err := os.Open(filepath.Join(l.dir, run.RawFolder, run.HistoryFile))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines {
		if line[4] == "update" {
			l.outcomes[line[8]]++
		}
	}
}

// mostMemory returns the most that a child of a process ever had in memory, where
// the system shows it.
func mostMemory(parent int) (most int64) {
	paths, _ := filepath.Glob("/proc/[0-9]*/status")
	for _, path := range paths {
		status, err := os.ReadFile(path)
		if err == nil && statusNumber(status, "PPid:") == int64(parent) { // else it has ended
			most = max(most, statusNumber(status, "VmHWM:")<<10)
		}
	}
	return most
}

// statusNumber returns a number of a process's status.
func statusNumber(status []byte, name string) int64 {
	_, after, _ := bytes.Cut(status, []byte(name))
	var n int64
	_, _ = fmt.Sscan(string(after[:min(len(after), 40)]), &n) // what is not there is 0
	return n
}

// TestFrontEndThatClosesConnections puts a correct shop behind a front end that
// closes what is idle for 50 ms and reloads gracefully now and then. Nothing is
// lost but what no client can save, and that is told apart.
func TestFrontEndThatClosesConnections(t *testing.T) {
	t.Parallel()
	front := httptest.NewUnstartedServer(newShops(t, "1.4.0")[0])
	front.Config.IdleTimeout = 50 * time.Millisecond
	front.Start()
	defer front.Close()
	var reloads sync.WaitGroup
	stop := make(chan struct{})
	reloads.Go(func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(300 * time.Millisecond):
				front.Config.SetKeepAlivesEnabled(false)
				front.Config.SetKeepAlivesEnabled(true)
			}
		}
	})
	defer reloads.Wait()
	defer close(stop)
	l := load(t, front.URL, "validate", "--operators", "8", "--think", "uniform:20ms-120ms", "--pause", "uniform:20ms-120ms", "--force")
	closed := int64(0)
	for _, trouble := range l.manifest.Troubles {
		if trouble.Why != "connection closed by the peer while the request was on its way" {
			t.Errorf("trouble %+v", trouble)
		}
		closed += trouble.Attempts
	}
	if l.outcomes["applied"] < 20 || l.outcomes["no_answer"] != closed || closed > l.outcomes["applied"]/10 {
		t.Errorf("outcomes %v, %d of them by the race\n%s", l.outcomes, closed, l.printed)
	}
}

// TestBuildChanges replaces the build in the middle of a load.
func TestBuildChanges(t *testing.T) {
	const words = "the build changed during the run, and a run judges one build: 1.4.0 "
	for _, c := range []struct {
		name   string
		header bool
		want   string
	}{
		{"answers name it", true, words + "answered 28 attempts, 1.5.0 answered "},
		{"only the health call names it", false, words + "before the load, 1.5.0 after it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			shops := newShops(t, "1.4.0", "1.5.0")
			var moves atomic.Int64
			front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if !c.header {
					w = &nameless{w}
				}
				if strings.HasSuffix(r.URL.Path, "/move") {
					moves.Add(1)
				}
				build := 0
				if moves.Load() > 30 { // two of them are the look for others on the board
					build = 1
				}
				shops[build].ServeHTTP(w, r)
			}))
			defer front.Close()
			seed := exec.CommandContext(t.Context(), "occbench", "seed", "--target", front.URL, "--records", "60")
			if printed, err := seed.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, printed)
			}
			moves.Store(0) // those of the seed, which spreads records over the states
			l := load(t, front.URL, "run", "--operators", "1", "--think", "5ms", "--pause", "5ms")
			if l.manifest.TargetBuild != "1.4.0" || len(l.manifest.Builds) != 2 {
				t.Fatalf("build %q, builds %+v", l.manifest.TargetBuild, l.manifest.Builds)
			}
			if c.header && l.manifest.Builds[1].Attempts != moves.Load()-30 {
				t.Errorf("builds %+v of %d moves", l.manifest.Builds, moves.Load())
			}
			for _, stage := range []string{"check", "gate", "report"} {
				printed, _ := exec.CommandContext(t.Context(), "occbench", stage, l.dir).CombinedOutput()
				l.printed = string(printed)
			}
			told := strings.Join(strings.Fields(l.printed), " ") // lines are broken where they are full
			if !strings.Contains(told, "INCONCLUSIVE") || !strings.Contains(told, c.want) {
				t.Errorf("the verdict lacks %q:\n%s", c.want, l.printed)
			}
		})
	}
}

// nameless takes the build out of the header.
type nameless struct{ http.ResponseWriter }

func (w *nameless) WriteHeader(status int) {
	w.Header().Del("X-App-Version")
	w.ResponseWriter.WriteHeader(status)
}

// TestEndlessAnswers lets a server stream an endless board to 20 operators, and
// wants k6 to stay small and the reason to be told.
func TestEndlessAnswers(t *testing.T) {
	t.Parallel()
	shop := newShops(t, "1.4.0")[0]
	var moves atomic.Int64
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/move") {
			moves.Add(1)
		}
		if moves.Load() < 60 || !strings.HasSuffix(r.URL.Path, "/board") {
			shop.ServeHTTP(w, r)
			return
		}
		for chunk := bytes.Repeat([]byte(" "), 1<<20); ; {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	}))
	defer front.Close()
	l := load(t, front.URL, "validate", "--operators", "20", "--think", "5ms", "--pause", "5ms", "--force", "--timeout", "5s")
	if limit := int64(300 << 20); l.rss > limit {
		t.Errorf("k6 had %d MB in memory, want less than %d", l.rss>>20, limit>>20)
	}
	t.Logf("k6 had %d MB in memory", l.rss>>20)
	told := strings.Join(strings.Fields(l.printed), " ")
	if !strings.Contains(told, "the answer to a read is larger than 64 MiB (--list-limit)") {
		t.Errorf("the reason is not told:\n%s", l.printed)
	}
}
