package cwlocal

import (
	"time"

	"github.com/occbench/occbench/reference-server/cwlocal/alarms"
	"github.com/occbench/occbench/reference-server/cwlocal/protocol"
)

// putMetricAlarm creates an alarm in INSUFFICIENT_DATA, or changes one and
// leaves its state.
func (s *state) putMetricAlarm(now time.Time, in *alarms.Rule) *protocol.Error {
	a, err := in.Build()
	if err != nil {
		return err
	}
	old, exists := s.alarms.ByName[in.AlarmName]
	if !exists && len(s.alarms.ByName) >= s.opts.MaxAlarms {
		return protocol.LimitExceeded("This local CloudWatch stand-in holds at most %d alarms.", s.opts.MaxAlarms)
	}
	a.Updated, a.Reasoned, a.Turned = now, now, now
	a.State = alarms.State{Value: alarms.StateInsufficient, Reason: "Unchecked: Initial alarm creation"}
	what := "created"
	if exists {
		a.State, a.Reasoned, a.Turned = old.State, old.Reasoned, old.Turned
		what = "updated"
	}
	s.alarms.ByName[in.AlarmName] = a
	s.alarms.History.Add(alarms.NewConfigurationUpdate(a, now, what))
	return nil
}
