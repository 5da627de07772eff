package cloudwatch

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/occbench/occbench/internal/telemetry"
)

// EMF publishes in the embedded metric format: JSON lines that the agent, or
// Lambda's log, turns into metrics. They carry the set of both dimensions and
// the empty one, for alarms that name no dimension.
//
// Source: CloudWatch user guide, "Specification: Embedded metric format".
type EMF struct {
	W      io.Writer
	Source telemetry.Source
}

// maxEMFValues is how many values a metric has in one line.
const maxEMFValues = 100

// emfLine is one line of the format.
type emfLine struct {
	AWS         emfMeta   `json:"_aws"`
	Service     string    `json:"Service"`
	Environment string    `json:"Environment"`
	Conflicts   []float64 `json:"OCCConflicts"`
	Latency     []float64 `json:"MoveLatency"`
}

type emfMeta struct {
	Timestamp         int64          `json:"Timestamp"` // ms since 1970
	CloudWatchMetrics []emfDirective `json:"CloudWatchMetrics"`
}

type emfDirective struct {
	Namespace  string      `json:"Namespace"`
	Dimensions [][]string  `json:"Dimensions"`
	Metrics    []emfMetric `json:"Metrics"`
}

type emfMetric struct {
	Name              string `json:"Name"`
	Unit              string `json:"Unit"`
	StorageResolution int    `json:"StorageResolution"`
}

// Publish implements Publisher.
func (e EMF) Publish(_ context.Context, seconds []Second) error {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	for i := range seconds {
		for _, line := range e.lines(&seconds[i]) {
			if err := encoder.Encode(line); err != nil {
				return fmt.Errorf("writing embedded metrics: %w", err)
			}
		}
	}
	if _, err := e.W.Write(out.Bytes()); err != nil {
		return fmt.Errorf("writing embedded metrics: %w", err)
	}
	return nil
}

func (e EMF) lines(s *Second) []emfLine {
	var lines []emfLine
	conflicts := s.Conflicts
	n := 0
	for _, b := range s.Latencies {
		for range b.Count {
			if n%maxEMFValues == 0 {
				lines = append(lines, e.line(s.At))
			}
			n++
			value := 0.0
			if conflicts > 0 {
				conflicts, value = conflicts-1, 1
			}
			l := &lines[len(lines)-1]
			l.Conflicts, l.Latency = append(l.Conflicts, value), append(l.Latency, b.MS)
		}
	}
	return lines
}

func (e EMF) line(at int64) emfLine {
	return emfLine{
		AWS: emfMeta{Timestamp: at * 1000, CloudWatchMetrics: []emfDirective{{
			Namespace:  e.Source.Namespace,
			Dimensions: [][]string{{"Service", "Environment"}, {}},
			Metrics: []emfMetric{
				{Name: telemetry.Conflicts, Unit: "Count", StorageResolution: 1},
				{Name: telemetry.Latency, Unit: "Milliseconds", StorageResolution: 1},
			},
		}}},
		Service: telemetry.Service, Environment: e.Source.Stage,
	}
}
