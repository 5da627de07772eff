package plan

import "math"

// findSmallestChanges finds for each of a gate's levers the value nearest to the present
// one that makes the gate decidable. Levers that do not help are left out.
func findSmallestChanges(f *outlook, rule gateRule) ([]Change, error) {
	var changes []Change
	for _, l := range rule.changes(f) {
		v, ok, err := l.findValue(f.copyLoad(), rule)
		if err != nil {
			return nil, err
		}
		if ok {
			changes = append(changes, l.changeTo(v))
		}
	}
	return changes, nil
}

// findValue moves the lever in doubling steps until the gate is decidable, then
// halves the last step until the value is known to 1 %, or to one.
func (l lever) findValue(load Load, rule gateRule) (value float64, ok bool, err error) {
	bad, good := l.from, l.from
	for {
		if good == l.to {
			return 0, false, nil
		}
		bad, good = good, l.nextStep(good)
		if ok, err = l.isEnough(load, rule, good); err != nil {
			return 0, false, err
		}
		if ok {
			break
		}
	}
	for !l.isFineEnough(bad, good) {
		middle := (bad + good) / 2
		if l.whole {
			middle = math.Floor(middle)
		}
		if ok, err = l.isEnough(load, rule, middle); err != nil {
			return 0, false, err
		}
		if ok {
			good = middle
		} else {
			bad = middle
		}
	}
	return l.round(good), true, nil
}

// nextStep returns the next of the doubling steps, and at last the end.
func (l lever) nextStep(v float64) float64 {
	if l.to > l.from {
		return min(max(2*v, 0.05), l.to)
	}
	v /= 2
	if l.whole {
		v = math.Floor(v)
	}
	if v < l.to || v < 0.001 {
		return l.to
	}
	return v
}

func (l lever) isFineEnough(bad, good float64) bool {
	if l.whole {
		return math.Abs(good-bad) <= 1
	}
	return math.Abs(good-bad) <= 0.01*max(good, bad)
}

// isEnough reports whether the gate is decidable with the lever at v. A value
// that the parameters do not allow is not enough.
func (l lever) isEnough(load Load, rule gateRule, v float64) (bool, error) {
	l.set(&load.Parameters, v)
	if l.pick != nil {
		load.Pick = *l.pick
	}
	if load.Check() != nil {
		return false, nil
	}
	f, err := newOutlook(load)
	if err != nil {
		return false, err
	}
	return rule.judge(f).State == Decidable, nil
}
