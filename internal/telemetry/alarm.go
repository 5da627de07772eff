package telemetry

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/reason"
)

// The states of an alarm.
const (
	StateOK           = "OK"
	StateAlarm        = "ALARM"
	StateInsufficient = "INSUFFICIENT_DATA"
)

// evaluation is how long after the end of a breach an alarm may be in ALARM: it is
// evaluated once a minute, and over whole minutes.
const evaluation = 2 * time.Minute

// Alarm describes an alarm and its states during a run.
type Alarm struct {
	Name    string   `json:"name"`
	Watches string   `json:"watches"`         // its metrics or its expression, and the threshold
	Before  string   `json:"before"`          // its state when the run began; empty: not known
	State   string   `json:"state"`           // when it was pulled
	Changes []Change `json:"changes"`         // during the run, the oldest first
	Blind   string   `json:"blind,omitempty"` // why it can never fire; empty: it can

	PeriodS int `json:"period_s,omitempty"` // of a datapoint; 0: not known
	ToAlarm int `json:"to_alarm,omitempty"` // datapoints that must breach

	// At most one of them is there: what the threshold is about.
	Count *Threshold `json:"count,omitempty"` // conflicts, whatever the load
	Share *Threshold `json:"share,omitempty"` // conflicts of the attempts, a ratio 0–1
	P95   *Threshold `json:"p95,omitempty"`   // the p95 of the latency of attempts, ms
}

// Threshold is the value that a period of an alarm must exceed for it to fire.
type Threshold struct {
	Above   float64 `json:"above"`
	PeriodS int     `json:"period_s"`
}

func (t *Threshold) period() time.Duration { return time.Duration(t.PeriodS) * time.Second }

// reachesBack reports whether a period that ends at a moment began before the run.
func (t *Threshold) reachesBack(r *Report, end time.Time) bool {
	return end.Add(-t.period()).Before(r.Window.Start)
}

// Change is a line of an alarm's history.
type Change struct {
	At     time.Time `json:"at"`
	From   string    `json:"from"`
	To     string    `json:"to"`
	Reason string    `json:"reason"`
}

// Fired returns the first change into ALARM, nil without one. The state
// afterwards says nothing: an alarm may be OK again before it is looked at.
func (a *Alarm) Fired() *Change {
	for i := range a.Changes {
		if a.Changes[i].To == StateAlarm {
			return &a.Changes[i]
		}
	}
	return nil
}

// FindStateBefore finds the state in which an alarm entered a window, from its
// changes since, in it or later, its state now and the time of its last change;
// "" is not known.
func FindStateBefore(changes []Change, state string, changed time.Time, w Window) string {
	switch {
	case len(changes) > 0:
		return changes[0].From
	case changed.Before(w.Start):
		return state
	}
	return ""
}

// Quietness is the conclusion from all alarms about a run.
type Quietness struct {
	Fired   bool
	Unknown bool // nothing fired, and that proves nothing
	Why     reason.Reason
	Alarms  int // that could have fired
	Firings int // that did, other than for a number of conflicts that the gate allows
}

// JudgeAlarms judges the alarms of a pulled report. That no alarm fired is a finding only when one
// could have fired. limit is the conflict rate that the gate allows, a ratio 0–1. An alarm on a
// number of conflicts that this rate exceeds at the run's load fires and proves nothing; neither
// does one that would have stayed quiet without the conflicts that races provoke or that were before
// the run, whether it fired in it or stood in ALARM already, nor one on the p95 that saw only the
// first moments of the run. The reason says so.
func JudgeAlarms(r *Report, limit float64, clients Counts) Quietness {
	q := Quietness{}
	var fired, allowed, doubts []reason.Reason
	for i := range r.Alarms {
		a := &r.Alarms[i]
		change, doubt, share := a.Fired(), a.tellDoubt(r), a.share(r)
		standing := change == nil && a.stands(r)
		if standing { // as if it had fired at the end: whether the run alone is reason enough
			change = &Change{At: r.Window.End}
		}
		if change == nil {
			if doubt != "" {
				doubts = append(doubts, reason.New("alarm_unsure", "alarm", a.Name, "text", doubt))
			} else {
				q.Alarms++
			}
			continue
		}
		q.Alarms++
		why := func(code string, values ...any) reason.Reason {
			return reason.New(code, append(values, "alarm", a.Name, "standing", standing, "after", change.At.Sub(r.Window.Start).Seconds())...)
		}
		own, before := a.firedBefore(r, change.At)
		switch {
		case share < limit:
			allowed = append(allowed, why("alarm_allowed", "share", share, "limit", limit))
		case a.isProvoked(r, change.At, clients):
			allowed = append(allowed, why("alarm_provoked", "own", clients.CountOwn(), "above", a.Count.Above, "provoked",
				clients.Provoked))
		case before:
			allowed = append(allowed, why("alarm_earlier", "period", a.Share.period().String(), "share", own, "above", a.Share.Above))
		case standing:
			q.Alarms-- // it could not fire
			doubts = append(doubts, reason.New("alarm_unsure", "alarm", a.Name, "text", doubt))
		case a.firedBriefly(r):
			allowed = append(allowed, why("alarm_brief", "period", a.P95.period().String(),
				"p95", r.Percentiles.P95MS, "above", a.P95.Above))
		default:
			told := why("alarm_fired", "text", amount.RoundNumbers(strings.TrimSuffix(change.Reason, ".")))
			if a.Count != nil || a.Share != nil {
				told = told.With("provoked", clients.Provoked).With("conflicts", clients.Conflicts)
			}
			fired = append(fired, told)
			q.Firings++
		}
	}
	return q.conclude(fired, append(doubts, r.tellUnwatched()...), allowed)
}

// share is the ratio of conflicts from which an alarm on their number fires in a
// run, 1 for other alarms: no gate allows it.
func (a *Alarm) share(r *Report) float64 {
	length := r.Window.End.Sub(r.Window.Start).Seconds()
	if a.Count == nil || r.Server.Attempts == 0 || length <= 0 {
		return 1
	}
	all := float64(r.Server.Attempts)
	return a.Count.Above / min(all, all/length*float64(a.Count.PeriodS))
}

// isProvoked reports whether an alarm on the number of conflicts would have stayed
// quiet over the load's own, and the rest is known: the run's races, or what was
// before the run where the period reaches back beyond its start.
func (a *Alarm) isProvoked(r *Report, fired time.Time, clients Counts) bool {
	if a.Count == nil || float64(clients.CountOwn()) > a.Count.Above || r.Server.Conflicts > clients.Conflicts+clients.CountUnsure() {
		return false
	}
	return a.Count.reachesBack(r, fired) || float64(r.Server.Conflicts) > a.Count.Above
}

// firedBefore reports whether an alarm on the share of conflicts fired for what was
// before the run, to a probe that races movers on purpose, say: its period reaches back
// beyond the start for as long as it was in ALARM, and the run's own attempts exceed it
// neither until it fired, if there were any, nor until it left ALARM for the last time or
// the run was over. The share is that of the later moment, a ratio 0–1.
func (a *Alarm) firedBefore(r *Report, fired time.Time) (share float64, before bool) {
	if a.Share == nil || !a.Share.reachesBack(r, fired) {
		return 0, false
	}
	if own := r.countUntil(fired); own.Attempts > 0 && own.share() > a.Share.Above {
		return 0, false
	}
	until := r.Window.End
	if fired.After(until) {
		until = fired
	}
	stays := until
	if left := a.leaves(); !left.IsZero() {
		until, stays = left, left.Add(-evaluation)
	}
	own := r.countUntil(until)
	return own.share(), own.Attempts > 0 && own.share() <= a.Share.Above && a.Share.reachesBack(r, stays)
}

// leaves returns when an alarm left ALARM for the last time; zero: it is there still.
func (a *Alarm) leaves() time.Time {
	for _, c := range slices.Backward(a.Changes) {
		switch StateAlarm {
		case c.To:
			return time.Time{}
		case c.From:
			return c.At
		}
	}
	return time.Time{}
}

// firedBriefly reports whether an alarm on the p95 fired for what was before the run and
// in its first moments, and for no more: whenever it fired its period reached back beyond
// the start, it is OK again since, and over the whole run the p95 is below its threshold.
func (a *Alarm) firedBriefly(r *Report) bool {
	if a.P95 == nil || r.Percentiles == nil || a.Changes[len(a.Changes)-1].To != StateOK {
		return false
	}
	later := func(c Change) bool { return c.To == StateAlarm && !a.P95.reachesBack(r, c.At) }
	return r.Percentiles.P95MS < a.P95.Above && !slices.ContainsFunc(a.Changes, later)
}

// stands reports whether an alarm was in ALARM from before the run to its end, and its last
// period reaches back beyond the start: what was before may be all that keeps it there.
func (a *Alarm) stands(r *Report) bool {
	about := cmp.Or(a.Count, a.Share)
	return a.Before == StateAlarm && len(a.Changes) == 0 && a.Blind == "" && about != nil && about.reachesBack(r, r.Window.End)
}

// tellDoubt says why an alarm that did not fire may have been unable to.
func (a *Alarm) tellDoubt(r *Report) string {
	// One datapoint breaches as soon as what the run published exceeds the
	// threshold, however short the run. Several take as many periods of breach.
	end, length := r.Window.End, r.Window.End.Sub(r.Window.Start)
	takes := time.Duration(a.ToAlarm*a.PeriodS) * time.Second
	switch {
	case a.Blind != "":
		return "can never fire: " + a.Blind
	case a.Before == "" && len(a.Changes) == 0:
		return "was made or changed since the run began, and its history does not tell how it stood"
	case a.Before == StateAlarm && len(a.Changes) == 0:
		return "was in ALARM before the run began and could not fire again"
	case a.ToAlarm > 1 && length < takes:
		return fmt.Sprintf(
			"could not have fired in a run of %s: %d periods of %s must breach, which takes %s of load",
			length.Round(time.Second),
			a.ToAlarm,
			takes/time.Duration(a.ToAlarm),
			takes,
		)
	case !r.AlarmsUntil.IsZero() && r.AlarmsUntil.Before(end.Add(-longestRounding)):
		return fmt.Sprintf("was only looked at until %s before the end of the run", end.Sub(r.AlarmsUntil).Round(time.Second))
	case !a.wasJudged(end):
		return "had no data to judge (INSUFFICIENT_DATA)"
	}
	return ""
}

// wasJudged reports whether the alarm had data when the run ended or after it, by its
// history: an hour later every alarm of an idle service is in INSUFFICIENT_DATA, and
// one that is made later is OK.
func (a *Alarm) wasJudged(end time.Time) bool {
	state := a.Before
	for _, c := range a.Changes {
		if c.At.After(end) && state != StateInsufficient {
			return true
		}
		state = c.To
	}
	return state != StateInsufficient
}

// tellUnwatched says what keeps the alarms as a whole from meaning anything.
func (r *Report) tellUnwatched() []reason.Reason {
	switch {
	case r.Error != "":
		return []reason.Reason{reason.New("not_pulled", "text", r.Error)}
	case r.AlarmsError != "":
		return []reason.Reason{reason.New("not_pulled", "text", r.AlarmsError)}
	case len(r.Alarms) == 0:
		return []reason.Reason{reason.New("no_alarm")}
	}
	return nil
}

func (q Quietness) conclude(fired, doubts, allowed []reason.Reason) Quietness {
	quiet := q.Alarms - len(allowed)
	var parts []reason.Reason
	switch {
	case len(fired) > 0:
		q.Fired, parts = true, append(fired, allowed...)
	case len(doubts) > 0:
		q.Unknown, parts = true, append(doubts, allowed...)
	case len(allowed) > 0 && quiet == 0:
		q.Unknown, parts = true, append(allowed, reason.New("no_other"))
	case q.Alarms == 1:
		parts = []reason.Reason{reason.New("alarm_quiet")}
	default:
		parts = append([]reason.Reason{reason.New("alarms_quiet", "quiet", quiet, "n", q.Alarms)}, allowed...)
	}
	q.Why = reason.New("alarms", "parts", parts)
	return q
}
