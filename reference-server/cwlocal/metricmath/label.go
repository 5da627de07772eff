package metricmath

import "strconv"

// Labels name the lines: as asked for, else a metric by its name and an
// expression by its id. A name that occurs twice gets what tells it apart.
func (p *Plan) Labels() []string {
	names := map[string]int{}
	for _, line := range p.Lines {
		if line.Query.Label == nil {
			names[line.Metric.MetricName]++
		}
	}
	labels := make([]string, len(p.Lines))
	for i, line := range p.Lines {
		switch q := line.Query; {
		case q.Label != nil:
			labels[i] = *q.Label
		case line.Math != nil:
			labels[i] = q.Id
		case names[line.Metric.MetricName] > 1:
			labels[i] = line.longLabel()
		default:
			labels[i] = line.Metric.MetricName
		}
	}
	return labels
}

func (line *planned) longLabel() string {
	label := line.Metric.Namespace + " " + line.Metric.MetricName
	for _, d := range line.Metric.Dimensions {
		label += " " + d.Value
	}
	return label + " " + line.Statistic.Name + " " + strconv.Itoa(line.Period)
}
