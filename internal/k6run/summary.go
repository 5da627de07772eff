package k6run

import (
	"encoding/json"
	"os"

	"github.com/occbench/occbench/internal/run"
)

// summary is the part of summary.json that tells how the run ended; the rest is
// k6's and is for people.
type summary struct {
	Metrics map[string]struct {
		Values map[string]float64 `json:"values"`
	} `json:"metrics"`
	Recording struct {
		Operations int64         `json:"operations"`
		Dropped    int64         `json:"dropped"`
		Error      string        `json:"error"`
		Builds     []run.Build   `json:"builds"`
		Troubles   []run.Trouble `json:"troubles"`
		Cores      float64       `json:"cores"`       // that a cgroup leaves to k6; 0: no limit
		Throttled  int64         `json:"throttledMs"` // how long it held k6 back
		Turns      struct {
			Planned int64 `json:"planned"`
			Dropped int64 `json:"dropped"`
		} `json:"turns"`
	} `json:"recording"`
}

// readSummary returns an empty summary when there is none: a k6 that was killed
// wrote none, and its exit tells more.
func readSummary(path string) summary {
	var s summary
	if data, err := os.ReadFile(path); err == nil {
		if err := json.Unmarshal(data, &s); err != nil {
			return summary{}
		}
	}
	return s
}

// iterations is 0 where k6 shows none, and -1 where there is no summary.
func (s summary) iterations() int64 {
	if s.Metrics == nil {
		return -1
	}
	return int64(s.Metrics["iterations"].Values["count"])
}
