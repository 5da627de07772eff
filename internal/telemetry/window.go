package telemetry

import "time"

// Window is the time whose data belongs to a run, the end exclusive.
type Window struct {
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
}

// trailing is how long after a run's end its last attempts may be stamped: the
// server's clock is not the client's.
const trailing = time.Second

// longestRounding is how much later than its run a window can end: a pull that
// follows the run at once comes before the end of the window.
const longestRounding = trailing + time.Second

// RunWindow returns the window of a run in whole seconds.
func RunWindow(start, end time.Time) Window {
	return Window{Start: start.UTC().Truncate(time.Second), End: ceilTime(end.UTC().Add(trailing), time.Second)}
}

// Widen widens the window to whole grains: data stored by the minute says of an
// attempt only the minute.
func (w Window) Widen(grain time.Duration) Window {
	return Window{Start: w.Start.Truncate(grain), End: ceilTime(w.End, grain)}
}

// Period is the shortest period in whole minutes that makes one bucket of the
// window within minutes.
func (w Window) Period() time.Duration {
	m := w.Widen(time.Minute)
	return max(m.End.Sub(m.Start), time.Minute)
}

func ceilTime(t time.Time, grain time.Duration) time.Time {
	if down := t.Truncate(grain); !down.Equal(t) {
		return down.Add(grain)
	}
	return t
}
