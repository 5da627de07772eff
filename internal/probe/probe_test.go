package probe_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/occbench/occbench/internal/api/apitest"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/pgtest"
	"github.com/occbench/occbench/internal/probe"
	"github.com/occbench/occbench/seed"
)

func TestTheReferenceServerSpeaksItsAPI(t *testing.T) {
	for _, kind := range []string{"sqlite", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			databaseURL := ""
			if kind == "postgres" {
				databaseURL = pgtest.New(t)
			}
			target := reference(t, kind, databaseURL, nil)
			before := board(t, target)
			r := ask(t, target)
			if diff := cmp.Diff(map[string]string{}, states(r)); diff != "" {
				t.Errorf("lines that are not ok (-want +got):\n%s", diff)
			}
			if r.Verdict != probe.Speaks || r.Err() != nil || r.Summary() != "speaks the API appointments" || len(r.Warnings) > 0 {
				t.Errorf("verdict %s, %q, warnings %q", r.Verdict, r.Summary(), r.Warnings)
			}
			if diff := cmp.Diff([]probe.Races{{Of: 8, Played: 24}}, r.Races); diff != "" || len(r.Defects) > 0 {
				t.Errorf("defects %+v, races (-want +got):\n%s", r.Defects, diff)
			}
			if r.Build != "b-17" || r.Store != kind || r.Records != 8 || r.ReadMS <= 0 || r.UpdateMS <= 0 {
				t.Errorf("build %q, store %q, %d records, board %v ms, move %v ms", r.Build, r.Store, r.Records, r.ReadMS, r.UpdateMS)
			}
			if diff := cmp.Diff(before, board(t, target)); diff != "" {
				t.Errorf("records were not put back (-before +after):\n%s", diff)
			}
		})
	}
}

// TestEveryStartingColumn probes with records in each column that is not final.
func TestEveryStartingColumn(t *testing.T) {
	for _, from := range []string{"in_progress", "in_progress ready", "no_show"} {
		t.Run(from, func(t *testing.T) {
			target := reference(t, "sqlite", "", nil)
			c, err := client.New(client.Config{API: apitest.Appointments(t), Target: target, Date: tomorrow})
			if err != nil {
				t.Fatal(err)
			}
			for id := range board(t, target) {
				for i, to := range strings.Fields(from) {
					got, err := c.Do(context.Background(), http.MethodPost, "/api/admin/appointments/"+id+"/move",
						[]byte(`{"new_status":"`+to+`","expected_version":`+string(rune('1'+i))+`}`))
					if err != nil || got.Status != http.StatusOK {
						t.Fatal(got.Status, err)
					}
				}
			}
			before := board(t, target)
			r := ask(t, target)
			if diff := cmp.Diff(map[string]string{}, states(r)); diff != "" || len(r.Warnings) > 0 {
				t.Errorf("lines that are not ok (-want +got):\n%s%q", diff, r.Warnings)
			}
			if diff := cmp.Diff(before, board(t, target)); diff != "" {
				t.Errorf("records were not put back (-before +after):\n%s", diff)
			}
		})
	}
}

// needing are the lines that cannot be asked without records.
func needing(r probe.Result) (names []string) {
	for _, l := range r.Lines {
		if l.State == probe.Unasked {
			names = append(names, l.Name)
		}
	}
	return names
}

func TestWithoutRecordsNothingIsMoved(t *testing.T) {
	target := reference(t, "sqlite", "", nil)
	before := board(t, target)
	r := ask(t, target, func(o *probe.Options) { o.Tag = "other" })
	want := []string{"read", "read_again", "update", "token_changes", "answered_token", "other_record", "stale_update", "conflict_fields",
		"stale_illegal_update", "future_token", "no_token", "illegal_update", "same_state_update", "updated_at", "unversioned_edit", "token_ill_typed",
		"token_negative", "state_missing", "state_unknown", "body_not_json", "body_too_large", "id_aliases", "race"}
	if diff := cmp.Diff(want, needing(r)); diff != "" {
		t.Errorf("lines that were not asked (-want +got):\n%s", diff)
	}
	if r.Verdict != probe.Speaks || r.Summary() != "speaks the API appointments as far as it was asked; 23 lines could not be asked" {
		t.Errorf("verdict %s, %q", r.Verdict, r.Summary())
	}
	if l := line(t, r, "stale_update"); !strings.Contains(l.Detail, "it has 0 usable appointments tagged occbench:other and 2 are needed; `occbench seed` makes them") {
		t.Errorf("the reason is %q", l.Detail)
	}
	if diff := cmp.Diff(before, board(t, target)); diff != "" {
		t.Errorf("records of another tag were moved (-before +after):\n%s", diff)
	}
}

func TestProvide(t *testing.T) {
	for _, c := range []struct {
		name    string
		provide func(ctx context.Context, target string) error
		unasked int
		detail  string
	}{
		{"by the seeder", func(ctx context.Context, target string) error {
			_, err := seed.SeedOverHTTP(ctx, client.Config{API: apitest.Appointments(t), Target: target}, seed.Options{Date: tomorrow})
			return err
		}, 0, ""},
		{"that fails", func(context.Context, string) error { return errors.New("seeding: no such call") }, 23, "there is no appointment to update: seeding: no such call"},
		{"that makes nothing", func(context.Context, string) error { return nil }, 23, "0 usable appointments"},
	} {
		t.Run(c.name, func(t *testing.T) {
			listening := httptest.NewServer(empty(t, "sqlite", ""))
			defer listening.Close()
			r := ask(t, listening.URL, func(o *probe.Options) {
				o.Provide = func(ctx context.Context, n int) ([]string, error) {
					if n != 2 {
						t.Errorf("%d records were asked for, want 2", n)
					}
					return nil, c.provide(ctx, listening.URL)
				}
			})
			unasked := needing(r)
			if c.unasked == 0 && len(unasked) > 0 || c.unasked > 0 && len(unasked) != c.unasked+1 { // and list_rows
				t.Errorf("lines that were not asked: %q", unasked)
			}
			if l := line(t, r, "race"); !strings.Contains(l.Detail, c.detail) {
				t.Errorf("the reason is %q, want one with %q", l.Detail, c.detail)
			}
		})
	}
}

// TestRacesLeaveTogether holds the barrier to its word: the body of an attempt in
// a race is written when the headers of all eight are.
func TestRacesLeaveTogether(t *testing.T) {
	w := watched{together: map[int]int{}}
	r := ask(t, reference(t, "sqlite", "", nil), func(o *probe.Options) {
		o.Target.Transport = &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := new(net.Dialer).DialContext(ctx, network, address)
			return &watchedConn{c, &w}, err
		}}
	})
	want := map[int]int{}
	for race := range 24 {
		want[8*(race+1)] = 8
	}
	if diff := cmp.Diff(want, w.together); diff != "" || len(r.Races) != 1 || r.Races[0].Played != 24 {
		t.Errorf("%+v; bodies by the headers written before them (-want +got):\n%s", r.Races, diff)
	}
}

// watched counts the requests whose header is written apart from its body.
type watched struct {
	mu       sync.Mutex
	headers  int
	together map[int]int // bodies by how many headers were written before
}

type watchedConn struct {
	net.Conn
	*watched
}

func (c *watchedConn) Write(p []byte) (int, error) {
	c.mu.Lock()
	header := bytes.HasPrefix(p, []byte("POST "))
	switch {
	case header && bytes.HasSuffix(p, []byte("\r\n\r\n")):
		c.headers++
	case !header && bytes.HasPrefix(p, []byte(`{"new_status"`)) && len(p) < 200:
		c.together[c.headers]++
	}
	c.mu.Unlock()
	return c.Conn.Write(p)
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	target := reference(t, "sqlite", "", onMove(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		cancel()
		next.ServeHTTP(w, r)
	}))
	r, err := probe.Run(ctx, probe.Options{Target: client.Config{API: apitest.Appointments(t), Target: target, Date: tomorrow}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v, want that of a canceled context", err)
	}
	if l := line(t, r, "race"); l.State != probe.Unasked || r.Verdict == probe.Foreign {
		t.Errorf("verdict %s, race %s", r.Verdict, l.State)
	}
}

func TestTheWholeProbeIsBounded(t *testing.T) {
	target := reference(t, "sqlite", "", onMove(func(_ http.ResponseWriter, r *http.Request, _ http.Handler) { hang(r) }))
	r := ask(t, target, func(o *probe.Options) { o.Limit = 3 * time.Second })
	if l := line(t, r, "update"); l.State != probe.Unasked || r.Verdict == probe.Foreign {
		t.Errorf("verdict %s, happy move %s: %s", r.Verdict, l.State, l.Detail)
	}
}

func TestBadOptions(t *testing.T) {
	for name, o := range map[string]probe.Options{
		"no target": {},
		"bad date":  {Target: client.Config{API: apitest.Appointments(t), Target: "http://127.0.0.1:1", Date: "tomorrow"}},
	} {
		if _, err := probe.Run(context.Background(), o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestJSON(t *testing.T) {
	r := ask(t, reference(t, "sqlite", "", nil))
	encoded, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var back probe.Result
	if err := json.Unmarshal(encoded, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r, back); diff != "" {
		t.Errorf("(-written +read):\n%s", diff)
	}
}
