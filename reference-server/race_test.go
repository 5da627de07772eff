package refserver_test

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	refserver "github.com/occbench/occbench/reference-server"
	"github.com/occbench/occbench/reference-server/appointment"
)

// together sends the same request k times at once and returns the replies.
func together(t *testing.T, k int, send func() (reply, error)) []reply {
	t.Helper()
	replies, errs := make([]reply, k), make([]error, k)
	barrier := make(chan struct{})
	var all sync.WaitGroup
	for i := range k {
		all.Go(func() {
			<-barrier
			replies[i], errs[i] = send()
		})
	}
	close(barrier)
	all.Wait()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
	return replies
}

func statuses(replies []reply) map[int]int {
	seen := map[int]int{}
	for _, r := range replies {
		seen[r.status]++
	}
	return seen
}

func TestOneOfManyMoversWins(t *testing.T) {
	const movers, rounds = 16, 10
	onEachStore(t, func(t *testing.T, kind, url string) {
		s := openStore(t, kind, url)
		id := addCards(t, s, 1)[0]
		server, base := serve(t, refserver.Options{Store: s})
		to := []appointment.Status{appointment.InProgress, appointment.Scheduled}
		for round := range rounds {
			expected := int64(round + 1)
			replies := together(t, movers, func() (reply, error) {
				return try(http.MethodPost, moveURL(base, id), moveBody(to[round%2], expected))
			})
			if diff := cmp.Diff(map[int]int{200: 1, 409: movers - 1}, statuses(replies)); diff != "" {
				t.Fatalf("answers of round %d (-want +got):\n%s", round, diff)
			}
			for _, r := range replies {
				if r.status == 409 && r.refusal()["current_version"] != float64(expected+1) {
					t.Errorf("a loser of round %d is told of version %v", round, r.refusal()["current_version"])
				}
			}
		}
		want := refserver.Attempts{200: rounds, 409: rounds * (movers - 1)}
		if diff := cmp.Diff(want, server.Attempts()); diff != "" {
			t.Errorf("attempts counted (-want +got):\n%s", diff)
		}
		if got := server.Attempts().Total(); got != rounds*movers {
			t.Errorf("%d attempts in all, want %d", got, rounds*movers)
		}
	})
}

// Movers that always carry what they saw last must get each version once: the
// answer's version comes from the statement that wrote it, not from a look
// afterwards at what may be another's.
func TestEveryVersionIsAnsweredOnce(t *testing.T) {
	const movers, moves = 8, 25
	onEachStore(t, func(t *testing.T, kind, url string) {
		s := openStore(t, kind, url)
		id := addCards(t, s, 1)[0]
		_, base := serve(t, refserver.Options{Store: s})
		var mu sync.Mutex
		owners := map[int64]int{}
		together(t, movers, func() (reply, error) {
			status, version := appointment.Scheduled, int64(1)
			for won := 0; won < moves; {
				to := appointment.InProgress
				if status == to {
					to = appointment.Scheduled
				}
				r, err := try(http.MethodPost, moveURL(base, id), moveBody(to, version))
				if err != nil {
					return r, err
				}
				if r.status == http.StatusOK {
					won++
					if got := int64(r.data()["version"].(float64)); got != version+1 {
						t.Errorf("a move from %d is answered with version %d", version, got)
					}
					status, version = to, version+1
					mu.Lock()
					owners[version]++
					mu.Unlock()
					continue
				}
				status = appointment.Status(r.refusal()["current_status"].(string))
				version = int64(r.refusal()["current_version"].(float64))
			}
			return reply{}, nil
		})
		for v := int64(2); v <= movers*moves+1; v++ {
			if owners[v] != 1 {
				t.Errorf("version %d was answered to %d movers", v, owners[v])
			}
		}
		if _, version := cardNow(t, base, id); version != movers*moves+1 {
			t.Errorf("the card ends in version %d, want %d", version, movers*moves+1)
		}
	})
}

// Two servers on one database know nothing of each other: each update has one winner all the
// same, and the other server's board shows it.
func TestServersOnOneDatabase(t *testing.T) {
	const movers, rounds, cards = 8, 10, 3
	url := databaseURL(t, "postgres")
	one := openStore(t, "postgres", url)
	addCards(t, one, cards)
	_, first := serve(t, refserver.Options{Store: one})
	_, second := serve(t, refserver.Options{Store: openStore(t, "postgres", url)})
	bases := []string{first, second}
	to := []appointment.Status{appointment.InProgress, appointment.Scheduled}
	for round := range rounds {
		var sent atomic.Int64
		replies := together(t, len(bases)*movers*cards, func() (reply, error) {
			n := int(sent.Add(1))
			return try(http.MethodPost, moveURL(bases[n%2], int64(1+n/2%cards)), moveBody(to[round%2], int64(round+1)))
		})
		if diff := cmp.Diff(map[int]int{200: cards, 409: (len(bases)*movers - 1) * cards}, statuses(replies)); diff != "" {
			t.Fatalf("answers of round %d (-want +got):\n%s", round, diff)
		}
		for _, base := range bases {
			for id, card := range boardCards(t, base) {
				if card["version"] != float64(round+2) {
					t.Errorf("after round %d card %s is shown in version %v", round, id, card["version"])
				}
			}
		}
	}
}
