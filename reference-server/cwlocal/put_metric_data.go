package cwlocal

import (
	"fmt"
	"strings"
	"time"

	"github.com/occbench/occbench/reference-server/cwlocal/metricdata"
	"github.com/occbench/occbench/reference-server/cwlocal/protocol"
)

type putMetricDataInput struct {
	Namespace  string
	MetricData []metricdata.Datum
}

func (s *state) putMetricData(now time.Time, in *putMetricDataInput) *protocol.Error {
	switch {
	case in.Namespace == "":
		return protocol.MissingParameter("The parameter Namespace is required.")
	case strings.HasPrefix(in.Namespace, "AWS/"):
		return protocol.InvalidValue("The value %s for parameter Namespace is invalid: only AWS publishes there.", in.Namespace)
	case len(in.MetricData) == 0:
		return protocol.MissingParameter("The parameter MetricData is required.")
	case len(in.MetricData) > 1000:
		return protocol.InvalidValue("The collection MetricData must not have a size greater than 1000.")
	}
	return s.acceptData(now, in.Namespace, in.MetricData)
}

// acceptData stores all of the data or none of it.
func (s *state) acceptData(now time.Time, namespace string, data []metricdata.Datum) *protocol.Error {
	in := make([]metricdata.Arrival, len(data))
	for i := range data {
		a, err := data[i].Arrival(now, namespace, fmt.Sprintf("MetricData.member.%d", i+1))
		if err != nil {
			return err
		}
		a.Visible = now.Add(s.opts.Faults.IngestionDelay)
		in[i] = a
	}
	if !s.metrics.HasRoom(in) {
		return protocol.LimitExceeded("This local CloudWatch stand-in holds %d MiB of data and has no room for more; "+
			"nothing of this request was stored.", s.opts.MaxMemory>>20)
	}
	for i := range in {
		to := s.metrics.Open(in[i].Metric)
		if to.Accepted++; !isDue(to.Accepted, s.opts.Faults.DropEvery) {
			s.metrics.Arrive(in[i])
		}
	}
	s.metrics.Reveal(now)
	return nil
}
