package probe_test

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/occbench/occbench/internal/api/apitest"
	"github.com/occbench/occbench/internal/goldentest"
	"github.com/occbench/occbench/internal/probe"
	"github.com/occbench/occbench/reference-server/appointment"
)

// TestText draws results of real probes, with what differs from run to run
// made the same.
func TestText(t *testing.T) {
	for _, c := range []struct {
		name, tag string
		around    wrap
	}{
		{"speaks", "load", nil},
		{"no-records", "other", nil},
		{"stale-accepted", "load", rewrite(func(body moveBody, record appointment.Card) {
			if v, ok := body["expected_version"].(float64); ok && int64(v) < record.Version && v > 0 {
				body["expected_version"] = record.Version
			}
		})},
		{"foreign", "load", replaceAll(`{"ok":true,"data":[]}`)},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := ask(t, reference(t, "sqlite", "", c.around), func(o *probe.Options) { o.Tag = c.tag })
			r.Target, r.Date, r.ReadMS, r.UpdateMS = "http://127.0.0.1:8080", "2026-11-24", 0, 0
			var got bytes.Buffer
			if err := r.WriteText(&got); err != nil {
				t.Fatal(err)
			}
			goldentest.CompareFile(t, filepath.Join("testdata", c.name+".txt"), steady(got.String()))
		})
	}
}

// steady removes from a drawn result the times of answers, the date, and the
// race, whose losers and winners differ from run to run.
func steady(drawn string) string {
	var kept []string
	inRace := false
	for _, l := range strings.Split(drawn, "\n") {
		if !strings.HasPrefix(l, " ") {
			inRace = strings.Contains(l, " race  ")
		}
		if i := strings.Index(l, `"updated_at"`); i >= 0 {
			l = l[:i] + "…"
		}
		if !inRace {
			kept = append(kept, strings.ReplaceAll(l, tomorrow, "2026-11-24"))
		}
	}
	return strings.Join(kept, "\n")
}

func FuzzListOfATarget(f *testing.F) {
	speaks := apitest.Appointments(f)
	for _, seed := range []string{"", "null", "[]", `{"ok":true,"data":{"columns":{"scheduled":{"items":[{"id":"1","version":1,"status":"scheduled"}]}}}}`,
		`{"data":{"columns":{"A":null}}}`, `{"data":{"columns":{"scheduled":{"items":[1,null,[]]}}}}`, `{"data":1}`, "{\"data\":\"\x1b[2J",
		`{"data":{"columns":{"x":{"items":[{"id":"1","status":"SCHEDULED\u001b","version":"7"}]}}}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if reason := probe.ReasonFor(speaks, body); !utf8.ValidString(reason) || strings.ContainsAny(reason, "\x1b\n\r") {
			t.Errorf("the reason for %q is %q", body, reason)
		}
	})
}
