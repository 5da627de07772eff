package cwlocal

import "time"

// shortAlarmInterval is how often CloudWatch evaluates alarms with periods
// below a minute.
const shortAlarmInterval = 10 * time.Second

// evaluateUntil makes the evaluations that are due after the last ones, up to
// now, each with the data that was visible at its time.
func (s *Server) evaluateUntil(now time.Time) {
	as := &s.alarms
	for len(as.byName) > 0 {
		at := s.nextEvaluation()
		if at.After(now) {
			return
		}
		s.metrics.reveal(at)
		as.last = at
		if s.evaluateAt(at) && len(s.metrics.arriving) == 0 {
			break // nothing can change any more
		}
	}
	as.last = now
}

// nextEvaluation is when the next alarm is due.
func (s *Server) nextEvaluation() time.Time {
	var next time.Time
	for _, a := range s.alarms.byName {
		cadence := s.cadence(a)
		at := s.alarms.last.Truncate(cadence).Add(cadence)
		if next.IsZero() || at.Before(next) {
			next = at
		}
	}
	return next
}

func (s *Server) cadence(a *alarm) time.Duration {
	if a.period() < 60 {
		return min(s.opts.EvaluationInterval, shortAlarmInterval)
	}
	return s.opts.EvaluationInterval
}

// evaluateAt evaluates the alarms that are due. It tells whether all is quiet:
// no alarm turned, and none has data in its range or later.
func (s *Server) evaluateAt(at time.Time) (quiet bool) {
	quiet = true
	for _, a := range s.alarms.sorted() {
		isDue := at.Equal(at.Truncate(s.cadence(a)))
		if isDue && s.evaluate(a, at) {
			quiet = false
		}
		quiet = quiet && isDue && s.deserted(a, at)
	}
	return quiet
}

// deserted tells whether none of the alarm's metrics has data in its range or
// after it.
func (s *Server) deserted(a *alarm, at time.Time) bool {
	w := a.window(at)
	for i := range a.plan.lines {
		line := &a.plan.lines[i]
		if line.math == nil && s.metrics.find(line.metric).latest() >= w.start {
			return false
		}
	}
	return true
}

// window is the alarm's range: its own periods and the extra ones, ending at
// the evaluation. It slides with each evaluation, so that 16 conflicts before
// a full five minutes and 16 after it are 32 in one window.
func (a *alarm) window(at time.Time) window {
	period := int64(a.period())
	periods := int64(*a.EvaluationPeriods + extraPeriods)
	return window{start: at.Unix() - periods*period, end: at.Unix(), period: period}
}

// evaluate puts the alarm into the state that its data gives, and tells whether
// it turned.
func (s *Server) evaluate(a *alarm, at time.Time) bool {
	w := a.window(at)
	points, err := a.plan.over(&s.metrics, func(int) window { return w }).line(a.watched)
	a.evaluated = at
	if err != nil {
		return s.turn(a, at, state{value: stateInsufficient, reason: "Insufficient Data: " + err.Message})
	}
	recent := a.observe(points, w)
	verdict := decide(recent, *a.EvaluationPeriods, a.needed(), a.missingPolicy())
	if verdict == "" {
		return false
	}
	return s.turn(a, at, state{verdict, a.reason(points, verdict), a.reasonData(points, w, at)})
}

// turn changes the state, and leaves alone an alarm that is already in it.
func (s *Server) turn(a *alarm, at time.Time, to state) bool {
	if a.state.value == to.value {
		return false
	}
	s.alarms.turn(a, at, to)
	return true
}

// observe lines the points up by age.
func (a *alarm) observe(points timeSeries, w window) observed {
	o := make(observed, w.len())
	for _, p := range points {
		i := (w.end - p.at - 1) / w.period
		o[i] = fine
		if a.breaches(p.value) {
			o[i] = bad
		}
	}
	return o
}
