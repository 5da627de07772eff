package occ

import (
	"errors"
	"fmt"
	"hash/maphash"
	"math"
	"strconv"
	"time"

	"github.com/occbench/occbench/internal/auth"
	"github.com/occbench/occbench/internal/contention"
	"github.com/occbench/occbench/internal/operator"
	"github.com/occbench/occbench/internal/shop"
)

// lookup finds the text of a parameter by the name it has in the environment.
type lookup func(name string) (string, bool)

// parameters are the parsed parameters of operators.
type parameters struct {
	url          string
	date         string
	tag          string
	auth         auth.Spec
	operators    int           // closed model
	rate         float64       // open model: turns begun per second, at first when there is a ramp
	rampTo       float64       // open model: the rate at the end; 0: constant
	maxOperators int           // open model
	refresh      time.Duration // 0: every turn reads its own board
	doubleMoves  float64       // share of the turns, 0–1
	races        contention.Races
	raceFirst    int // operator number of the first in a race
	duration     time.Duration
	warmup       time.Duration
	think        contention.Delay
	pause        contention.Delay
	pick         contention.Pick
	walk         contention.Walk
	cards        int // 0: all
	seed         uint64
	attempts     int
	budget       time.Duration
	backoff      contention.Backoff
	timeout      time.Duration
	updateLimit  int64 // bytes
	listLimit    int64 // bytes
}

// The defaults, as texts, so that they go through the same parser as anything
// else.
const (
	defaultURL       = "http://127.0.0.1:8080"
	defaultTag       = "load"
	defaultOperators = "20"
	defaultDuration  = "60s"
	defaultThink     = "250ms"
	defaultPause     = "250ms"
	defaultWarmup    = 2 * time.Second
)

// The waits of the backoff: the first is drawn from up to twice the base.
const (
	backoffBase  = 50 * time.Millisecond
	backoffLimit = time.Second
)

// processSeed is the seed of runs that name none.
var processSeed = new(maphash.Hash).Sum64()

// reader reads parameters one after the other and keeps the first error.
type reader struct {
	find lookup
	err  error
}

// read parses the text found under a name, or the preset.
func read[T any](r *reader, name, preset string, parse func(string) (T, error)) (value T) {
	text, ok := r.find(name)
	if !ok {
		text = preset
	}
	value, err := parse(text)
	if err != nil && r.err == nil {
		r.err = fmt.Errorf("reading parameter %s: %w", name, err)
	}
	return value
}

// parse reads all parameters; now gives the default date, which is tomorrow.
func parse(find lookup, now time.Time) (parameters, error) {
	r := &reader{find: find}
	p := parameters{
		url:         read(r, "URL", defaultURL, text),
		date:        read(r, "DATE", now.UTC().AddDate(0, 0, 1).Format(time.DateOnly), date),
		tag:         read(r, "OCC_TAG", defaultTag, text),
		auth:        read(r, "OCC_AUTH", "none", auth.Parse),
		operators:   read(r, "OCC_OPERATORS", defaultOperators, atLeast(1)),
		duration:    read(r, "OCC_DURATION", defaultDuration, positive),
		refresh:     read(r, "OCC_REFRESH", "0s", notNegative),
		doubleMoves: read(r, "OCC_DOUBLE_MOVES", "0", within(1)),
		races:       read(r, "OCC_RACES", "auto", contention.ParseRaces),
		raceFirst:   read(r, "OCC_RACE_FIRST", strconv.Itoa(firstRacer), atLeast(1)),
		think:       read(r, "OCC_THINK", defaultThink, contention.ParseDelay),
		pause:       read(r, "OCC_PAUSE", defaultPause, contention.ParseDelay),
		pick:        read(r, "OCC_PICK", "uniform", contention.ParsePick),
		walk:        read(r, "OCC_WALK", "cycle", contention.ParseWalk),
		cards:       read(r, "OCC_CARDS", "0", atLeast(0)),
		seed:        read(r, "OCC_RAND_SEED", strconv.FormatUint(processSeed, 10), seed),
		attempts:    read(r, "OCC_ATTEMPTS", strconv.Itoa(operator.DefaultAttempts), atLeast(1)),
		budget:      read(r, "OCC_BUDGET", operator.DefaultBudget.String(), positive),
		backoff:     read(r, "OCC_BACKOFF", "full", backoff),
		timeout:     read(r, "OCC_TIMEOUT", shop.DefaultTimeout.String(), positive),
		updateLimit: read(r, "OCC_UPDATE_LIMIT", shop.Size(shop.DefaultUpdateLimit), shop.ParseSize),
		listLimit:   read(r, "OCC_LIST_LIMIT", shop.Size(shop.DefaultListLimit), shop.ParseSize),
	}
	p.warmup = read(r, "OCC_WARMUP", presetWarmup(p.duration).String(), notNegative)
	p.parseModel(r)
	return p, r.err
}

// parseModel reads what makes the open model, and refuses what does not go with
// it.
func (p *parameters) parseModel(r *reader) {
	p.rate = read(r, "OCC_RATE", "0", within(math.MaxInt32))
	p.rampTo = read(r, "OCC_RAMP_TO", "0", within(math.MaxInt32))
	if r.err != nil {
		return
	}
	turn := p.think.Mean() + typicalCalls
	p.maxOperators = read(r, "OCC_MAX_OPERATORS", strconv.Itoa(operator.Needed(max(p.rate, p.rampTo), turn)), atLeast(1))
	_, both := r.find("OCC_OPERATORS")
	switch {
	case r.err != nil:
	case p.rate > 0 && both:
		r.err = errors.New("reading parameters: OCC_OPERATORS and OCC_RATE exclude each other: a rate begins turns no matter how many operators are busy; give one of them")
	case p.rate == 0 && p.rampTo > 0:
		r.err = errors.New("reading parameters: OCC_RAMP_TO is where a ramp ends; give the rate at which it begins as OCC_RATE")
	case p.rate > 0:
		r.err = p.pick.Check(1, 0)
	}
}

// typicalCalls stands for what the two calls of a turn take.
const typicalCalls = 50 * time.Millisecond

// presetWarmup is never more than a tenth of a short run: somebody who tries
// two seconds wants to see numbers.
func presetWarmup(duration time.Duration) time.Duration { return min(defaultWarmup, duration/10) }

// longestTurn bounds what an operator may still do when the scenario is over:
// one turn without its waits, in which every request runs into its timeout.
func (p *parameters) longestTurn() time.Duration {
	return time.Duration(p.attempts)*2*p.timeout + p.budget + 5*time.Second
}

// auditTimeout bounds an audit with its repetitions, and before it the end of a
// race: a read and a move.
func (p *parameters) auditTimeout() time.Duration { return 4*p.timeout + 10*time.Second }

func text(s string) (string, error) { return s, nil }

func date(s string) (string, error) {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return "", fmt.Errorf("%q is not a date YYYY-MM-DD", s)
	}
	return s, nil
}

func atLeast(least int) func(string) (int, error) {
	return func(s string) (int, error) {
		n, err := strconv.Atoi(s)
		if err != nil || n < least {
			return 0, fmt.Errorf("%q is not a whole number from %d up", s, least)
		}
		return n, nil
	}
}

// within reads a number from 0 up to a limit.
func within(limit float64) func(string) (float64, error) {
	return func(s string) (float64, error) {
		x, err := strconv.ParseFloat(s, 64)
		if err != nil || !(x >= 0 && x <= limit) {
			return 0, fmt.Errorf("%q is not a number from 0 to %v", s, limit)
		}
		return x, nil
	}
}

func seed(s string) (uint64, error) {
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%q is not a whole number from 0 up", s)
	}
	return n, nil
}

func notNegative(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("%q is not a duration such as 2s", s)
	}
	return d, nil
}

func positive(s string) (time.Duration, error) {
	d, err := notNegative(s)
	if err != nil || d == 0 {
		return 0, fmt.Errorf("%q is not a duration above 0 such as 60s", s)
	}
	return d, nil
}

func backoff(s string) (contention.Backoff, error) {
	return contention.ParseBackoff(s, backoffBase, backoffLimit)
}
