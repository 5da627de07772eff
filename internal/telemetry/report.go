package telemetry

import "time"

// Format is the version of cloudwatch.json.
const Format = 1

// Report is the content of cloudwatch.json. Latencies are milliseconds.
type Report struct {
	Format  int       `json:"format"`
	Pulled  time.Time `json:"pulled"`
	History string    `json:"history,omitempty"` // hash of the history whose counts were waited for
	Source  Source    `json:"source"`
	Error   string    `json:"error,omitempty"` // why nothing could be pulled; then the rest means nothing
	Window  Window    `json:"window"`
	GrainS  int       `json:"grain_s"` // how finely the data is stored: 1 or 60
	Settled Settled   `json:"settled"`
	Looks   int       `json:"looks"` // times that the counts were asked for
	Server  Server    `json:"server"`
	Hint    string    `json:"hint,omitempty"` // where the data may be when there is none

	Percentiles *Percentiles `json:"percentiles,omitempty"` // nil: no data, or a run of more than a day
	PeriodS     int          `json:"period_s"`              // of the points
	Points      []Point      `json:"points"`
	Lambda      *Lambda      `json:"lambda,omitempty"` // nil: no function was named

	Alarms      []Alarm   `json:"alarms"`                 // those that watch these metrics
	AlarmsUntil time.Time `json:"alarms_until,omitzero"`  // up to when their history was read
	AlarmsError string    `json:"alarms_error,omitempty"` // why their history could not be read
}

// Server holds the server's counts within the window.
type Server struct {
	Attempts        int `json:"attempts"`         // samples of MoveLatency
	Conflicts       int `json:"conflicts"`        // sum of OCCConflicts
	ConflictSamples int `json:"conflict_samples"` // samples of OCCConflicts
}

// share is the ratio of conflicts; there must be attempts.
func (s Server) share() float64 { return float64(s.Conflicts) / float64(s.Attempts) }

// countUntil returns what the server counted of the run up to a moment, to the period
// of the points. The first of them may begin before the run; what they hold
// beyond the run's own counts was there before it.
func (r *Report) countUntil(t time.Time) Server {
	var seen, all Server
	for _, p := range r.Points {
		if p.At.Before(t) {
			seen.Attempts, seen.Conflicts = seen.Attempts+p.Attempts, seen.Conflicts+p.Conflicts
		}
		all.Attempts, all.Conflicts = all.Attempts+p.Attempts, all.Conflicts+p.Conflicts
	}
	return Server{
		Attempts:  seen.Attempts - max(0, all.Attempts-r.Server.Attempts),
		Conflicts: max(0, seen.Conflicts-max(0, all.Conflicts-r.Server.Conflicts)),
	}
}

// Percentiles are those of one bucket over the whole run. It begins at a full
// minute, so it may hold more samples than the window.
type Percentiles struct {
	Samples int     `json:"samples"`
	P50MS   float64 `json:"p50_ms"`
	P95MS   float64 `json:"p95_ms"`
	P99MS   float64 `json:"p99_ms"`
	MaxMS   float64 `json:"max_ms"`
}

// Point is one period of the run, stamped at its start.
type Point struct {
	At        time.Time `json:"at"`
	Attempts  int       `json:"attempts"`
	Conflicts int       `json:"conflicts"`
	P95MS     *float64  `json:"p95_ms"`
}

// Lambda holds AWS's numbers of the function in the minutes of the run; a number is
// nil without data.
type Lambda struct {
	Invocations   *float64 `json:"invocations"`
	Errors        *float64 `json:"errors"`
	Throttles     *float64 `json:"throttles"`
	DurationP95MS *float64 `json:"duration_p95_ms"`
	Concurrency   *float64 `json:"concurrent_executions_max"`
}
