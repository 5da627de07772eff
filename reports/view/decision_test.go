package view

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/reason"
)

// A failure without an anomaly says how sure it is.
func TestDecisionOfASlowServer(t *testing.T) {
	low := 580.0
	run := Run{Verdict: gate.Verdict{Verdict: gate.Fail, Confidence: 0.95, Gates: []gate.Gate{{
		Name: gate.P95, Lower: &low, Limit: 400, Verdict: gate.Fail, Reason: reason.New("p95_above", "lower", 580.0, "limit", 400.0, "confidence", 0.95)}}}}
	want := Decision{"FAIL", "We are 95 % sure that at least 5 of 100 updates take 580 ms or longer; the limit is 400 ms."}
	if diff := cmp.Diff(want, Decide(run)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// What an earlier look decided stands, also where the bounds have drifted back
// over the limit since; no sentence then says that they have not.
func TestDecisionOfAnEarlierLook(t *testing.T) {
	low, high := 0.008, 0.013
	g := gate.Gate{Name: gate.ErrorRate, Lower: &low, Upper: &high, Limit: 0.01, N: 900}
	for verdict, tt := range map[gate.Result]struct {
		why  reason.Reason
		want string
	}{
		gate.Pass: {reason.New("rate_below", "upper", 0.009, "limit", 0.01, "does", "fail"), "fewer than 0.9 % of updates fail; decided by the look after 12.0 s"},
		gate.Fail: {reason.New("rate_above", "lower", 0.012, "limit", 0.01, "does", "fail"), "more than 1.2 % of updates fail; the limit is 1 %; decided by the look after 12.0 s"},
	} {
		g.Verdict, g.Reason = verdict, reason.New("decided_early", "why", tt.why, "after", 12.0)
		run := Run{Verdict: gate.Verdict{Verdict: verdict, Confidence: 0.95, Anytime: true, Gates: []gate.Gate{g}}}
		if got := Decide(run).Sentence; !strings.Contains(got, tt.want) || strings.Contains(got, "0.8 %") || strings.Contains(got, "1.3 %") {
			t.Errorf("%s: %s, want … %s …", verdict, got, tt.want)
		}
	}
}

// A p95 that is not settled is told without the word.
func TestClaimOfAnOpenP95(t *testing.T) {
	g := gate.Gate{Name: gate.P95, Verdict: gate.Inconclusive,
		Reason: reason.New("p95_no_bound", "limit", 400.0, "needs", reason.New("needs", "updates", 54))}
	want := "The time that 95 of 100 updates take has no upper bound yet, which does not settle the limit of 400 ms; needs about 54 more updates."
	if got := FormatClaim(Run{}, &g); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
