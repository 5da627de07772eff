package refserver_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	refserver "github.com/occbench/occbench/reference-server"
	"github.com/occbench/occbench/reference-server/fault"
)

// observer keeps the attempts that it is told of.
type observer struct {
	mu  sync.Mutex
	all []refserver.Attempt
}

func (o *observer) observe(a refserver.Attempt) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.all = append(o.all, a)
}

func (o *observer) byStatus(t *testing.T) refserver.Attempts {
	t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	seen := refserver.Attempts{}
	for _, a := range o.all {
		seen[a.Status]++
		if a.Latency < 0 || a.At.IsZero() || a.IsConflict() != (a.Status == http.StatusConflict) {
			t.Errorf("observed %+v", a)
		}
	}
	return seen
}

// attempt sends a move and returns the status, 0 without an answer.
func attempt(t *testing.T, url, id, body string) int {
	t.Helper()
	answer, err := http.Post(url+"/api/admin/appointments/"+id+"/move", "application/json", strings.NewReader(body))
	if err != nil {
		return 0
	}
	defer answer.Body.Close()
	return answer.StatusCode
}

// Every observer hears of every attempt once, whatever became of it, and
// before the client has its answer.
func TestEveryAttemptIsObserved(t *testing.T) {
	set, err := fault.Parse("drop-reply:1", fault.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	const fresh, stale = `{"new_status":"in_progress","expected_version":1}`, `{"new_status":"ready","expected_version":7}`
	tests := []struct {
		name   string
		faults refserver.Faults
		moves  [][2]string // id and body
		want   refserver.Attempts
	}{
		{name: "moved and lost", moves: [][2]string{{"1", fresh}, {"1", fresh}, {"1", stale}}, want: refserver.Attempts{200: 1, 409: 2}},
		{name: "refused", moves: [][2]string{{"1", "x"}, {"99", fresh}, {"x", fresh}}, want: refserver.Attempts{400: 1, 404: 2}},
		{name: "dropped", faults: set, moves: [][2]string{{"1", fresh}}, want: refserver.Attempts{0: 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := openStore(t, "sqlite", "")
			addCards(t, s, 1)
			var seen observer
			server, url := serve(t, refserver.Options{Store: s, Faults: tt.faults, Observe: seen.observe})
			for _, m := range tt.moves {
				attempt(t, url, m[0], m[1])
			}
			if diff := cmp.Diff(tt.want, seen.byStatus(t)); diff != "" {
				t.Errorf("observed (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.want, server.Attempts()); diff != "" {
				t.Errorf("counted (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMetricsPage(t *testing.T) {
	s := openStore(t, "sqlite", "")
	addCards(t, s, 1)
	_, url := serve(t, refserver.Options{Store: s})
	const body = `{"new_status":"in_progress","expected_version":1}`
	attempt(t, url, "1", body)
	attempt(t, url, "1", body)
	answer, err := http.Get(url + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	page, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		`move_attempts_total{status="200"} 1`, `move_attempts_total{status="409"} 1`,
		`move_latency_seconds_count 2`, `move_latency_seconds_bucket{le="0.4"}`, "go_goroutines ",
	} {
		if !strings.Contains(string(page), line) {
			t.Errorf("the page lacks %q:\n%s", line, page)
		}
	}
}
