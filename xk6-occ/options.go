package occ

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"

	"github.com/occbench/occbench/internal/run"
)

// optionNames are the members of OperatorOptions and the parameters they stand
// for.
var optionNames = run.K6Options()

// parseOptions parses the parameters that a script gives as an object, with the
// environment behind it. Others are members that are not parameters.
func (i *instance) parseOptions(options sobek.Value, others ...string) (run.Spec, error) {
	given, err := i.readOptions(options, others)
	if err != nil {
		return run.Spec{}, err
	}
	env := i.readEnv()
	return parseSpec(func(name string) (string, bool) {
		if value, ok := given[name]; ok {
			return value, true
		}
		return env(name)
	}, time.Now())
}

// readOptions returns the options by the names of their parameters.
func (i *instance) readOptions(options sobek.Value, others []string) (map[string]string, error) {
	if common.IsNullish(options) {
		return nil, nil
	}
	object, given := options.ToObject(i.vu.Runtime()), map[string]string{}
	for _, key := range object.Keys() {
		if slices.Contains(others, key) {
			continue
		}
		name, known := optionNames[key]
		if !known {
			return nil, fmt.Errorf("reading the options: %q is unknown; there are %s", key,
				strings.Join(append(listOptions(), others...), ", "))
		}
		if value := object.Get(key); !common.IsNullish(value) {
			given[name] = value.String()
		}
	}
	return given, nil
}

func listOptions() []string {
	var names []string
	for name := range optionNames {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// parameters is `parameters()`: what a scenario needs to declare its options.
func (i *instance) parameters(call sobek.FunctionCall) (sobek.Value, error) {
	p, err := i.parseOptions(call.Argument(0))
	if err != nil {
		return nil, err
	}
	return newObject(i.vu.Runtime(), map[string]any{
		"operators":      p.Operators,
		"vus":            countVUs(&p),
		"rate":           p.Rate,
		"rampTo":         p.RampTo,
		"maxOperators":   p.MaxOperators,
		"durationMs":     ceilMilliseconds(p.Duration),
		"warmupMs":       ceilMilliseconds(p.Warmup),
		"longestTurnMs":  ceilMilliseconds(boundTurn(&p)),
		"auditTimeoutMs": ceilMilliseconds(boundAudit(&p)),
	}), nil
}

// ceilMilliseconds returns a duration in milliseconds, rounded up: a limit that is too short by a
// fraction is too short.
func ceilMilliseconds(d time.Duration) int64 {
	return int64(math.Ceil(float64(d) / float64(time.Millisecond)))
}
