package gate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/stats"
)

// Policy holds the limits that a release must keep. Start from Default.
type Policy struct {
	Confidence float64            // one-sided, of every bound, 0.5 to below 1
	Limits     map[string]float64 // by gate, in its unit; a gate without an entry has the preset of its rule
	Off        []string           // names of gates that are switched off
	Tolerated  []string           // ids of anomalies that are reported and fail nothing
	Anytime    bool               // the run may have been ended by what was seen of it, so bounds hold at every look

	WithoutCloudWatch bool // CloudWatch was left out on request
}

// Default returns the policy of the runbook.
func Default() Policy {
	p := Policy{Confidence: stats.Enough, Limits: map[string]float64{}}
	for _, r := range rules {
		if r.HasLimit() {
			p.Limits[r.Name] = r.Preset
		}
	}
	return p
}

// Limit returns the limit of a gate, in the gate's own unit.
func (p Policy) Limit(name string) float64 {
	if limit, ok := p.Limits[name]; ok {
		return limit
	}
	return RuleOf(name).Preset
}

// Asks reports whether a gate is switched on.
func (p Policy) Asks(name string) bool { return !slices.Contains(p.Off, name) }

// SetLimit sets the limit of a gate, in the gate's own unit.
func (p *Policy) SetLimit(name string, limit float64) error {
	if err := checkName(name); err != nil {
		return err
	}
	if r := RuleOf(name); !r.HasLimit() {
		return fmt.Errorf("setting gate %s: it fails at the first case and has no limit; it can only be switched off", name)
	}
	limits := map[string]float64{name: limit}
	for other, l := range p.Limits {
		if other != name {
			limits[other] = l
		}
	}
	p.Limits = limits
	return nil
}

// SwitchOff switches a gate off; the verdict says so.
func (p *Policy) SwitchOff(name string) error {
	if err := checkName(name); err != nil {
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
	for i := range rules {
		if r := &rules[i]; r.Server && p.Asks(r.Name) {
			p.Off = append(p.Off, r.Name)
		}
	}
}

// Check reports the first value that makes no sense.
func (p Policy) Check() error {
	if !(p.Confidence >= 0.5 && p.Confidence < 1) {
		return fmt.Errorf("checking the policy: confidence %v is not from 0.5 to below 1, e.g. 0.95", p.Confidence)
	}
	for i := range rules {
		limit := p.Limit(rules[i].Name)
		switch r := &rules[i]; {
		case !r.HasLimit():
		case r.Unit == Ratio && !(limit > 0 && limit < 1):
			return fmt.Errorf("checking the policy: %s %v is not a ratio between 0 and 1, e.g. 0.01 for 1 %%", r.Name, limit)
		case r.Unit == MS && !(limit > 0 && limit < 1e9):
			return fmt.Errorf("checking the policy: %s %v is not a time in milliseconds, e.g. 400", r.Name, limit)
		}
	}
	for _, name := range p.Off {
		if err := checkName(name); err != nil {
			return err
		}
	}
	return nil
}

func checkName(name string) error {
	if slices.Contains(Names(), name) {
		return nil
	}
	return fmt.Errorf("setting gate %q: there is no such gate; there are %s", name, strings.Join(Names(), ", "))
}
