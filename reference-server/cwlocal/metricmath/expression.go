package metricmath

import (
	"maps"
	"math"
	"slices"

	"github.com/occbench/occbench/reference-server/cwlocal/metricdata"
)

// expression is metric math: the arithmetic that a rate needs, comparisons, IF
// and FILL. It is a tree of nodes, and evaluates to a number or a time series.
type expression interface {
	eval(env *environment) operand
	collect(names map[string]bool)
}

// environment holds the series that an expression may name, and the window of time.
type environment struct {
	operands map[string]TimeSeries // by id
	window   metricdata.Window
}

// named gives an expression its ids.
type named struct{ expression }

// names are the ids of what the expression uses, in order.
func (n named) names() []string {
	seen := map[string]bool{}
	n.collect(seen)
	return slices.Sorted(maps.Keys(seen))
}

type number float64

func (n number) eval(*environment) operand { return operand{isScalar: true, scalar: float64(n)} }
func (number) collect(map[string]bool)     {}

type variable string

func (v variable) eval(env *environment) operand { return operand{points: env.operands[string(v)]} }
func (v variable) collect(names map[string]bool) { names[string(v)] = true }

type arithmetic struct {
	f    func(x, y float64) float64
	a, b expression
}

func (n arithmetic) eval(env *environment) operand {
	return combineOperands(n.a.eval(env), n.b.eval(env), n.f)
}
func (n arithmetic) collect(names map[string]bool) { n.a.collect(names); n.b.collect(names) }

// conditional is IF(condition, yes, no). Without a no, a false condition gives
// no point, and so does a bucket in which the condition has none.
type conditional struct{ condition, yes, no expression }

func (n conditional) collect(names map[string]bool) {
	n.condition.collect(names)
	n.yes.collect(names)
	if n.no != nil {
		n.no.collect(names)
	}
}

func (n conditional) eval(env *environment) operand {
	condition, yes, no := n.condition.eval(env), n.yes.eval(env), operand{}
	if n.no != nil {
		no = n.no.eval(env)
	}
	if condition.isScalar {
		if condition.scalar != 0 {
			return yes
		}
		return no
	}
	var out TimeSeries
	for _, p := range condition.points {
		branch := no
		if p.Value != 0 {
			branch = yes
		}
		if v, ok := branch.valueAt(p.At); ok {
			out = out.append(p.At, v)
		}
	}
	return operand{points: out}
}

// fill is FILL(series, number): the number where the series has no point.
type fill struct {
	series expression
	with   float64
}

func (n fill) collect(names map[string]bool) { n.series.collect(names) }

func (n fill) eval(env *environment) operand {
	in := n.series.eval(env)
	if in.isScalar {
		return in
	}
	out := make(TimeSeries, 0, env.window.Len())
	for at := env.window.Start; at < env.window.End; at += env.window.Period {
		v, ok := in.valueAt(at)
		if !ok {
			v = n.with
		}
		out = out.append(at, v)
	}
	return operand{points: out}
}

// toNumber returns a comparison as arithmetic has it: 1 or 0.
func toNumber(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// infix are the operators by rank, the loosest first.
var infix = []map[string]func(x, y float64) float64{
	{
		"||": func(x, y float64) float64 { return toNumber(x != 0 || y != 0) },
		"OR": func(x, y float64) float64 { return toNumber(x != 0 || y != 0) },
	},
	{
		"&&":  func(x, y float64) float64 { return toNumber(x != 0 && y != 0) },
		"AND": func(x, y float64) float64 { return toNumber(x != 0 && y != 0) },
	},
	{
		"==": func(x, y float64) float64 { return toNumber(x == y) },
		"!=": func(x, y float64) float64 { return toNumber(x != y) },
		"<=": func(x, y float64) float64 { return toNumber(x <= y) },
		">=": func(x, y float64) float64 { return toNumber(x >= y) },
		"<":  func(x, y float64) float64 { return toNumber(x < y) },
		">":  func(x, y float64) float64 { return toNumber(x > y) },
	},
	{
		"+": func(x, y float64) float64 { return x + y },
		"-": func(x, y float64) float64 { return x - y },
	},
	{
		"*": func(x, y float64) float64 { return x * y },
		"/": func(x, y float64) float64 { return x / y },
	},
	{"^": math.Pow},
}
