package refserver_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	refserver "github.com/occbench/occbench/reference-server"
	"github.com/occbench/occbench/reference-server/appointment"
	"github.com/occbench/occbench/reference-server/fault"
	"github.com/occbench/occbench/reference-server/store"
)

// event is one event of a stream.
type event struct{ name, data string }

// listen opens the stream of tomorrow; what it returns is closed with it.
func listen(t *testing.T, base string) <-chan event {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/api/admin/appointments/stream?date="+tomorrow.Format(time.DateOnly), nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); _ = answer.Body.Close() })
	if kind := answer.Header.Get("Content-Type"); answer.StatusCode != http.StatusOK || kind != "text/event-stream" {
		t.Fatalf("the stream is answered with %d, %s", answer.StatusCode, kind)
	}
	events := make(chan event, 10_000)
	go func() {
		defer close(events)
		var e event
		for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
			switch line := lines.Text(); {
			case strings.HasPrefix(line, "event: "):
				e.name = line[len("event: "):]
			case strings.HasPrefix(line, "data: "):
				e.data = line[len("data: "):]
			case line == "":
				events <- e
				e = event{}
			}
		}
	}()
	if first := <-events; first.name != "beat" {
		t.Fatalf("the stream begins with %v", first)
	}
	return events
}

// streamed is the next card that a stream tells of.
func streamed(t *testing.T, events <-chan event) appointment.Card {
	t.Helper()
	for e := range events {
		if e.name != "card" {
			continue
		}
		var card appointment.Card
		if err := json.Unmarshal([]byte(e.data), &card); err != nil {
			t.Fatalf("%v in %s", err, e.data)
		}
		return card
	}
	t.Fatal("the stream has ended")
	return appointment.Card{}
}

// Every listener hears of a move, and of a card that is added, in the
// words of the board.
func TestStreamTellsOfCommits(t *testing.T) {
	onEachStore(t, func(t *testing.T, kind, url string) {
		s := openStore(t, kind, url)
		id := addCards(t, s, 2)[1]
		_, base := serve(t, refserver.Options{Store: s})
		one, other := listen(t, base), listen(t, base)
		if r := move(t, base, id, inProgress, 1); r.status != http.StatusOK {
			t.Fatal(r.status)
		}
		want, err := s.Card(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		for _, events := range []<-chan event{one, other} {
			if diff := cmp.Diff(want, streamed(t, events)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		}
		r := call(t, http.MethodPost, base+"/api/admin/appointments", `{"customer_id":"1","vehicle_id":"1","appt_start":"2026-01-06T18:00:00Z","appt_end":"2026-01-06T19:00:00Z","service_codes":["OIL"],"notes":"line\nbreak"}`)
		if card := streamed(t, one); card.ID != r.data()["id"] || card.Notes != "line\nbreak" {
			t.Errorf("a card is added as %v, the stream tells of %+v", r.body, card)
		}
	})
}

// A stream is for one date, and a refused move is no news.
func TestStreamTellsNothingElse(t *testing.T) {
	s := openStore(t, "sqlite", "")
	ids := addCards(t, s, 2)
	later, err := s.AddAppointment(t.Context(), store.Appointment{Customer: 1, Vehicle: 1, Start: tomorrow.Add(24 * time.Hour), End: tomorrow.Add(25 * time.Hour), Services: []string{"OIL"}})
	if err != nil {
		t.Fatal(err)
	}
	_, base := serve(t, refserver.Options{Store: s})
	events := listen(t, base)
	move(t, base, later, inProgress, 1)  // another date
	move(t, base, ids[0], inProgress, 9) // a conflict
	move(t, base, ids[0], completed, 1)  // illegal
	move(t, base, ids[1], inProgress, 1)
	if card := streamed(t, events); card.ID != "2" || card.Version != 2 {
		t.Errorf("the first news are of %+v", card)
	}
}

// A broken server says one thing and commits another: the stream shows what it
// committed.
func TestStreamShowsWhatIsCommitted(t *testing.T) {
	for _, c := range []struct {
		fault   string
		version int64
		status  appointment.Status
	}{
		{"", 2, inProgress},
		{"phantom-failure:1", 2, inProgress},
		{"drop-reply:1", 2, inProgress},
		{"malformed-answer:1", 2, inProgress},
		{"dirty-refusal:1", 2, inProgress},
		{"torn-status:1", 2, scheduled},
		{"double-apply:1", 3, inProgress},
		// Nothing is committed, so the first news are of the next card.
		{"phantom-success:1", 0, ""},
		{"ack-then-rollback:1", 0, ""},
		{"error-500:1", 0, ""},
		{"spurious-conflict:1", 0, ""},
	} {
		t.Run(c.fault, func(t *testing.T) {
			faults, err := fault.Parse(c.fault, fault.Options{Seed: 1})
			if err != nil {
				t.Fatal(err)
			}
			s := openStore(t, "sqlite", "")
			addCards(t, s, 1)
			_, base := serve(t, refserver.Options{Store: s, Faults: faults})
			events := listen(t, base)
			// A dropped reply is an error of the client, and no concern of this test.
			_, _ = try(http.MethodPost, moveURL(base, 1), moveBody(inProgress, 1))
			r := call(t, http.MethodPost, base+"/api/admin/appointments", `{"customer_id":"1","vehicle_id":"1","appt_start":"2026-01-06T18:00:00Z","appt_end":"2026-01-06T19:00:00Z","service_codes":["OIL"]}`)
			if r.status != http.StatusCreated {
				t.Fatal(r.body)
			}
			got := map[string]appointment.Card{}
			for len(got) == 0 || got["2"].ID == "" {
				card := streamed(t, events)
				got[card.ID] = card
			}
			if c.version == 0 && got["1"].ID != "" {
				t.Errorf("nothing is committed, and the stream tells of %+v", got["1"])
			}
			// Of changes that come together the last state alone is told.
			if c.version > 0 && (got["1"].Version != c.version || got["1"].Status != c.status) {
				t.Errorf("the stream tells of %s in version %d, want %s in %d", got["1"].Status, got["1"].Version, c.status, c.version)
			}
		})
	}
}

func TestStreamNeedsADate(t *testing.T) {
	_, base := serve(t, refserver.Options{Store: openStore(t, "sqlite", "")})
	if r := call(t, http.MethodGet, base+"/api/admin/appointments/stream?date=soon", ""); r.status != http.StatusBadRequest || r.refusal()["field"] != "date" {
		t.Errorf("%d %v", r.status, r.body)
	}
}

// A stop waits for requests in flight, and a stream never ends by itself.
func TestStopEndsStreams(t *testing.T) {
	server, err := refserver.New(refserver.Options{Store: openStore(t, "sqlite", ""), Grace: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, listener) }()
	events := listen(t, "http://"+listener.Addr().String())
	stop()
	if e, more := <-events; more {
		t.Errorf("after the stop the stream says %v", e)
	}
	if err := <-ended; err != nil {
		t.Errorf("stopping: %v", err)
	}
}
