// Package alarms keeps metric alarms, evaluates them when they are due, and remembers their history.
//
// It decides by the tables of the CloudWatch user guide, "Configuring how CloudWatch alarms treat missing data".
package alarms

import (
	"maps"
	"slices"
	"time"

	"github.com/occbench/occbench/reference-server/cwlocal/metricdata"
)

// Set are all alarms, and the history of those and of deleted ones.
type Set struct {
	ByName  map[string]*Alarm
	last    time.Time // up to when evaluations have been made
	History History

	metrics  *metricdata.Store
	interval time.Duration // between two evaluations
}

func NewSet(metrics *metricdata.Store, interval time.Duration, maxHistory int) *Set {
	return &Set{ByName: map[string]*Alarm{}, History: History{limit: maxHistory}, metrics: metrics, interval: interval}
}

// Sorted are the alarms by name.
func (as *Set) Sorted() []*Alarm {
	all := make([]*Alarm, 0, len(as.ByName))
	for _, name := range slices.Sorted(maps.Keys(as.ByName)) {
		all = append(all, as.ByName[name])
	}
	return all
}

// changeState puts an alarm into a state, notes it in the history, and reports whether it is another one than before.
func (as *Set) changeState(a *Alarm, at time.Time, to State) bool {
	from := a.State
	if from.Value == to.Value {
		return false
	}
	a.State, a.Reasoned, a.Turned = to, at, at
	as.History.Add(newStateUpdate(a.AlarmName, at, from, to))
	return true
}

// Force puts an alarm into a state by hand: the reason is new even where the state is the same.
func (as *Set) Force(a *Alarm, at time.Time, to State) {
	if !as.changeState(a, at, to) {
		a.State, a.Reasoned = to, at
	}
}
