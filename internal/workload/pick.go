package workload

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/occbench/occbench/internal/nearest"
)

// Pick is the declared way in which operators choose their records. The zero
// Pick is uniform.
type Pick struct {
	kind       pickKind
	theta      float64 // zipf: the exponent
	hotRecords float64 // hotspot: per cent of the records
	hotPicks   float64 // hotspot: per cent of the picks they get
}

type pickKind uint8

const (
	uniform pickKind = iota
	first
	own
	zipf
	hotspot
)

// defaultTheta is YCSB's, so that "zipf" means what it means there.
const defaultTheta = 0.99

const pickForms = "use uniform, first, own, zipf:0.99 or hotspot:20/80"

// ParsePick reads a pick:
//
//	uniform         every record alike
//	first           the first record that can be updated
//	own             each operator its own records: no contention
//	zipf, zipf:θ    the k-th most popular record gets a share ∝ k^−θ; θ > 0, 0.99 when absent
//	hotspot:x/y     x % of the records get y % of the picks
//
// String gives the same form back.
func ParsePick(s string) (Pick, error) {
	name, arg, hasArg := strings.Cut(s, ":")
	switch name {
	case "uniform", "first", "own":
		if hasArg {
			return Pick{}, fmt.Errorf("parsing pick %q: %s takes no parameter; use %s", s, name, name)
		}
		return Pick{kind: plainPicks[name]}, nil
	case "zipf":
		return parseZipf(s, arg, hasArg)
	case "hotspot":
		return parseHotspot(s, arg)
	}
	return Pick{}, fmt.Errorf(
		"parsing pick %q: %q is no known pick%s; %s",
		s,
		name,
		nearest.Question(name, []string{"uniform", "first", "own", "zipf", "hotspot"}),
		pickForms,
	)
}

var plainPicks = map[string]pickKind{"uniform": uniform, "first": first, "own": own}

func parseZipf(s, arg string, hasArg bool) (Pick, error) {
	if !hasArg {
		return Pick{kind: zipf, theta: defaultTheta}, nil
	}
	theta, err := strconv.ParseFloat(arg, 64)
	if err != nil || math.IsNaN(theta) || math.IsInf(theta, 0) {
		return Pick{}, fmt.Errorf("parsing pick %q: θ is not a number; use for example zipf:0.99", s)
	}
	if theta <= 0 {
		return Pick{}, fmt.Errorf("parsing pick %q: θ must be above 0; use for example zipf:0.99, or uniform for no skew", s)
	}
	return Pick{kind: zipf, theta: theta}, nil
}

func parseHotspot(s, arg string) (Pick, error) {
	x, y, ok := strings.Cut(arg, "/")
	records, errRecords := strconv.ParseFloat(x, 64)
	picks, errPicks := strconv.ParseFloat(y, 64)
	if !ok || errRecords != nil || errPicks != nil {
		return Pick{}, fmt.Errorf("parsing pick %q: want two shares in per cent; use for example hotspot:20/80 (20 %% of the records get "+
			"80 %% "+
			"of the picks)", s)
	}
	// Written so that NaN is refused too.
	if !(records > 0 && records < 100) {
		return Pick{}, fmt.Errorf("parsing pick %q: the share of hot records must lie between 0 and 100 (both excluded); use for example "+
			"hotspot:20/80", s)
	}
	if !(picks >= 0 && picks <= 100) {
		return Pick{}, fmt.Errorf("parsing pick %q: the share of picks must lie in 0–100; use for example hotspot:20/80", s)
	}
	return Pick{kind: hotspot, hotRecords: records, hotPicks: picks}, nil
}

// IsOwn reports whether each operator keeps to its own records.
func (p Pick) IsOwn() bool { return p.kind == own }

// IsFirst reports whether everybody wants the first record that can be updated.
func (p Pick) IsFirst() bool { return p.kind == first }

// String returns the form that ParsePick reads.
func (p Pick) String() string {
	switch p.kind {
	case first:
		return "first"
	case own:
		return "own"
	case zipf:
		return "zipf:" + formatNumber(p.theta)
	case hotspot:
		return "hotspot:" + formatNumber(p.hotRecords) + "/" + formatNumber(p.hotPicks)
	}
	return "uniform"
}

func formatNumber(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// Check says whether the pick makes sense for so many records and operators;
// operators is 0 in an open model. Picker relies on it having been asked.
func (p Pick) Check(records, operators int) error {
	if records < 1 {
		return fmt.Errorf("picking %s: no records; seed at least one", p)
	}
	if p.kind != own {
		return nil
	}
	if operators < 1 {
		return fmt.Errorf("picking own: an open model has no fixed operators who could own records; use operators instead of a rate, or " +
			"another pick")
	}
	if records < operators {
		return fmt.Errorf("picking own: %d records are too few for %d operators; use at least %d records, or at most %d operators", records,
			operators, operators, records)
	}
	return nil
}

// Stride is the step in which an operator walks forward from its picked record
// to the next one that can be updated. With own it is the number of operators:
// a step of 1 would lead onto a neighbour's record, and to conflicts that the
// pick promises not to have.
func (p Pick) Stride(operators int) int {
	if p.kind == own && operators > 0 {
		return operators
	}
	return 1
}
