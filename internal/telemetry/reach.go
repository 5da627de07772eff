package telemetry

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// extent bounds a value: the ends of its range, and whether it is a
// multiple of the conflicts or of the attempts of a period. The share of the one
// among the other is bounded although neither of them is.
type extent struct {
	low, high float64
	conflicts float64 // the value is so many times the conflicts; 0: it is not
	attempts  float64 // the value is so many times the attempts; 0: it is not
}

var anything = extent{low: math.Inf(-1), high: math.Inf(1)}

func newConstantExtent(v float64) extent { return extent{low: v, high: v} }

// extent returns what a statistic of a metric can be. OCCConflicts is 0 or 1 for
// each attempt, and a latency is not negative.
func (l Line) extent() extent {
	unbounded := extent{low: 0, high: math.Inf(1)}
	switch {
	case l.Metric.Name != Conflicts && l.Metric.Name != Latency:
		return anything
	case l.Stat == "SampleCount":
		unbounded.attempts = 1
	case l.Metric.Name == Conflicts && l.Stat == "Sum":
		unbounded.conflicts = 1
	case l.Metric.Name == Conflicts && l.isSingle():
		return extent{low: 0, high: 1}
	}
	return unbounded
}

// isSingle reports whether a statistic is a value among those of the samples.
func (l Line) isSingle() bool {
	return l.Stat == "Average" || l.Stat == "Minimum" || l.Stat == "Maximum" || strings.HasPrefix(l.Stat, "p") ||
		strings.HasPrefix(l.Stat, "tm")
}

// findWatchedLine returns the metric that a rule watches, also where an expression does
// nothing but name it.
func (r Rule) findWatchedLine() (Line, bool) {
	for _, l := range r.Lines {
		if !l.Watched && len(r.Lines) > 1 {
			continue
		}
		if l.Expression == "" {
			return l, true
		}
		for _, of := range r.Lines {
			if of.Expression == "" && of.ID == strings.TrimSpace(l.Expression) {
				return of, true
			}
		}
	}
	return Line{}, false
}

// extent returns what the watched value of a rule can be.
func (r Rule) extent() extent {
	lines := map[string]Line{}
	for _, l := range r.Lines {
		lines[l.ID] = l
	}
	for _, l := range r.Lines {
		if l.Watched || len(r.Lines) == 1 {
			return computeLineExtent(l, lines, 0)
		}
	}
	return anything
}

// mostNested bounds expressions that name each other in a circle.
const mostNested = 10

func computeLineExtent(l Line, lines map[string]Line, nested int) extent {
	if l.Expression == "" {
		return l.extent()
	}
	if nested == mostNested {
		return anything
	}
	p := bounds{words: mathWord.FindAllString(l.Expression, -1), of: func(id string) extent {
		if of, known := lines[id]; known {
			return computeLineExtent(of, lines, nested+1)
		}
		return anything
	}}
	value := p.parseComparison()
	if p.failed || len(p.words) > 0 {
		return anything
	}
	return value
}

var mathWord = regexp.MustCompile(`\d+\.?\d*|\.\d+|[A-Za-z]\w*|[<>=!]=|&&|\|\||[^\s\w]`)

// bounds computes the extent of an expression of metric math from those of its
// parts. What it does not know can be anything.
type bounds struct {
	words  []string
	of     func(id string) extent
	failed bool
}

func (p *bounds) next() string {
	if len(p.words) == 0 {
		p.failed = true
		return ""
	}
	word := p.words[0]
	p.words = p.words[1:]
	return word
}

func (p *bounds) atWord(words ...string) bool {
	for _, w := range words {
		if len(p.words) > 0 && p.words[0] == w {
			return true
		}
	}
	return false
}

// parseComparison is a sum, or a comparison, whose value is 0 or 1.
func (p *bounds) parseComparison() extent {
	value := p.parseSum()
	for p.atWord("<", ">", "<=", ">=", "==", "!=", "&&", "||") {
		p.next()
		p.parseSum()
		value = extent{low: 0, high: 1}
	}
	return value
}

func (p *bounds) parseSum() extent {
	value := p.parseProduct()
	for p.atWord("+", "-") {
		minus := p.next() == "-"
		other := p.parseProduct()
		if minus {
			other = scaleExtent(other, -1)
		}
		value = extent{low: value.low + other.low, high: value.high + other.high}
	}
	return value
}

func (p *bounds) parseProduct() extent {
	value := p.parseFactor()
	for p.atWord("*", "/") {
		if p.next() == "*" {
			value = multiplyExtents(value, p.parseFactor())
		} else {
			value = divideExtents(value, p.parseFactor())
		}
	}
	return value
}

func (p *bounds) parseFactor() extent {
	word := p.next()
	if v, err := strconv.ParseFloat(word, 64); err == nil {
		return newConstantExtent(v)
	}
	switch {
	case word == "-":
		return scaleExtent(p.parseFactor(), -1)
	case word == "(":
		value := p.parseComparison()
		p.failed = p.failed || p.next() != ")"
		return value
	case p.atWord("("):
		return p.parseCall(strings.ToUpper(word))
	case word == "" || !regexp.MustCompile(`^[A-Za-z]`).MatchString(word):
		p.failed = true
	}
	return p.of(word)
}

// parseCall knows IF and FILL, whose values are those of their arguments.
func (p *bounds) parseCall(name string) extent {
	var args []extent
	for p.next(); ; {
		args = append(args, p.parseComparison())
		if end := p.next(); end != "," {
			p.failed = p.failed || end != ")"
			break
		}
	}
	switch {
	case name == "IF" && len(args) == 3:
		return uniteExtents(args[1], args[2])
	case name == "FILL" && len(args) == 2:
		return uniteExtents(args[0], args[1])
	}
	return anything
}

// uniteExtents returns the smallest extent that holds both.
func uniteExtents(a, b extent) extent {
	return extent{low: min(a.low, b.low), high: max(a.high, b.high)}
}

// scaleExtent returns an extent times a number.
func scaleExtent(a extent, by float64) extent {
	if by == 0 {
		return newConstantExtent(0)
	}
	low, high := a.low*by, a.high*by
	return extent{low: min(low, high), high: max(low, high), conflicts: a.conflicts * by, attempts: a.attempts * by}
}

// multiplyExtents returns a · b.
func multiplyExtents(a, b extent) extent {
	switch {
	case a.low == a.high:
		return scaleExtent(b, a.low)
	case b.low == b.high:
		return scaleExtent(a, b.low)
	case a.low >= 0 && b.low >= 0:
		return extent{low: 0, high: math.Inf(1)}
	}
	return anything
}

// divideExtents returns a / b. A ratio of conflicts to attempts is at most 1.
func divideExtents(a, b extent) extent {
	switch {
	case b.low == b.high && b.low != 0:
		return scaleExtent(a, 1/b.low)
	case a.conflicts != 0 && b.attempts != 0:
		share := a.conflicts / b.attempts
		return extent{low: min(0, share), high: max(0, share)}
	case a.low >= 0 && b.low >= 0:
		return extent{low: 0, high: math.Inf(1)}
	}
	return anything
}

// findOutOfReach finds a threshold that no load can cross.
func (r Rule) findOutOfReach() string {
	if l, ok := r.findWatchedLine(); ok && l.Metric.Name == Conflicts && l.isSingle() {
		if _, never := r.extent().crosses(r.Comparison, r.Threshold); never {
			return fmt.Sprintf(
				"the values of %s are 0 and 1, so its %s is never %s %s; a Sum counts conflicts",
				Conflicts,
				l.Stat,
				signOf(r.Comparison),
				formatNumber(r.Threshold),
			)
		}
	}
	e := r.extent()
	if _, never := e.crosses(r.Comparison, r.Threshold); never {
		return fmt.Sprintf("its value is %s, so it is never %s %s", e, signOf(r.Comparison), formatNumber(r.Threshold))
	}
	return ""
}

// findConstant finds a threshold that every load crosses.
func (r Rule) findConstant() string {
	e := r.extent()
	if always, _ := e.crosses(r.Comparison, r.Threshold); always {
		return fmt.Sprintf(
			"its value is %s, so it is always %s %s: it fires as soon as there is data",
			e,
			signOf(r.Comparison),
			formatNumber(r.Threshold),
		)
	}
	return ""
}

// crosses reports whether every value of an extent crosses a threshold, and
// whether none does.
func (e extent) crosses(comparison string, threshold float64) (always, never bool) {
	switch signOf(comparison) {
	case ">":
		return e.low > threshold, e.high <= threshold
	case ">=":
		return e.low >= threshold, e.high < threshold
	case "<":
		return e.high < threshold, e.low >= threshold
	case "<=":
		return e.high <= threshold, e.low > threshold
	}
	return false, false
}

// String writes the range in words.
func (e extent) String() string {
	switch {
	case e.low == e.high:
		return formatNumber(e.low)
	case math.IsInf(e.high, 1):
		return formatNumber(e.low) + " or more"
	case math.IsInf(e.low, -1):
		return formatNumber(e.high) + " or less"
	}
	return "from " + formatNumber(e.low) + " to " + formatNumber(e.high)
}

// leastLatency is in milliseconds: a threshold below it was meant in seconds.
const leastLatency = 10

// findMiscounted finds a statistic that does not say what the alarm is for.
func (r Rule) findMiscounted() string {
	l, ok := r.findWatchedLine()
	above := strings.HasPrefix(signOf(r.Comparison), ">")
	switch {
	case !ok || !above:
		return ""
	case l.Metric.Name == Conflicts && l.Stat == "SampleCount":
		return fmt.Sprintf("the SampleCount of %s counts attempts, because a good one publishes a 0; a Sum counts conflicts", Conflicts)
	case l.Metric.Name == Latency && l.Stat == "Sum":
		return fmt.Sprintf("the Sum of %s grows with the number of updates; a percentile such as p95 tells how long they take", Latency)
	case l.Metric.Name == Latency && l.isSingle() && r.Threshold >= 0 && r.Threshold < leastLatency:
		return fmt.Sprintf(
			"%s is in milliseconds, and nearly every update takes more than %s ms; if seconds were meant, the threshold is %s",
			Latency,
			formatNumber(r.Threshold),
			formatNumber(1000*r.Threshold),
		)
	}
	return ""
}
