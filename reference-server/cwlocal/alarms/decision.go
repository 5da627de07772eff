package alarms

// What a missing datapoint counts as.
const (
	Missing      = "missing"
	Ignore       = "ignore"
	Breaching    = "breaching"
	NotBreaching = "notBreaching"
)

var MissingPolicies = []string{Missing, Ignore, Breaching, NotBreaching}

// extraPeriods is how many periods beyond its own an alarm looks back to
// replace missing datapoints. AWS says that there are some; its examples have
// two.
const extraPeriods = 2

// observed is the newest datapoints of an alarm, the newest first.
type observed []observation

type observation byte

const (
	absent observation = iota
	fine
	bad
)

// decideState returns the state that the rule "needed out of periods" gives, "" to
// keep the one there is. Source: the tables of the CloudWatch user guide,
// "Configuring how CloudWatch alarms treat missing data".
//
// Real datapoints go first: with enough of them in the range, even older ones,
// the policy is not consulted. That is why a lone breach in 1 out of 1 keeps its
// alarm for two more silent periods even under notBreaching.
func decideState(recent observed, periods, needed int, policy string) string {
	known, bads := 0, 0
	for _, o := range recent {
		if o == absent || known == periods {
			continue
		}
		known++
		if o == bad {
			bads++
		}
	}
	switch {
	case known == periods:
		return alarmIf(bads >= needed)
	case known == 0:
		return decideSilentState(policy)
	case policy == Breaching:
		return alarmIf(bads+periods-known >= needed)
	case policy == NotBreaching || bads >= needed || bads < known:
		return alarmIf(bads >= needed)
	case policy == Ignore:
		return "" // only breaching datapoints, and too few of them
	}
	// "- - X - -" is an ALARM in 3 out of 3 because the breach is as old as
	// three periods and nothing since says otherwise; "- - - - X" is not yet.
	return alarmIf(recent.oldest() >= needed)
}

// decideSilentState returns the state of an alarm without any datapoint.
func decideSilentState(policy string) string {
	switch policy {
	case Breaching:
		return StateAlarm
	case NotBreaching:
		return StateOK
	case Ignore:
		return ""
	}
	return StateInsufficient
}

func alarmIf(yes bool) string {
	if yes {
		return StateAlarm
	}
	return StateOK
}

// oldest is the age of the oldest datapoint; the newest has the age 1.
func (o observed) oldest() int {
	for i := len(o) - 1; i >= 0; i-- {
		if o[i] != absent {
			return i + 1
		}
	}
	return 0
}
