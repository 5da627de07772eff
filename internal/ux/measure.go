package ux

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/occbench/occbench/internal/stats"
)

// Measure collects gestures.
type Measure struct {
	n                                Numbers
	people                           map[int]bool
	recovery, feedback, move, opened stats.Sample
	gone, twice                      map[string]bool // cards already counted, by person
}

// New returns an empty measure.
func New() *Measure {
	return &Measure{
		n:      Numbers{Outcomes: map[string]int{}, Toasts: map[string]int{}, Failures: []string{}},
		people: map[int]bool{}, gone: map[string]bool{}, twice: map[string]bool{},
	}
}

// AddGesture adds a gesture of a person.
func (m *Measure) AddGesture(person int, g *Gesture) {
	m.people[person] = true
	m.n.Gestures++
	if len(g.Moves) == 0 {
		m.n.Unsent++
	}
	if g.Unread != "" {
		m.n.Unchecked++
	}
	for _, move := range slices.Concat(g.Moves, g.Also) {
		if !move.Injected {
			m.n.Outcomes[move.Outcome]++
		}
	}
	for _, t := range g.Toasts {
		m.n.Toasts[t.Kind]++
	}
	m.addConflict(person, g)
	m.addScreen(person, g)
	m.addSpecial(g)
	m.addTimes(g)
}

func (m *Measure) addConflict(person int, g *Gesture) {
	if g.isOvertaken() {
		m.n.Provoked++
	}
	if !g.hasConflict() {
		return
	}
	c := &m.n.Conflicts
	c.Count++
	if g.isOvertaken() {
		c.Provoked++
	}
	if !g.hasMessage("conflict") {
		m.n.Untold++
	}
	if g.Unread != "" {
		return
	}
	c.Judged++
	if g.EqualMS != nil {
		c.Recovered++
		m.recovery.Add(toMicroseconds(*g.EqualMS))
	} else if c.First == "" {
		c.First = g.explainUnequal(person)
	}
}

// explainUnequal returns what is wrong on a screen that did not become right in time.
func (g *Gesture) explainUnequal(person int) string {
	what := "the screen"
	if len(g.Late) > 0 {
		late := g.Late[0]
		what = fmt.Sprintf("card %s is in %s as version %d at the server and", late.ID, late.Want.Status, late.Want.Version)
		if late.Shown == nil {
			what += " nowhere on the screen"
		} else {
			what += fmt.Sprintf(" in %s as version %d on the screen", late.Shown.Status, late.Shown.Version)
		}
	} else {
		what += " does not equal the server"
	}
	return fmt.Sprintf("after the conflict of card %s, %s (person %d, gesture %d)", g.Card, what, person, g.N)
}

// addScreen counts what must never be on a screen. A card that stays lost is
// counted once.
func (m *Measure) addScreen(person int, g *Gesture) {
	if fresh := m.filterNew(m.gone, person, g.Missing); len(fresh) > 0 {
		m.n.Lost.add(
			len(fresh),
			fmt.Sprintf("card %s is on the board of the server and nowhere on the screen after a %s of card %s (person %d, gesture %d)",
				fresh[0], g.Name, g.Card, person, g.N),
		)
	}
	if fresh := m.filterNew(m.twice, person, g.Twice); len(fresh) > 0 {
		m.n.Duplicated.add(len(fresh), fmt.Sprintf("card %s stands on the screen more than once after a %s of card %s (person %d, "+
			"gesture %d)",
			fresh[0], g.Name, g.Card, person, g.N))
	}
	if wrong := g.explainWrong(person); wrong != "" {
		m.n.Rollbacks.add(1, wrong)
	}
	if len(g.Moves) > 0 && !g.Settled {
		m.n.Unsettled.add(1, fmt.Sprintf("the page never ended the move of card %s to %s (person %d, gesture %d)", g.Card, g.To, person,
			g.N))
	}
}

func (m *Measure) filterNew(known map[string]bool, person int, cards []string) []string {
	var fresh []string
	for _, card := range cards {
		if key := fmt.Sprint(person, " ", card); !known[key] {
			known[key] = true
			fresh = append(fresh, card)
		}
	}
	return fresh
}

// addSpecial counts second moves, made-up errors and slowed answers.
func (m *Measure) addSpecial(g *Gesture) {
	if g.Name == "double" && len(g.Moves) > 0 {
		m.n.Doubles.Made++
		if len(g.Moves) == 1 {
			m.n.Doubles.Once++
		}
	}
	injected := len(g.Moves) > 0 && g.Moves[0].Injected
	switch {
	case injected:
		m.n.Errors.add(g, "unknown", "error")
	case g.Slow:
		m.n.Slow.add(g, "slow")
	}
}

func (i *Injected) add(g *Gesture, kinds ...string) {
	i.Count++
	if g.EqualMS != nil {
		i.Right++
	}
	if g.hasMessage(kinds...) {
		i.Told++
	}
}

func (m *Measure) addTimes(g *Gesture) {
	if g.Feedback != nil {
		m.feedback.Add(toMicroseconds(*g.Feedback))
	}
	if g.MoveMS != nil && g.HeldMS == 0 && !g.Slow && len(g.Moves) == 1 && !g.Moves[0].Injected {
		m.move.Add(toMicroseconds(*g.MoveMS))
	}
}

func (m *Measure) addPage(person int, p page) {
	m.people[person] = true
	m.n.Strays += p.Strays
	if p.State != "ready" {
		m.addFailure(person, fmt.Sprintf("its board did not become ready (data-state %q)", p.State))
		return
	}
	m.opened.Add(toMicroseconds(p.OpenedMS))
	m.n.LCP, m.n.INP = maxOrNil(m.n.LCP, p.LCP), maxOrNil(m.n.INP, p.INP)
}

// mostFailures bounds a list whose length is not ours.
const mostFailures = 20

func (m *Measure) addFailure(person int, why string) {
	m.people[person] = true
	if len(m.n.Failures) < mostFailures {
		m.n.Failures = append(m.n.Failures, fmt.Sprintf("the browser of person %d: %s", person, strings.ToValidUTF8(why, "?")))
	}
}

// Numbers returns what was added so far.
func (m *Measure) Numbers() Numbers {
	n := m.n
	n.People = len(m.people)
	n.Conflicts.Recovery = computeQuantiles(&m.recovery)
	n.Feedback, n.Move, n.Opened = computeQuantiles(&m.feedback), computeQuantiles(&m.move), computeQuantiles(&m.opened)
	return n
}

func computeQuantiles(s *stats.Sample) Quantiles {
	q := Quantiles{Count: s.Len()}
	if q.Count == 0 {
		return q
	}
	at := stats.OrderStatistics([]int{stats.Rank(q.Count, 0.5), stats.Rank(q.Count, 0.95), q.Count}, s)
	q.Median, q.P95, q.Worst = toMilliseconds(at[0]), toMilliseconds(at[1]), toMilliseconds(at[2])
	return q
}

func maxOrNil(a, b *float64) *float64 {
	if a == nil || b != nil && *b > *a {
		return b
	}
	return a
}

// toMicroseconds returns milliseconds in microseconds, within what a sample can hold: a page may
// send any number.
func toMicroseconds(ms float64) int64 {
	if !(ms > 0) {
		return 0
	}
	return int64(math.Min(1000*ms, 1e15))
}

func toMilliseconds(us int64) *float64 {
	ms := float64(us) / 1000
	return &ms
}
