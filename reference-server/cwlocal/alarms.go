package cwlocal

import (
	"maps"
	"slices"
	"time"
)

// alarms are all alarms, and the history of those and of deleted ones.
type alarms struct {
	byName  map[string]*alarm
	last    time.Time // up to when evaluations have been made
	history history
}

func newAlarms(maxHistory int) alarms {
	return alarms{byName: map[string]*alarm{}, history: history{limit: maxHistory}}
}

// sorted are the alarms by name.
func (as *alarms) sorted() []*alarm {
	all := make([]*alarm, 0, len(as.byName))
	for _, name := range slices.Sorted(maps.Keys(as.byName)) {
		all = append(all, as.byName[name])
	}
	return all
}

// turn puts an alarm into a state and notes it in the history when it is
// another one.
func (as *alarms) turn(a *alarm, at time.Time, to state) {
	from := a.state
	a.state, a.reasoned = to, at
	if from.value == to.value {
		return
	}
	a.turned = at
	as.history.add(stateUpdate(a.AlarmName, at, from, to))
}
