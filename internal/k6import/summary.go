package k6import

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/occbench/occbench/internal/gate"
	"github.com/occbench/occbench/internal/reason"
	"github.com/occbench/occbench/internal/run"
)

// document is a summary of any kind.
type document struct {
	Metrics map[string]json.RawMessage `json:"metrics"`
	Results *struct {
		Metrics []struct {
			Name   string          `json:"name"`
			Values json.RawMessage `json:"values"`
		} `json:"metrics"`
	} `json:"results"`
}

func readSummary(path string, text []byte, policy gate.Policy) (Result, error) {
	var d document
	if err := run.ParseJSON(path, text, &d); err != nil {
		return Result{}, err
	}
	kind, metrics, err := d.read(text)
	if err != nil {
		return Result{}, fmt.Errorf("reading %s: %w", path, err)
	}
	r := Result{File: path, Kind: kind, Of: "requests", Thresholds: []Threshold{}, Notes: []string{}, Cannot: listUntold(kind)}
	for _, name := range slices.Sorted(maps.Keys(metrics)) {
		r.Thresholds = append(r.Thresholds, metrics[name].thresholds...)
	}
	if err := r.judge(metrics, policy); err != nil {
		return Result{}, fmt.Errorf("reading %s: %w", path, err)
	}
	r.decideVerdict()
	return r, nil
}

// read tells the kind of a summary and returns its metrics by name.
func (d *document) read(text []byte) (Kind, map[string]metric, error) {
	metrics := map[string]metric{}
	if d.Results != nil {
		for _, m := range d.Results.Metrics {
			var v numbers
			if err := json.Unmarshal(m.Values, &v); err != nil {
				return "", nil, fmt.Errorf("metric %s: values: %s", m.Name, formatJSONError(err))
			}
			metrics[m.Name] = metric{values: v}
		}
		return MachineSummary, metrics, nil
	}
	if d.Metrics == nil {
		return "", nil, fmt.Errorf(`it has no "metrics", so it is neither a summary nor points of k6: %s`, describeMembers(text))
	}
	kind := HandledSummary
	for name, raw := range d.Metrics {
		m, err := readMetric(name, raw)
		if err != nil {
			return "", nil, err
		}
		if m.legacy {
			kind = LegacySummary
		}
		metrics[name] = m
	}
	return kind, metrics, nil
}

// judge makes the two gates that a summary has numbers for.
func (r *Result) judge(metrics map[string]metric, policy gate.Policy) error {
	failed, ok := metrics[failures]
	if !ok {
		return r.judgeUncounted(metrics, policy)
	}
	hits, total, err := failed.rate()
	if err != nil {
		return fmt.Errorf("metric %s: %w", failures, err)
	}
	r.Requests = total
	r.Gates = append(r.Gates, judgeFailures(hits, total, policy))
	if took, ok := metrics[durations]; ok {
		r.Gates = append(r.Gates, judgeP95(took.values, hits, total, policy))
	}
	return nil
}

// judgeUncounted judges the summary of a k6 before 0.31, which did not count the
// requests that failed. Each of them may be one without an answer, which k6 counts
// as 0 ms, so nothing bounds the p95 from above.
func (r *Result) judgeUncounted(metrics map[string]metric, policy gate.Policy) error {
	n, err := metrics[requests].values.count("count")
	if err != nil {
		return fmt.Errorf("there is neither a metric %s nor a count of %s, so k6 made no request", failures, requests)
	}
	r.Requests = n
	r.Notes = append(r.Notes, "it is the summary of a k6 before 0.31: failures were not counted, so the error rate cannot be judged")
	if took, ok := metrics[durations]; ok {
		g := judgeP95(took.values, n, n, policy)
		if g.Verdict == gate.Inconclusive && n > 0 {
			g.Reason = reason.New("import_p95_zero")
		}
		r.Gates = append(r.Gates, g)
	}
	return nil
}

// describeMembers says which members an object has that is no summary.
func describeMembers(text []byte) string {
	var members map[string]json.RawMessage
	_ = json.Unmarshal(text, &members) // it has been read as an object before
	names := slices.Sorted(maps.Keys(members))
	for _, name := range names {
		var inner document
		if json.Unmarshal(members[name], &inner) == nil && (inner.Metrics != nil || inner.Results != nil) {
			return fmt.Sprintf("its member %.40q is a summary; `jq .%.40s FILE >summary.json` takes it out", name, name)
		}
	}
	return fmt.Sprintf("its members are %.200q", names[:min(len(names), 8)])
}

// rate returns how often a rate was true, and of how many. k6 calls what was
// true "passes" although a failed request is one of them.
func (m metric) rate() (hits, total int, err error) {
	if _, ok := m.values["total"]; ok {
		hits, err = m.values.count("matches")
		if err == nil {
			total, err = m.values.count("total")
		}
	} else {
		fails := 0
		hits, err = m.values.count("passes")
		if err == nil {
			fails, err = m.values.count("fails")
		}
		total = hits + fails
	}
	if err != nil {
		return 0, 0, err
	}
	stated, ok := m.values["value"]
	if !ok {
		stated, ok = m.values["rate"]
	}
	if ok && total > 0 && math.Abs(stated-float64(hits)/float64(total)) > 1e-6 {
		return 0, 0, fmt.Errorf("%d of %d are not the rate %v that stands beside them", hits, total, stated)
	}
	if hits > total {
		return 0, 0, fmt.Errorf("%d of %d were true", hits, total)
	}
	return hits, total, nil
}
