package measure

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/history"
)

// updates returns a history of updates that took 1, 2, … n ms, then unanswered ones.
func updates(answered, unanswered int) string {
	var b strings.Builder
	for i := range answered {
		fmt.Fprintf(&b, "1000,%d,,1,update,17,1,ready,applied,200,2,ready,1,,,\n", 1001+i)
	}
	for range unanswered {
		b.WriteString("1000,,,1,update,17,1,ready,no_answer,,,,1,,,\n")
	}
	return b.String()
}

func TestP95(t *testing.T) {
	tests := []struct {
		name                 string
		answered, unanswered int
		p95, lower, upper    *float64
		slow                 int
	}{
		{"one", 1, 0, new(1.0), new(1.0), nil, 0},
		{"58 have no upper bound", 58, 0, new(56.0), new(52.0), nil, 0},
		{"59 have the slowest", 59, 0, new(57.0), new(53.0), new(59.0), 0},
		{"100", 100, 0, new(95.0), new(91.0), new(99.0), 0},
		{"500, from 400 ms on slow", 500, 0, new(475.0), new(467.0), new(484.0), 101},
		{"an unanswered one is the slowest", 99, 1, new(95.0), new(91.0), new(99.0), 1},
		{"two take the upper bound", 98, 2, new(95.0), new(91.0), nil, 2},
		{"six take the p95", 94, 6, nil, new(91.0), nil, 6},
		{"ten take the lower bound", 90, 10, nil, nil, nil, 10},
		{"nothing but silence", 0, 3, nil, nil, nil, 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := measured(t, Options{}, updates(tt.answered, tt.unanswered)).Latency
			same(t, "count", l.Count, tt.answered+tt.unanswered)
			same(t, "unanswered", l.Unanswered, tt.unanswered)
			same(t, "p95", l.P95MS, tt.p95)
			same(t, "lower", l.P95LowerMS, tt.lower)
			same(t, "upper", l.P95UpperMS, tt.upper)
			same(t, "slow", l.Slow, tt.slow)
		})
	}
}

func TestOptionsReachTheBounds(t *testing.T) {
	l := measured(t, Options{Confidence: 0.99, Limit: 50 * time.Millisecond}, updates(100, 0)).Latency
	same(t, "p95 at 99 %", l, P95Latency{
		Latency:    Latency{Count: 100, P50MS: new(50.0), P90MS: new(90.0), P95MS: new(95.0), P99MS: new(99.0), MaxMS: new(100.0)},
		P95LowerMS: new(89.0), P95MeasuredMS: new(89.0), P95UpperMS: new(100.0), Confidence: 0.99, LimitMS: 50, Slow: 51, Effect: 1, Moments: 1,
	})
}

func TestLatencyByOutcome(t *testing.T) {
	n := measured(t, Options{}, `
		0,10,,1,update,17,1,ready,applied,200,2,ready,1,,,
		0,30,,2,update,17,1,ready,conflict,409,2,ready,1,,,
		0,40,,3,update,17,1,ready,conflict,409,2,ready,1,,,
		0,,,4,update,17,1,ready,no_answer,,,,1,,,
		0,7,,4,read,17,,,seen,200,2,ready,2,,,`)
	one := func(ms float64) Latency {
		return Latency{Count: 1, P50MS: &ms, P90MS: &ms, P95MS: &ms, P99MS: &ms, MaxMS: &ms}
	}
	same(t, "by outcome", n.ByOutcome, map[history.Outcome]Latency{
		history.Applied:  one(10),
		history.Conflict: {Count: 2, P50MS: new(30.0), P90MS: new(40.0), P95MS: new(40.0), P99MS: new(40.0), MaxMS: new(40.0)},
		history.NoAnswer: {Count: 1, Unanswered: 1},
	})
	same(t, "reads", n.Reads.Latency, one(7))
	same(t, "all", n.Latency.Latency, Latency{Count: 4, Unanswered: 1, P50MS: new(30.0)})
	if n.Response != nil {
		t.Errorf("a closed model has no response time: %+v", n.Response)
	}
}

// A server that stalls makes later requests start late: service time alone
// would not see it.
func TestResponseTimeCountsFromTheSchedule(t *testing.T) {
	n := measured(t, Options{}, `
		0,10,0,1,update,17,1,ready,applied,200,2,ready,1,,,
		300,310,100,2,update,18,1,ready,applied,200,2,ready,1,,,
		310,,200,3,update,19,1,ready,no_answer,,,,1,,,`)
	same(t, "service", n.Latency.P50MS, new(10.0))
	same(t, "response", n.Response, &Latency{Count: 3, Unanswered: 1, P50MS: new(210.0)})
}

func TestNumbersSurviveJSON(t *testing.T) {
	want := measured(t, Options{}, opening+turn1+updates(3, 1)+closing)
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got Numbers
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if !slices.Contains(strings.Split(string(text), ","), `"p95_upper_ms":null`) {
		t.Errorf("a bound that does not exist is not null: %s", text)
	}
}
