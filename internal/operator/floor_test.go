package operator

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/occbench/occbench/internal/api/apitest"
	"github.com/occbench/occbench/internal/client"
	"github.com/occbench/occbench/internal/history"
	"github.com/occbench/occbench/internal/run"
	"github.com/occbench/occbench/internal/workload"
	"github.com/occbench/occbench/reference-server/appointment"
)

// floor is a correct shop in memory that tests can make misbehave call by call.
type floor struct {
	mu     sync.Mutex
	cards  []*appointment.Card
	boards int // boards asked for
	moves  int // moves asked for
	moved  map[string]int

	// onBoard and onMove see the n-th call, counted from 1, before the shop
	// does; what they answer, if anything, is the answer.
	onBoard func(n int) *reply
	onMove  func(n int, card *appointment.Card) *reply
}

// reply is an answer of a test; with drop the connection is closed instead.
type reply struct {
	status int
	body   string
	header map[string]string
	drop   bool
}

func newFloor(n int) *floor {
	f := &floor{moved: map[string]int{}}
	for i := range n {
		f.add(fmt.Sprint(i+1), "occbench:load")
	}
	return f
}

func (f *floor) add(id, notes string) *appointment.Card {
	card := &appointment.Card{ID: id, Status: "scheduled", Version: 1, Notes: notes}
	f.cards = append(f.cards, card)
	return card
}

// put moves a card as another client would.
func (f *floor) put(card *appointment.Card, to ...string) {
	for _, s := range to {
		card.Status = appointment.Status(s)
		card.Version++
	}
}

func (f *floor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if strings.HasSuffix(r.URL.Path, "/board") {
		f.board(w)
		return
	}
	f.move(w, r, strings.Split(r.URL.Path, "/")[4])
}

func (f *floor) board(w http.ResponseWriter) {
	f.boards++
	if f.onBoard != nil && send(w, f.onBoard(f.boards)) {
		return
	}
	columns := map[string]map[string]any{}
	for _, s := range appointment.Statuses() {
		columns[string(s)] = map[string]any{"items": f.column(s)}
	}
	answer(w, 200, map[string]any{"ok": true, "data": map[string]any{"columns": columns}})
}

func (f *floor) column(s appointment.Status) (cards []*appointment.Card) {
	for _, c := range f.cards {
		if c.Status == s {
			cards = append(cards, c)
		}
	}
	return cards
}

func (f *floor) move(w http.ResponseWriter, r *http.Request, id string) {
	f.moves++
	var card *appointment.Card
	for _, c := range f.cards {
		if c.ID == id {
			card = c
		}
	}
	if f.onMove != nil && send(w, f.onMove(f.moves, card)) {
		return
	}
	var asked appointment.MoveRequest
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
		panic(err)
	}
	switch {
	case asked.ExpectedVersion != card.Version:
		refuse(w, 409, appointment.Error{Code: appointment.VersionConflict, CurrentVersion: &card.Version, CurrentStatus: card.Status})
	case !appointment.IsLegal(card.Status, asked.NewStatus):
		refuse(w, 422, appointment.Error{Code: appointment.InvalidTransition, From: card.Status})
	default:
		f.put(card, string(asked.NewStatus))
		f.moved[id]++
		answer(w, 200, map[string]any{"ok": true, "data": appointment.MoveResult{AppointmentID: id, Status: card.Status, Version: card.Version}})
	}
}

func refuse(w http.ResponseWriter, status int, e appointment.Error) {
	answer(w, status, map[string]any{"ok": false, "error": e})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		panic(err)
	}
}

func send(w http.ResponseWriter, r *reply) bool {
	if r == nil {
		return false
	}
	if r.drop {
		panic(http.ErrAbortHandler)
	}
	for name, value := range r.header {
		w.Header().Set(name, value)
	}
	w.WriteHeader(r.status)
	if _, err := w.Write([]byte(r.body)); err != nil {
		panic(err)
	}
	return true
}

// stage is a floor with a clock of its own and an operator on it: time passes
// only while an operator sleeps, and by one tick per look at the clock.
type stage struct {
	*floor
	target string
	client *client.Client
	now    atomic.Int64
	slept  []time.Duration
	lines  []history.Op
}

func newStage(tb testing.TB, f *floor) *stage {
	tb.Helper()
	server := httptest.NewServer(f)
	tb.Cleanup(server.Close)
	return newStageAt(tb, f, server.URL)
}

func newStageAt(tb testing.TB, f *floor, target string) *stage {
	tb.Helper()
	s := &stage{floor: f, target: target}
	client, err := client.New(client.Config{API: apitest.OneWay(tb), Target: target, Clock: func() int64 { return s.now.Add(1) }})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(client.CloseIdle)
	s.client = client
	return s
}

func (s *stage) sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.slept = append(s.slept, d)
	s.now.Add(int64(d))
	return nil
}

// operator returns operator 1 on the floor's cards, who always starts at the
// first one.
func (s *stage) operator(tb testing.TB, change func(*Config)) *Operator {
	tb.Helper()
	ids := []string{}
	for _, c := range s.cards {
		ids = append(ids, c.ID)
	}
	return s.operatorOn(tb, NewRoster(ids), change)
}

func (s *stage) operatorOn(tb testing.TB, roster *Roster, change func(*Config)) *Operator {
	tb.Helper()
	cfg := Config{
		Shop: s.client, Roster: roster, Picker: mustPick(tb, "first").NewPicker(roster.Len(), 1, 1), Number: 1, Spec: run.Spec{RandSeed: 1}, Sleep: s.sleep,
		Record: func(op *history.Op) { s.lines = append(s.lines, *op) },
	}
	if change != nil {
		change(&cfg)
	}
	o, err := New(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	return o
}

// story is the history in words, without times.
func (s *stage) story() []string {
	var story []string
	for i := range s.lines {
		story = append(story, words(&s.lines[i]))
	}
	return story
}

// words tells of one operation: "update 2: card 1 v3 → ready: conflict 409 v4 ready".
func words(op *history.Op) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %d: card %s", op.Kind, op.Attempt, op.Record)
	if op.Kind == history.Update {
		fmt.Fprintf(&b, " v%d → %s", op.Expected, op.Target)
	}
	fmt.Fprintf(&b, ": %s", op.Outcome)
	if op.HTTP != 0 && op.HTTP != 200 {
		fmt.Fprintf(&b, " %d", op.HTTP)
	}
	if op.Token != history.None {
		fmt.Fprintf(&b, " v%d", op.Token)
	}
	if op.State != "" {
		fmt.Fprintf(&b, " %s", op.State)
	}
	if op.Flags&history.Contradiction != 0 {
		b.WriteString(" x")
	}
	return b.String()
}

func mustPick(tb testing.TB, spec string) workload.Pick {
	tb.Helper()
	pick, err := workload.ParsePick(spec)
	if err != nil {
		tb.Fatal(err)
	}
	return pick
}

func mustDelay(tb testing.TB, spec string) workload.Delay {
	tb.Helper()
	d, err := workload.ParseDelay(spec)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}
