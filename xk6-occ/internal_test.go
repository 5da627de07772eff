package occ

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/modulestest"
)

func find(values map[string]string) lookup {
	return func(name string) (string, bool) { value, ok := values[name]; return value, ok }
}

func TestParameterDefaults(t *testing.T) {
	p, err := parseSpec(find(nil), time.Date(2029, 12, 31, 23, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	got := []any{
		p.Target, p.Date, p.Tag, p.Operators, p.Duration, p.Warmup, p.Think.String(), p.Pause.String(),
		p.Pick.String(), p.Walk.String(), p.Records, p.Attempts, p.Budget, p.Timeout,
	}
	want := []any{
		"http://127.0.0.1:8080", "2030-01-01", "load", 20, time.Minute, 2 * time.Second, "250ms", "250ms",
		"uniform", "cycle", 0, 3, 2 * time.Second, 10 * time.Second,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestParameters(t *testing.T) {
	tests := []struct {
		name, value string
		err         string // after "reading parameter NAME: "
	}{
		{"OCC_THINK", "exp:250ms", ""},
		{"OCC_THINK", "-1s", `parsing delay "-1s": -1s is negative`},
		{"OCC_OPERATORS", "0", `"0" is not a whole number from 1 to 100000`},
		{"OCC_OPERATORS", "many", `"many" is not a whole number from 1 to 100000`},
		{"OCC_RECORD_COUNT", "0", ""},
		{"OCC_RECORD_COUNT", "-1", `"-1" is neither auto nor a whole number from 1 to 1000000`},
		{"OCC_DURATION", "0s", `"0s" is too short; at least 1s, e.g. 60s`},
		{"OCC_WARMUP", "0s", ""},
		{"OCC_WARMUP", "-2s", `"-2s" is negative; e.g. 2s, or auto`},
		{"OCC_RAND_SEED", "18446744073709551615", ""},
		{"OCC_RAND_SEED", "-1", `"-1" is not a whole number from 0 to 18446744073709551615`},
		{"OCC_BACKOFF", "linear", `parsing backoff "linear": no known policy`},
		{"OCC_PICK", "last", `parsing pick "last"`},
		{"OCC_WALK", "back", `parsing walk "back"`},
		{"OCC_RATE", "40", ""},
		{"OCC_RATE", "-1", `"-1" is not a rate such as 40/s or 90/min`},
		{"OCC_RATE", "NaN", `"NaN" is not a rate such as 40/s or 90/min`},
		{"OCC_MAX_OPERATORS", "0", `"0" is neither auto nor a whole number from 1 to 100000`},
		{"OCC_REFRESH", "0s", ""},
		{"OCC_REFRESH", "-1s", `"-1s" is too short; at least 10ms, e.g. 2s`},
		{"OCC_DOUBLE_UPDATES", "0.05", ""},
		{"OCC_DOUBLE_UPDATES", "5", `"5" is not a share from 0 to 1, e.g. 0.05`},
		{"DATE", "2030-1-5", `"2030-1-5" is not a date YYYY-MM-DD, today or tomorrow`},
	}
	for _, test := range tests {
		t.Run(test.name+"="+test.value, func(t *testing.T) {
			_, err := parseSpec(find(map[string]string{test.name: test.value}), time.Now())
			if test.err == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if want := "reading parameter " + test.name + ": " + test.err; err == nil || !strings.HasPrefix(err.Error(), want) {
				t.Errorf("error %v, want %s…", err, want)
			}
		})
	}
}

// What the two models do not have in common excludes each other.
func TestModels(t *testing.T) {
	tests := []struct {
		name   string
		values map[string]string
		err    string
	}{
		{"a rate", map[string]string{"OCC_RATE": "40"}, ""},
		{"a ramp", map[string]string{"OCC_RATE": "10", "OCC_RAMP_TO": "80"}, ""},
		{"both models", map[string]string{"OCC_RATE": "40", "OCC_OPERATORS": "20"}, "OCC_OPERATORS and OCC_RATE exclude each other"},
		{"a ramp from nowhere", map[string]string{"OCC_RAMP_TO": "80"}, "give the rate at which it begins as OCC_RATE"},
		{"own records in an open model", map[string]string{"OCC_RATE": "40", "OCC_PICK": "own"}, "an open model has no fixed operators who could own records"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, err := parseSpec(find(test.values), time.Now())
			switch {
			case test.err == "" && err != nil:
				t.Error(err)
			case test.err == "" && p.MaxOperators < 20:
				t.Errorf("%d operators at most", p.MaxOperators)
			case test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)):
				t.Errorf("error %v, want %q", err, test.err)
			}
		})
	}
}

// k6 keeps every duration it gets: however long and hard a run is, it gets so
// many and no more.
func TestThinning(t *testing.T) {
	tests := []struct {
		name   string
		values map[string]string
		every  int
	}{
		{"the default run", nil, 1},
		{"five seconds without a wait", map[string]string{"OCC_THINK": "0s", "OCC_PAUSE": "0s", "OCC_DURATION": "5s"}, 2},
		{"ten minutes without a wait", map[string]string{"OCC_THINK": "0s", "OCC_PAUSE": "0s", "OCC_DURATION": "10m"}, 121},
		{"a day of slow operators", map[string]string{"OCC_THINK": "5s", "OCC_PAUSE": "5s", "OCC_DURATION": "24h"}, 2},
		{"ten minutes at a rate", map[string]string{"OCC_RATE": "10", "OCC_RAMP_TO": "1000", "OCC_DURATION": "10m"}, 7},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, err := parseSpec(find(test.values), time.Now())
			if err != nil {
				t.Fatal(err)
			}
			if got := chooseThinning(&p); got != test.every {
				t.Errorf("every %d. duration, want every %d.", got, test.every)
			}
		})
	}
}

func TestClock(t *testing.T) {
	now := time.Now()
	tests := []struct {
		name, base string
		offset     int64
	}{
		{"a base in the past", "1000000000", now.UnixNano() - 1_000_000_000},
		{"no base", "", 0},
		{"nonsense", "yesterday", 0},
		{"a base in the future", "9000000000000000000", 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := newClock(test.base, now)
			if c.offset != test.offset {
				t.Errorf("offset %d, want %d", c.offset, test.offset)
			}
			if wall := c.wallTime(c.offset + 5); !wall.Equal(now.Add(5)) {
				t.Errorf("the wall clock says %v, want %v", wall, now.Add(5))
			}
			if first, second := c.now(), c.now(); first < test.offset || second < first {
				t.Errorf("the clock went from %d to %d", first, second)
			}
		})
	}
}

// A fault in an exported function is thrown at the script. It must not end the
// process: there would be no final audit.
func TestGuard(t *testing.T) {
	runtime := modulestest.NewRuntime(t)
	i := &instance{vu: runtime.VU, run: new(process)}
	var nothing map[string]int
	functions := map[string]function{
		"panics":    func(sobek.FunctionCall) (sobek.Value, error) { nothing["x"] = 1; return nil, nil },
		"complains": func(sobek.FunctionCall) (sobek.Value, error) { panic("broken") },
		"throws": func(call sobek.FunctionCall) (sobek.Value, error) {
			call.Argument(0).ToObject(i.vu.Runtime())
			return nil, nil
		},
		"aborts": func(sobek.FunctionCall) (sobek.Value, error) { return nil, errAborted },
	}
	tests := []struct{ script, want string }{
		{"panics()", "panics of k6/x/occ: internal error: assignment to entry in nil map"},
		{"complains()", "complains of k6/x/occ: internal error: broken"},
		{"throws(null)", "Cannot convert undefined or null to object"},
		{"aborts()", "nothing"},
	}
	for name, f := range functions {
		if err := runtime.VU.Runtime().Set(name, i.guard(name, f)); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range tests {
		t.Run(test.script, func(t *testing.T) {
			got, err := runtime.VU.Runtime().RunString("try { " + test.script + "; 'nothing' } catch (e) { e.toString() }")
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(got.String(), test.want) {
				t.Errorf("the script sees %q, want %q", got, test.want)
			}
		})
	}
}

// The options are declared, and what is declared can be given.
func TestDeclaredOptions(t *testing.T) {
	data, err := os.ReadFile("index.d.ts")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(data), "interface OperatorOptions {")
	body, _, _ := strings.Cut(after, "\n  }\n")
	declared := map[string]string{}
	for _, m := range regexp.MustCompile("\\(`([A-Z_]+)`, default.*\\*/\n    (\\w+)\\?:").FindAllStringSubmatch(body, -1) {
		declared[m[2]] = m[1]
	}
	if diff := cmp.Diff(optionNames, declared); diff != "" {
		t.Errorf("(-known +declared)\n%s", diff)
	}
	if !slices.Equal(listOptions(), slices.Sorted(maps.Keys(declared))) {
		t.Errorf("the message lists %v", listOptions())
	}
}
