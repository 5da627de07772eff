package k6run

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Params are the parameters of a run as scenarios and the extension read them
// from their environment. A field left at its zero value is not passed on, so
// that the scenario's own default holds.
type Params struct {
	URL          string        // URL: the target
	Date         string        // DATE: the board, YYYY-MM-DD
	Tag          string        // OCC_TAG: only cards with this tag are moved
	Auth         string        // OCC_AUTH: where the secret is that requests are authenticated with, never the secret
	Operators    int           // OCC_OPERATORS
	Rate         float64       // OCC_RATE: open model, turns begun per second
	RampTo       float64       // OCC_RAMP_TO: open model, the rate at the end
	MaxOperators int           // OCC_MAX_OPERATORS: open model, turns under way at once
	Refresh      time.Duration // OCC_REFRESH: for which a board is held
	DoubleMoves  float64       // OCC_DOUBLE_MOVES: share of turns that click twice
	Races        string        // OCC_RACES: races beside the load
	RaceFirst    int           // OCC_RACE_FIRST: operator number of the first in a race
	Duration     time.Duration // OCC_DURATION: how long operators play turns
	Warmup       time.Duration // OCC_WARMUP: its first part, recorded but not judged
	Think        string        // OCC_THINK: between read and move
	Pause        string        // OCC_PAUSE: between turns
	Pick         string        // OCC_PICK
	Walk         string        // OCC_WALK
	Cards        int           // OCC_CARDS: how many tagged cards are used; 0: all
	Seed         string        // OCC_RAND_SEED
	Attempts     int           // OCC_ATTEMPTS: per turn
	Budget       time.Duration // OCC_BUDGET: to recover a turn
	Backoff      string        // OCC_BACKOFF
	Timeout      time.Duration // OCC_TIMEOUT: of one request
	UpdateLimit  int64         // OCC_UPDATE_LIMIT: bytes that the answer to an update may have
	ListLimit    int64         // OCC_LIST_LIMIT: bytes that the answer to a read may have
	History      string        // OCC_HISTORY: path; empty: not recorded
	Stalls       string        // OCC_STALLS: path of the stalls of k6 itself; empty: not recorded
	Base         time.Time     // OCC_BASE: zero of the run's clock
	Summary      string        // OCC_SUMMARY: path
	Browser      Browser       // people in browsers
}

// Environ returns the parameters as NAME=value.
func (p Params) Environ() []string {
	var env []string
	add := func(name, value string) {
		if value != "" {
			env = append(env, name+"="+value)
		}
	}
	add("URL", p.URL)
	add("DATE", p.Date)
	add("OCC_TAG", p.Tag)
	add("OCC_AUTH", p.Auth)
	add("OCC_OPERATORS", count(p.Operators))
	add("OCC_RATE", number(p.Rate))
	add("OCC_RAMP_TO", number(p.RampTo))
	add("OCC_MAX_OPERATORS", count(p.MaxOperators))
	add("OCC_REFRESH", span(p.Refresh))
	add("OCC_DOUBLE_MOVES", number(p.DoubleMoves))
	add("OCC_RACES", p.Races)
	add("OCC_RACE_FIRST", count(p.RaceFirst))
	add("OCC_DURATION", span(p.Duration))
	add("OCC_WARMUP", p.Warmup.String()) // 0s is a choice, not an absence
	add("OCC_THINK", p.Think)
	add("OCC_PAUSE", p.Pause)
	add("OCC_PICK", p.Pick)
	add("OCC_WALK", p.Walk)
	add("OCC_CARDS", count(p.Cards))
	add("OCC_RAND_SEED", p.Seed)
	add("OCC_ATTEMPTS", count(p.Attempts))
	add("OCC_BUDGET", span(p.Budget))
	add("OCC_BACKOFF", p.Backoff)
	add("OCC_TIMEOUT", span(p.Timeout))
	add("OCC_UPDATE_LIMIT", count(int(p.UpdateLimit)))
	add("OCC_LIST_LIMIT", count(int(p.ListLimit)))
	add("OCC_HISTORY", p.History)
	add("OCC_STALLS", p.Stalls)
	if !p.Base.IsZero() {
		add("OCC_BASE", strconv.FormatInt(p.Base.UnixNano(), 10))
	}
	add("OCC_SUMMARY", p.Summary)
	p.browserEnviron(add)
	return env
}

// names lists what Environ may set; an inherited value of these is dropped.
func names() []string {
	return append([]string{
		"URL", "DATE", "OCC_TAG", "OCC_AUTH", "OCC_OPERATORS", "OCC_RATE", "OCC_RAMP_TO", "OCC_MAX_OPERATORS", "OCC_REFRESH", "OCC_DOUBLE_MOVES", "OCC_RACES", "OCC_RACE_FIRST", "OCC_DURATION", "OCC_WARMUP", "OCC_THINK", "OCC_PAUSE",
		"OCC_PICK", "OCC_WALK", "OCC_CARDS", "OCC_RAND_SEED", "OCC_ATTEMPTS", "OCC_BUDGET", "OCC_BACKOFF",
		"OCC_TIMEOUT", "OCC_UPDATE_LIMIT", "OCC_LIST_LIMIT", "OCC_HISTORY", "OCC_STALLS", "OCC_BASE", "OCC_SUMMARY",
	}, browserNames...)
}

func count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func number(x float64) string {
	if x == 0 {
		return ""
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}

func span(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

// secrets returns what must never be written to a log: the credentials inside
// the target's URL, in the forms in which an error message may quote them. The
// longest comes first, so that a replacer does not leave half of it.
func (p Params) secrets() []string {
	u, err := url.Parse(p.URL)
	if err != nil || u.User == nil {
		return nil
	}
	secrets := []string{u.User.String()}
	if _, rest, found := strings.Cut(p.URL, "//"); found {
		if raw, _, found := strings.Cut(rest, "@"); found {
			secrets = append(secrets, raw)
		}
	}
	if password, set := u.User.Password(); set && password != "" {
		secrets = append(secrets, password, url.QueryEscape(password), url.PathEscape(password))
	}
	slices.SortFunc(secrets, func(a, b string) int { return len(b) - len(a) })
	return slices.Compact(secrets)
}
