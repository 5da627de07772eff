package measure

import (
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/stall"
)

// Numbers are the measurements of a history. Times are seconds since the run's base,
// latencies milliseconds, rates ratios 0–1. A number that does not exist is nil,
// null in JSON: the rate of nothing, the quantile that falls among updates without
// an answer, the bound that so few samples do not have.
type Numbers struct {
	FirstS       float64 `json:"first_s"`  // start of the first operation
	LastS        float64 `json:"last_s"`   // end of the last
	WindowS      float64 `json:"window_s"` // length of the measured window, warm-up and audits excluded
	Attempts     int     `json:"attempts"` // updates sent in the window; second clicks excluded
	AttemptsPerS float64 `json:"attempts_per_s"`

	Outcomes     map[history.Outcome]int `json:"outcomes"`      // of attempts; every class, also those with 0
	ErrorRate    Rate                    `json:"error_rate"`    // neither applied nor conflict, of attempts
	ConflictRate Rate                    `json:"conflict_rate"` // conflicts, of updated and conflicts

	Latency   P95Latency                  `json:"latency"`            // of all attempts, from sending to the answer
	ByOutcome map[history.Outcome]Latency `json:"latency_by_outcome"` // only classes that were seen
	Response  *Latency                    `json:"response,omitempty"` // open model: from the scheduled start to the answer

	Reads         Reads                   `json:"reads"`
	Warmup        map[history.Outcome]int `json:"warmup_outcomes"`       // updates of the warm-up, in no other number
	WarmupReads   int                     `json:"warmup_reads"`          //
	Doubles       map[history.Outcome]int `json:"double_click_outcomes"` // second clicks, in no other number
	Recovery      Recovery                `json:"recovery"`
	Stalls        *Stalls                 `json:"stalls,omitempty"` // nil: the generator did not watch itself
	Audits        Audits                  `json:"audits"`
	Outage        *Outage                 `json:"outage,omitempty"`
	OperatorsSeen int                     `json:"operators_seen"`
	RecordsSeen   int                     `json:"records_seen"`      // records that operators read or updated
	Hottest       *Hottest                `json:"hottest,omitempty"` // nil without attempts
	Apart         *Apart                  `json:"apart,omitempty"`   // nil: everybody was part of the declared load
	Races         *Races                  `json:"races,omitempty"`   // nil: none were played
	Generators    []Part                  `json:"generators,omitempty"`
}

// Rate is a share of hits.
type Rate struct {
	Hits    int      `json:"hits"`
	N       int      `json:"n"`
	Ratio   *float64 `json:"ratio"`             // nil when n is 0
	Effect  float64  `json:"design_effect"`     // how many attempts tell as much as one that is independent of the others; at least 1
	Moments int      `json:"moments"`           // separate moments that the hits rest on, at most 20
	Excused int      `json:"excused,omitempty"` // hits that a stall of the generator may be behind; not in effect and moments
}

func newRate(hits, n int) Rate {
	r := Rate{Hits: hits, N: n}
	if n > 0 {
		ratio := float64(hits) / float64(n)
		r.Ratio = &ratio
	}
	return r
}

// Latency describes how long answers took. Those that never came are slower
// than everything: with 6 of 100 unanswered, there is no p95.
type Latency struct {
	Count      int      `json:"count"` // unanswered included
	Unanswered int      `json:"unanswered"`
	P50MS      *float64 `json:"p50_ms"`
	P90MS      *float64 `json:"p90_ms"`
	P95MS      *float64 `json:"p95_ms"`
	P99MS      *float64 `json:"p99_ms"`
	MaxMS      *float64 `json:"max_ms"`
}

// P95Latency is a Latency with the bounds of its p95.
type P95Latency struct {
	Latency
	P95LowerMS *float64 `json:"p95_lower_ms"`
	P95UpperMS *float64 `json:"p95_upper_ms"`
	Confidence float64  `json:"confidence"` // one-sided, of the bounds
	LimitMS    float64  `json:"limit_ms"`   // the limit that slow counts against
	Slow       int      `json:"slow"`       // updates that took limit_ms or longer, or for ever
	Anytime    bool     `json:"anytime"`    // the bounds hold at every look

	Effect        float64  `json:"design_effect"`     // of slow, as of a rate
	Moments       int      `json:"moments"`           // likewise
	Excused       int      `json:"excused,omitempty"` // of slow: without the stalls of the generator they may have been quick
	P95MeasuredMS *float64 `json:"p95_measured_ms"`   // the lower bound with the time that stalls took; p95_lower_ms is without
}

// Reads are the list reads of the window.
type Reads struct {
	Count    int                     `json:"count"`
	Failed   int                     `json:"failed"`
	Outcomes map[history.Outcome]int `json:"outcomes"` // only classes that were seen
	Latency  Latency                 `json:"latency"`
}

// Recovery tells what became of the turns that met a conflict. Retried,
// FoundThere, Late, NotRecovered, Excused, Overtaken and CutOff add up to Turns.
type Recovery struct {
	Turns        int         `json:"turns"`
	Retried      int         `json:"retried"`       // by refetch and another update
	FoundThere   int         `json:"found_there"`   // another operator had already updated the record there
	Late         int         `json:"late"`          // reached, but after the budget
	NotRecovered int         `json:"not_recovered"` // given up or failed
	Excused      int         `json:"excused"`       // reached too late or not at all while the generator was stalled
	Overtaken    int         `json:"overtaken"`     // another operator took the record where the wished update is not legal
	CutOff       int         `json:"cut_off"`       // the run ended while attempts and budget remained
	WarmupTurns  int         `json:"warmup_turns"`  // turns with a conflict in the warm-up, in no other number
	Attempts     map[int]int `json:"turns_by_attempts"`
	MedianMS     *float64    `json:"median_ms"` // from the first conflict's answer to the intent reached
	P95MS        *float64    `json:"p95_ms"`
	WorstMS      *float64    `json:"worst_ms"`
}

// Recovered returns how many turns reached their intent within the budget.
func (r Recovery) Recovered() int { return r.Retried + r.FoundThere }

// Judged returns how many turns tell anything about recovery: all but those
// whose intent was out of reach, that the end of the run cut off, or that a stall
// of the generator excuses.
func (r Recovery) Judged() int { return r.Turns - r.Overtaken - r.CutOff - r.Excused }

// Stalls are the stretches of time in which the generator itself did not run.
type Stalls struct {
	Count  int     `json:"count"`
	TotalS float64 `json:"total_s"`
	LateMS float64 `json:"late_ms"` // the most that it was late at other times
}

func toStalls(list *stall.List, end int64) *Stalls {
	if list == nil {
		return nil
	}
	n, total := list.CountBefore(end)
	return &Stalls{Count: n, TotalS: total.Seconds(), LateMS: toMilliseconds(int64(list.MaxLateness()))}
}

// Audits are the readings of the whole list around the turns.
type Audits struct {
	First Audit `json:"first"`
	Last  Audit `json:"last"`
}

// Audit is one reading of the whole list.
type Audit struct {
	Present bool    `json:"present"`
	OK      bool    `json:"ok"` // present, records were seen, and none failed
	AtS     float64 `json:"at_s"`
	Records int     `json:"records"`
	Failed  int     `json:"failed"`
}

// Outage is a history that ends in nothing but failures: no answers or 5xx.
type Outage struct {
	SinceS      float64  `json:"since_s"`       // start of the first of them
	LastAnswerS *float64 `json:"last_answer_s"` // nil when the target never gave a good answer
	Failures    int      `json:"failures"`
}

// Hottest is the record with the most attempts, warm-up included.
type Hottest struct {
	Record   string  `json:"record"`
	Attempts int     `json:"attempts"`
	Share    float64 `json:"share"` // of all attempts
}
