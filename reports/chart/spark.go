package chart

import (
	"strings"

	"github.com/occbench/occbench/internal/amount"
	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/trend"
)

// Spark draws the results of a gate in the last runs, the latest on the right.
type Spark struct {
	Alt           string
	Width, Height float64
	Line          string   // of what was seen; empty where the gate has no number
	Limit         *float64 // of the gate, as a height
	Marks         []sparkMark
}

// sparkMark is one run.
type sparkMark struct {
	X, Y    float64
	Verdict gate.Result
	Title   string
	Last    bool
}

const (
	sparkStep   = 13.0
	sparkHeight = 24.0
)

// DrawSpark draws a gate over runs, oldest first; nil where fewer than two asked it.
func DrawSpark(name string, limit float64, runs []trend.Run) *Spark {
	asked, top := 0, 0.0
	for _, r := range runs {
		if r.Gates[name] != "" {
			asked++
		}
		if v := r.Values[name]; v != nil {
			top = max(top, *v)
		}
	}
	if asked < 2 {
		return nil
	}
	s := &Spark{Width: float64(len(runs))*sparkStep + 6, Height: sparkHeight}
	y := Axis{From: 0, To: top, At: sparkHeight - 5, Length: 10 - sparkHeight}
	if limit > 0 && limit <= 3*top {
		y.To = max(top, limit*1.1)
		at := y.Px(limit)
		s.Limit = &at
	}
	var line Pen
	var said []string
	drawn := false
	for i, r := range runs {
		verdict := r.Gates[name]
		if verdict == "" {
			drawn = false
			continue
		}
		m := sparkMark{X: 8 + float64(i)*sparkStep, Y: sparkHeight / 2, Verdict: verdict, Title: r.Name + ": " + string(verdict),
			Last: i == len(runs)-1}
		if v := r.Values[name]; v != nil && top > 0 {
			m.Y = y.Px(*v)
			line.To("ML"[toIndex(drawn)], m.X, m.Y)
			drawn = true
			m.Title += ", " + gate.RuleOf(name).Unit.Write(v)
		}
		s.Marks = append(s.Marks, m)
		said = append(said, string(verdict))
	}
	s.Line = line.String()
	s.Alt = "The last " + amount.Plural(asked, "run", "runs") + ", oldest first: " + strings.Join(said, ", ")
	return s
}

func toIndex(drawn bool) int {
	if drawn {
		return 1
	}
	return 0
}
