package measure

import (
	"testing"
	"time"
)

func TestRecovery(t *testing.T) {
	const (
		lost     = "0,10,,1,read,17,,,seen,200,1,scheduled,1,,,\n20,30,,1,update,17,1,in_progress,conflict,409,2,scheduled,1,,,\n"
		fresh    = "40,50,,1,read,17,,,seen,200,2,scheduled,2,,,\n"
		there    = "40,50,,1,read,17,,,seen,200,2,in_progress,2,,,\n"
		gone     = "40,50,,1,read,17,,,seen,200,2,completed,2,,,\n"
		failed   = "40,50,,1,read,,,,server_error,500,,,2,,,\n"
		won      = "60,70,,1,update,17,2,in_progress,applied,200,3,in_progress,2,,,\n"
		wonLate  = "60,2031,,1,update,17,2,in_progress,applied,200,3,in_progress,2,,,\n"
		lost2    = "60,70,,1,update,17,2,in_progress,conflict,409,3,scheduled,2,,,\n"
		fresh3   = "80,90,,1,read,17,,,seen,200,3,scheduled,3,,,\n"
		won3     = "95,130,,1,update,17,3,in_progress,applied,200,4,in_progress,3,,,\n"
		lost3    = "95,130,,1,update,17,3,in_progress,conflict,409,4,scheduled,3,,,\n"
		unknown2 = "60,,,1,update,17,2,in_progress,no_answer,,,,2,,,\n"
		found3   = "80,90,,1,read,17,,,seen,200,3,in_progress,3,,,\n"
		told     = "0,10,,1,read,17,,,seen,200,1,scheduled,1,,,\n20,30,,1,update,17,1,in_progress,conflict,409,2,in_progress,1,,,\n"
		beyond   = "40,50,,1,read,17,,,seen,200,2,ready,2,,,\n"
		further  = "60,70,,1,update,17,2,completed,applied,200,3,completed,2,,,\n"
		further2 = "60,70,,1,update,17,2,completed,conflict,409,3,ready,2,,,\n"
		beyond3  = "80,90,,1,read,17,,,seen,200,3,ready,3,,,\n"
		next     = "200,210,,1,read,18,,,seen,200,1,ready,1,,,\n"

		lostOpaque  = "0,10,,1,read,17,,,seen,200,%22a%22,,1,,m0,\n20,30,,1,update,17,%22a%22,,conflict,412,,,1,,m1,\n"
		freshOpaque = "40,50,,1,read,17,,,seen,200,%22b%22,,2,,m9,\n"
		wonOpaque   = "60,70,,1,update,17,%22b%22,,applied,204,%22c%22,,2,,m2,\n"

		others = "2500,2600,,2,read,18,,,seen,200,1,ready,1,,,\n"
	)
	one := func(attempts int, ms float64, r Recovery) Recovery {
		r.Turns, r.Attempts = 1, map[int]int{attempts: 1}
		r.MedianMS, r.P95MS, r.WorstMS = &ms, &ms, &ms
		return r
	}
	none := func(r Recovery) Recovery {
		r.Turns, r.Attempts = 1, map[int]int{}
		return r
	}
	tests := []struct {
		name  string
		lines string
		want  Recovery
	}{
		{"no conflict", turn1 + next, Recovery{Attempts: map[int]int{}}},
		{"retried, without states", lostOpaque + freshOpaque + wonOpaque, one(2, 40, Recovery{Retried: 1})},
		{"only read, without states", lostOpaque + freshOpaque + next, none(Recovery{NotRecovered: 1})},
		{"retried", lost + fresh + won + next, one(2, 40, Recovery{Retried: 1})},
		{"retried, last turn", lost + fresh + won, one(2, 40, Recovery{Retried: 1})},
		{"found there", lost + there + next, one(1, 20, Recovery{FoundThere: 1})},
		{"told by the refusal, never looked", told + next, none(Recovery{NotRecovered: 1})},
		{"retried twice", lost + fresh + lost2 + fresh3 + won3 + next, one(3, 100, Recovery{Retried: 1})},
		{"retry's fate unknown, found there", lost + fresh + unknown2 + found3 + next, one(2, 60, Recovery{FoundThere: 1})},
		{"attempts used up", lost + fresh + lost2 + fresh3 + lost3 + next, none(Recovery{NotRecovered: 1})},
		{"attempts used up, last turn", lost + fresh + lost2 + fresh3 + lost3, none(Recovery{NotRecovered: 1})},
		{"gave up at once", lost + next, none(Recovery{NotRecovered: 1})},
		{"refetch failed", lost + failed + next, none(Recovery{NotRecovered: 1})},
		{"retry unanswered", lost + fresh + unknown2 + next, none(Recovery{NotRecovered: 1})},
		{"retried with the next wish", lost + beyond + further + next, one(2, 40, Recovery{Retried: 1})},
		{"next wish lost too", lost + beyond + further2 + beyond3 + next, none(Recovery{NotRecovered: 1})},
		{"too late", lost + fresh + wonLate + next, none(Recovery{Late: 1})},
		{"overtaken", lost + gone + next, none(Recovery{Overtaken: 1})},
		{"overtaken, last turn", lost + gone, none(Recovery{Overtaken: 1})},
		{"cut off after the conflict", lost, none(Recovery{CutOff: 1})},
		{"cut off after the refetch", lost + fresh, none(Recovery{CutOff: 1})},
		{"the run went on without it", lost + others, none(Recovery{NotRecovered: 1})},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := measured(t, Options{}, tt.lines).Recovery
			same(t, "recovery", got, tt.want)
			if sum := got.Retried + got.FoundThere + got.Late + got.NotRecovered + got.Overtaken + got.CutOff; sum != got.Turns {
				t.Errorf("the parts add up to %d of %d turns", sum, got.Turns)
			}
		})
	}
}

func TestRecoveryBudget(t *testing.T) {
	const lines = `
		0,10,,1,read,17,,,seen,200,1,scheduled,1,,,
		20,30,,1,update,17,1,in_progress,conflict,409,2,scheduled,1,,,
		40,50,,1,read,17,,,seen,200,2,scheduled,2,,,
		60,70,,1,update,17,2,in_progress,applied,200,3,in_progress,2,,,`
	for _, tt := range []struct {
		budget time.Duration
		want   int
	}{{39 * time.Millisecond, 0}, {40 * time.Millisecond, 1}} {
		n := measured(t, Options{Budget: tt.budget}, lines)
		same(t, tt.budget.String(), n.Recovery.Recovered(), tt.want)
	}
}
