package bundle

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/exit"
	"github.com/occbench/occbench/reference-server/cwlocal"
)

// FaultLine describes what --fault takes beside the faults of the server.
type FaultLine struct{ Name, Argument, Sentence string }

// MetricFaults are those that break what the bundled server says about itself:
// its emitter, and the local CloudWatch beside it.
func MetricFaults() []FaultLine {
	all := []FaultLine{{Name: lossFault, Sentence: "publishes no metrics of every tenth attempt, or of another share"}}
	for _, f := range endpointFaults {
		all = append(all, f.FaultLine)
	}
	return all
}

// endpointFault is one way in which a local CloudWatch has a bad day.
type endpointFault struct {
	FaultLine
	set func(f *cwlocal.Faults, argument string) bool // false: the argument is none
}

var endpointFaults = []endpointFault{
	{
		FaultLine{"cloudwatch-delay", "TIME", "the local CloudWatch shows data so long after it came"},
		func(f *cwlocal.Faults, argument string) bool {
			d, err := time.ParseDuration(argument)
			f.IngestionDelay = d
			return err == nil && d > 0
		},
	},
	{FaultLine{"cloudwatch-page", "N", "it answers with N things at a time"},
		setEveryNth(func(f *cwlocal.Faults) *int { return &f.PageSize })},
	{
		FaultLine{"cloudwatch-throttle", "N", "it answers every N-th call with Throttling"},
		setEveryNth(func(f *cwlocal.Faults) *int { return &f.ThrottleEvery }),
	},
	{
		FaultLine{"cloudwatch-partial", "N", "every N-th answer with metrics is cut and says PartialData"},
		setEveryNth(func(f *cwlocal.Faults) *int { return &f.PartialEvery }),
	},
	{
		FaultLine{"cloudwatch-drop", "N", "it accepts every N-th datum of a metric and loses it"},
		setEveryNth(func(f *cwlocal.Faults) *int { return &f.DropEvery }),
	},
	{
		FaultLine{"cloudwatch-deny", "OPERATION", "it answers that operation with AccessDenied (repeatable)"},
		func(f *cwlocal.Faults, argument string) bool {
			f.Deny = append(f.Deny, argument)
			return slices.Contains(cwlocal.Operations(), argument)
		},
	},
}

func setEveryNth(field func(*cwlocal.Faults) *int) func(*cwlocal.Faults, string) bool {
	return func(f *cwlocal.Faults, argument string) bool {
		n, err := strconv.Atoi(argument)
		*field(f) = n
		return err == nil && n > 0
	}
}

// lossFault is the fault that loses metrics. It breaks the emitter and not the
// server, so the server's own faults do not know it.
const lossFault = "metric-loss"

// splitLoss takes the loss of metrics out of a list of faults and returns its
// share, 0 without one.
func splitLoss(faults string) (rest string, share float64, err error) {
	var others []string
	for _, one := range strings.Split(faults, ",") {
		name, rate, given := strings.Cut(strings.TrimSpace(one), ":")
		if name != lossFault {
			others = append(others, one)
			continue
		}
		share = 0.1
		if given {
			share, err = strconv.ParseFloat(rate, 64)
			if err != nil || !(share > 0 && share <= 1) {
				return "", 0, exit.Usagef("--fault: reading %s: the rate %q is not a share over 0, to 1", lossFault, rate)
			}
		}
	}
	return strings.Join(others, ","), share, nil
}

// splitEndpoint takes the faults of the local CloudWatch out of a list.
func splitEndpoint(faults string) (rest string, of cwlocal.Faults, err error) {
	var others []string
	for _, one := range strings.Split(faults, ",") {
		name, argument, _ := strings.Cut(strings.TrimSpace(one), "=")
		i := slices.IndexFunc(endpointFaults, func(f endpointFault) bool { return f.Name == name })
		switch {
		case i < 0:
			others = append(others, one)
		case !endpointFaults[i].set(&of, argument):
			return "", of, exit.Usagef("--fault: reading %q: %s is written %s=%s", one, name, name, endpointFaults[i].Argument)
		}
	}
	return strings.Join(others, ","), of, nil
}

// isHarmless reports whether nothing goes wrong.
func isHarmless(f cwlocal.Faults) bool { return reflect.ValueOf(f).IsZero() }
