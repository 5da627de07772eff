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
var operations = map[string]func(*Server, time.Time, map[string]any) (protocol.Object, *protocol.Error){
	"PutMetricData":        silent((*Server).putMetricData),
	"GetMetricData":        answering((*Server).getMetricData),
	"GetMetricStatistics":  answering((*Server).getMetricStatistics),
	"ListMetrics":          answering((*Server).listMetrics),
	"PutMetricAlarm":       silent((*Server).putMetricAlarm),
	"DescribeAlarms":       answering((*Server).describeAlarms),
	"DescribeAlarmHistory": answering((*Server).describeAlarmHistory),
	"SetAlarmState":        silent((*Server).setAlarmState),
	"DeleteAlarms":         silent((*Server).deleteAlarms),
}

// Operations are the names of all that is answered.
func Operations() []string { return slices.Sorted(maps.Keys(operations)) }

// answering makes an operation on plain structs one on trees.
func answering[In, Out any](run func(*Server, time.Time, *In) (*Out, *protocol.Error)) func(*Server, time.Time,
	map[string]any) (protocol.Object, *protocol.Error) {
	return func(s *Server, now time.Time, tree map[string]any) (protocol.Object, *protocol.Error) {
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
func silent[In any](run func(*Server, time.Time, *In) *protocol.Error) func(*Server, time.Time, map[string]any) (protocol.Object,
	*protocol.Error) {
	return func(s *Server, now time.Time, tree map[string]any) (protocol.Object, *protocol.Error) {
		in := new(In)
		if err := protocol.Bind(tree, in); err != nil {
			return nil, err
		}
		return nil, run(s, now, in)
	}
}
