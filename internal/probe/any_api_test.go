package probe_test

import (
	"bytes"
	"context"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/check"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/goldentest"
	"github.com/occbench/occbench/internal/itemtest"
	"github.com/occbench/occbench/internal/probe"
	"github.com/occbench/occbench/seed"
)

// askItems probes a server of items, which it fills first.
func askItems(t *testing.T, server *itemtest.Server, file string) probe.Result {
	t.Helper()
	by := itemtest.Load(t, file)
	target := client.Config{API: by, Target: server.Start(t)}
	made, err := seed.SeedOverHTTP(t.Context(), target, seed.Options{})
	if err != nil {
		t.Fatal(err)
	}
	rounds := 8
	if server.WeakFor > 0 {
		rounds = 2 // each waits for a strong tag
	}
	r, err := probe.Run(t.Context(), probe.Options{Target: target, Known: made.IDs, Timeout: 10 * time.Second, Rounds: rounds})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

const noted = string(probe.Noted)

// remarks are the lines that are not ok, those to note too.
func remarks(r probe.Result) map[string]string {
	not := states(r)
	for _, l := range r.Lines {
		if l.State == probe.Noted {
			not[l.Name] = noted
		}
	}
	return not
}

// unmarked is the API file with tags of an API that shows no marker.
var unmarked = strings.NewReplacer(", marker: $.note", "", `,"note":"{marker}"`, "").Replace(itemtest.ETag)

// silent is the API file with tags of an API that does not answer them.
var silent = strings.Replace(itemtest.ETag, `token: "header:ETag"}`+"\n  conflict", "token: none}\n  conflict", 1)

// TestAnyAPI probes servers that know nothing of occbench. The lines named are those
// that are not ok.
func TestAnyAPI(t *testing.T) {
	for _, c := range []struct {
		name    string
		server  *itemtest.Server
		file    string
		want    map[string]string
		defects []check.ID // that must be among those proven; nil: none may
		detail  string
	}{
		{"a right server with tags", &itemtest.Server{}, itemtest.ETag, map[string]string{}, nil, ""},
		{"a right server with numbers", &itemtest.Server{}, itemtest.Numbers, map[string]string{}, nil, ""},
		{"check, then act, with tags", &itemtest.Server{CheckThenAct: 3 * time.Millisecond}, itemtest.ETag, map[string]string{"race": defect},
			[]check.ID{check.OCC01}, "LOST UPDATE: in round"},
		{"check, then act, with numbers", &itemtest.Server{CheckThenAct: 3 * time.Millisecond}, itemtest.Numbers, map[string]string{"race": defect},
			[]check.ID{check.OCC01}, "LOST UPDATE: in round"},
		{"no condition is honoured, with tags", &itemtest.Server{Unconditional: true}, itemtest.ETag, nil, []check.ID{check.OCC01}, "LOST UPDATE"},
		{"no condition is honoured, with numbers", &itemtest.Server{Unconditional: true, Lenient: true}, itemtest.Numbers, nil, []check.ID{check.OCC01}, "LOST UPDATE"},
		{"an update without a tag is applied", &itemtest.Server{Lenient: true}, itemtest.ETag, map[string]string{"no_token": noted}, nil, "whatever the item is by then"},
		{"one tag a second", &itemtest.Server{PerSecond: true}, itemtest.ETag, nil, []check.ID{check.OCC01}, "stayed through a confirmed update"},
		{"weak tags", &itemtest.Server{Weak: true}, itemtest.ETag, nil, nil, "its tags are weak"},
		{"weak tags for a moment", &itemtest.Server{WeakFor: 150 * time.Millisecond}, itemtest.ETag, map[string]string{"weak_tag": deviation, "answered_token": defect}, nil,
			"after a write the tag is weak for a moment: W/"},
		{"a tag of the collection", &itemtest.Server{Collection: true}, itemtest.ETag,
			map[string]string{"other_record": deviation, "foreign_token": noted}, nil, "changed the token of item occbench-load-2 from"},
		{"a tag of the representation", &itemtest.Server{Representation: true}, itemtest.ETag, map[string]string{"representation": deviation}, nil,
			"with Accept-Encoding: gzip the token is"},
		{"a tag of the content", &itemtest.Server{ContentHash: true}, itemtest.ETag, map[string]string{}, nil, ""},
		{"a tag of the content without a marker", &itemtest.Server{ContentHash: true}, unmarked, map[string]string{"same_content": noted, "foreign_token": noted}, nil,
			"came back with the content"},
		{"no tag in the answer", &itemtest.Server{Silent: true}, silent, map[string]string{"answered_token": noted}, nil, "the answer carries no token"},
		{"no tag in the answer, and one is promised", &itemtest.Server{Silent: true}, itemtest.ETag, map[string]string{"update": defect, "answered_token": defect}, nil,
			"it holds no token at header:ETag"},
		{"an old tag in the answer", &itemtest.Server{OldAnswer: true}, itemtest.ETag, map[string]string{"answered_token": defect}, nil, "the answer says the token"},
		{"an update makes what is not there", &itemtest.Server{Upsert: true}, itemtest.ETag, map[string]string{"unknown_id": deviation}, nil, "which was deleted again"},
		{"a part of the tag is compared", &itemtest.Server{Partial: true}, itemtest.ETag, map[string]string{"future_token": noted}, nil,
			"only a part of the token is compared"},
		{"a stale tag is a bad request", &itemtest.Server{Masked: true}, itemtest.ETag,
			map[string]string{"stale_update": defect, "foreign_token": deviation, "race": defect}, nil, "a masked conflict: a stale token is answered HTTP 400"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := askItems(t, c.server, c.file)
			if diff := cmp.Diff(c.want, remarks(r)); diff != "" && c.want != nil {
				t.Errorf("lines that are not ok (-want +got):\n%s\n%s", diff, details(r))
			}
			for _, id := range c.defects {
				if !slices.ContainsFunc(r.Defects, func(d probe.Defect) bool { return d.ID == id && len(d.Proof) > 0 }) {
					t.Errorf("%s is not proven: %+v\n%s", id, r.Defects, details(r))
				}
			}
			if c.defects == nil && slices.ContainsFunc(r.Defects, func(d probe.Defect) bool { return d.ID == check.OCC01 }) {
				t.Errorf("a lost update is claimed: %+v", r.Defects)
			}
			if !strings.Contains(details(r), c.detail) {
				t.Errorf("no detail has %q:\n%s", c.detail, details(r))
			}
		})
	}
}

// TestNoConditionIsHonoured holds that there is nothing to judge then, and that the
// reason is said.
func TestNoConditionIsHonoured(t *testing.T) {
	r := askItems(t, &itemtest.Server{Unconditional: true}, itemtest.ETag)
	if r.Verdict != probe.Unconditional || r.Err() == nil || len(r.Races) > 0 ||
		!strings.Contains(r.Err().Error(), "no condition is honoured, there is nothing to judge: an update with a stale token, one with a token that never was "+
			"and one without any were all applied (PUT /items/{id})") {
		t.Errorf("verdict %s, %v, races %+v", r.Verdict, r.Err(), r.Races)
	}
}

// TestTextOfAnyAPI draws the probe of an API that is described by a file.
func TestTextOfAnyAPI(t *testing.T) {
	for name, server := range map[string]*itemtest.Server{
		"etag":            {},
		"etag-collection": {Collection: true, Lenient: true, Representation: true},
		"unconditional":   {Unconditional: true},
	} {
		t.Run(name, func(t *testing.T) {
			r := askItems(t, server, itemtest.ETag)
			r.Target, r.ReadMS, r.UpdateMS = "http://127.0.0.1:8080", 0, 0
			var got bytes.Buffer
			if err := r.WriteText(&got); err != nil {
				t.Fatal(err)
			}
			goldentest.CompareFile(t, filepath.Join("testdata", name+".txt"), anyTag.ReplaceAllString(steady(got.String()), `"…"`))
		})
	}
}

// anyTag is a tag or a marker, which differ from run to run.
var anyTag = regexp.MustCompile(`"[0-9a-z]+(-[0-9a-z-]+)+"|"[0-9a-z]{10,}(-gzip)?"`)

func TestWhatIsNotThere(t *testing.T) {
	by := itemtest.Load(t, itemtest.ETag)
	empty := client.Config{API: by, Target: (&itemtest.Server{}).Start(t)}
	r, err := probe.Run(context.Background(), probe.Options{Target: empty})
	if err != nil || r.Verdict != probe.Speaks || !strings.Contains(line(t, r, "read").Detail, "it has 0 usable items tagged occbench:load and 2 are needed") {
		t.Errorf("verdict %s, read: %s; %v", r.Verdict, line(t, r, "read").Detail, err)
	}
	r, err = probe.Run(context.Background(), probe.Options{Target: client.Config{API: by, Target: "http://127.0.0.1:1"}})
	if err != nil || r.Verdict != probe.Foreign || !strings.Contains(r.Reason, "connection refused") {
		t.Errorf("verdict %s, %s; %v", r.Verdict, r.Reason, err)
	}
}
