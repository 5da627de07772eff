package occ

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"go.k6.io/k6/v2/lib"

	"github.com/occbench/occbench/internal/run"
)

// What k6 consolidated from script, file, environment and flags is held against
// the parameters of the run.
func TestUndeclared(t *testing.T) {
	const closed = `"scenarios":{"update":{"executor":"constant-vus","vus":20,"duration":"60s"}}`
	const open = `"scenarios":{"update":{"executor":"constant-arrival-rate","rate":40000,"timeUnit":"1000s","duration":"60s","preAllocatedVUs":50,"maxVUs":50}}`
	const ramp = `"scenarios":{"update":{"executor":"ramping-arrival-rate","startRate":1,"stages":[{"target":9,"duration":"20s"},{"target":9,"duration":"40s"}],"preAllocatedVUs":50,"maxVUs":50}}`
	p := run.Spec{Operators: 20, MaxOperators: 50, Duration: time.Minute}
	for options, want := range map[string]string{
		closed: "", open: "", ramp: "",
		closed + `,"setupTimeout":"5s","tags":{"a":"b"},"noConnectionReuse":true`: "",
		closed + `,"hosts":{"shop.example.org":"192.0.2.1"}`:                      "hosts sends requests to another server",
		closed + `,"executionSegment":"0:1/2"`:                                    "executionSegment plays 0:1/2 of the load",
		closed + `,"executionSegment":"0:1"`:                                      "",
		closed + `,"minIterationDuration":"3s"`:                                   "minIterationDuration stretches turns to 3s",
		closed + `,"rps":5`:                                                       "rps allows 5 requests a second",
		closed + `,"noSetup":true`:                                                "noSetup takes the first audit away",
		closed + `,"noTeardown":true`:                                             "noTeardown takes the final audit away",
		closed + `,"iterations":8`:                                                "iterations ends the run after 8",
		`"vus":8`:                                                                 "scenarios has no update",
		strings.Replace(closed, "20", "8", 1):                                     "scenarios has 8 operators, declared are 20",
		strings.Replace(open, "60s", "30s", 1):                                    "scenarios lasts 30s, declared is 1m0s",
		`"scenarios":{"update":{"executor":"per-vu-iterations","vus":20}}`:        "scenarios has a update of the kind per-vu-iterations",
	} {
		var o lib.Options
		if err := json.Unmarshal([]byte("{"+options+"}"), &o); err != nil {
			t.Fatalf("%s: %v", options, err)
		}
		name, why := findUndeclared(&o, &p)
		if got := strings.TrimSpace(name + " " + why); got != want {
			t.Errorf("%s: %q, want %q", options, got, want)
		}
	}
}
