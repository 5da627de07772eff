package alarms

import (
	"github.com/occbench/occbench/reference-server/cwlocal/metricdata"
	"github.com/occbench/occbench/reference-server/cwlocal/metricmath"
	"github.com/occbench/occbench/reference-server/cwlocal/protocol"
)

// Build returns the alarm of a rule that holds no mistake, completed with what CloudWatch fills in.
func (r *Rule) Build() (*Alarm, *protocol.Error) {
	if err := r.checkRule(); err != nil {
		return nil, err
	}
	if err := r.checkWords(); err != nil {
		return nil, err
	}
	queries, err := r.buildQueries()
	if err != nil {
		return nil, err
	}
	p, err := metricmath.NewPlan(queries, "Metrics")
	if err != nil {
		return nil, err
	}
	watched, err := findWatchedLine(p)
	if err != nil {
		return nil, err
	}
	a := &Alarm{Rule: *r, plan: p, watched: watched}
	a.fillDefaults()
	return a, a.checkPeriods()
}

// findWatchedLine returns the only line with ReturnData.
func findWatchedLine(p *metricmath.Plan) (int, *protocol.Error) {
	watched := -1
	for i := range p.Lines {
		if p.Lines[i].Query.IsReturned() {
			if watched >= 0 {
				return 0, protocol.ValidationError("Exactly one element of the metrics list should return data.")
			}
			watched = i
		}
	}
	if watched < 0 {
		return 0, protocol.ValidationError("Exactly one element of the metrics list should return data.")
	}
	return watched, nil
}

// fillDefaults fills in what CloudWatch describes without being asked for it.
func (a *Alarm) fillDefaults() {
	enabled := true
	if a.ActionsEnabled == nil {
		a.ActionsEnabled = &enabled
	}
	for _, actions := range []*[]string{&a.OKActions, &a.AlarmActions, &a.InsufficientDataActions} {
		if *actions == nil {
			*actions = []string{}
		}
	}
	if a.Dimensions == nil {
		a.Dimensions = []metricdata.Dimension{}
	}
	for i := range a.Metrics {
		q := &a.Metrics[i]
		if q.ReturnData == nil {
			q.ReturnData = &enabled
		}
		if q.MetricStat != nil && q.MetricStat.Metric.Dimensions == nil {
			q.MetricStat.Metric.Dimensions = []metricdata.Dimension{}
		}
	}
}

// checkPeriods refuses the periods that alarms cannot have and lookbacks longer
// than CloudWatch's.
func (a *Alarm) checkPeriods() *protocol.Error {
	period := a.period()
	if period < 10 {
		return protocol.ValidationError("The period of an alarm must be 10, 20, 30 or a multiple of 60.")
	}
	day := 86_400
	if period >= 3600 {
		day *= 7
	}
	if *a.EvaluationPeriods > day/period {
		return protocol.ValidationError("Metrics cannot be checked across more than %d seconds: EvaluationPeriods times the period is "+
			"more.", day)
	}
	return nil
}
