package telemetry

import (
	"slices"
	"strings"
	"testing"
	"time"
)

var begun = time.Date(2026, 11, 23, 12, 0, 17, 0, time.UTC)

func change(after time.Duration, from, to string) Change {
	return Change{At: begun.Add(after), From: from, To: to, Reason: "31 > 30."}
}

func TestBeforeWindow(t *testing.T) {
	w := Window{begun, begun.Add(time.Minute)}
	for _, tt := range []struct {
		name    string
		changes []Change
		state   string
		changed time.Time
		want    string
	}{
		{"changed in it", []Change{change(time.Second, StateOK, StateAlarm)}, StateAlarm, begun.Add(time.Second), StateOK},
		{"long before", nil, StateAlarm, begun.Add(-time.Hour), StateAlarm},
		{"only after", nil, StateAlarm, begun.Add(time.Hour), ""},
	} {
		if got := FindStateBefore(tt.changes, tt.state, tt.changed, w); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// The history decides and not the state at the end, and nothing fired is only
// said where something could have.
func TestWatched(t *testing.T) {
	quiet := Alarm{Name: "ratio", Before: StateOK, State: StateOK}
	recovered := Alarm{Name: "slow", State: StateOK, Changes: []Change{change(12*time.Second, StateOK, StateAlarm), change(20*time.Second, StateAlarm, StateOK)}}
	count := Alarm{Name: "count", State: StateAlarm, Changes: []Change{change(9*time.Second, StateOK, StateAlarm)}, Count: &Threshold{Above: 30, PeriodS: 300}}
	share := Alarm{Name: "share", State: StateAlarm, Changes: count.Changes, Share: &Threshold{Above: 0.10, PeriodS: 300}}
	left, leftLater, leftLate := share, share, share
	left.Changes = append(slices.Clone(share.Changes), change(20*time.Second, StateAlarm, StateOK))
	leftLater.Changes = append(slices.Clone(share.Changes), change(6*time.Minute, StateAlarm, StateOK))
	leftLate.Changes = append(slices.Clone(share.Changes), change(8*time.Minute, StateAlarm, StateOK))
	twice := left
	twice.Changes = append(slices.Clone(left.Changes), change(25*time.Second, StateOK, StateAlarm), change(28*time.Second, StateAlarm, StateOK))
	brief := share
	brief.Share = &Threshold{Above: 0.10, PeriodS: 5}
	stood := Alarm{Name: "share", Before: StateAlarm, State: StateAlarm, Share: share.Share}
	stoodLong := stood
	stoodLong.Share = brief.Share
	slow, still, short := recovered, recovered, recovered
	slow.P95, short.P95 = &Threshold{Above: 400, PeriodS: 300}, &Threshold{Above: 400, PeriodS: 5}
	still.P95, still.Changes = slow.P95, slow.Changes[:1]
	again := slow
	again.P95 = &Threshold{Above: 400, PeriodS: 20}
	again.Changes = append(slices.Clone(slow.Changes), change(25*time.Second, StateOK, StateAlarm), change(28*time.Second, StateAlarm, StateOK))
	p95Of := func(ms float64) func(*Report) {
		return func(r *Report) { r.Percentiles = &Percentiles{Samples: 1200, P95MS: ms} }
	}
	tests := []struct {
		name    string
		alarms  []Alarm
		change  func(*Report)
		fired   bool
		unknown bool
		words   string
		clients Counts
	}{
		{name: "quiet", alarms: []Alarm{quiet}, words: "the alarm did not fire"},
		{name: "two quiet", alarms: []Alarm{quiet, quiet}, words: "2 of 2 alarms did not fire"},
		{name: "fired and recovered", alarms: []Alarm{quiet, recovered}, fired: true, words: "slow fired 12 s after the start: 31 > 30"},
		{name: "number within the allowed share", alarms: []Alarm{quiet, count}, words: "1 of 2 alarms did not fire; count fired 9 s after the start; it fires from 2.5 % conflicts on at this load, and the gate allows 10 %"},
		{name: "number alone", alarms: []Alarm{count}, unknown: true, words: "no other alarm watches"},
		{name: "number beyond the allowed share", alarms: []Alarm{count}, change: func(r *Report) { r.Server.Attempts = 200 }, fired: true, words: "count fired"},
		{name: "number that races made", alarms: []Alarm{quiet, count}, change: func(r *Report) { r.Server.Attempts = 200 }, clients: Counts{Attempts: 200, Certain: 200, Conflicts: 36, Provoked: 8},
			words: "count fired 9 s after the start; the load's own conflicts are 28, and it fires above 30: the others were provoked by races, 8 in the run, or came before it"},
		{name: "number that a probe made", alarms: []Alarm{quiet, count}, change: func(r *Report) { r.Server.Attempts, r.Server.Conflicts = 200, 10 }, clients: Counts{Attempts: 200, Certain: 200, Conflicts: 10},
			words: "or came before it"},
		{name: "number of the load's own", alarms: []Alarm{quiet, count}, change: func(r *Report) { r.Server.Attempts = 200 }, clients: Counts{Attempts: 200, Certain: 200, Conflicts: 36, Provoked: 5},
			fired: true, words: "count fired 9 s after the start: 31 > 30 (5 of the run's 36 conflicts were provoked by races)"},
		{name: "number that others made", alarms: []Alarm{quiet, count}, change: func(r *Report) { r.Server.Attempts, r.Server.Conflicts = 200, 60 }, clients: Counts{Attempts: 200, Certain: 200, Conflicts: 36, Provoked: 8},
			fired: true, words: "count fired"},
		{name: "number without a count", alarms: []Alarm{count}, change: func(r *Report) { r.Server.Attempts = 0 }, fired: true, words: "count fired"},
		{name: "share of what was before the run", alarms: []Alarm{quiet, share}, words: "share fired 9 s after the start; its period of 5m0s began before the run; of the run's own attempts while it was in ALARM 3 % are conflicts, and it fires above 10 %"},
		{name: "share of the run itself", alarms: []Alarm{quiet, share}, change: func(r *Report) { r.Points[1].Conflicts, r.Server.Conflicts = 140, 150 }, fired: true, words: "share fired"},
		{name: "share of what was before the run, before its first attempt", alarms: []Alarm{quiet, share}, change: func(r *Report) { r.Points[0].At, r.Points[1].At = begun.Add(10*time.Second), begun.Add(12*time.Second) },
			words: "share fired 9 s after the start; its period of 5m0s began before the run; of the run's own attempts while it was in ALARM 3 % are conflicts"},
		{name: "share of the run itself after it fired", alarms: []Alarm{quiet, share}, change: func(r *Report) {
			r.Points[1].At, r.Points[1].Conflicts, r.Server.Conflicts = begun.Add(10*time.Second), 140, 150
		},
			fired: true, words: "share fired"},
		{name: "share of the run itself after it was OK again", alarms: []Alarm{quiet, left}, change: func(r *Report) {
			r.Points = append(r.Points, Point{At: begun.Add(21 * time.Second), Attempts: 100, Conflicts: 100})
			r.Server = Server{Attempts: 1300, Conflicts: 136}
		},
			words: "of the run's own attempts while it was in ALARM 3 % are conflicts"},
		{name: "share of the run itself when it fired again", alarms: []Alarm{quiet, twice}, change: func(r *Report) {
			r.Points = append(r.Points, Point{At: begun.Add(21 * time.Second), Attempts: 100, Conflicts: 100})
			r.Server = Server{Attempts: 1300, Conflicts: 136}
		},
			fired: true, words: "share fired"},
		{name: "share that stayed for longer than its period", alarms: []Alarm{quiet, share}, change: func(r *Report) { r.Window.End = begun.Add(10 * time.Minute) }, fired: true, words: "share fired"},
		{name: "share that stayed for its period", alarms: []Alarm{quiet, leftLater}, change: func(r *Report) { r.Window.End = begun.Add(10 * time.Minute) }, words: "share fired 9 s after the start; its period of 5m0s began before the run"},
		{name: "share that left late", alarms: []Alarm{quiet, leftLate}, change: func(r *Report) { r.Window.End = begun.Add(10 * time.Minute) }, fired: true, words: "share fired"},
		{name: "share over a period within the run", alarms: []Alarm{quiet, brief}, fired: true, words: "share fired"},
		{name: "share without a count", alarms: []Alarm{quiet, share}, change: func(r *Report) { r.Server, r.Points = Server{}, nil }, fired: true, words: "share fired"},
		{name: "p95 of the first moments", alarms: []Alarm{quiet, slow}, change: p95Of(4.9),
			words: "slow fired 12 s after the start over 5m0s that began before the run and is OK again; the p95 of the whole run is 4.9 ms, and it fires above 400 ms"},
		{name: "p95 of the whole run", alarms: []Alarm{quiet, slow}, change: p95Of(401), fired: true, words: "slow fired"},
		{name: "p95 that nothing else tells", alarms: []Alarm{quiet, slow}, fired: true, words: "slow fired"},
		{name: "p95 that is not OK again", alarms: []Alarm{quiet, still}, change: p95Of(4.9), fired: true, words: "slow fired"},
		{name: "p95 that is exceeded again later", alarms: []Alarm{quiet, again}, change: p95Of(4.9), fired: true, words: "slow fired"},
		{name: "p95 over a period within the run", alarms: []Alarm{quiet, short}, change: p95Of(4.9), fired: true, words: "slow fired"},
		{name: "share that stood for what was before the run", alarms: []Alarm{quiet, stood}, words: "1 of 2 alarms did not fire; share was in ALARM before the run began; its period of 5m0s began before the run; of the run's own attempts while it was in ALARM 3 % are conflicts"},
		{name: "share that stood for the run as well", alarms: []Alarm{quiet, stood}, change: func(r *Report) { r.Points[1].Conflicts, r.Server.Conflicts = 140, 150 }, unknown: true, words: "share was in ALARM before the run began and could not fire again"},
		{name: "share that stood longer than its period", alarms: []Alarm{quiet, stoodLong}, unknown: true, words: "share was in ALARM before the run began and could not fire again"},
		{name: "share that stood, without a count", alarms: []Alarm{quiet, stood}, change: func(r *Report) { r.Server, r.Points = Server{}, nil }, unknown: true, words: "could not fire again"},
		{name: "share that stood and can never fire", alarms: []Alarm{quiet, {Name: "a", Before: StateAlarm, State: StateAlarm, Share: share.Share, Blind: "it is not published"}}, unknown: true, words: "a can never fire: it is not published"},
		{name: "share that stood, and no other", alarms: []Alarm{stood}, unknown: true, words: "no other alarm watches"},
		{name: "number that stood for what a probe made", alarms: []Alarm{quiet, {Name: "count", Before: StateAlarm, State: StateAlarm, Count: count.Count}}, change: func(r *Report) { r.Server.Attempts, r.Server.Conflicts = 200, 10 },
			clients: Counts{Attempts: 200, Certain: 200, Conflicts: 10}, words: "count was in ALARM before the run began; the load's own conflicts are 10, and it fires above 30"},
		{name: "in ALARM all along", alarms: []Alarm{{Name: "a", Before: StateAlarm, State: StateAlarm}}, unknown: true, words: "was in ALARM before the run began"},
		{name: "no data", alarms: []Alarm{quiet, {Name: "a", Before: StateInsufficient, State: StateInsufficient}}, unknown: true, words: "a had no data to judge"},
		{name: "data that ended in the run", alarms: []Alarm{{Name: "a", Before: StateOK, State: StateOK, Changes: []Change{change(9*time.Second, StateOK, StateInsufficient)}}}, unknown: true, words: "a had no data to judge"},
		{name: "judged after the run", alarms: []Alarm{{Name: "a", Before: StateInsufficient, State: StateOK, Changes: []Change{change(40*time.Second, StateInsufficient, StateOK)}}}, words: "the alarm did not fire"},
		{name: "idle after the run", alarms: []Alarm{{Name: "a", Before: StateOK, State: StateInsufficient, Changes: []Change{change(40*time.Second, StateOK, StateInsufficient)}}}, words: "the alarm did not fire"},
		{name: "idle long after the run", alarms: []Alarm{{Name: "a", Before: StateOK, State: StateInsufficient}}, words: "the alarm did not fire"},
		{name: "made after the run", alarms: []Alarm{{Name: "a", State: StateOK}}, unknown: true, words: "a was made or changed since the run began"},
		{name: "blind", alarms: []Alarm{{Name: "a", State: StateOK, Blind: "it is not published"}}, unknown: true, words: "a can never fire: it is not published"},
		{name: "one period of five minutes", alarms: []Alarm{{Name: "a", Before: StateOK, PeriodS: 300, ToAlarm: 1}}, words: "the alarm did not fire"},
		{name: "more periods than the run has", alarms: []Alarm{quiet, {Name: "a", Before: StateOK, PeriodS: 300, ToAlarm: 3}}, unknown: true,
			words: "a could not have fired in a run of 30s: 3 periods of 5m0s must breach, which takes 15m0s of load"},
		{name: "as many periods as the run has", alarms: []Alarm{{Name: "a", Before: StateOK, PeriodS: 10, ToAlarm: 3}}, words: "the alarm did not fire"},
		{name: "fired although it wants many periods", alarms: []Alarm{{Name: "a", Before: StateOK, PeriodS: 300, ToAlarm: 3, Changes: recovered.Changes}}, fired: true, words: "a fired"},
		{name: "looked at before the end", alarms: []Alarm{quiet}, change: func(r *Report) { r.AlarmsUntil = begun.Add(20 * time.Second) }, unknown: true,
			words: "ratio was only looked at until 10s before the end of the run"},
		{name: "none", unknown: true, words: "no alarm watches these metrics; `occbench alarms apply`"},
		{name: "not pulled", change: func(r *Report) { r.Error = "no region" }, unknown: true, words: "not pulled: no region"},
		{name: "history denied", change: func(r *Report) { r.AlarmsError = "denied" }, unknown: true, words: "not pulled: denied"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := &Report{Window: Window{begun, begun.Add(30 * time.Second)}, Server: Server{Attempts: 1200, Conflicts: 36}, Alarms: tt.alarms}
			r.Points = []Point{{At: begun.Add(-4 * time.Second), Attempts: 340, Conflicts: 40}, {At: begun.Add(6 * time.Second), Attempts: 900, Conflicts: 26}}
			if tt.change != nil {
				tt.change(r)
			}
			q := JudgeAlarms(r, 0.10, tt.clients)
			if q.Fired != tt.fired || q.Unknown != tt.unknown || !strings.Contains(q.Why.String(), tt.words) {
				t.Errorf("fired %v, unknown %v: %s\nwant %v, %v: %s", q.Fired, q.Unknown, q.Why.String(), tt.fired, tt.unknown, tt.words)
			}
		})
	}
}

func TestLint(t *testing.T) {
	src := Source{Namespace: Namespace, Stage: "prod"}
	published := []Identity{src.Metric(Conflicts), src.Metric(Latency)}
	runbook := DeclaredRules(src)[0]
	runbook.Lines = []Line{{Metric: Identity{Namespace: Namespace, Name: Conflicts}, Stat: "Sum", Watched: true}}
	silent := DeclaredRules(src)[2]
	silent.Missing, silent.Actions = "notBreaching", []string{"arn:x"}
	with := func(change func(*Rule)) Rule {
		r := DeclaredRules(src)[0]
		r.Actions = []string{"arn:x"}
		change(&r)
		return r
	}
	mine := func(r Rule) Rule { r.Actions = []string{"arn:x"}; return r }
	tests := []struct {
		name      string
		rule      Rule
		published []Identity
		load      Load
		never     bool
		words     string // empty: no remark
	}{
		{name: "the runbook's, without dimensions", rule: runbook, published: append(published, published...), never: true, words: "OCCConflicts {} is not published in EdgarAutoShop/MoveAPI; published are the dimensions {Environment=prod, Service=MoveAPI}, and a metric"},
		{name: "another name", rule: mine(DeclaredRules(src)[2]), published: []Identity{src.Metric("Latency")}, never: true, words: "published there are Latency"},
		{name: "nothing there", rule: mine(DeclaredRules(src)[2]), never: true, words: "nothing is published there"},
		{name: "fine", rule: mine(DeclaredRules(src)[1]), published: published, load: Load{40, 0.1}},
		{name: "silence is health", rule: silent, published: published, words: "missing data counts as good"},
		{name: "calls none", rule: DeclaredRules(src)[2], published: published, words: "it has no action to call"},
		{name: "far below the gate", rule: mine(DeclaredRules(src)[0]), published: published, load: Load{10, 0.1}, words: "are more than 1 % of them: it fires far below the 10 %"},
		{name: "far above the gate", rule: mine(DeclaredRules(src)[0]), published: published, load: Load{0.3, 0.1}, words: "it is silent far above"},
		{name: "not published, silence is bad", rule: with(func(r *Rule) { r.Missing, r.Lines = "breaching", runbook.Lines }), published: published, words: "OCCConflicts {} is not published in EdgarAutoShop/MoveAPI; published are the dimensions {Environment=prod, Service=MoveAPI}, and a metric is its exact set of dimensions; missing data counts as bad (breaching), so it is in ALARM all the time"},
		{name: "not published, gaps are filled", rule: with(func(r *Rule) {
			r.Lines = []Line{{ID: "e", Expression: "FILL(c, 0)", Watched: true}, {ID: "c", Metric: runbook.Lines[0].Metric, Stat: "Sum"}}
		}), published: published, words: "it judges the filler"},
		{name: "another unit", rule: with(func(r *Rule) {
			r.Lines = []Line{{Metric: src.Metric(Latency), Stat: "p95", Unit: "Seconds", Watched: true}}
		}), published: published, never: true, words: "it asks for MoveLatency in Seconds, but it is published in Milliseconds"},
		{name: "its unit", rule: with(func(r *Rule) {
			r.Lines = []Line{{Metric: src.Metric(Latency), Stat: "p95", Unit: "Milliseconds", Watched: true}}
		}), published: published},
		{name: "an average of 0 and 1", rule: with(func(r *Rule) { r.Lines[0].Stat = "Average" }), published: published, never: true, words: "the values of OCCConflicts are 0 and 1, so its Average is never > 30; a Sum counts conflicts"},
		{name: "an average within reach", rule: with(func(r *Rule) { r.Lines[0].Stat, r.Threshold = "Average", 0.1 }), published: published},
		{name: "something that is not looked into", rule: with(func(r *Rule) { r.Unsupported = "an anomaly band as the threshold" }), published: published, words: "it has an anomaly band as the threshold, which is not looked into"},
		{name: "beyond reach", rule: mine(DeclaredRules(src)[0]), published: published, load: Load{0.05, 0.1}, words: "cannot fire at this load"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var never bool
			var all []string
			for _, r := range Lint([]Rule{tt.rule}, tt.published, tt.load) {
				never = never || r.Never
				all = append(all, r.Words)
			}
			got := strings.Join(all, "\n")
			if never != tt.never || !strings.Contains(got, tt.words) || tt.words == "" && got != "" {
				t.Errorf("never %v: %s\nwant %v: %s", never, got, tt.never, tt.words)
			}
		})
	}
}

func TestCompare(t *testing.T) {
	declared := DeclaredRules(Source{Namespace: Namespace, Stage: "prod"})
	if d := Compare(declared, declared); len(d) != 0 {
		t.Errorf("an alarm differs from itself: %v", d)
	}
	changed := declared[0]
	changed.Threshold, changed.Missing = 60, "ignore"
	got := Compare(declared[:2], []Rule{changed})
	var fields []string
	for _, d := range got {
		fields = append(fields, d.Alarm+" "+d.Field)
	}
	if text := strings.Join(fields, ", "); text != "MoveAPI-HighConflictRate threshold, MoveAPI-HighConflictRate missing data, MoveAPI-HighConflictRatio alarm" {
		t.Errorf("differences: %s", text)
	}
}
