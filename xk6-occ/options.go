package occ

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
)

// optionNames are the members of OperatorOptions and the parameters they stand
// for.
var optionNames = map[string]string{
	"url": "URL", "date": "DATE", "tag": "OCC_TAG", "auth": "OCC_AUTH", "operators": "OCC_OPERATORS", "think": "OCC_THINK",
	"pause": "OCC_PAUSE", "pick": "OCC_PICK", "walk": "OCC_WALK", "cards": "OCC_CARDS", "seed": "OCC_RAND_SEED",
	"attempts": "OCC_ATTEMPTS", "budget": "OCC_BUDGET", "backoff": "OCC_BACKOFF", "timeout": "OCC_TIMEOUT",
	"updateLimit": "OCC_UPDATE_LIMIT", "listLimit": "OCC_LIST_LIMIT",
	"warmup": "OCC_WARMUP", "duration": "OCC_DURATION", "rate": "OCC_RATE", "rampTo": "OCC_RAMP_TO",
	"maxOperators": "OCC_MAX_OPERATORS", "refresh": "OCC_REFRESH", "doubleMoves": "OCC_DOUBLE_MOVES", "races": "OCC_RACES",
}

// configured parses the parameters that a script gives as an object, with the
// environment behind it.
func (i *instance) configured(options sobek.Value) (parameters, error) {
	given, err := i.given(options)
	if err != nil {
		return parameters{}, err
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
