package alarms

import (
	"time"

	"github.com/occbench/occbench/reference-server/cwlocal/metricdata"
	"github.com/occbench/occbench/reference-server/cwlocal/metricmath"
)

// shortAlarmInterval is how often CloudWatch evaluates alarms with periods
// below a minute.
const shortAlarmInterval = 10 * time.Second

// EvaluateUntil makes the evaluations that are due after the last ones, up to
// now, each with the data that was visible at its time.
func (as *Set) EvaluateUntil(now time.Time) {
	for len(as.ByName) > 0 {
		at := as.nextEvaluation()
		if at.After(now) {
			return
		}
		as.metrics.Reveal(at)
		as.last = at
		if as.evaluateAt(at) && len(as.metrics.Arriving) == 0 {
			break // nothing can change any more
		}
	}
	as.last = now
}

// nextEvaluation is when the next alarm is due.
func (as *Set) nextEvaluation() time.Time {
	var next time.Time
	for _, a := range as.ByName {
		cadence := as.cadence(a)
		at := as.last.Truncate(cadence).Add(cadence)
		if next.IsZero() || at.Before(next) {
			next = at
		}
	}
	return next
}

func (as *Set) cadence(a *Alarm) time.Duration {
	if a.period() < 60 {
		return min(as.interval, shortAlarmInterval)
	}
	return as.interval
}

// evaluateAt evaluates the alarms that are due. It tells whether all is quiet:
// no alarm turned, and none has data in its range or later.
func (as *Set) evaluateAt(at time.Time) (quiet bool) {
	quiet = true
	for _, a := range as.Sorted() {
		isDue := at.Equal(at.Truncate(as.cadence(a)))
		if isDue && as.evaluate(a, at) {
			quiet = false
		}
		quiet = quiet && isDue && as.isDeserted(a, at)
	}
	return quiet
}

// isDeserted reports whether none of the alarm's metrics has data in its range or
// after it.
func (as *Set) isDeserted(a *Alarm, at time.Time) bool {
	w := a.window(at)
	for i := range a.plan.Lines {
		line := &a.plan.Lines[i]
		if line.Math == nil && as.metrics.Find(line.Metric).Latest() >= w.Start {
			return false
		}
	}
	return true
}

// window is the alarm's range: its own periods and the extra ones, ending at
// the evaluation. It slides with each evaluation, so that 16 conflicts before
// a full five minutes and 16 after it are 32 in one window.
func (a *Alarm) window(at time.Time) metricdata.Window {
	period := int64(a.period())
	periods := int64(*a.EvaluationPeriods + extraPeriods)
	return metricdata.Window{Start: at.Unix() - periods*period, End: at.Unix(), Period: period}
}

// evaluate puts the alarm into the state that its data gives, and tells whether
// it turned.
func (as *Set) evaluate(a *Alarm, at time.Time) bool {
	w := a.window(at)
	points, err := a.plan.Compute(as.metrics, func(int) metricdata.Window { return w }).Line(a.watched)
	a.Evaluated = at
	if err != nil {
		return as.changeState(a, at, State{Value: StateInsufficient, Reason: "Insufficient Data: " + err.Message})
	}
	recent := a.observe(points, w)
	verdict := decideState(recent, *a.EvaluationPeriods, a.CountNeeded(), a.missingPolicy())
	if verdict == "" {
		return false
	}
	return as.changeState(a, at, State{verdict, a.writeReason(points, verdict), a.formatReasonData(points, w, at)})
}

// observe lines the points up by age.
func (a *Alarm) observe(points metricmath.TimeSeries, w metricdata.Window) observed {
	o := make(observed, w.Len())
	for _, p := range points {
		i := (w.End - p.At - 1) / w.Period
		o[i] = fine
		if a.breaches(p.Value) {
			o[i] = bad
		}
	}
	return o
}
