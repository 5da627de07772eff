package metricmath

import (
	"fmt"
	"strings"
	"testing"

	"github.com/occbench/occbench/reference-server/cwlocal/metricdata"
)

// env has a at 0 and 60, b at 60 and 120, and z, which is 0, everywhere.
var mathEnv = &environment{
	window: metricdata.Window{Start: 0, End: 180, Period: 60},
	operands: map[string]TimeSeries{
		"a": {{0, 10}, {60, 20}}, "b": {{60, 5}, {120, 6}}, "z": {{0, 0}, {60, 0}, {120, 0}},
	},
}

func TestExpressions(t *testing.T) {
	for _, c := range []struct{ source, want string }{
		{"1 + 2 * 3", "7"},
		{"(1 + 2) * 3", "9"},
		{"10 - 4 - 3", "3"},
		{"2 * 3 ^ 2", "18"},
		{"-3 + 1.5e1", "12"},
		{"--2", "2"},
		{".5 < 1", "1"},
		{"1 > 2 OR 3 >= 3 AND 0", "0"},
		{"1 == 1 && 2 != 3 || 0", "1"},
		{"a", "0=10 60=20"},
		{"a + b", "60=25"},
		{"100 * b / a", "60=25"},
		{"a / z", ""},
		{"a / (z + 10)", "0=1 60=2"},
		{"FILL(b, 0)", "0=0 60=5 120=6"},
		{"a - FILL(b, -1)", "0=11 60=15"},
		{"FILL(none, 7)", "0=7 60=7 120=7"},
		{"IF(a > 15, 1, 0)", "0=0 60=1"},
		{"IF(a > 15, a)", "60=20"},
		{"IF(a > 5, b)", "60=5"},
		{"IF(0, a)", ""},
		{"IF(1, a, b)", "0=10 60=20"},
		{"IF(a >= 20, 100 * FILL(b, 0) / a, 0)", "0=0 60=25"},
		{"FILL(IF(0, 1), 3)", "0=3 60=3 120=3"},
		{"FILL(5, 3)", "5"},
		{"FILL(b, 1 / 0)", "60=5 120=6"},
	} {
		t.Run(c.source, func(t *testing.T) {
			e, err := parseExpression(c.source)
			if err != nil {
				t.Fatal(err)
			}
			if got := shownOperand(e.eval(mathEnv)); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func shownOperand(o operand) string {
	if o.isScalar {
		return fmt.Sprint(o.scalar)
	}
	var points []string
	for _, p := range o.points {
		points = append(points, fmt.Sprintf("%d=%v", p.At, p.Value))
	}
	return strings.Join(points, " ")
}

func TestRefusedExpressions(t *testing.T) {
	for _, c := range []struct{ source, want string }{
		{"", "ends too early"},
		{"a +", "ends too early"},
		{"a b", "not expected"},
		{"(a", `")" is expected`},
		{"a $ b", "not supported"},
		{"RATE(a)", "not supported"},
		{"METRICS()", "not supported"},
		{"If(a, 1)", "not supported"},
		{"IF(a)", "takes"},
		{"FILL(a, REPEAT)", "not supported"},
		{"FILL(a, b)", "takes"},
		{"[a, b]", "not supported"},
		{strings.Repeat("(", 100) + "a" + strings.Repeat(")", 100), "nested"},
		{strings.Repeat("-", 100) + "a", "nested"},
		{strings.Repeat("a+", 2000) + "a", "longer"},
	} {
		if _, err := parseExpression(c.source); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.40q: %v, want an error about %q", c.source, err, c.want)
		}
	}
}

func FuzzParseExpression(f *testing.F) {
	for _, seed := range []string{"100*c/a", "IF(a >= 20, 100 * c / a, 0)", "FILL(IF(0,2),3)", "-(a<b)^2||z", "SEARCH('{x}')"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		e, err := parseExpression(source)
		if err != nil {
			return
		}
		if got, empty := e.eval(mathEnv).isScalar, e.eval(&environment{}).isScalar; got != empty {
			t.Errorf("%q is a number with data: %t, without: %t", source, got, empty)
		}
	})
}
