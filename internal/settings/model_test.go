package settings

import (
	"strings"
	"testing"
	"time"
)

func TestModels(t *testing.T) {
	cases := []struct {
		name         string
		args         []string
		operators    int
		rate, rampTo float64
	}{
		{"closed by default", nil, 20, 0, 0},
		{"a rate", []string{"--rate", "40/s"}, 0, 40, 0},
		{"a plain number is per second", []string{"--rate", "0.5"}, 0, 0.5, 0},
		{"per minute", []string{"--rate", "90/min"}, 0, 1.5, 0},
		{"to a thousandth", []string{"--rate", "100/min"}, 0, 1.667, 0},
		{"a ramp", []string{"--ramp", "10/s..80/s"}, 0, 10, 80},
		{"a falling ramp in two units", []string{"--ramp", "2..60/min"}, 0, 2, 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s, err := load(t, "", nil, c.args...)
			if err != nil {
				t.Fatal(err)
			}
			if s.Operators != c.operators || s.Rate != c.rate || s.RampTo != c.rampTo {
				t.Errorf("operators %d, rate %v, ramp to %v", s.Operators, s.Rate, s.RampTo)
			}
		})
	}
	s, err := load(t, "rate: 40/s\nmax_operators: 60\nrefresh: 2s\ndouble_updates: 0.05\n", nil)
	if err != nil {
		t.Fatal(err)
	}
	if s.Rate != 40 || s.Pause.Mean() != 0 || s.MaxOperators != 60 || s.Refresh != 2*time.Second || s.DoubleUpdates != 0.05 {
		t.Errorf("the file says %+v", s)
	}
}

// A refusal names both settings, where they stand, and why one of them could
// not take effect.
func TestModelRefusals(t *testing.T) {
	cases := []struct {
		name, file string
		args       []string
		want       []string
	}{
		{"rate and operators", "", []string{"--rate", "40/s", "--operators", "20"}, []string{"--rate and --operators exclude each other: a rate begins turns no matter"}},
		{"rate beside operators in the file", "operators: 20\n", []string{"--rate", "40/s"}, []string{"--rate and operators (", "occbench.yaml:1) exclude each other"}},
		{"ramp and operators", "", []string{"--ramp", "1/s..2/s", "--operators", "20"}, []string{"--ramp and --operators exclude each other"}},
		{"ramp and rate", "", []string{"--ramp", "1/s..2/s", "--rate", "40/s"}, []string{"--ramp and --rate exclude each other: a ramp says itself"}},
		{"rate and pause", "", []string{"--rate", "40/s", "--pause", "1s"}, []string{"--rate and --pause exclude each other: at a rate turns begin by the clock"}},
		{"refresh and rate 0", "", []string{"--rate", "0", "--refresh", "2s"}, []string{"--refresh and --rate exclude each other: at a rate of 0"}},
		{"rate 0", "", []string{"--rate", "0/s"}, []string{"--rate: at a rate of 0 no turn ever begins"}},
		{"refresh 0", "", []string{"--refresh", "0"}, []string{"--refresh: a list cannot be held for no time"}},
		{"refresh too short", "", []string{"--refresh", "1ms"}, []string{"--refresh", "too short"}},
		{"max-operators without a rate", "", []string{"--max-operators", "9"}, []string{"--max-operators bounds the turns of the open model"}},
		{"max-operators 0", "", []string{"--rate", "1", "--max-operators", "0"}, []string{"neither auto nor a whole number"}},
		{"one attempt and a backoff", "", []string{"--attempts", "1", "--backoff", "full"}, []string{"--attempts and --backoff exclude each other: with one attempt"}},
		{"negative rate", "", []string{"--rate=-1/s"}, []string{"not a rate such as 40/s"}},
		{"unknown unit", "", []string{"--rate", "40/h"}, []string{"not a rate such as 40/s"}},
		{"rate too small", "", []string{"--rate", "0.0001"}, []string{"not a rate such as 40/s"}},
		{"rate too high", "", []string{"--rate", "1e9"}, []string{"more than 100000 turns"}},
		{"not a number", "", []string{"--rate", "NaN"}, []string{"not a rate such as 40/s"}},
		{"half a ramp", "", []string{"--ramp", "10/s.."}, []string{"not a ramp such as 10/s..80/s"}},
		{"a ramp from 0", "", []string{"--ramp", "0..10"}, []string{"not a ramp such as 10/s..80/s"}},
		{"share above 1", "", []string{"--double-updates", "5"}, []string{"not a share from 0 to 1"}},
		{"share NaN", "", []string{"--double-updates", "nan"}, []string{"not a share from 0 to 1"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s, err := load(t, c.file, nil, c.args...)
			if err == nil {
				t.Fatalf("accepted: %+v", s)
			}
			for _, w := range c.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("%q is not in the message: %v", w, err)
				}
			}
		})
	}
}
