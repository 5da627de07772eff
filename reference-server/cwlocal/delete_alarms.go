package cwlocal

import "time"

type deleteAlarmsInput struct {
	AlarmNames []string
}

// deleteAlarms deletes the alarms there are among those named, as CloudWatch
// does. Their history stays.
func (s *Server) deleteAlarms(now time.Time, in *deleteAlarmsInput) *apiError {
	if n := len(in.AlarmNames); n == 0 || n > 100 {
		return validation("The parameter AlarmNames must name 1 to 100 alarms.")
	}
	for _, name := range in.AlarmNames {
		if a, ok := s.alarms.byName[name]; ok {
			delete(s.alarms.byName, name)
			s.alarms.history.add(configurationUpdate(a, now, "deleted"))
		}
	}
	return nil
}
