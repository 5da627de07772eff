package k6import

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/api"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/stats"
)

// shop is the API of the requests in these tests.
var shop = func() *api.API {
	a, err := api.Load("appointments")
	if err != nil {
		panic(err)
	}
	return a
}()

// The files in testdata were written by k6 v2.2.0: 150 times a GET and a POST to
// …/move, with the thresholds p(95)<400 and rate<0.01.
func judged(t *testing.T, name string) Result {
	t.Helper()
	r, err := Read(filepath.Join("testdata", name), gate.Default(), shop)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestLegacyExportIsReadRightly(t *testing.T) {
	r := judged(t, "legacy.json")
	if r.Kind != LegacySummary || r.Requests != 300 || r.Verdict != gate.Inconclusive {
		t.Errorf("%s, %d requests, %s", r.Kind, r.Requests, r.Verdict)
	}
	// The file says true for the threshold that was crossed, and counts the 18
	// failed requests as passes.
	want := []Threshold{{"http_req_duration", "p(95)<400", false}, {"http_req_failed", "rate<0.01", true}}
	if diff := cmp.Diff(want, r.Thresholds); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	g := r.Gates[0]
	if g.Name != failures || *g.Estimate != 0.06 || g.N != 300 || g.Verdict != gate.Inconclusive || !strings.Contains(g.Reason.String(), "conflicts") {
		t.Errorf("%+v", g)
	}
	if *g.Lower != stats.RateLower(18, 300, 0.95) || *g.Upper != stats.RateUpper(18, 300, 0.95) {
		t.Errorf("bounds %v to %v", *g.Lower, *g.Upper)
	}
	if g := r.Gates[1]; g.Name != durations || *g.Estimate != 44.86502405000001 || *g.Lower != 44.0487227 || g.Upper != nil || !strings.Contains(g.Reason.String(), "18 of 300 requests failed") {
		t.Errorf("%+v", g)
	}
}

func TestBothKindsOfThresholdMeanTheSame(t *testing.T) {
	if diff := cmp.Diff(judged(t, "legacy.json").Thresholds, judged(t, "handled.json").Thresholds); diff != "" {
		t.Errorf("(-legacy +handled)\n%s", diff)
	}
	for name, kind := range map[string]Kind{"handled.json": HandledSummary, "machine.json": MachineSummary} {
		r := judged(t, name)
		if r.Kind != kind || r.Requests != 300 || len(r.Gates) != 2 || r.Gates[0].Estimate == nil || r.Gates[1].Estimate == nil || r.Gates[1].Lower == nil {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

func TestPointsTellMovesFromReadsAndConflictsFromErrors(t *testing.T) {
	r := judged(t, "points.ndjson.gz")
	if r.Kind != Points || r.Of != "moves" || r.Requests != 300 || r.Reads != 150 || len(r.Notes) != 0 {
		t.Errorf("%+v", r)
	}
	for o, want := range map[history.Outcome]int{history.Applied: 135, history.Conflict: 12, history.ServerError: 3} {
		if r.Outcomes[o] != want {
			t.Errorf("%d %s, want %d", r.Outcomes[o], o, want)
		}
	}
	want := map[string][2]float64{gate.ErrorRate: {0.02, 150}, gate.ConflictRate: {12.0 / 147, 147}}
	for _, g := range r.Gates {
		if w, ok := want[g.Name]; ok && (*g.Estimate != w[0] || float64(g.N) != w[1]) {
			t.Errorf("%s: %v of %d, want %v", g.Name, *g.Estimate, g.N, w)
		}
		if g.Name == gate.P95 && (g.Verdict != gate.Pass || *g.Upper > 60) {
			t.Errorf("%+v", g)
		}
	}
	if names := len(r.Gates); names != 3 {
		t.Errorf("%d gates", names)
	}
}

// point writes a sample as k6 does.
func point(method, name, status string, ms float64) string {
	return fmt.Sprintf(`{"metric":"http_req_duration","type":"Point","data":{"time":"2030-01-01T00:00:00Z","value":%v,"tags":{"method":%q,"name":%q,"status":%q}}}`+"\n",
		ms, method, name, status)
}

const declared = `{"type":"Metric","data":{"name":"http_reqs","type":"counter"},"metric":"http_reqs"}` + "\n"

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// encodings returns a text as programs of Windows and gzip write it, too.
func encodings(text string) []string {
	units := utf16.Encode([]rune(text))
	little, big := "\xff\xfe", "\xfe\xff"
	for _, u := range units {
		little += string([]byte{byte(u), byte(u >> 8)})
		big += string([]byte{byte(u >> 8), byte(u)})
	}
	return []string{text, "\xef\xbb\xbf" + text, little, big, zipped(text), zipped(little)}
}

func zipped(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		panic(err)
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.String()
}

func TestVerdictIsNeverAPass(t *testing.T) {
	fine := declared + strings.Repeat(point("POST", "/appointments/1/move", "200", 12), 500)
	broken := fine + strings.Repeat(point("POST", "/appointments/1/move", "500", 12), 100)
	for text, want := range map[string]gate.Result{fine: gate.Inconclusive, broken: gate.Fail} {
		r, err := Read(write(t, "p.ndjson", text), gate.Default(), shop)
		if err != nil || r.Verdict != want {
			t.Errorf("%s, %v, want %s", r.Verdict, err, want)
		}
	}
}

// A request without an answer is slower than all others, also in a summary in
// which k6 counts it as 0 ms.
func TestNoAnswerIsSlow(t *testing.T) {
	text := declared + strings.Repeat(point("POST", "/x/move", "200", 12), 90) + strings.Repeat(point("POST", "/x/move", "0", 0), 10)
	r, err := Read(write(t, "p.ndjson", text), gate.Default(), shop)
	if err != nil {
		t.Fatal(err)
	}
	if g := r.Gates[1]; g.Name != gate.P95 || g.Verdict == gate.Pass || g.Estimate != nil {
		t.Errorf("%+v", g)
	}
	summary := `{"metrics":{"http_req_failed":{"passes":1000,"fails":0,"value":1},"http_req_duration":{"p(90)":0,"p(95)":0,"max":0}}}`
	r, err = Read(write(t, "s.json", summary), gate.Default(), shop)
	if err != nil {
		t.Fatal(err)
	}
	if g := r.Gates[1]; g.Verdict != gate.Inconclusive || g.Upper != nil {
		t.Errorf("a thousand refused connections: %+v", g)
	}
}

func TestWhatIsNoMoveIsLeftOut(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		moves      int
		note       string
	}{
		{"other writes", declared + point("POST", "http://h/appointments", "201", 1) + point("POST", "http://h/appointments/1/move?x=1", "200", 1), 1, "1 other requests"},
		{"another dialect", declared + point("PATCH", "http://h/a/1", "200", 1) + point("GET", "http://h/a/1/move", "200", 1), 1, "no request is named move or is a POST /api/admin/appointments/{id}/move"},
		{"grouped by a name tag", declared + point("POST", "move", "200", 1) + point("POST", "book", "201", 1), 1, "1 other requests"},
		{"redirects", declared + point("POST", "/a/1/move", "307", 900) + point("POST", "/a/1/move", "200", 1) + point("PATCH", "/a/2/move", "302", 1) + point("GET", "/a/2", "200", 1), 1,
			"2 requests that write were answered with a redirect and are left out, with their time"},
		{"log lines before", "time=\"2030-01-15T08:00:00Z\" level=info msg=starting\n{\"level\":\"info\"}\n" + point("POST", "/move", "200", 1), 1, "2 lines before the points"},
		{"no tags", declared + point("", "", "", 1) + point("POST", "/move", "200", 1), 1, "1 requests carry no tag"},
		{"blank lines", declared + "\n" + point("POST", "/move", "200", 1) + "\r\n", 1, ""},
		{"cut off", declared + point("POST", "/move", "200", 1) + `{"metric":"http_req_dur`, 1, "cut off in line 3"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, text := range encodings(tt.text) {
				r, err := Read(write(t, "p", text), gate.Default(), shop)
				if err != nil {
					t.Fatal(err)
				}
				moves := 0
				for _, n := range r.Outcomes {
					moves += n
				}
				if moves != tt.moves || !strings.Contains(strings.Join(r.Notes, "\n"), tt.note) {
					t.Errorf("%d moves, notes %q", moves, r.Notes)
				}
			}
		})
	}
}

func TestSummariesInEveryEncoding(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "legacy.json"))
	if err != nil {
		t.Fatal(err)
	}
	want := judged(t, "legacy.json")
	for _, text := range encodings(string(text)) {
		r, err := Read(write(t, "s", text), gate.Default(), shop)
		if err != nil {
			t.Fatal(err)
		}
		r.File = want.File
		if diff := cmp.Diff(want, r); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}

// TestSummaryBeforeFailuresWereCounted: what such a k6 measured is judged, and
// what it did not count is no success.
func TestSummaryBeforeFailuresWereCounted(t *testing.T) {
	for ms, want := range map[string]gate.Result{"25.5": gate.Inconclusive, "900": gate.Fail} {
		text := `{"metrics":{"http_reqs":{"count":1000,"rate":5.1},"http_req_duration":{"med":` + ms + `,"p(90)":` + ms + `,"p(95)":` + ms + `,"max":1000}}}`
		r, err := Read(write(t, "s", text), gate.Default(), shop)
		if err != nil {
			t.Fatal(err)
		}
		if r.Requests != 1000 || r.Verdict != want || len(r.Gates) != 1 || r.Gates[0].Estimate == nil || r.Gates[0].Upper != nil {
			t.Errorf("p95 %s: %s, %d requests, %+v", ms, r.Verdict, r.Requests, r.Gates)
		}
		if !strings.Contains(strings.Join(r.Notes, ""), "a k6 before 0.31: failures were not counted") {
			t.Errorf("notes %q", r.Notes)
		}
	}
}

func TestTornArchiveKeepsWhatIsThere(t *testing.T) {
	var long strings.Builder
	long.WriteString(declared)
	r := rand.New(rand.NewPCG(1, 1))
	for range 20_000 {
		long.WriteString(point("POST", "/move", "200", r.Float64()))
	}
	whole := zipped(long.String())
	result, err := Read(write(t, "p.gz", whole[:len(whole)/2]), gate.Default(), shop)
	if err != nil {
		t.Fatal(err)
	}
	if result.Requests < 1000 || !strings.Contains(strings.Join(result.Notes, ""), "cut off") {
		t.Errorf("%d requests, notes %q", result.Requests, result.Notes)
	}
}

func TestBadInput(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"empty", "", "it is empty"},
		{"not JSON", "date,amount\n1,2\n", ":1:1: invalid character 'd'"},
		{"CSV of k6", "metric_name,timestamp,metric_value\nhttp_reqs,1,1\n", "it is k6's CSV output, which is not read; `k6 run --out json=points.ndjson`"},
		{"array", "\xef\xbb\xbf[" + strings.TrimSpace(declared) + "]", "it is a JSON array, and points stand one on a line; `jq -c '.[]' FILE"},
		{"summary for people", "\n     http_req_duration..............: avg=12ms p(95)=25ms\n", "it is the summary that k6 prints for people"},
		{"summary in an object", `{"data":{"metrics":{"http_reqs":{"count":1}}},"id":1}`, `its member "data" is a summary; ` + "`jq .data FILE"},
		{"broken summary", "{\n  \"metrics\": {\n    \"a\": }\n}", ":3:10"},
		{"another object", `{"verdict":"PASS"}`, `it has no "metrics", so it is neither a summary nor points of k6: its members are ["verdict"]`},
		{"no request", `{"metrics":{}}`, "k6 made no request"},
		{"metrics is a list", `{"metrics":[]}`, "metrics is array, want an object"},
		{"count is text", `{"metrics":{"http_req_failed":{"passes":"3","fails":1}}}`, "metric http_req_failed: passes is missing"},
		{"negative", `{"metrics":{"http_req_failed":{"passes":-3,"fails":1}}}`, "passes is -3, want a whole number"},
		{"passes swapped", `{"metrics":{"http_req_failed":{"passes":97,"fails":3,"value":0.03}}}`, "97 of 100 are not the rate 0.03"},
		{"threshold", `{"metrics":{"http_req_failed":{"passes":0,"fails":1,"thresholds":{"rate<1":"no"}}}}`, `threshold "rate<1": it is "no", want true or false`},
		{"new threshold", `{"metrics":{"x":{"values":{},"thresholds":{"rate<1":true}}}}`, `want {"ok": true}`},
		{"garbage in points", declared + "x\n", `:2: "x" is not a JSON object`},
		{"broken point", declared + `{"metric":"http_req_duration",,}` + "\n", ":2: the line is no point of k6: invalid character"},
		{"value is text", declared + `{"metric":"http_req_duration","type":"Point","data":{"time":"2030-01-01T00:00:00Z","value":"1"}}` + "\n", ":2: the line is no point of k6: data.value is string"},
		{"no value", declared + `{"metric":"http_req_duration","type":"Point","data":{"time":"2030-01-01T00:00:00Z"}}` + "\n", ":2: data.value is not a time"},
		{"no time", declared + `{"metric":"http_req_duration","type":"Point","data":{"value":1}}` + "\n", ":2: data.time is missing"},
		{"status", declared + point("POST", "/move", "-1", 1), ":2: the tag status is"},
		{"no points", declared, "k6 made no request"},
		{"endless line", declared + "{" + strings.Repeat("x", maxLine+1), ":2: the line is longer than 1024 KiB"},
		{"not an archive", "\x1f\x8bxxxxxxxxxxxxxxxxx", "invalid header"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Read(write(t, "f", tt.text), gate.Default(), shop)
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
	for _, path := range []string{t.TempDir(), filepath.Join(t.TempDir(), "none")} {
		if _, err := Read(path, gate.Default(), shop); err == nil {
			t.Errorf("%s is read", path)
		}
	}
}

// The bounds that the percentiles of a summary give hold the true p95 at least
// as often as promised.
func TestBoundsOfP95Cover(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	truth := math.Exp(1.6448536269514722)
	for _, n := range []int{60, 120, 400, 2000} {
		below, above := 0, 0
		const runs = 400
		for range runs {
			v := make([]float64, n)
			for i := range v {
				v[i] = math.Exp(r.NormFloat64())
			}
			slices.Sort(v)
			all := map[float64]float64{}
			for _, q := range []float64{0, 0.5, 0.9, 0.95, 0.99, 1} {
				all[q] = percentile(v, q)
			}
			lower, upper := boundP95(all, 0, n, 0.95)
			if upper == nil || lower == nil {
				t.Fatalf("no bounds for %d", n)
			}
			below += hit(*upper < truth)
			above += hit(*lower > truth)
		}
		if limit := 0.05*runs + 3*math.Sqrt(runs*0.05*0.95); float64(below) > limit || float64(above) > limit {
			t.Errorf("n = %d: the upper bound is below in %d, the lower above in %d of %d", n, below, above, runs)
		}
	}
	if _, upper := boundP95(map[float64]float64{1: 9}, 0, 58, 0.95); upper != nil {
		t.Error("the slowest of 58 bounds the p95")
	}
}

// percentile interpolates as k6 does.
func percentile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	j, k := sorted[int(math.Floor(at))], sorted[int(math.Ceil(at))]
	return j + (k-j)*(at-math.Floor(at))
}

func hit(b bool) int {
	if b {
		return 1
	}
	return 0
}

func FuzzPoints(f *testing.F) {
	f.Add([]byte(declared + point("POST", "/move", "409", 3)))
	f.Add([]byte(declared + point("PATCH", "/a", "0", 0) + "{}\n{"))
	f.Fuzz(func(t *testing.T, text []byte) {
		source, err := openText(bytes.NewReader(text))
		if err != nil {
			return
		}
		if r, err := readSource(source, "f", gate.Default(), shop); err == nil && r.Verdict == gate.Pass {
			t.Errorf("an import passes: %+v", r)
		}
	})
}

func FuzzMetric(f *testing.F) {
	f.Add([]byte(`{"passes":3,"fails":1,"value":0.75,"thresholds":{"rate<1":false}}`))
	f.Add([]byte(`{"values":{"p(95)":3,"max":1e9},"thresholds":{"p(95)<1":{"ok":true}}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := readMetric("x", text)
		if err != nil {
			return
		}
		if hits, total, err := m.rate(); err == nil && (hits < 0 || hits > total) {
			t.Errorf("%d of %d", hits, total)
		}
		judgeP95(m.values, 3, 1000, gate.Default())
	})
}

// What a report shows is clean, whatever a file says.
func TestTextsOfOthersAreCleaned(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "legacy.json"))
	if err != nil {
		t.Fatal(err)
	}
	dirty := strings.Replace(string(text), `"metrics": {`, `"metrics": {"x\u001b\u202e": {"thresholds": {"rate<1\u001b": false}}, `, 1)
	if dirty == string(text) {
		t.Fatal("the file has no metrics")
	}
	r, err := Read(write(t, "s", dirty), gate.Default(), shop)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(r.Thresholds, func(t Threshold) bool { return strings.HasPrefix(t.Metric, "x") })
	if want := (Threshold{Metric: "x��", Expression: "rate<1�"}); at < 0 || r.Thresholds[at].Metric != want.Metric || r.Thresholds[at].Expression != want.Expression {
		t.Errorf("%+v, want one like %+v", r.Thresholds, want)
	}
}
