package cwlocal

import (
	"time"

	"github.com/occbench/occbench/reference-server/cwlocal/alarms"
	"github.com/occbench/occbench/reference-server/cwlocal/protocol"
)

type deleteAlarmsInput struct {
	AlarmNames []string
}

// deleteAlarms deletes the alarms there are among those named, as CloudWatch
// does. Their history stays.
func (s *state) deleteAlarms(now time.Time, in *deleteAlarmsInput) *protocol.Error {
	if n := len(in.AlarmNames); n == 0 || n > 100 {
		return protocol.ValidationError("The parameter AlarmNames must name 1 to 100 alarms.")
	}
	for _, name := range in.AlarmNames {
		if a, ok := s.alarms.ByName[name]; ok {
			delete(s.alarms.ByName, name)
			s.alarms.History.Add(alarms.NewConfigurationUpdate(a, now, "deleted"))
		}
	}
	return nil
}
