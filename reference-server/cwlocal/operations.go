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
	"PutMetricData":        silent((*state).putMetricData),
	"GetMetricData":        answering((*state).getMetricData),
	"GetMetricStatistics":  answering((*state).getMetricStatistics),
	"ListMetrics":          answering((*state).listMetrics),
	"PutMetricAlarm":       silent((*state).putMetricAlarm),
	"DescribeAlarms":       answering((*state).describeAlarms),
	"DescribeAlarmHistory": answering((*state).describeAlarmHistory),
	"SetAlarmState":        silent((*state).setAlarmState),
	"DeleteAlarms":         silent((*state).deleteAlarms),
}

// Operations are the names of all that is answered.
func Operations() []string { return slices.Sorted(maps.Keys(operations)) }

// answering makes an operation on plain structs one on trees.
func answering[In, Out any](run func(*state, time.Time, *In) (*Out, *protocol.Error)) func(*state, time.Time,
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

// silent is answering for an operation that has no answer.
func silent[In any](run func(*state, time.Time, *In) *protocol.Error) func(*state, time.Time, map[string]any) (protocol.Object,
	*protocol.Error) {
	return func(s *state, now time.Time, tree map[string]any) (protocol.Object, *protocol.Error) {
		in := new(In)
		if err := protocol.Bind(tree, in); err != nil {
			return nil, err
		}
		return nil, run(s, now, in)
	}
}
