package validity

import "math"

// Course is how the conflicts came over time: those that were seen, and those that a
// correct server shows for the very same calls, by stretch from the base of the run on.
type Course struct {
	StepS    float64   `json:"step_s"`
	Observed []int     `json:"observed"`
	Expected []float64 `json:"expected"`
}

// Its stretches double their length whenever an attempt lies beyond the last one.
const (
	courseBins  = 120
	courseFirst = 0.01 // s
)

// add counts an attempt that was sent at a time, in seconds.
func (c *Course) add(at float64, refused bool, expected float64) {
	if c.StepS == 0 {
		c.StepS = courseFirst
	}
	for at >= courseBins*c.StepS {
		c.doubleStep()
	}
	i := max(int(at/c.StepS), 0)
	for len(c.Observed) <= i {
		c.Observed, c.Expected = append(c.Observed, 0), append(c.Expected, 0)
	}
	if refused {
		c.Observed[i]++
	}
	c.Expected[i] += expected
}

func (c *Course) doubleStep() {
	for i := 1; i < len(c.Observed); i++ {
		seen, expected := c.Observed[i], c.Expected[i]
		c.Observed[i], c.Expected[i] = 0, 0
		c.Observed[i/2] += seen
		c.Expected[i/2] += expected
	}
	half := (len(c.Observed) + 1) / 2
	c.Observed, c.Expected = c.Observed[:half], c.Expected[:half]
	c.StepS *= 2
}

// roundRates returns the course; nil without attempts.
func (c *Course) roundRates() *Course {
	if len(c.Observed) == 0 {
		return nil
	}
	for i, v := range c.Expected {
		c.Expected[i] = math.Round(v*1000) / 1000
	}
	return c
}
