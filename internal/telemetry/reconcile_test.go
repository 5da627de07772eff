package telemetry

import (
	"strings"
	"testing"

	"github.com/occbench/occbench/internal/api/apitest"
	"github.com/occbench/occbench/internal/history"
)

func TestCounts(t *testing.T) {
	var got Counts
	for _, op := range []history.Op{
		{Kind: history.Read, Outcome: history.Seen, HTTP: 200},
		{Kind: history.Audit, Outcome: history.Seen, HTTP: 200},
		{Kind: history.Update, Outcome: history.Applied, HTTP: 200, Flags: history.Warmup},
		{Kind: history.Update, Outcome: history.Conflict, HTTP: 409},
		{Kind: history.Update, Outcome: history.Rejected, HTTP: 422},
		{Kind: history.Update, Outcome: history.Throttled, HTTP: 429},
		{Kind: history.Update, Outcome: history.Unauthorized, HTTP: 403},
		{Kind: history.Update, Outcome: history.ServerError, HTTP: 500},
		{Kind: history.Update, Outcome: history.NoAnswer},
	} {
		got.Add(&op, apitest.Appointments(t))
	}
	if want := (Counts{Attempts: 7, Certain: 3, Conflicts: 1}); got != want || got.CountUnsure() != 4 {
		t.Errorf("%+v with %d unsure, want %+v", got, got.CountUnsure(), want)
	}
}

func TestReconcile(t *testing.T) {
	sure, unsure := Counts{Attempts: 100, Certain: 100, Conflicts: 5}, Counts{Attempts: 100, Certain: 97, Conflicts: 5}
	tests := []struct {
		name    string
		clients Counts
		server  Server
		change  func(*Report)
		want    Finding
		words   string
	}{
		{name: "equal", clients: sure, server: Server{100, 5, 100}, want: Agrees, words: "CloudWatch counts 100 attempts with 5 conflicts, the clients made 100 with 5; p95 of the server 20 ms, of the clients 31 ms; the difference is network and queue"},
		{name: "one less", clients: sure, server: Server{99, 5, 99}, want: LosesData, words: "telemetry loses data: CloudWatch counts 99"},
		{name: "one more", clients: sure, server: Server{101, 5, 101}, want: ForeignTraffic, words: "foreign traffic or double counting: CloudWatch counts 101"},
		{name: "twice", clients: sure, server: Server{200, 10, 200}, want: ForeignTraffic, words: "200 attempts with 10 conflicts"},
		{name: "nothing", clients: sure, want: NoData, words: "dead telemetry: CloudWatch counts 0 attempts, the clients made 100; without data, no conflicts were counted, not zero"},
		{name: "nothing, elsewhere", clients: sure, change: func(r *Report) { r.Hint = "look there" }, want: NoData, words: "; look there"},
		{name: "other conflicts", clients: sure, server: Server{100, 6, 100}, want: ConflictsDiffer, words: "the conflicts differ: CloudWatch counts 100 attempts with 6"},
		{name: "fewer conflicts", clients: sure, server: Server{100, 4, 100}, want: ConflictsDiffer, words: "with 4 conflicts, the clients made 100 with 5"},
		{name: "only latencies", clients: sure, server: Server{Attempts: 100}, want: LosesData, words: "OCCConflicts has 0 samples"},
		{name: "only conflicts", clients: sure, server: Server{Conflicts: 5, ConflictSamples: 100}, want: LosesData, words: "counts 0 attempts"},
		{name: "unanswered, seen", clients: unsure, server: Server{100, 5, 100}, want: Agrees, words: "3 of which the server may not have seen"},
		{name: "unanswered, not seen", clients: unsure, server: Server{97, 5, 97}, want: Agrees, words: "3 of which"},
		{name: "unanswered, conflicts among them", clients: unsure, server: Server{99, 7, 99}, want: Agrees, words: "with 7 conflicts"},
		{name: "unanswered, too few", clients: unsure, server: Server{96, 5, 96}, want: LosesData, words: "counts 96"},
		{name: "unanswered, too many conflicts", clients: unsure, server: Server{99, 9, 99}, want: ConflictsDiffer, words: "with 9"},
		{name: "restless", clients: sure, server: Server{99, 5, 99}, change: func(r *Report) { r.Settled = Restless }, want: LosesData, words: "still changing when the time was up"},
		{name: "by the minute", clients: sure, server: Server{120, 5, 120}, change: func(r *Report) { r.GrainS = 60 }, want: ForeignTraffic, words: "stored by the minute"},
		{name: "not pulled", clients: sure, server: Server{100, 5, 100}, change: func(r *Report) { r.Error = "no region" }, want: NotPulled, words: "not pulled: no region"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := &Report{Server: tt.server, GrainS: 1, Percentiles: &Percentiles{Samples: tt.server.Attempts, P95MS: 20}}
			if tt.change != nil {
				tt.change(r)
			}
			got := Reconcile(tt.clients, r, new(31.0))
			if got.Finding != tt.want || !strings.Contains(got.Why.String(), tt.words) {
				t.Errorf("%q: %s\nwant %q with %q", got.Finding, got.Why.String(), tt.want, tt.words)
			}
		})
	}
}
