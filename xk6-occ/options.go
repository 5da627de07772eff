package occ

import (
	"fmt"
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

// configured parses the parameters that a script gives as an object, with the
// environment behind it.
func (i *instance) configured(options sobek.Value) (run.Spec, error) {
	given, err := i.given(options)
	if err != nil {
		return run.Spec{}, err
	}
	env := i.env()
	return parse(func(name string) (string, bool) {
		if value, ok := given[name]; ok {
			return value, true
		}
		return env(name)
	}, time.Now())
}

// given returns the options by the names of their parameters.
func (i *instance) given(options sobek.Value) (map[string]string, error) {
	if common.IsNullish(options) {
		return nil, nil
	}
	object, given := options.ToObject(i.vu.Runtime()), map[string]string{}
	for _, key := range object.Keys() {
		name, known := optionNames[key]
		if !known {
			return nil, fmt.Errorf("reading the options: %q is unknown; there are %s", key, strings.Join(knownOptions(), ", "))
		}
		if value := object.Get(key); !common.IsNullish(value) {
			given[name] = value.String()
		}
	}
	return given, nil
}

func knownOptions() []string {
	var names []string
	for name := range optionNames {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
