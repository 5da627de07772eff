package gate

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/occbench/occbench/internal/measure"
	"github.com/occbench/occbench/internal/stats"
)

// Policy is what a release must keep. Start from Default.
type Policy struct {
	Confidence   float64  // one-sided, of every bound, 0.5 to below 1
	ErrorRate    float64  // the error rate must be below this ratio
	P95MS        float64  // the p95 must be below this many milliseconds
	ConflictRate float64  // the conflict rate must be below this ratio
	Off          []string // names of gates that are switched off
	Tolerated    []string // ids of anomalies that are reported and fail nothing
	Anytime      bool     // the run may have been ended by what was seen of it, so bounds hold at every look

	WithoutCloudWatch bool // CloudWatch was left out on request
}

// Default is the policy of the runbook.
func Default() Policy {
	return Policy{Confidence: stats.Enough, ErrorRate: 0.01, P95MS: 400, ConflictRate: 0.10}
}

// SetLimit sets the limit of a gate, in the gate's own unit.
func (p *Policy) SetLimit(name string, limit float64) error {
	field := map[string]*float64{ErrorRate: &p.ErrorRate, P95: &p.P95MS, ConflictRate: &p.ConflictRate}[name]
	if field == nil {
		if err := known(name); err != nil {
			return err
		}
		return fmt.Errorf("setting gate %s: it fails at the first case and has no limit; it can only be switched off", name)
	}
	*field = limit
	return nil
}

// SwitchOff switches a gate off; the verdict says so.
func (p *Policy) SwitchOff(name string) error {
	if err := known(name); err != nil {
		return err
	}
	if !slices.Contains(p.Off, name) {
		p.Off = append(p.Off, name)
	}
	return nil
}

// LeaveOutCloudWatch switches the gates of the server's own metrics off, as the
// user asked for this once; the verdict says so.
func (p *Policy) LeaveOutCloudWatch() {
	p.WithoutCloudWatch = true
	for _, name := range []string{Telemetry, Alarms} {
		if !slices.Contains(p.Off, name) {
			p.Off = append(p.Off, name)
		}
	}
}

// Check reports the first value that makes no sense.
func (p Policy) Check() error {
	if !(p.Confidence >= 0.5 && p.Confidence < 1) {
		return fmt.Errorf("checking the policy: confidence %v is not from 0.5 to below 1, e.g. 0.95", p.Confidence)
	}
	for _, r := range []struct {
		name  string
		limit float64
	}{{ErrorRate, p.ErrorRate}, {ConflictRate, p.ConflictRate}} {
		if !(r.limit > 0 && r.limit < 1) {
			return fmt.Errorf("checking the policy: %s %v is not a ratio between 0 and 1, e.g. 0.01 for 1 %%", r.name, r.limit)
		}
	}
	if !(p.P95MS > 0 && p.P95MS < 1e9) {
		return fmt.Errorf("checking the policy: %s %v is not a time in milliseconds, e.g. 400", P95, p.P95MS)
	}
	for _, name := range p.Off {
		if err := known(name); err != nil {
			return err
		}
	}
	return nil
}

// Measure returns the options under which a history must be measured for this
// policy.
func (p Policy) Measure() measure.Options {
	limit := time.Duration(math.Round(p.P95MS * float64(time.Millisecond)))
	return measure.Options{Confidence: p.Confidence, Limit: limit, Anytime: p.Anytime}
}

// sure says in words how sure a bound is.
func (p Policy) sure() string {
	if p.Anytime {
		return Percent(p.Confidence) + " sure at every look"
	}
	return Percent(p.Confidence) + " sure"
}

func known(name string) error {
	if slices.Contains(Names(), name) {
		return nil
	}
	return fmt.Errorf("setting gate %q: there is no such gate; there are %s", name, strings.Join(Names(), ", "))
}
