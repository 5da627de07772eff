package cwlocal

// maxComputed is how many datapoints one request may make the server compute.
// Without it, 500 lines over the same long series would each hold a copy.
const maxComputed = 10 * maxDatapoints

// computation computes the lines of a plan over one stretch of time. A line is
// computed once, however many expressions use it: where each expression uses
// the two before it, computing anew would take forever.
type computation struct {
	plan   *plan
	store  *store
	window func(period int) window
	done   map[int]timeSeries // by line
	points int
}

func (p *plan) over(st *store, windowOf func(period int) window) *computation {
	return &computation{plan: p, store: st, window: windowOf, done: map[int]timeSeries{}}
}

// line returns the points of a line. They are not to be changed.
func (c *computation) line(i int) (timeSeries, *apiError) {
	if points, ok := c.done[i]; ok {
		return points, nil
	}
	line := &c.plan.lines[i]
	w := c.window(line.period)
	if line.math == nil {
		return c.keep(i, c.metric(line, w))
	}
	if w.len() > maxDatapoints {
		return nil, validation("The expression %q spans more than %d datapoints.", line.query.Id, maxDatapoints)
	}
	env := environment{operands: map[string]timeSeries{}, window: w}
	for _, name := range line.math.names() {
		points, err := c.line(c.plan.index[name])
		if err != nil {
			return nil, err
		}
		env.operands[name] = points
	}
	return c.keep(i, line.math.eval(&env).points)
}

func (c *computation) keep(i int, points timeSeries) (timeSeries, *apiError) {
	if c.points += len(points); c.points > maxComputed {
		return nil, validation("The request computes more than %d datapoints, which this local CloudWatch stand-in does not do at once.", maxComputed)
	}
	c.done[i] = points
	return points, nil
}

func (c *computation) metric(line *planned, w window) timeSeries {
	var points timeSeries
	for _, b := range c.store.find(line.metric).buckets(w, line.unit(), line.statistic.isRank) {
		if v, ok := line.statistic.of(&b.sample); ok {
			points = append(points, point{b.at, v})
		}
	}
	return points
}

// unit is the only unit that a metric's line takes, "" for any.
func (line *planned) unit() string {
	if u := line.query.MetricStat.Unit; u != nil {
		return *u
	}
	return ""
}
