package cwlocal

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/occbench/occbench/reference-server/cwlocal/alarms"
	"github.com/occbench/occbench/reference-server/cwlocal/protocol"
)

type setAlarmStateInput struct {
	AlarmName       string
	StateValue      string
	StateReason     *string
	StateReasonData string
}

// setAlarmState turns an alarm by hand; its next evaluation turns it back.
func (s *state) setAlarmState(now time.Time, in *setAlarmStateInput) *protocol.Error {
	switch {
	case !slices.Contains(alarms.States, in.StateValue):
		return protocol.NewEnumError(in.StateValue, "stateValue", alarms.States...)
	case in.StateReason == nil || len(*in.StateReason) > 1023:
		return protocol.ValidationError("The parameter StateReason is required, and at most 1023 characters long.")
	case in.StateReasonData != "" && (len(in.StateReasonData) > 4000 || !json.Valid([]byte(in.StateReasonData))):
		return &protocol.Error{Code: "InvalidFormat", Shape: protocol.CloudWatch + "InvalidFormatFault", Status: 400,
			Message: "The parameter StateReasonData must be JSON of at most 4000 characters."}
	}
	a, ok := s.alarms.ByName[in.AlarmName]
	if !ok {
		return protocol.NotFound()
	}
	s.alarms.Force(a, now, alarms.State{Value: in.StateValue, Reason: *in.StateReason, ReasonData: in.StateReasonData})
	return nil
}
