package telemetry

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Asking ends at once when the counts are the clients', and never on two looks
// that are only near each other.
func TestSettling(t *testing.T) {
	want := Counts{Attempts: 100, Certain: 98, Conflicts: 5}
	type look struct {
		after time.Duration
		seen  Server
	}
	whole, half := Server{100, 5, 100}, Server{50, 2, 50}
	tests := []struct {
		name  string
		fresh bool
		looks []look
		want  []Settled
	}{
		{"complete at the first look", true, []look{{0, whole}}, []Settled{Equal}},
		{"growing", true, []look{{0, half}, {50 * time.Second, Server{80, 4, 80}}, {100 * time.Second, whole}}, []Settled{Unsettled, Unsettled, Equal}},
		{"at rest", true, []look{{0, half}, {30 * time.Second, half}, {60 * time.Second, half}}, []Settled{Unsettled, Unsettled, Quiet}},
		{"at rest, then moving", true, []look{{0, half}, {59 * time.Second, Server{51, 2, 51}}, {90 * time.Second, Server{51, 2, 51}}}, []Settled{Unsettled, Unsettled, Unsettled}},
		{"nothing yet", true, []look{{0, Server{}}, {time.Hour, Server{}}}, []Settled{Unsettled, Unsettled}},
		{"nothing, long ago", false, []look{{0, Server{}}, {time.Minute, Server{}}}, []Settled{Unsettled, Quiet}},
		{"too many", true, []look{{0, Server{101, 5, 101}}, {time.Minute, Server{101, 5, 101}}}, []Settled{Unsettled, Quiet}},
		{"an attempt less, which may not have arrived", true, []look{{0, Server{99, 5, 99}}, {time.Minute, Server{99, 5, 99}}}, []Settled{Unsettled, Quiet}},
		{"half of the samples of conflicts", true, []look{{0, Server{100, 5, 50}}}, []Settled{Unsettled}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := Settling{Want: want, Quiet: time.Minute, Fresh: tt.fresh}
			var got []Settled
			for _, l := range tt.looks {
				got = append(got, s.Observe(time.Unix(1e9, 0).Add(l.after), l.seen))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestWindow(t *testing.T) {
	at := func(text string) time.Time {
		v, err := time.Parse("15:04:05.999", text)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	w := RunWindow(at("12:00:17.3"), at("12:00:47.2"))
	if want := (Window{at("12:00:17"), at("12:00:49")}); w != want {
		t.Errorf("window %v, want %v", w, want)
	}
	if want, got := (Window{at("12:00:00"), at("12:01:00")}), w.Widen(time.Minute); got != want || w.Period() != time.Minute {
		t.Errorf("in minutes %v with period %s, want %v", got, w.Period(), want)
	}
	long := RunWindow(at("12:00:59.9"), at("12:02:00.1"))
	if long.Period() != 3*time.Minute {
		t.Errorf("a run that touches three minutes has the period %s", long.Period())
	}
}
