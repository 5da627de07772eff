package run

import (
	"fmt"
	"time"

	"github.com/occbench/occbench/internal/workload"
)

// Fields returns the table in the order of the manual. The clock says which day
// tomorrow is.
func Fields(now func() time.Time) []Field {
	all := subjectFields(now)
	all = append(all, loadFields()...)
	all = append(all, browserFields()...)
	return append(all, serverFields()...)
}

func subjectFields(now func() time.Time) []Field {
	return []Field{
		param(func(s *Spec) *string { return &s.Target }, targets(), Field{
			Name: "target", Section: "The target", Env: "URL", K6: "URL", Option: "url", Manifest: "target", Example: "http://127.0.0.1:8080",
			Script:  "base URL of the API",
			Without: "`http://127.0.0.1:8080`",
			Usage:   "base `URL` of the move API, or bundled: occbench's own demo server, which validate starts without a target too",
			Free:    true, Repeat: foreign}),
		param(func(s *Spec) *string { return &s.API }, Notations(checkAPI), Field{
			Name: "api", Section: "The target", Manifest: "api", Omit: true, Default: DefaultAPI,
			Script: "what the target speaks: the name of an API file that comes with occbench, or a file",
			Usage:  "what the target speaks: `NAME` of an API file that comes with occbench, or a file",
			Terse:  true}),
		param(func(s *Spec) *string { return &s.Date }, days(now), Field{
			Name: "date", Section: "The target", Env: "DATE", K6: "DATE", Manifest: "date", Default: "tomorrow",
			Script:  "day of the board, `YYYY-MM-DD`",
			Without: "tomorrow, UTC",
			Usage:   "`DATE` of the board: YYYY-MM-DD, today or tomorrow (UTC)",
			Free:    true, Repeat: never}),
		param(func(s *Spec) *string { return &s.Tag }, Notations(checkTag), Field{
			Name: "tag", Section: "The target", Manifest: "tag", Default: "load",
			Script: "only cards with `occbench:<tag>` in their notes are moved",
			Usage:  "only cards with occbench:`TAG` in their notes are ever moved",
			Free:   true}),
		param(func(s *Spec) *string { return &s.Auth }, Texts(), Field{
			Name: "auth", Section: "The target", Manifest: "auth", Omit: true, Example: "bearer:env=API_TOKEN",
			Script: "where the secret is that requests are authenticated with: `sigv4[:service=S,region=R,profile=P]`, `bearer:env=VARIABLE` " +
				"or `header:NAME=env:VARIABLE`; the secret itself stays in k6's own environment and is never an `-e`",
			Without: "`none`",
			Usage: "`HOW` requests are authenticated: sigv4[:service=S,region=R,profile=P], bearer:env=VARIABLE, header:NAME=env:VARIABLE, none; " +
				"secrets stand in variables, never here",
			Free: true, Repeat: foreign}),
		param(func(s *Spec) *time.Duration { return &s.Timeout }, Durations(time.Millisecond, "10s"), Field{
			Name: "timeout", Section: "The target", Default: "10s", Usage: "`TIME` after which a request has no answer"}),
		param(func(s *Spec) *int64 { return &s.UpdateLimit }, sizes(), Field{
			Name: "update-limit", Section: "The target", Default: "1MiB", Manifest: "contention.update_limit_bytes", Omit: true,
			Usage: "`SIZE` that the answer to an update may have; a larger one is malformed",
			Free:  true, Terse: true}),
		param(func(s *Spec) *int64 { return &s.ListLimit }, sizes(), Field{
			Name: "list-limit", Section: "The target", Default: "64MiB", Manifest: "contention.list_limit_bytes", Omit: true,
			Usage: "`SIZE` that the answer to a read may have, the board's among them; a larger one is malformed",
			Free:  true, Terse: true}),
	}
}

func loadFields() []Field {
	all := []Field{
		param(func(s *Spec) *int { return &s.Operators }, Counts(100_000), Field{
			Name: "operators", Default: "20", Omit: true,
			Script: "closed model: operators in all, one per VU",
			Usage:  "`N` operators of the closed model, each patient enough to wait for every answer"}),
		param(func(s *Spec) *float64 { return &s.Rate }, rates(), Field{
			Name: "rate", Example: "40/s", Manifest: "contention.rate_per_second", Omit: true,
			Script:  "open model: turns begun per second, such as `40` or `0.5`, at first when there is a ramp; excludes operators",
			Without: "closed model",
			Usage:   "open model instead of --operators: `RATE` at which turns begin, such as 40/s",
			Repeat:  func(s *Spec) bool { return s.RampTo == 0 }}),
		{Name: "ramp", Example: "10/s..80/s", K6: "-", Manifest: "-", Shape: Shape{Kind: Text}, set: parseRamp, write: writeRamp, Free: true,
			Usage: "open model whose rate grows or falls evenly over the run: `RATE..RATE`, such as 10/s..80/s"},
		param(func(s *Spec) *float64 { return &s.RampTo }, rates(), Field{
			Name: "ramp-to", Manifest: "contention.ramp_to_per_second", Omit: true, Derived: true,
			Script:  "open model: turns begun per second at the end",
			Without: "the rate is constant"}),
		param(func(s *Spec) *int { return &s.MaxOperators }, CountsOrAuto(100_000), Field{
			Name: "max-operators", Default: automatic, Omit: true, Free: true,
			Script:  "open model: turns under way at once, one VU each",
			Without: "from the rate and the length of a turn",
			Usage:   "`N` turns of the open model that may be under way at once, or auto: from the rate and the length of a turn"}),
		param(func(s *Spec) *time.Duration { return &s.Duration }, Durations(time.Second, "60s"), Field{
			Name: "duration", Default: "60s", Usage: "`TIME` the load lasts, warm-up included", Free: true,
			Script: "how long they play"}),
		warmupField(),
		derived("contention.warmup_rule", func(s *Spec) any { return (*autoWord)(&s.WarmupAuto) }),
		param(func(s *Spec) *int { return &s.Cards }, CountsOrAuto(1_000_000), Field{
			Name: "cards", Default: automatic, Unset: "0", Near: 0.05,
			Script:  "how many of the tagged cards are in play, those that can still be moved first and by id; 0: all",
			Without: "all",
			Usage:   "`N` cards in play, or auto: as many as give 3-5 % conflicts"}),
		param(func(s *Spec) *workload.Delay { return &s.Think }, delays(), Field{
			Name: "think", Default: "250ms", Usage: "`TIME` between reading and moving: 250ms, uniform:a-b, exp:m, lognormal:median,p95",
			Script: "time between read and move: `250ms`, `uniform:100ms-400ms`, `exp:250ms`, `lognormal:250ms,900ms` (median, p95)"}),
		param(func(s *Spec) *workload.Delay { return &s.Pause }, delays(), Field{
			Name: "pause", Default: "250ms", Usage: "`TIME` between turns, as --think",
			Script: "closed model: time between turns, in the same forms",
			Repeat: func(s *Spec) bool { return !s.Open() }}),
		param(func(s *Spec) *workload.Pick { return &s.Pick }, notation(workload.ParsePick, Shape{Kind: Text}), Field{
			Name: "pick", Default: "uniform", Usage: "`MODEL` of which card is picked: uniform, first, own, zipf:THETA, hotspot:X/Y",
			Script: "which card: `uniform`, `first`, `own`, `zipf:0.99`, `hotspot:20/80`"}),
		param(func(s *Spec) *time.Duration { return &s.Refresh }, refreshes(), Field{
			Name: "refresh", Example: "2s", Omit: true, Unset: "0s",
			Script:  "how long a board stays on the operator's screen before it is polled again",
			Without: "every turn reads its own",
			Usage:   "`TIME` for which a board stays on an operator's screen; without it every turn reads its own",
			Tell:    tellRefresh}),
		param(func(s *Spec) *float64 { return &s.DoubleMoves }, shares(), Field{
			Name: "double-moves", Default: "0", Omit: true,
			Script: "share of the turns, 0 to 1, whose first move is clicked twice within 50 ms, with the same version",
			Usage:  "`SHARE` of the turns whose move is clicked twice, 0 to 1",
			Tell:   tellDoubleMoves}),
		param(func(s *Spec) *workload.Races { return &s.Races }, notation(workload.ParseRaces, Shape{Kind: Text}), Field{
			Name: "races", Default: automatic, Manifest: "-",
			Script: "races beside the load, on 4 cards of their own: `auto` (2 points of conflicts more at most), `off`, " +
				"or `N/s[xK]` of K operators such as `0.5/sx8`; with fewer than 4 cards beside those of the load, `auto` plays on what there is",
			Usage: "`RACES` beside the load, in which operators of their own send the same version at the same instant: " +
				"auto (at most 2 points of conflicts more), off, or N/s[xK] of K operators, such as 2/sx8"}),
		derived("races.rate_per_second", func(s *Spec) any { return &s.Races.Rate }),
		derived("races.auto", func(s *Spec) any { return &s.Races.Auto }),
		derived("races.crew", func(s *Spec) any { return &s.Races.Crew }),
		param(func(s *Spec) *int { return &s.FirstRacer }, Counts(1<<30), Field{
			Name: "race-first", Option: "-", Manifest: "races.first_operator", Omit: true, Derived: true, Free: true,
			Script:  "operator number of the first in a race",
			Without: "`50001`"}),
		derived("races.records", func(s *Spec) any { n := s.Races.Records(); return &n }),
		param(func(s *Spec) *workload.Walk { return &s.Walk }, walks(), Field{
			Name: "walk", Default: "cycle", Usage: "`WALK` of a card: cycle (never used up) or forward (three moves and done)",
			Script: "where to: `cycle` never uses a card up, `forward` ends in completed after three moves"}),
		param(func(s *Spec) *workload.Backoff { return &s.Backoff }, backoffs(), Field{
			Name: "backoff", Default: "full",
			Script: "wait before reading again: `none`, `exponential`, `equal`, `full`, `decorrelated`",
			Usage:  "`POLICY` between refetch and retry: none, exponential, equal, full, decorrelated",
			Repeat: recovers}),
		param(func(s *Spec) *int { return &s.Attempts }, Counts(200), Field{
			Name: "attempts", Default: "3", Usage: "`N` attempts a turn may take, the first included; 1 is no recovery",
			Script: "moves a turn may send, the first included; 1: no recovery"}),
		param(func(s *Spec) *time.Duration { return &s.Budget }, Durations(time.Millisecond, "2s"), Field{
			Name: "budget", Default: "2s", Usage: "`TIME` a turn may take to recover",
			Script: "how long after its first conflict a turn may go on",
			Repeat: recovers}),
		param(func(s *Spec) *uint64 { return &s.RandSeed }, seeds(), Field{
			Name: "rand-seed", Example: "42", Option: "seed", Manifest: "rand_seed", Free: true,
			Script:  "with an operator's number it fixes every pick and time",
			Without: "drawn per process",
			Usage:   "`N` that fixes picks and think times; without it a new one is drawn and recorded"}),
		param(func(s *Spec) *bool { return &s.SharedBoard }, Switches(), Field{
			Name: "shared-board", Default: "false", Toggle: true, K6: "-", Manifest: "shared_board",
			Usage:    "others may move our cards too: their versions are counted, not anomalies",
			Compared: func(s *Spec) string { return fmt.Sprint(s.SharedBoard) }}),
	}
	for i := range all {
		all[i].Section = "The load"
	}
	return all
}

func browserFields() []Field {
	all := []Field{
		param(func(s *Spec) *int { return &s.Browser }, Counts(50), Field{
			Name: "browser", Example: "2", K6: "OCC_BROWSERS", Option: "-", Manifest: "browser.people", Omit: true,
			Usage: "`N` people at the status board in real browsers, beside the operators",
			What:  "people in browsers"}),
		param(func(s *Spec) *int { return &s.FirstDesk }, Counts(1<<30), Field{
			Name: "first-desk", K6: "OCC_DESK_FIRST", Option: "-", Manifest: "browser.first_operator", Omit: true, Derived: true, Free: true}),
		param(func(s *Spec) *string { return &s.Scenario }, Choices(MoveScenario, BoardScenario), Field{
			Name: "scenario", Example: "board", K6: "-", Manifest: "scenario",
			Usage:  "`SCENARIO`: move (operators of the API) or board (and people in browsers)",
			Repeat: never}),
		param(func(s *Spec) *string { return &s.BoardURL }, Notations(checkBoardURL), Field{
			Name: "board-url", Example: "https://shop.example.org/board", Option: "-", Manifest: "browser.board", Omit: true, Free: true,
			Usage: "`URL` of the page that people open; without it the target's own"}),
	}
	for i := range all {
		all[i].Section = "The status board"
	}
	return all
}

func serverFields() []Field {
	all := []Field{
		param(func(s *Spec) *string { return &s.Store }, Choices("sqlite", "postgres"), Field{
			Name: "store", Default: "sqlite", K6: "-", Manifest: "store", Omit: true,
			Usage: "`STORE` of the bundled server: sqlite or postgres"}),
		param(func(s *Spec) *string { return &s.Fault }, Texts(), Field{
			Name: "fault", Example: "lost-update:0.1", K6: "-", Manifest: "fault", Omit: true, Free: true,
			Usage: "break the bundled server on purpose: `NAME[:RATE][,NAME...]`"}),
	}
	for i := range all {
		all[i].Section = "The bundled server"
	}
	return all
}

// warmupField sets two fields of Spec: the time, and whether MSER-5 finds it.
func warmupField() Field {
	times := Durations(0, "2s, or auto")
	shape := times.Shape
	shape.Words = []string{automatic}
	return Field{
		Name: "warmup", What: "warm-up", Default: "2s", Shape: shape,
		Script:  "the first part, recorded but not measured",
		Without: "`2s`; a tenth of the duration where that would leave nothing",
		Usage:   "`TIME` at the start that is shown but not judged, or auto: until MSER-5 sees no trend, 30 % of the run at most",
		set: func(s *Spec, text string) (err error) {
			if s.WarmupAuto = text == automatic; s.WarmupAuto {
				s.Warmup = 0
				return nil
			}
			s.Warmup, err = times.Parse(text)
			return err
		},
		write: func(s *Spec) string {
			if s.WarmupAuto {
				return automatic
			}
			return times.Write(s.Warmup)
		},
		at: func(s *Spec) any { return &s.Warmup },
	}
}

func walks() Codec[workload.Walk] {
	return notation(workload.ParseWalk, Shape{Kind: Choice, Words: []string{workload.Cycle.String(), workload.Forward.String()}})
}

func refreshes() Codec[time.Duration] {
	c := Durations(10*time.Millisecond, "2s")
	parse := c.Parse
	c.Parse = func(text string) (time.Duration, error) {
		if text == "0" || text == "0s" {
			return 0, fmt.Errorf("a board cannot be held for no time; without a refresh every turn reads its own board")
		}
		return parse(text)
	}
	return c
}

func tellRefresh(s *Spec) string {
	if s.Refresh == 0 {
		return ""
	}
	return "boards held for " + FormatDuration(s.Refresh)
}

func tellDoubleMoves(s *Spec) string {
	if s.DoubleMoves == 0 {
		return ""
	}
	return fmt.Sprintf("%.3g %% of the moves clicked twice", 100*s.DoubleMoves)
}

// foreign reports whether the target is not the bundled server.
func foreign(s *Spec) bool { return s.Store == "" && s.Fault == "" }

// recovers reports whether a conflict is retried.
func recovers(s *Spec) bool { return s.Attempts != 1 }

func never(*Spec) bool { return false }
