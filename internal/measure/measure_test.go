package measure

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/api/apitest"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/history/historytest"
)

// measured reads the lines of a history, times in milliseconds, and measures it.
func measured(t *testing.T, opt Options, lines string) Numbers {
	t.Helper()
	opt.States = &apitest.Appointments(t).States
	m := New(opt)
	for _, op := range parse(t, lines) {
		m.Add(&op)
	}
	return m.Numbers()
}

func parse(t *testing.T, lines string) []history.Op {
	t.Helper()
	ops := historytest.Parse(t, lines)
	for i := range ops {
		for _, ns := range []*int64{&ops[i].Start, &ops[i].End, &ops[i].Scheduled} {
			if *ns != history.None {
				*ns *= int64(time.Millisecond)
			}
		}
	}
	return ops
}

const (
	opening = `
		0,1,,0,audit,17,,,seen,200,1,scheduled,,,,
		0,1,,0,audit,18,,,seen,200,4,ready,,,,
`
	closing = `
		9000,9001,,0,audit,17,,,seen,200,2,in_progress,,,,
		9000,9001,,0,audit,18,,,seen,200,4,ready,,,,
`
	turn1 = `
		10,12,,1,read,17,,,seen,200,1,scheduled,1,,,
		20,25,,1,update,17,1,in_progress,applied,200,2,in_progress,1,,,
`
)

func TestOutcomesAreCountedOnce(t *testing.T) {
	n := measured(t, Options{}, opening+turn1+`
		30,31,,2,read,18,,,seen,200,4,ready,1,,,
		40,41,,2,update,18,4,completed,rejected,422,,,1,,,
		50,51,,2,read,18,,,seen,200,4,ready,1,,,
		60,61,,2,update,18,4,completed,server_error,500,,,1,,,
		70,,,2,read,,,,no_answer,,,,1,,,
		80,,,2,update,18,4,completed,no_answer,,,,1,,,
		90,91,,2,update,18,4,completed,malformed,200,,,1,,,
		92,93,,2,update,18,4,completed,throttled,429,,,1,,,
		94,95,,2,update,18,4,completed,unauthorized,403,,,1,,,
		96,97,,2,update,18,4,completed,conflict,409,5,completed,1,,,
	`+closing)
	want := map[history.Outcome]int{
		history.Applied: 1, history.Conflict: 1, history.Rejected: 1, history.Unauthorized: 1,
		history.Throttled: 1, history.ServerError: 1, history.NoAnswer: 1, history.Malformed: 1,
	}
	if diff := cmp.Diff(want, n.Outcomes); diff != "" {
		t.Errorf("outcomes (-want +got)\n%s", diff)
	}
	same(t, "attempts", n.Attempts, 8)
	same(t, "error rate", n.ErrorRate, Rate{Hits: 6, N: 8, Ratio: new(0.75), Effect: 1, Moments: 1})
	same(t, "conflict rate", n.ConflictRate, Rate{Hits: 1, N: 2, Ratio: new(0.5), Effect: 1})
	same(t, "reads", n.Reads.Count, 4)
	same(t, "failed reads", n.Reads.Failed, 1)
	same(t, "read outcomes", n.Reads.Outcomes, map[history.Outcome]int{history.Seen: 3, history.NoAnswer: 1})
	same(t, "operators", n.OperatorsSeen, 2)
	same(t, "records", n.RecordsSeen, 2)
	same(t, "hottest", n.Hottest, &Hottest{"18", 7, 0.875})
	same(t, "first", n.FirstS, 0.0)
	same(t, "last", n.LastS, 9.001)
	same(t, "window", n.WindowS, 0.087)
	same(t, "rate", n.AttemptsPerS, 8/n.WindowS)
	same(t, "audits", n.Audits, Audits{
		First: Audit{Present: true, OK: true, Records: 2}, Last: Audit{Present: true, OK: true, AtS: 9, Records: 2}})
}

func TestEveryClassIsNamed(t *testing.T) {
	n := measured(t, Options{}, turn1)
	same(t, "classes", len(n.Outcomes), 8)
	if _, seen := n.Outcomes[history.Seen]; seen {
		t.Error("an update cannot be seen")
	}
}

func TestNoData(t *testing.T) {
	for name, lines := range map[string]string{"empty": "", "only audits": opening + closing, "only warm-up": strings.ReplaceAll(turn1, ",1,,,\n", ",1,w,,\n")} {
		t.Run(name, func(t *testing.T) {
			n := measured(t, Options{}, lines)
			same(t, "attempts", n.Attempts, 0)
			same(t, "error rate", n.ErrorRate, Rate{Effect: 1})
			same(t, "conflict rate", n.ConflictRate, Rate{Effect: 1})
			same(t, "latency", n.Latency, P95Latency{Confidence: 0.95, LimitMS: 400, Effect: 1})
			same(t, "by outcome", len(n.ByOutcome), 0)
			same(t, "throughput", n.AttemptsPerS, 0.0)
		})
	}
}

func TestWarmupIsApart(t *testing.T) {
	n := measured(t, Options{}, `
		0,2,,1,read,17,,,seen,200,1,scheduled,1,w,,
		2,900,,1,update,17,1,in_progress,conflict,409,2,ready,1,w,,
		900,910,,1,read,17,,,seen,200,3,scheduled,2,w,,
		910,920,,1,update,17,3,in_progress,applied,200,4,in_progress,2,,,
		930,931,,1,read,17,,,seen,200,4,in_progress,1,,,
		940,945,,1,update,17,4,ready,applied,200,5,ready,1,,,`)
	same(t, "attempts", n.Attempts, 2)
	same(t, "warm-up updates", n.Warmup, map[history.Outcome]int{history.Conflict: 1})
	same(t, "warm-up reads", n.WarmupReads, 2)
	same(t, "reads", n.Reads.Count, 1)
	same(t, "slow", n.Latency.Slow, 0)
	same(t, "window", n.WindowS, 0.035)
	same(t, "recovery", n.Recovery, Recovery{WarmupTurns: 1, Attempts: map[int]int{}})
}

// A second click that wins makes the conflict of the first the client's own,
// in whichever order the answers come.
func TestDoubleClicks(t *testing.T) {
	const (
		read     = "0,1,,1,read,17,,,seen,200,1,scheduled,1,,,\n"
		won      = "2,5,,1,update,17,1,in_progress,applied,200,2,in_progress,1,,,\n"
		lost     = "2,6,,1,update,17,1,in_progress,conflict,409,2,in_progress,1,,,\n"
		lostElse = "2,6,,1,update,17,1,in_progress,conflict,409,3,ready,1,,,\n"
		won2     = "3,7,,1,update,17,1,in_progress,applied,200,2,in_progress,1,d,,\n"
		lost2    = "3,7,,1,update,17,1,in_progress,conflict,409,2,in_progress,1,d,,\n"
		refetch  = "8,9,,1,read,17,,,seen,200,2,scheduled,2,,,\n"
		retry    = "10,12,,1,update,17,2,in_progress,applied,200,3,in_progress,2,,,\n"
		again    = "20,21,,1,read,17,,,seen,200,2,in_progress,1,,,\n"
	)
	type counts = map[history.Outcome]int
	tests := []struct {
		name                         string
		lines                        string
		updated, conflict, recovered int
		doubles                      counts
	}{
		{"first wins", read + won + lost2, 1, 0, 0, counts{history.Conflict: 1}},
		{"first wins, answers swapped", read + lost2 + won, 1, 0, 0, counts{history.Conflict: 1}},
		{"second wins", read + lost + won2, 1, 0, 0, counts{history.Conflict: 1}},
		{"second wins, answers swapped", read + won2 + lost, 1, 0, 0, counts{history.Conflict: 1}},
		{"second wins, then a new turn", read + lost + won2 + again, 1, 0, 0, counts{history.Conflict: 1}},
		{"both lose", read + lostElse + lost2 + refetch + retry, 1, 1, 1, counts{history.Conflict: 1}},
		{"both win", read + won + won2, 1, 0, 0, counts{history.Applied: 1}},
		{"second answer after the refetch", read + lost + refetch + won2, 1, 0, 0, counts{history.Conflict: 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := measured(t, Options{}, tt.lines)
			same(t, "updated", n.Outcomes[history.Applied], tt.updated)
			same(t, "conflicts", n.Outcomes[history.Conflict], tt.conflict)
			same(t, "attempts", n.Attempts, tt.updated+tt.conflict)
			same(t, "doubles", n.Doubles, tt.doubles)
			same(t, "turns with a conflict", n.Recovery.Turns, tt.recovered)
			same(t, "recovered", n.Recovery.Recovered(), tt.recovered)
		})
	}
}

func TestAudits(t *testing.T) {
	const failed = "9000,,,0,audit,,,,no_answer,,,,,,,\n"
	tests := []struct {
		name        string
		lines       string
		first, last Audit
	}{
		{"both", opening + turn1 + closing, Audit{true, true, 0, 2, 0}, Audit{true, true, 9, 2, 0}},
		{"no first", turn1 + closing, Audit{}, Audit{true, true, 9, 2, 0}},
		{"no last", opening + turn1, Audit{true, true, 0, 2, 0}, Audit{}},
		{"last failed", opening + turn1 + failed, Audit{true, true, 0, 2, 0}, Audit{true, false, 9, 0, 1}},
		{"not last", opening + turn1 + closing + turn1, Audit{true, true, 0, 2, 0}, Audit{}},
		{"one, no turns", opening, Audit{true, true, 0, 2, 0}, Audit{}},
		{"two, no turns", opening + closing, Audit{true, true, 0, 2, 0}, Audit{true, true, 9, 2, 0}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := measured(t, Options{}, tt.lines)
			same(t, "audits", n.Audits, Audits{tt.first, tt.last})
		})
	}
}

func TestOutage(t *testing.T) {
	const dead = `
		12300,,,1,read,,,,no_answer,,,,1,,,
		12310,,,2,read,,,,no_answer,,,,1,,,
		12290,,,3,update,18,4,completed,no_answer,,,,1,,,
		12400,12401,,1,read,,,,server_error,502,,,1,,,`
	tests := []struct {
		name  string
		lines string
		want  *Outage
	}{
		{"alive", opening + turn1 + closing, nil},
		{"died", turn1 + dead, &Outage{SinceS: 12.29, LastAnswerS: new(0.025), Failures: 4}},
		{"died, audit failed", turn1 + dead + "\n13000,,,0,audit,,,,no_answer,,,,,,,", &Outage{SinceS: 12.29, LastAnswerS: new(0.025), Failures: 5}},
		{"never alive", dead, &Outage{SinceS: 12.29, Failures: 4}},
		{"came back", turn1 + dead + "\n13000,13001,,1,read,17,,,seen,200,2,in_progress,1,,,", nil},
		{"a refusal is an answer", turn1 + dead + "\n13000,13001,,1,update,17,1,ready,rejected,422,,,1,,,", nil},
		{"one failure is bad luck", turn1 + "12300,,,1,read,,,,no_answer,,,,1,,,", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			same(t, "outage", measured(t, Options{}, tt.lines).Outage, tt.want)
		})
	}
}

// Asking changes nothing: the numbers at the end are those of one single call.
func TestNumbersMayBeAskedAnyTime(t *testing.T) {
	ops := parse(t, opening+turn1+`
		30,31,,1,read,17,,,seen,200,2,in_progress,1,,,
		32,33,,1,update,17,2,ready,conflict,409,3,scheduled,1,,,
		34,35,,1,update,17,2,ready,applied,200,3,ready,1,d,,
		36,37,,1,read,17,,,seen,200,3,ready,1,,,
		38,39,,1,update,17,3,in_progress,conflict,409,4,scheduled,1,,,
	`+closing)
	quiet, asked := New(Options{}), New(Options{})
	for i := range ops {
		quiet.Add(&ops[i])
		asked.Add(&ops[i])
		asked.Numbers()
	}
	if diff := cmp.Diff(quiet.Numbers(), asked.Numbers()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got)\n%s", what, diff)
	}
}
