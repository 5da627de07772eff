package cwlocal

import (
	"encoding/json"
	"slices"
	"time"
)

type setAlarmStateInput struct {
	AlarmName       string
	StateValue      string
	StateReason     *string
	StateReasonData string
}

// setAlarmState turns an alarm by hand; its next evaluation turns it back.
func (s *Server) setAlarmState(now time.Time, in *setAlarmStateInput) *apiError {
	switch {
	case !slices.Contains(alarmStates, in.StateValue):
		return enumError(in.StateValue, "stateValue", alarmStates...)
	case in.StateReason == nil || len(*in.StateReason) > 1023:
		return validation("The parameter StateReason is required, and at most 1023 characters long.")
	case in.StateReasonData != "" && (len(in.StateReasonData) > 4000 || !json.Valid([]byte(in.StateReasonData))):
		return &apiError{Code: "InvalidFormat", Shape: cloudWatch + "InvalidFormatFault", Status: 400,
			Message: "The parameter StateReasonData must be JSON of at most 4000 characters."}
	}
	a, ok := s.alarms.byName[in.AlarmName]
	if !ok {
		return notFound()
	}
	s.alarms.turn(a, now, state{in.StateValue, *in.StateReason, in.StateReasonData})
	return nil
}
