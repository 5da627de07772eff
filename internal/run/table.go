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
			Usage: "base `URL` of the move API, or bundled: occbench's own demo server, which validate starts without a target too",
			Free:  true, Repeat: foreign}),
		param(func(s *Spec) *string { return &s.Date }, days(now), Field{
			Name: "date", Section: "The target", Env: "DATE", K6: "DATE", Manifest: "date", Default: "tomorrow",
			Usage: "`DATE` of the board: YYYY-MM-DD, today or tomorrow (UTC)",
			Free:  true, Repeat: never}),
		param(func(s *Spec) *string { return &s.Tag }, Notations(checkTag), Field{
			Name: "tag", Section: "The target", Manifest: "tag", Default: "load",
			Usage: "only cards with occbench:`TAG` in their notes are ever moved",
			Free:  true}),
		param(func(s *Spec) *string { return &s.Auth }, Texts(), Field{
			Name: "auth", Section: "The target", Manifest: "auth", Omit: true, Example: "bearer:env=API_TOKEN",
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
			Usage: "`N` operators of the closed model, each patient enough to wait for every answer"}),
		param(func(s *Spec) *float64 { return &s.Rate }, rates(), Field{
			Name: "rate", Example: "40/s", Manifest: "contention.rate_per_second", Omit: true,
			Usage:  "open model instead of --operators: `RATE` at which turns begin, such as 40/s",
			Repeat: func(s *Spec) bool { return s.RampTo == 0 }}),
		{Name: "ramp", Example: "10/s..80/s", K6: "-", Manifest: "-", Shape: Shape{Kind: Text}, set: parseRamp, write: writeRamp, Free: true,
			Usage: "open model whose rate grows or falls evenly over the run: `RATE..RATE`, such as 10/s..80/s"},
		param(func(s *Spec) *float64 { return &s.RampTo }, rates(), Field{
			Name: "ramp-to", Manifest: "contention.ramp_to_per_second", Omit: true, Derived: true}),
		param(func(s *Spec) *int { return &s.MaxOperators }, CountsOrAuto(100_000), Field{
			Name: "max-operators", Default: automatic, Omit: true, Free: true,
			Usage: "`N` turns of the open model that may be under way at once, or auto: from the rate and the length of a turn"}),
		param(func(s *Spec) *time.Duration { return &s.Duration }, Durations(time.Second, "60s"), Field{
			Name: "duration", Default: "60s", Usage: "`TIME` the load lasts, warm-up included", Free: true}),
		warmupField(),
		derived("contention.warmup_rule", func(s *Spec) any { return (*autoWord)(&s.WarmupAuto) }),
		param(func(s *Spec) *int { return &s.Cards }, CountsOrAuto(1_000_000), Field{
			Name: "cards", Default: automatic, Unset: "0", Near: 0.05,
			Usage: "`N` cards in play, or auto: as many as give 3-5 % conflicts"}),
		param(func(s *Spec) *workload.Delay { return &s.Think }, delays(), Field{
			Name: "think", Default: "250ms", Usage: "`TIME` between reading and moving: 250ms, uniform:a-b, exp:m, lognormal:median,p95"}),
		param(func(s *Spec) *workload.Delay { return &s.Pause }, delays(), Field{
			Name: "pause", Default: "250ms", Usage: "`TIME` between turns, as --think",
			Repeat: func(s *Spec) bool { return !s.Open() }}),
		param(func(s *Spec) *workload.Pick { return &s.Pick }, notation(workload.ParsePick, Shape{Kind: Text}), Field{
			Name: "pick", Default: "uniform", Usage: "`MODEL` of which card is picked: uniform, first, own, zipf:THETA, hotspot:X/Y"}),
		param(func(s *Spec) *time.Duration { return &s.Refresh }, refreshes(), Field{
			Name: "refresh", Example: "2s", Omit: true, Unset: "0s",
			Usage: "`TIME` for which a board stays on an operator's screen; without it every turn reads its own",
			Tell:  tellRefresh}),
		param(func(s *Spec) *float64 { return &s.DoubleMoves }, shares(), Field{
			Name: "double-moves", Default: "0", Omit: true,
			Usage: "`SHARE` of the turns whose move is clicked twice, 0 to 1",
			Tell:  tellDoubleMoves}),
		param(func(s *Spec) *workload.Races { return &s.Races }, notation(workload.ParseRaces, Shape{Kind: Text}), Field{
			Name: "races", Default: automatic, Manifest: "-",
			Usage: "`RACES` beside the load, in which operators of their own send the same version at the same instant: " +
				"auto (at most 2 points of conflicts more), off, or N/s[xK] of K operators, such as 2/sx8"}),
		derived("races.rate_per_second", func(s *Spec) any { return &s.Races.Rate }),
		derived("races.auto", func(s *Spec) any { return &s.Races.Auto }),
		derived("races.crew", func(s *Spec) any { return &s.Races.Crew }),
		param(func(s *Spec) *int { return &s.FirstRacer }, Counts(1<<30), Field{
			Name: "race-first", Option: "-", Manifest: "races.first_operator", Omit: true, Derived: true, Free: true}),
		derived("races.records", func(s *Spec) any { n := s.Races.Records(); return &n }),
		param(func(s *Spec) *workload.Walk { return &s.Walk }, notation(workload.ParseWalk, Shape{Kind: Choice, Words: []string{"cycle", "forward"}}), Field{
			Name: "walk", Default: "cycle", Usage: "`WALK` of a card: cycle (never used up) or forward (three moves and done)"}),
		param(func(s *Spec) *workload.Backoff { return &s.Backoff }, backoffs(), Field{
			Name: "backoff", Default: "full",
			Usage:  "`POLICY` between refetch and retry: none, exponential, equal, full, decorrelated",
			Repeat: recovers}),
		param(func(s *Spec) *int { return &s.Attempts }, Counts(200), Field{
			Name: "attempts", Default: "3", Usage: "`N` attempts a turn may take, the first included; 1 is no recovery"}),
		param(func(s *Spec) *time.Duration { return &s.Budget }, Durations(time.Millisecond, "2s"), Field{
			Name: "budget", Default: "2s", Usage: "`TIME` a turn may take to recover",
			Repeat: recovers}),
		param(func(s *Spec) *uint64 { return &s.RandSeed }, seeds(), Field{
			Name: "rand-seed", Example: "42", Option: "seed", Manifest: "rand_seed", Free: true,
			Usage: "`N` that fixes picks and think times; without it a new one is drawn and recorded"}),
		param(func(s *Spec) *bool { return &s.SharedBoard }, Switches(), Field{
			Name: "shared-board", Default: "false", Toggle: true, K6: "-", Manifest: "shared_board",
			Usage:    "others may move our cards too: their versions are counted, not findings",
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
		Usage: "`TIME` at the start that is shown but not judged, or auto: until MSER-5 sees no trend, 30 % of the run at most",
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
