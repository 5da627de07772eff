package cwlocal

import (
	"maps"
	"reflect"
	"slices"
	"time"

	"github.com/occbench/occbench/reference-server/cwlocal/protocol"
)

// operations are all that is answered. What CloudWatch knows beyond them gets
// unknownOperation.
var operations = map[string]func(*state, time.Time, map[string]any) (protocol.Object, *protocol.Error){
	"PutMetricData":        bindSilent((*state).putMetricData),
	"GetMetricData":        bindOperation((*state).getMetricData),
	"GetMetricStatistics":  bindOperation((*state).getMetricStatistics),
	"ListMetrics":          bindOperation((*state).listMetrics),
	"PutMetricAlarm":       bindSilent((*state).putMetricAlarm),
	"DescribeAlarms":       bindOperation((*state).describeAlarms),
	"DescribeAlarmHistory": bindOperation((*state).describeAlarmHistory),
	"SetAlarmState":        bindSilent((*state).setAlarmState),
	"DeleteAlarms":         bindSilent((*state).deleteAlarms),
}

// Operations are the names of all that is answered.
func Operations() []string { return slices.Sorted(maps.Keys(operations)) }

// bindOperation returns an operation on plain structs as one on trees.
func bindOperation[In, Out any](run func(*state, time.Time, *In) (*Out, *protocol.Error)) func(*state, time.Time,
	map[string]any) (protocol.Object, *protocol.Error) {
	return func(s *state, now time.Time, tree map[string]any) (protocol.Object, *protocol.Error) {
		in := new(In)
		if err := protocol.Bind(tree, in); err != nil {
			return nil, err
		}
		out, err := run(s, now, in)
		if err != nil {
			return nil, err
		}
		return protocol.Unbind(reflect.ValueOf(out).Elem()), nil
	}
}

// bindSilent returns an operation on a plain struct that has no answer as one on trees.
func bindSilent[In any](run func(*state, time.Time, *In) *protocol.Error) func(*state, time.Time, map[string]any) (protocol.Object,
	*protocol.Error) {
	return func(s *state, now time.Time, tree map[string]any) (protocol.Object, *protocol.Error) {
		in := new(In)
		if err := protocol.Bind(tree, in); err != nil {
			return nil, err
		}
		return nil, run(s, now, in)
	}
}
