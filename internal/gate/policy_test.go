package gate

import (
	"math"
	"strings"
	"testing"
	"time"
)

func TestPolicyCheck(t *testing.T) {
	tests := []struct {
		name   string
		change func(*Policy)
		want   string
	}{
		{"default", func(*Policy) {}, ""},
		{"no confidence", func(p *Policy) { p.Confidence = 0 }, "confidence"},
		{"certainty", func(p *Policy) { p.Confidence = 1 }, "confidence"},
		{"per cent instead of a ratio", func(p *Policy) { p.Limits = map[string]float64{ErrorRate: 1} }, "error_rate 1 is not a ratio"},
		{"zero limit", func(p *Policy) { p.Limits = map[string]float64{ConflictRate: 0} }, "conflict_rate"},
		{"NaN", func(p *Policy) { p.Limits = map[string]float64{ErrorRate: math.NaN()} }, "error_rate"},
		{"infinite p95", func(p *Policy) { p.Limits = map[string]float64{P95: math.Inf(1)} }, "p95_ms"},
		{"unknown gate", func(p *Policy) { p.Off = []string{"latency"} }, "there are error_rate, p95_ms"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := Default()
			tt.change(&p)
			err := p.Check()
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one about %q", err, tt.want)
			}
		})
	}
}

func TestSetLimit(t *testing.T) {
	p := Default()
	for name, limit := range map[string]float64{ErrorRate: 0.02, P95: 250.3, ConflictRate: 0.3} {
		if err := p.SetLimit(name, limit); err != nil {
			t.Error(err)
		}
	}
	if p.Limit(ErrorRate) != 0.02 || p.Limit(P95) != 250.3 || p.Limit(ConflictRate) != 0.3 {
		t.Errorf("policy %+v", p)
	}
	if got := p.MeasureOptions().Limit; got != 250300*time.Microsecond {
		t.Errorf("measured against %v", got)
	}
	if err := p.SetLimit(Recovery, 0.9); err == nil || !strings.Contains(err.Error(), "switched off") {
		t.Errorf("a limit for recovery: %v", err)
	}
	for name, err := range map[string]error{"limit": p.SetLimit("p99", 1), "off": p.SwitchOff("p99")} {
		if err == nil || !strings.Contains(err.Error(), "there is no such gate") {
			t.Errorf("%s of an unknown gate: %v", name, err)
		}
	}
}
