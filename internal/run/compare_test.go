package run

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Every field of the declared run is compared, or stands here with the reason why
// it is not.
func TestEveryFieldIsCompared(t *testing.T) {
	free := map[string]string{
		"target": "where it is, is compared by who may look at hosts", "update-limit": "an answer beyond it is malformed, and no measure of the load", "list-limit": "likewise",
		"date": "the board of another day", "tag": "the same records by another name", "auth": "who asks is not what is asked",
		"ramp": "rate and ramp to are compared", "max-operators": "chosen from the latency that the probe measured",
		"duration": "a longer run has more samples, of the same load", "until-decided": "likewise", "max-duration": "likewise", "fail-fast": "likewise", "contention.warmup_rule": "the warm-up tells", "race-first": "a number", "rand-seed": "another draw of the same load",
		"first-desk": "a number", "api_sha256": "the API tells", "board-url": "the page of the target", "fault": "what is compared",
		"generators": "the same load, made by more processes",
	}
	for _, f := range Fields(time.Now) {
		if strings.HasPrefix(f.Name, "races.") { // the races tell
			continue
		}
		if _, ok := free[f.Name]; ok != f.Free {
			t.Errorf("%s: free %v in the table, %v here", f.Name, f.Free, ok)
		}
	}
}

func TestUnlike(t *testing.T) {
	base := Default(time.Now)
	for _, tt := range []struct {
		change string
		want   []Difference
	}{
		{"duration=2m", nil},
		{"warmup=auto", []Difference{{"warm-up", "2s", "auto"}}},
		{"rate=40", []Difference{{"rate", "", "40/s"}}},
		{"ramp=10..80", []Difference{{"rate", "", "10/s"}, {"ramp to", "", "80/s"}}},
		{"double-updates=0.05", []Difference{{"double updates", "", "0.05"}}},
		{"shared-records=true", []Difference{{"shared records", "false", "true"}}},
	} {
		other := setFields(t, base, tt.change)
		if diff := cmp.Diff(tt.want, DiffSpecs(&base, &other)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", tt.change, diff)
		}
	}
}
