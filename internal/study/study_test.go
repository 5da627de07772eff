package study

import (
	"context"
	"errors"
	"testing"
	"time"
)

func quiet(string, ...any) {}

// The simulated server gives the table of the AWS article within 5 %.
func TestStudyOfASimulatedServer(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates thousands of clients")
	}
	article := map[string][4]float64{ // calls and ms of 20 clients, of 100 clients
		"none": {153, 602, 2420, 2026}, "exponential": {151, 14490, 1864, 63819}, "equal": {108, 1656, 813, 6518},
		"full": {100, 992, 797, 4798}, "decorrelated": {101, 815, 1003, 4742},
	}
	study, err := CompareBackoffs(t.Context(), Options{Clients: []int{20, 100}, Base: 5 * time.Millisecond, Limit: 2 * time.Second}, nil, quiet)
	if err != nil {
		t.Fatal(err)
	}
	if len(study.Rows) != 10 || !study.Simulated {
		t.Fatalf("study %+v", study)
	}
	for i, r := range study.Rows {
		row, at := article[r.Policy], 2*(i/5)
		if off(r.Calls, row[at]) > 0.05 || off(r.TimeMS, row[at+1]) > 0.05 {
			t.Errorf("%s; the article has %v calls, %v ms", r.Line(), row[at], row[at+1])
		}
	}
}

func off(got, want float64) float64 { return max(got, want)/min(got, want) - 1 }

// A study that is interrupted has no result: what was counted until then would
// look like a cheap policy.
func TestStudyIsInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	study, err := CompareBackoffs(ctx, Options{Clients: []int{500}, Base: 5 * time.Millisecond, Limit: time.Second}, nil, quiet)
	if !errors.Is(err, context.Canceled) || len(study.Rows) > 0 {
		t.Errorf("%v and %d rows, want an error and none", err, len(study.Rows))
	}
}
